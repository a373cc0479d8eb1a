import { error } from '@sveltejs/kit';
import { useQuota } from '$lib/data/accounts';
import { readInstructions } from '$lib/data/officials';
import { needTownship } from '$lib/server/guards';
import { instructionTable } from '$lib/server/instructions';
import { sheetAnswer } from '$lib/server/sheet';
import type { RequestHandler } from './$types';

/** 批示答复台账 as a workbook. */
export const GET: RequestHandler = async (event) => {
	const { township } = needTownship(event);
	const { db } = event.locals;
	if (!(await useQuota(db, 'export', 60))) error(429, { message: 'too_many', code: 'too_many' });
	const page = await readInstructions(db, township.id);
	if (!page) error(404, { message: 'not_found', code: 'not_found' });
	return sheetAnswer(instructionTable(township.name, page.rows, page.today), page.today);
};
