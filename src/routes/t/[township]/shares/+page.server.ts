import { error } from '@sveltejs/kit';
import { readShares } from '$lib/data/shares';
import { needTownship } from '$lib/server/guards';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	event.depends('xt:shares');
	const { township } = needTownship(event);
	const page = await readShares(event.locals.db, township.id);
	if (!page) error(404, { message: 'not_found', code: 'not_found' });
	return { page };
};
