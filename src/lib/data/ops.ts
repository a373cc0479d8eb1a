import { readOp, type Op, type Outcome } from '$lib/domain/op';
import { call, Failure, toFailure, type Db } from './client';

/** Sends one op; a refusal is an outcome, not an exception. */
export function applyOp(db: Db, op: Op): Promise<Outcome> {
	return call<Outcome>(db, 'apply_op', { p_op: op });
}

/** Applies ops from outside one after the other; each gets its own outcome, whatever became of the others. */
export async function applyAll(
	db: Db,
	townshipId: string,
	ops: readonly unknown[]
): Promise<(Outcome & { op_id?: string })[]> {
	const outcomes: (Outcome & { op_id?: string })[] = [];
	for (const value of ops) {
		const { op_id } = (value ?? {}) as { op_id?: string };
		// Named, so that an answer that belongs to something else settles nothing.
		outcomes.push({ ...(await applyOne(db, townshipId, value)), op_id });
	}
	return outcomes;
}

async function applyOne(db: Db, townshipId: string, value: unknown): Promise<Outcome> {
	const read = readOp(value);
	if ('problems' in read) return { outcome: 'refused', reason: 'bad_value' };
	if (read.op.township_id !== townshipId) return { outcome: 'refused', reason: 'not_allowed' };
	try {
		return await applyOp(db, read.op);
	} catch (failure) {
		if (failure instanceof Failure)
			return { outcome: 'refused', reason: failure.code, detail: failure.detail };
		throw failure;
	}
}

export type Known = {
	ops: Record<string, string>;
	photos: Record<string, string>;
};

/** Of these ids, the ops of whoever asks with their outcomes and the photos with their SHA-256. */
export async function readKnown(
	db: Db,
	townshipId: string,
	opIds: readonly string[],
	photoIds: readonly string[]
): Promise<Known> {
	const [ops, photos] = await Promise.all([
		rows<{ op_id: string; outcome: string }>(
			db,
			'ops',
			'op_id',
			'op_id, outcome',
			townshipId,
			opIds
		),
		rows<{ id: string; sha256: string }>(db, 'photos', 'id', 'id, sha256', townshipId, photoIds)
	]);
	return {
		ops: Object.fromEntries(ops.map((o) => [o.op_id, o.outcome])),
		photos: Object.fromEntries(photos.map((p) => [p.id, p.sha256]))
	};
}

async function rows<T>(
	db: Db,
	table: string,
	key: string,
	columns: string,
	townshipId: string,
	ids: readonly string[]
): Promise<T[]> {
	const found: T[] = [];
	// An address has its limits: a hundred ids at a time.
	for (let i = 0; i < ids.length; i += 100) {
		const { data, error, status } = await db
			.from(table)
			.select(columns)
			.eq('township_id', townshipId)
			.in(key, ids.slice(i, i + 100));
		if (error) throw toFailure(error, status);
		found.push(...(data as T[]));
	}
	return found;
}
