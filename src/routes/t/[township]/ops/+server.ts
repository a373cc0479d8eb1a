import { json } from '@sveltejs/kit';
import { Failure } from '$lib/data/client';
import { applyOp } from '$lib/data/ops';
import { readOp, type Outcome } from '$lib/domain/op';
import { needTownship } from '$lib/server/guards';
import type { RequestHandler } from './$types';

/** Many ops, one after the other in their order, each with its own outcome; none hangs on another. */
export const POST: RequestHandler = async (event) => {
	if (!event.locals.account) return json({ reason: 'signed_out' }, { status: 401 });
	const { township } = needTownship(event);
	const body: unknown = await event.request.json().catch(() => null);
	const ops = body && typeof body === 'object' && 'ops' in body ? body.ops : null;
	if (!Array.isArray(ops) || ops.length > 200)
		return json({ reason: 'bad_value' }, { status: 400 });
	const outcomes: Outcome[] = [];
	for (const value of ops) {
		const read = readOp(value);
		if ('problems' in read) outcomes.push({ outcome: 'refused', reason: 'bad_value' });
		else if (read.op.township_id !== township.id)
			outcomes.push({ outcome: 'refused', reason: 'not_allowed' });
		else
			try {
				outcomes.push(await applyOp(event.locals.db, read.op));
			} catch (failure) {
				if (!(failure instanceof Failure)) throw failure;
				outcomes.push({ outcome: 'refused', reason: failure.code, detail: failure.detail });
			}
	}
	return json({ outcomes });
};
