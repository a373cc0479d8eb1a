/** The three kinds of thing on the wall map. */
export const kinds = ['task', 'project', 'plan'] as const;
export type Kind = (typeof kinds)[number];

/** The three facts, in order. A later one never replaces an earlier one. */
export const facts = ['said', 'done', 'proven'] as const;
export type Fact = (typeof facts)[number];

/**
 * Where one step stands. `found` is not yet decided by anybody; `dropped` was rejected, merged or
 * cancelled and counts nowhere. "Blocked", "overdue" and "unknown" are not states: they stand beside it.
 */
export const states = ['found', 'said', 'done', 'proven', 'dropped'] as const;
export type State = (typeof states)[number];

/** How an acceptance was made. A desk check and a paper ledger stay marked as such for ever. */
export const proofs = ['on_site', 'desk', 'ledger'] as const;
export type Proof = (typeof proofs)[number];

/**
 * Counts of steps in one set; each fact counts all steps that reached it, so
 * `planned ≥ said ≥ done ≥ proven ≥ 0`. `blocked` and `overdue` count steps not yet done.
 */
export type Counts = {
	planned: number;
	said: number;
	done: number;
	proven: number;
	blocked: number;
	overdue: number;
};

export const noCounts: Counts = { planned: 0, said: 0, done: 0, proven: 0, blocked: 0, overdue: 0 };

export function add(a: Counts, b: Counts): Counts {
	return {
		planned: a.planned + b.planned,
		said: a.said + b.said,
		done: a.done + b.done,
		proven: a.proven + b.proven,
		blocked: a.blocked + b.blocked,
		overdue: a.overdue + b.overdue
	};
}

/** What a map of villages can show. Shares are of `planned`; the last three are plain counts. */
export const measures = ['proven', 'done', 'said', 'blocked', 'overdue', 'unknown'] as const;
export type Measure = (typeof measures)[number];

/** Reached ÷ planned, from 0 to 1; `null` where nothing was planned: unknown, never zero and never full. */
export function share(counts: Counts, fact: Fact): number | null {
	return counts.planned === 0 ? null : counts[fact] / counts.planned;
}

/** Steps that somebody says are done and nobody has accepted: the hatched part of the map. */
export function unproven(counts: Counts): number {
	return counts.done - counts.proven;
}
