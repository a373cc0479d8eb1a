import { json } from '@sveltejs/kit';
import { applyAll } from '$lib/data/ops';
import { needTownship } from '$lib/server/guards';
import type { RequestHandler } from './$types';

const most = 200;

/** Many ops in order, each with its own outcome: one that is refused does not stop the rest. */
export const POST: RequestHandler = async (event) => {
	if (!event.locals.account) return json({ reason: 'signed_out' }, { status: 401 });
	const { township } = needTownship(event);
	const body = (await event.request.json().catch(() => null)) as { ops?: unknown } | null;
	if (!Array.isArray(body?.ops) || body.ops.length > most)
		return json({ reason: 'too_many_rows', detail: String(most) }, { status: 400 });
	return json({ outcomes: await applyAll(event.locals.db, township.id, body.ops as unknown[]) });
};
