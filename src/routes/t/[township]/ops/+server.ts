import { json } from '@sveltejs/kit';
import { Failure } from '$lib/data/client';
import { playOps } from '$lib/server/play-ops';
import { refuse } from '$lib/server/answer';
import { readSmallJson } from '$lib/server/small-body';
import type { RequestHandler } from './$types';

const most = { ops: 200, bytes: 1024 * 1024 };

/**
 * What a phone kept while it had no signal: ops in, an outcome for each out, in their order. Who is no member
 * any more is not turned away here: the database refuses each op, so that the phone can show what became of it.
 */
export const POST: RequestHandler = async ({ locals, params, request }) => {
	if (!locals.account) return refuse('signed_out', 401);
	const body = (await readSmallJson(request, most.bytes)) as { ops?: unknown } | null;
	if (!Array.isArray(body?.ops) || body.ops.length > most.ops)
		return refuse('bad_value', 400, 'ops');
	try {
		const outcomes = await playOps(locals.db, params.township, body.ops);
		return json({ outcomes }, { headers: { 'Cache-Control': 'private, no-store' } });
	} catch (failure) {
		if (failure instanceof Failure) return refuse(failure.code, failure.status, failure.detail);
		throw failure;
	}
};
