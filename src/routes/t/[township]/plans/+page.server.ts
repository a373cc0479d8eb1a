import { error } from '@sveltejs/kit';
import { readPlans } from '$lib/data/plans';
import { needTownship } from '$lib/server/guards';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	event.depends('xt:plans');
	const { township } = needTownship(event);
	const page = await readPlans(event.locals.db, township.id);
	if (!page) error(404, { message: 'not_found', code: 'not_found' });
	return { page };
};
