import { error } from '@sveltejs/kit';
import { useQuota } from '$lib/data/accounts';
import { readPlans } from '$lib/data/plans';
import { plansIn, readPlanView } from '$lib/features/plans/listview';
import { needTownship } from '$lib/server/guards';
import { planTable } from '$lib/server/planlist';
import { sheetAnswer } from '$lib/server/sheet';
import type { RequestHandler } from './$types';

/** The plans of the address as a workbook. */
export const GET: RequestHandler = async (event) => {
	const { township } = needTownship(event);
	const { db } = event.locals;
	if (!(await useQuota(db, 'export', 60))) error(429, { message: 'too_many', code: 'too_many' });
	const page = await readPlans(db, township.id);
	if (!page) error(404, { message: 'not_found', code: 'not_found' });
	const shown = plansIn(page.plans, readPlanView(event.url.searchParams));
	return sheetAnswer(planTable(township.name, shown, page.today), page.today);
};
