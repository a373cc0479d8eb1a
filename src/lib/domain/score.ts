import type { Assessor, Score, ScoreValue } from './project';
import type { Item, Rule, Standard } from './standard';
import type { Grade } from './thing';

/** Points are reckoned in whole hundredths, so that 0.1 + 0.2 never decides a grade. */
export const hundredths = (points: number): number => Math.round(points * 100);

/** The number its digits say, as JSON carries it to the database: 0.1 is one tenth, not the double beside it. */
function exact(n: number): [over: bigint, under: bigint] {
	const [, whole, part = '', power = '0'] = /^(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(n))!;
	const tens = Number(power) - part.length;
	const digits = BigInt(whole! + part);
	return tens < 0 ? [digits, 10n ** BigInt(-tens)] : [digits * 10n ** BigInt(tens), 1n];
}
/** Half up, as the database rounds what is never negative. */
const halfUp = (over: bigint, under: bigint): number => Number((2n * over + under) / (2n * under));

/** What a section's hundredths count when `na` of its `top` do not apply and the rest is to stand for all. */
export const spread = (points: number, top: number, na: number): number =>
	na === 0 ? points : na >= top ? 0 : halfUp(BigInt(points) * BigInt(top), BigInt(top - na));

/** Why a value gives no points. */
export const valueFaults = [
	'wrong_kind',
	'not_a_number',
	'negative',
	'too_much',
	'not_whole',
	'too_many_decimals',
	'no_such_option'
] as const;
export type ValueFault = (typeof valueFaults)[number];
type Evaluated = { points: number } | { fault: ValueFault };

const fieldOf = {
	max: 'points',
	tiered: 'option',
	per_unit: 'count',
	deduct_per_finding: 'findings',
	rate: 'rate',
	yes_no: 'yes'
} as const;

/** The points a value gives for an item by its rule, or why it gives none; `private.points_of` says the same. */
export function evaluate({ max, rule }: Pick<Item, 'max' | 'rule'>, value: ScoreValue): Evaluated {
	const r = rule ?? { type: 'max' };
	const field = fieldOf[r.type];
	const given = (value as Record<string, unknown>)[field];
	if (Object.keys(value).length !== 1 || given === undefined) return { fault: 'wrong_kind' };
	if (field === 'yes')
		return typeof given === 'boolean' ? { points: given ? max : 0 } : { fault: 'wrong_kind' };
	if (typeof given !== 'number' || !Number.isFinite(given)) return { fault: 'not_a_number' };
	if (given < 0) return { fault: 'negative' };
	if (given > (field === 'points' ? max : field === 'rate' ? 1 : 10_000_000))
		return { fault: 'too_much' };
	if ((field === 'option' || field === 'findings') && !Number.isInteger(given))
		return { fault: 'not_whole' };
	const found = worth(r, hundredths(max), given);
	return typeof found === 'number' ? { points: found / 100 } : { fault: found };
}

/** Hundredths for a number that is in range. */
function worth(r: Rule, most: number, n: number): number | ValueFault {
	switch (r.type) {
		case 'max': {
			const [over, under] = exact(n);
			return (over * 100n) % under === 0n ? Number((over * 100n) / under) : 'too_many_decimals';
		}
		case 'tiered': {
			const option = r.options[n];
			return option ? hundredths(option.points) : 'no_such_option';
		}
		case 'per_unit': {
			const [over, under] = exact(n);
			const counted = halfUp(over * BigInt(hundredths(r.unit_points)), under);
			return Math.min(r.cap === undefined ? most : hundredths(r.cap), most, counted);
		}
		case 'deduct_per_finding':
			return Math.max(hundredths(r.floor ?? 0), most - n * hundredths(r.points));
		case 'rate': {
			if (r.bands) {
				const band = r.bands
					.filter((b) => b.from <= n)
					.sort((a, b) => b.from - a.from || b.points - a.points)[0];
				return band ? hundredths(band.points) : 0;
			}
			const full = r.full ?? 1;
			if (n >= full) return most;
			const [over, under] = exact(n);
			const [fullOver, fullUnder] = exact(full);
			return halfUp(BigInt(most) * over * fullUnder, under * fullOver);
		}
		case 'yes_no':
			return 'wrong_kind';
	}
}

/** The points a value gives; null where the rule does not know such a value. */
export function pointsFor(item: Pick<Item, 'max' | 'rule'>, value: ScoreValue): number | null {
	const found = evaluate(item, value);
	return 'points' in found ? found.points : null;
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
		const points = Math.min(top, spread(sum(items), top, body.redistribute_na ? na : 0));
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
