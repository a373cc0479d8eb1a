import type { Assessor, Exhibit, ProjectPage, Score, Target } from '$lib/domain/project';
import type { Item, Standard } from '$lib/domain/standard';

/** An item of the table with all that is known of it in this project. */
export type Row = {
	item: Item;
	/** '+' for the bonus items. */
	section: string;
	scores: Partial<Record<Assessor, Score>>;
	cited: Exhibit[];
	/** Evidence is asked for and none is cited. */
	missing: boolean;
	target: Target | null;
	/** Days on which the three facts were reached; what is proven is done, what is done is said. */
	facts: { said: string | null; done: string | null; proven: string | null };
};
export type Group = { code: string; zh: string; en: string; max: number; rows: Row[] };

type Known = Pick<ProjectPage, 'scores' | 'exhibits' | 'targets'>;

export function groupsOf(standard: Standard, page: Known): Group[] {
	const scores = new Map<string, Row['scores']>();
	for (const score of page.scores)
		scores.set(score.item, { ...scores.get(score.item), [score.assessor]: score });
	const row = (item: Item, section: string): Row => {
		const given = scores.get(item.code) ?? {};
		const cited = page.exhibits.filter((e) => e.items.includes(item.code));
		const missing = needsEvidence(item) && cited.length === 0;
		const target = page.targets.find((t) => t.item === item.code) ?? null;
		return {
			item,
			section,
			scores: given,
			cited,
			missing,
			target,
			facts: factsOf(given, missing, target)
		};
	};
	const groups = standard.sections.map((s) => ({
		code: s.code,
		zh: s.zh,
		en: s.en ?? '',
		max: s.max,
		rows: s.items.map((i) => row(i, s.code))
	}));
	const bonus = standard.bonus ?? [];
	if (!bonus.length) return groups;
	return [
		...groups,
		{
			code: '+',
			zh: '加分项',
			en: 'Bonus',
			max: standard.bonus_max ?? 0,
			rows: bonus.map((i) => row(i, '+'))
		}
	];
}

export const needsEvidence = (item: Item): boolean => (item.evidence?.kinds.length ?? 0) > 0;

/** The same three facts as `item_facts` in the database. */
function factsOf(given: Row['scores'], missing: boolean, target: Target | null): Row['facts'] {
	const proven = given.county?.on ?? null;
	const done = (given.self && !missing ? given.self.on : null) ?? proven;
	const said = (target?.points != null ? target.saidOn : null) ?? done;
	return { said, done, proven };
}

export const rowFilters = ['all', 'missing', 'unscored', 'differs', 'targeted'] as const;
export type RowFilter = (typeof rowFilters)[number];

/** `side`: whose column "not scored" looks at. */
export function passes(row: Row, filter: RowFilter, side: Assessor): boolean {
	switch (filter) {
		case 'all':
			return true;
		case 'missing':
			return row.missing;
		case 'unscored':
			return !row.scores[side];
		case 'differs':
			return differs(row);
		case 'targeted':
			return row.target?.points != null;
	}
}

/** Two sides gave different points, or one of them none because it does not apply. */
export function differs(row: Pick<Row, 'scores'>): boolean {
	const given = Object.values(row.scores).map((s) => (s.na ? 'na' : s.points));
	return new Set(given).size > 1;
}
