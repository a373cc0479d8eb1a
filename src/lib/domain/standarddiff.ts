import type { Item, Standard } from './standard';

/** What one edition changes against the one before it. */
export type Change =
	| {
			kind: 'item_new' | 'item_gone' | 'veto_new' | 'veto_gone' | 'section_new' | 'section_gone';
			code: string;
			zh: string;
	  }
	| { kind: 'points'; code: string; zh: string; from: number; to: number }
	| { kind: 'rule' | 'text' | 'evidence' | 'veto'; code: string; zh: string }
	| { kind: 'line'; code: string; from: number | null; to: number | null }
	| { kind: 'total' | 'bonus_max' | 'notice_days' | 'review_months'; from: number; to: number };

const itemsOf = (body: Standard): Item[] => [
	...body.sections.flatMap((s) => s.items),
	...(body.bonus ?? [])
];
const same = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b);
/** Keys in order, so that a value read back from the database is the same value. */
const canonical = (value: unknown): string =>
	JSON.stringify(value, (_, v: unknown) =>
		v && typeof v === 'object' && !Array.isArray(v)
			? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)))
			: v
	) ?? '';
const ruleOf = (item: Item) => item.rule ?? { type: 'max' };

export function changesBetween(before: Standard, after: Standard): Change[] {
	return [
		...figures(before, after),
		...lists(before.sections, after.sections, 'section_new', 'section_gone', (a, b) =>
			a.max === b.max ? [] : [{ kind: 'points', code: b.code, zh: b.zh, from: a.max, to: b.max }]
		),
		...lists(itemsOf(before), itemsOf(after), 'item_new', 'item_gone', itemChanges),
		...lists(before.vetoes ?? [], after.vetoes ?? [], 'veto_new', 'veto_gone', (a, b) =>
			a.zh === b.zh && same(a.grades, b.grades) ? [] : [{ kind: 'veto', code: b.code, zh: b.zh }]
		)
	];
}

function figures(before: Standard, after: Standard): Change[] {
	const changes: Change[] = [];
	for (const [kind, usual] of [
		['total', 0],
		['bonus_max', 0],
		['notice_days', 5],
		['review_months', 36]
	] as const) {
		const [from, to] = [before[kind] ?? usual, after[kind] ?? usual];
		if (from !== to) changes.push({ kind, from, to });
	}
	for (const grade of ['AAA', 'AA', 'A'] as const) {
		const lineOf = (body: Standard) => body.grades.find((g) => g.grade === grade)?.min ?? null;
		const [from, to] = [lineOf(before), lineOf(after)];
		if (from !== to) changes.push({ kind: 'line', code: grade, from, to });
	}
	return changes;
}

function lists<T extends { code: string; zh: string }>(
	before: readonly T[],
	after: readonly T[],
	fresh: 'item_new' | 'veto_new' | 'section_new',
	gone: 'item_gone' | 'veto_gone' | 'section_gone',
	compare: (a: T, b: T) => Change[]
): Change[] {
	const was = new Map(before.map((x) => [x.code, x]));
	const is = new Set(after.map((x) => x.code));
	return [
		...after.flatMap((x): Change[] => {
			const old = was.get(x.code);
			return old ? compare(old, x) : [{ kind: fresh, code: x.code, zh: x.zh }];
		}),
		...before
			.filter((x) => !is.has(x.code))
			.map((x): Change => ({ kind: gone, code: x.code, zh: x.zh }))
	];
}

function itemChanges(a: Item, b: Item): Change[] {
	const named = { code: b.code, zh: b.zh };
	return [
		...(a.max !== b.max ? [{ kind: 'points' as const, ...named, from: a.max, to: b.max }] : []),
		...(!same(ruleOf(a), ruleOf(b)) ? [{ kind: 'rule' as const, ...named }] : []),
		...(a.zh !== b.zh ? [{ kind: 'text' as const, ...named }] : []),
		...(!same(a.evidence?.kinds ?? [], b.evidence?.kinds ?? [])
			? [{ kind: 'evidence' as const, ...named }]
			: [])
	];
}

/**
 * Codes whose scores lapse when a project moves from one edition to the other: a score stays where the item's
 * points and rule are the same, a veto's where its text is; op_project_standard in the database says the same.
 */
export function lapsing(before: Standard, after: Standard, scored: readonly string[]): string[] {
	const items = new Map(itemsOf(after).map((i) => [i.code, i]));
	const vetoes = new Map((after.vetoes ?? []).map((v) => [v.code, v]));
	const kept = new Set([
		...itemsOf(before)
			.filter((a) => {
				const b = items.get(a.code);
				return b && a.max === b.max && same(ruleOf(a), ruleOf(b));
			})
			.map((a) => a.code),
		...(before.vetoes ?? []).filter((a) => vetoes.get(a.code)?.zh === a.zh).map((a) => a.code)
	]);
	return [...new Set(scored)].filter((code) => !kept.has(code));
}
