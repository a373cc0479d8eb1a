import { error } from '@sveltejs/kit';
import { readWallMap } from '$lib/data/wallmap';
import { readView } from '$lib/domain/view';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = async ({ locals, params, url, depends }) => {
	depends('xt:map');
	const day = url.searchParams.get('day');
	const { day: shown } = readView(new URLSearchParams(day ? { day } : {}));
	const map = await readWallMap(locals.db, params.township, shown);
	if (!map) error(404, { message: 'not_found', code: 'not_found' });
	return { map };
};
