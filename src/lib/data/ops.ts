import type { Op, Outcome } from '$lib/domain/op';
import { call, type Db } from './client';

/** Sends one op; a refusal is an outcome, not an exception. */
export function applyOp(db: Db, op: Op): Promise<Outcome> {
	return call<Outcome>(db, 'apply_op', { p_op: op });
}
