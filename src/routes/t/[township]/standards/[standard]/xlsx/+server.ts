import { useQuota } from '$lib/data/accounts';
import { readStandard } from '$lib/data/standards';
import { standardSchema } from '$lib/domain/standard';
import { standardWorkbook } from '$lib/geo/standard/write';
import { refuse } from '$lib/server/answer';
import { needTownship } from '$lib/server/guards';
import type { RequestHandler } from './$types';

/** A standard as a workbook: to read, to print, to change and load again. */
export const GET: RequestHandler = async (event) => {
	const { township } = needTownship(event);
	const { db } = event.locals;
	if (!(await useQuota(db, 'export', 60))) return refuse('too_many', 429);
	const page = await readStandard(db, township.id, event.params.standard);
	const read = standardSchema.safeParse(page?.body);
	if (!page || !read.success) return refuse('not_found', 404);
	const { name, edition, official } = page.head;
	const bytes = await standardWorkbook({ name, edition, official, body: read.data });
	const file = encodeURIComponent(`${name}${edition}.xlsx`);
	return new Response(bytes as BodyInit, {
		headers: {
			'Content-Type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
			'Content-Disposition': `attachment; filename*=UTF-8''${file}`,
			'Cache-Control': 'private, no-store'
		}
	});
};
