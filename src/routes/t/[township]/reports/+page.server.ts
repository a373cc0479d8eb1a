import { error } from '@sveltejs/kit';
import { readReport, readSubscription } from '$lib/data/reports';
import { readReportView } from '$lib/domain/period';
import { needTownship } from '$lib/server/guards';
import { mailIsOn } from '$lib/server/mail';
import { chinaDay } from '$lib/domain/day';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	event.depends('xt:reports');
	const { township } = needTownship(event);
	const { db } = event.locals;
	const view = readReportView(event.url.searchParams, chinaDay());
	const read = (period: typeof view.period) => readReport(db, township.id, { ...view, period });
	const [report, other, subscription] = await Promise.all([
		read(view.period),
		view.beside ? read(view.beside) : null,
		mailIsOn() ? readSubscription(db, township.id) : null
	]);
	if (!report) error(404, { message: 'not_found', code: 'not_found' });
	return { view, report, other, subscription };
};
