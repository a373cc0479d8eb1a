import { error } from '@sveltejs/kit';
import { useQuota } from '$lib/data/accounts';
import { readPlan } from '$lib/data/plans';
import { needTownship } from '$lib/server/guards';
import { isParcelFormat, parcelFile } from '$lib/server/parcelfile';
import type { RequestHandler } from './$types';

/** The plan's parcels as an office's program reads them; in the 3° zone of the address, else their own. */
export const GET: RequestHandler = async (event) => {
	const { township } = needTownship(event);
	const { db } = event.locals;
	const { id, format } = event.params;
	if (!isParcelFormat(format) || !/^[0-9a-f-]{36}$/.test(id))
		error(404, { message: 'not_found', code: 'not_found' });
	if (!(await useQuota(db, 'export', 60))) error(429, { message: 'too_many', code: 'too_many' });
	const plan = await readPlan(db, township.id, id);
	if (!plan || !plan.parcels.some((p) => !p.archived))
		error(404, { message: 'not_found', code: 'not_found' });
	const { bytes, type, ending } = await parcelFile(plan, township.name, format);
	const name = encodeURIComponent(`${plan.title}_地块_${plan.today}.${ending}`);
	return new Response(bytes as BodyInit, {
		headers: {
			'Content-Type': type,
			'Content-Disposition': `attachment; filename*=UTF-8''${name}`,
			'Cache-Control': 'private, no-store'
		}
	});
};
