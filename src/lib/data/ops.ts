import type { Op, Outcome } from '$lib/domain/op';
import { call, toFailure, type Db } from './client';

/** Sends one op; a refusal is an outcome, not an exception. */
export function applyOp(db: Db, op: Op): Promise<Outcome> {
	return call<Outcome>(db, 'apply_op', { p_op: op });
}

/** Which of these the server has: own ops with what became of them, photos with their sha-256 (under RLS). */
export async function readKnown(
	db: Db,
	townshipId: string,
	ask: { ops: string[]; photos: string[] }
): Promise<{ ops: Record<string, Outcome['outcome']>; photos: Record<string, string> }> {
	const known = {
		ops: {} as Record<string, Outcome['outcome']>,
		photos: {} as Record<string, string>
	};
	// A hundred ids fit into one address.
	for (let at = 0; at < ask.ops.length; at += 100) {
		const { data, error, status } = await db
			.from('ops')
			.select('op_id, outcome')
			.eq('township_id', townshipId)
			.in('op_id', ask.ops.slice(at, at + 100));
		if (error) throw toFailure(error, status);
		for (const row of data) known.ops[row.op_id] = row.outcome;
	}
	for (let at = 0; at < ask.photos.length; at += 100) {
		const { data, error, status } = await db
			.from('photos')
			.select('id, sha256')
			.eq('township_id', townshipId)
			.in('id', ask.photos.slice(at, at + 100));
		if (error) throw toFailure(error, status);
		for (const row of data) known.photos[row.id] = row.sha256;
	}
	return known;
}
