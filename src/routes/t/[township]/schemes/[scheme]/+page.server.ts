import { uuid } from '$lib/domain/id';
import { error } from '@sveltejs/kit';
import { readPlans, readScheme } from '$lib/data/plans';
import { readVillages } from '$lib/data/wallmap';
import { needTownship } from '$lib/server/guards';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	event.depends('xt:scheme');
	const { township } = needTownship(event);
	const { db } = event.locals;
	const { scheme } = event.params;
	const [page, plans, villages] = await Promise.all([
		uuid.test(scheme) ? readScheme(db, township.id, scheme) : null,
		readPlans(db, township.id),
		readVillages(db, township.id)
	]);
	if (!page || !plans) error(404, { message: 'not_found', code: 'not_found' });
	return {
		page,
		villages,
		plans: plans.plans.map(({ id, title, village }) => ({ id, title, village }))
	};
};
