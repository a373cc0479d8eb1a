import { error } from '@sveltejs/kit';
import { useQuota } from '$lib/data/accounts';
import { readAllTasks, readTaskTypes } from '$lib/data/tasks';
import { filterOf, readTaskView } from '$lib/domain/taskview';
import { threeLists } from '$lib/geo/write/lists';
import { toWorkbook } from '$lib/geo/write/xlsx';
import { backend } from '$lib/server/backend';
import { needTownship } from '$lib/server/guards';
import type { RequestHandler } from './$types';
import { chinaDay } from '$lib/domain/day';

/** The tasks of the address as the office's ledger: 问题清单, 任务清单, 责任清单 in one workbook. */
export const GET: RequestHandler = async (event) => {
	const { township } = needTownship(event);
	const { db } = event.locals;
	if (!(await useQuota(db, 'export', 60))) error(429, { message: 'too_many', code: 'too_many' });
	const filter = filterOf(readTaskView(event.url.searchParams));
	const [rows, types] = await Promise.all([
		// Thousands of rows may take longer than a page.
		backend().relaxed(20_000, () => readAllTasks(db, township.id, filter)),
		readTaskTypes(db, township.id)
	]);
	const names = Object.fromEntries(types.filter((t) => t.name).map((t) => [t.code, t.name]));
	// Oldest first: the number of a line stays when new ones come.
	const bytes = await toWorkbook(threeLists(township.name, rows.reverse(), names));
	const day = chinaDay();
	const name = encodeURIComponent(`${township.name}整治台账_${day}.xlsx`);
	return new Response(bytes as BodyInit, {
		headers: {
			'Content-Type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
			'Content-Disposition': `attachment; filename*=UTF-8''${name}`,
			'Cache-Control': 'private, no-store'
		}
	});
};
