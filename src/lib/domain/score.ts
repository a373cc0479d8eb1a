import type { Assessor, Score, ScoreValue } from './project';
import type { Item, Standard } from './standard';
import type { Grade } from './thing';

/** Points are reckoned in whole hundredths, so that 0.1 + 0.2 never decides a grade. */
const hundredths = (points: number): number => Math.round(points * 100);
/** Half up, as the database rounds what is never negative. */
const round = (n: number): number => Math.floor(n + 0.5 + 1e-9);

/** The points a value gives for an item by its rule; null where the rule does not know such a value. */
export function pointsFor(
	{ max, rule }: Pick<Item, 'max' | 'rule'>,
	value: ScoreValue
): number | null {
	const most = hundredths(max);
	const r = rule ?? { type: 'max' };
	const found = ((): number | null => {
		switch (r.type) {
			case 'max':
				return 'points' in value && value.points >= 0 && hundredths(value.points) <= most
					? hundredths(value.points)
					: null;
			case 'tiered': {
				const option = 'option' in value ? r.options[value.option] : undefined;
				return option ? hundredths(option.points) : null;
			}
			case 'per_unit':
				return 'count' in value && value.count >= 0
					? Math.min(hundredths(r.cap ?? max), most, round(value.count * hundredths(r.unit_points)))
					: null;
			case 'deduct_per_finding':
				return 'findings' in value && value.findings >= 0 && Number.isInteger(value.findings)
					? Math.max(hundredths(r.floor ?? 0), most - value.findings * hundredths(r.points))
					: null;
			case 'rate': {
				if (!('rate' in value) || value.rate < 0 || value.rate > 1) return null;
				if (!r.bands) return round(most * Math.min(1, value.rate / (r.full ?? 1)));
				const band = r.bands
					.filter((b) => b.from <= value.rate)
					.sort((a, b) => b.from - a.from || b.points - a.points)[0];
				return band ? hundredths(band.points) : 0;
			}
			case 'yes_no':
				return 'yes' in value ? (value.yes ? most : 0) : null;
		}
	})();
	return found === null ? null : found / 100;
}

export type Totals = {
	/** Section code → points after its cap. */
	sections: Record<string, number>;
	bonus: number;
	total: number;
	/** The highest grade whose line is reached and whose vetoes are met. */
	grade: Grade | null;
	/** Vetoes answered with no, or not at all. */
	unmet: string[];
	/** Points still missing to each grade's line; 0 where it is reached. */
	gaps: Partial<Record<Grade, number>>;
};
type Given = Pick<Score, 'item' | 'value' | 'na' | 'points'>;

/** The sums of one assessor's scores; the same as `private.total_of` in the database. */
export function totalsOf(body: Standard, given: readonly Given[]): Totals {
	const by = new Map(given.map((s) => [s.item, s]));
	const sum = (items: readonly Item[]) =>
		items.reduce((n, i) => {
			const s = by.get(i.code);
			return n + (s && !s.na ? hundredths(s.points) : 0);
		}, 0);
	const sections: Record<string, number> = {};
	let total = 0;
	for (const { code, max, items } of body.sections) {
		const top = hundredths(max);
		const na = items.reduce((n, i) => n + (by.get(i.code)?.na ? hundredths(i.max) : 0), 0);
		let points = sum(items);
		if (body.redistribute_na && na > 0) points = na >= top ? 0 : round((points * top) / (top - na));
		points = Math.min(top, points);
		sections[code] = points / 100;
		total += points;
	}
	const bonus = Math.min(hundredths(body.bonus_max ?? 0), sum(body.bonus ?? []));
	if (body.bonus_counts ?? true) total += bonus;
	const vetoes = body.vetoes ?? [];
	const met = (code: string) => {
		const value = by.get(code)?.value;
		return !!value && 'yes' in value && value.yes;
	};
	const grades = [...body.grades].sort((a, b) => b.min - a.min);
	const grade = grades.find(
		(g) =>
			hundredths(g.min) <= total &&
			vetoes.every((v) => met(v.code) || (v.grades && !v.grades.includes(g.grade)))
	);
	return {
		sections,
		bonus: bonus / 100,
		total: total / 100,
		grade: grade?.grade ?? null,
		unmet: vetoes.filter((v) => !met(v.code)).map((v) => v.code),
		gaps: Object.fromEntries(
			grades.map((g) => [g.grade, Math.max(0, hundredths(g.min) - total) / 100])
		)
	};
}

/** The latest scores of one side. */
export const scoresBy = (scores: readonly Score[], assessor: Assessor): Score[] =>
	scores.filter((s) => s.assessor === assessor);
