import { error } from '@sveltejs/kit';
import { readLeft } from '$lib/data/officials';
import { readCheck, readChecks, readContact, readPlan } from '$lib/data/plans';
import { readVillages } from '$lib/data/wallmap';
import { may } from '$lib/domain/place';
import { uuid } from '$lib/domain/id';
import { readPlanTab } from '$lib/features/plans/tabs';
import { needTownship } from '$lib/server/guards';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	event.depends('xt:plan');
	const { account, township } = needTownship(event);
	const { db } = event.locals;
	const { id } = event.params;
	const plan = uuid.test(id) ? await readPlan(db, township.id, id) : null;
	if (!plan) error(404, { message: 'not_found', code: 'not_found' });
	const tab = readPlanTab(event.url.searchParams);
	const wanted = event.url.searchParams.get('check') ?? '';
	const mayPlan = may(account, 'plan', [township.id, township.districtId ?? '']);
	const [left, villages, checks, shown, contact] = await Promise.all([
		readLeft(db, township.id, 'plan', id),
		tab === 'overview' || tab === 'money' ? [] : readVillages(db, township.id),
		tab === 'check' ? readChecks(db, township.id, id) : null,
		tab === 'check' && uuid.test(wanted) ? readCheck(db, township.id, wanted) : null,
		tab === 'record' && mayPlan ? readContact(db, township.id, id) : undefined
	]);
	return {
		plan,
		left,
		tab,
		villages,
		checks: checks ?? { latest: null, earlier: [] },
		shown: shown?.subject === id ? shown : null,
		contact
	};
};
