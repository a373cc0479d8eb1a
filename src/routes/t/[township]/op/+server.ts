import { json } from '@sveltejs/kit';
import { Failure } from '$lib/data/client';
import { applyOp } from '$lib/data/ops';
import { readOp } from '$lib/domain/op';
import { needTownship } from '$lib/server/guards';
import type { RequestHandler } from './$types';

/** The one door for edits from the page: an op in, its outcome out. */
export const POST: RequestHandler = async (event) => {
	if (!event.locals.account)
		return json({ outcome: 'refused', reason: 'signed_out' }, { status: 401 });
	const { township } = needTownship(event);
	const read = readOp(await event.request.json().catch(() => null));
	if ('problems' in read)
		return json(
			{ outcome: 'refused', reason: 'bad_value', problems: read.problems },
			{ status: 400 }
		);
	if (read.op.township_id !== township.id)
		return json({ outcome: 'refused', reason: 'not_allowed' }, { status: 403 });
	try {
		return json(await applyOp(event.locals.db, read.op));
	} catch (failure) {
		if (failure instanceof Failure)
			return json(
				{ outcome: 'refused', reason: failure.code, detail: failure.detail },
				{ status: failure.status }
			);
		throw failure;
	}
};
