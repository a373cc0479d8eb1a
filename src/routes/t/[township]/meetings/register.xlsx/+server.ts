import { error } from '@sveltejs/kit';
import { useQuota } from '$lib/data/accounts';
import { readMeetings } from '$lib/data/meetings';
import { needTownship } from '$lib/server/guards';
import { registerTable } from '$lib/server/register';
import { sheetAnswer } from '$lib/server/sheet';
import type { RequestHandler } from './$types';

/** 督办台账 as a workbook. */
export const GET: RequestHandler = async (event) => {
	const { township } = needTownship(event);
	const { db } = event.locals;
	if (!(await useQuota(db, 'export', 60))) error(429, { message: 'too_many', code: 'too_many' });
	const page = await readMeetings(db, township.id);
	if (!page) error(404, { message: 'not_found', code: 'not_found' });
	return sheetAnswer(registerTable(township.name, page.register, page.today), page.today);
};
