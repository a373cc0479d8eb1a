import { error } from '@sveltejs/kit';
import { readPlans } from '$lib/data/plans';
import { needTownship } from '$lib/server/guards';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	event.depends('xt:schemes');
	const { township } = needTownship(event);
	const page = await readPlans(event.locals.db, township.id);
	if (!page) error(404, { message: 'not_found', code: 'not_found' });
	return {
		schemes: page.schemes,
		plans: page.plans.map(({ id, title, village }) => ({ id, title, village })),
		thisYear: Number(page.today.slice(0, 4))
	};
};
