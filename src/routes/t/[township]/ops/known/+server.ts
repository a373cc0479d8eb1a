import { json } from '@sveltejs/kit';
import { readKnown } from '$lib/data/ops';
import { needTownship } from '$lib/server/guards';
import type { RequestHandler } from './$types';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const ids = (value: unknown): string[] =>
	(Array.isArray(value) ? value : [])
		.filter((v): v is string => uuid.test(String(v)))
		.slice(0, 1000);

/** Which of these ops and photos the server has: a phone and the server compare what each holds. */
export const POST: RequestHandler = async (event) => {
	if (!event.locals.account) return json({ reason: 'signed_out' }, { status: 401 });
	const { township } = needTownship(event);
	const body = (await event.request.json().catch(() => ({}))) as Record<string, unknown> | null;
	return json(await readKnown(event.locals.db, township.id, ids(body?.ops), ids(body?.photos)));
};
