import { error } from '@sveltejs/kit';
import { useQuota } from '$lib/data/accounts';
import { readAudit } from '$lib/data/audit';
import { readAuditFilter } from '$lib/domain/audit';
import { auditTable } from '$lib/server/audittable';
import { backend } from '$lib/server/backend';
import { needTownship } from '$lib/server/guards';
import { sheetAnswer } from '$lib/server/sheet';
import type { RequestHandler } from './$types';

/** What the audit page shows, up to 10,000 rows, as a workbook. */
export const GET: RequestHandler = async (event) => {
	const { township } = needTownship(event);
	const { db } = event.locals;
	if (!(await useQuota(db, 'export', 60))) error(429, { message: 'too_many', code: 'too_many' });
	const filter = readAuditFilter(event.url.searchParams);
	const page = await backend().relaxed(30_000, () =>
		readAudit(db, township.id, { ...filter, limit: 10_000 })
	);
	if (!page) error(404, { message: 'not_found', code: 'not_found' });
	return sheetAnswer(auditTable(township.name, page.rows), page.today);
};
