import { error } from '@sveltejs/kit';
import { readStandard } from '$lib/data/standards';
import { needTownship } from '$lib/server/guards';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	event.depends('xt:standards');
	const { township } = needTownship(event);
	const page = await readStandard(event.locals.db, township.id, event.params.standard);
	if (!page) error(404, { message: 'not_found', code: 'not_found' });
	// What a publication is compared with: the edition this one was made from.
	const before = page.head.fromId
		? await readStandard(event.locals.db, township.id, page.head.fromId)
		: null;
	return { page, before: before && { head: before.head, body: before.body } };
};
