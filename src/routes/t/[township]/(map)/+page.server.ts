import { error } from '@sveltejs/kit';
import { readLeft } from '$lib/data/officials';
import { readThing } from '$lib/data/wallmap';
import { readView } from '$lib/domain/view';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, url, depends }) => {
	depends('xt:map', 'xt:thing');
	const { open } = readView(new URLSearchParams({ open: url.searchParams.get('open') ?? '' }));
	if (!open) return { thing: null, left: null };
	if (!/^[0-9a-f-]{36}$/.test(open.id)) error(404, { message: 'not_found', code: 'not_found' });
	const [thing, left] = await Promise.all([
		readThing(locals.db, params.township, open.kind, open.id),
		readLeft(locals.db, params.township, open.kind, open.id)
	]);
	if (!thing) error(404, { message: 'not_found', code: 'not_found' });
	return { thing, left };
};
