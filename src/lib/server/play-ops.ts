import { Failure, type Db } from '$lib/data/client';
import { applyOp } from '$lib/data/ops';
import { readOp, type OpProblem, type Outcome } from '$lib/domain/op';

export type Told = Outcome & { op_id: string | null; problems?: OpProblem[] };

/** Plays ops one after the other; a bad one is refused by itself and does not stop the rest. */
export async function playOps(db: Db, townshipId: string, ops: unknown[]): Promise<Told[]> {
	const told: Told[] = [];
	for (const value of ops) told.push(await playOne(db, townshipId, value));
	return told;
}

async function playOne(db: Db, townshipId: string, value: unknown): Promise<Told> {
	const op_id = idOf(value);
	const read = readOp(value);
	if ('problems' in read)
		return { op_id, outcome: 'refused', reason: 'bad_value', problems: read.problems };
	if (read.op.township_id !== townshipId)
		return { op_id, outcome: 'refused', reason: 'not_allowed', detail: 'township' };
	try {
		return { ...(await applyOp(db, read.op)), op_id };
	} catch (failure) {
		if (!(failure instanceof Failure) || failure.status === 401) throw failure;
		// Nothing was written down about it, so it may be tried again: a fault of the moment is no refusal.
		if (failure.status >= 500) return { op_id, outcome: 'held', reason: failure.code };
		return { op_id, outcome: 'refused', reason: failure.code, detail: failure.detail };
	}
}

const idOf = (value: unknown): string | null => {
	const id = (value as { op_id?: unknown } | null)?.op_id;
	return typeof id === 'string' ? id.slice(0, 40) : null;
};
