import { fundSources, type Fund, type FundSource } from './project';

/** Money of a project, in 10,000 yuan (万元). `null` is unknown: nobody said it, which is not zero. */
export type Sum = { planned: number | null; allocated: number | null; spent: number | null };
export type Amount = keyof Sum;
export const amounts = ['planned', 'allocated', 'spent'] as const satisfies readonly Amount[];

/** Adds in hundredths, as the amounts are stored; null where nobody gave any. */
export function sumOf(funds: readonly Sum[]): Sum {
	const one = (key: Amount) => {
		const given = funds.map((f) => f[key]).filter((n) => n !== null);
		return given.length ? given.reduce((a, n) => a + Math.round(n * 100), 0) / 100 : null;
	};
	return { planned: one('planned'), allocated: one('allocated'), spent: one('spent') };
}

/** Only sources that have a line, in the order of `fundSources`. */
export const bySource = (funds: readonly Fund[]): { source: FundSource; sum: Sum }[] =>
	fundSources.flatMap((source) => {
		const own = funds.filter((f) => f.source === source);
		return own.length ? [{ source, sum: sumOf(own) }] : [];
	});

/** By work, in the order given; what belongs to no work (or to one that is gone) comes last, under null. */
export function byWork(
	funds: readonly Fund[],
	works: readonly string[]
): { work: string | null; sum: Sum }[] {
	const of = (f: Fund) => (f.workId && works.includes(f.workId) ? f.workId : null);
	return [...works, null].flatMap((work) => {
		const own = funds.filter((f) => of(f) === work);
		return own.length ? [{ work, sum: sumOf(own) }] : [];
	});
}

/** What cannot be right, or must be explained; `by` in 10,000 yuan. */
export type MoneyProblem = {
	kind: 'spent_over_allocated' | 'allocated_over_planned' | 'spent_unplanned';
	by: number;
};

/** An unknown amount is never compared: it is no zero. Only money spent without any plan is said of it. */
export function problemsOf({ planned, allocated, spent }: Sum): MoneyProblem[] {
	const over = (a: number | null, b: number | null) =>
		a !== null && b !== null ? Math.max(0, Math.round(a * 100) - Math.round(b * 100)) / 100 : 0;
	const unplanned = !planned && spent ? spent : 0;
	const found: MoneyProblem[] = [
		{ kind: 'spent_over_allocated', by: over(spent, allocated) },
		{ kind: 'allocated_over_planned', by: over(allocated, planned) },
		{ kind: 'spent_unplanned', by: unplanned }
	];
	return found.filter((p) => p.by > 0);
}
