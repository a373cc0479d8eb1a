import { error } from '@sveltejs/kit';
import { useQuota } from '$lib/data/accounts';
import { readProjects } from '$lib/data/projects';
import { readListView, shownIn } from '$lib/features/projects/listview';
import { needTownship } from '$lib/server/guards';
import { projectTable } from '$lib/server/projectlist';
import { sheetAnswer } from '$lib/server/sheet';
import type { RequestHandler } from './$types';

/** The projects of the address as a workbook. */
export const GET: RequestHandler = async (event) => {
	const { township } = needTownship(event);
	const { db } = event.locals;
	if (!(await useQuota(db, 'export', 60))) error(429, { message: 'too_many', code: 'too_many' });
	const page = await readProjects(db, township.id);
	if (!page) error(404, { message: 'not_found', code: 'not_found' });
	const table = projectTable(
		township.name,
		shownIn(page.projects, readListView(event.url.searchParams))
	);
	return sheetAnswer(table, page.today);
};
