/**
 * The contract of scoring told a second time, slowly and in fractions, by nobody who knows score.ts: no
 * hundredths, no doubles, a search where the program reckons. Both meet on random standards.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ScoreValue } from '../../src/lib/domain/project';
import { evaluate, pointsFor, totalsOf } from '../../src/lib/domain/score';
import { standardSchema, type Item, type Standard } from '../../src/lib/domain/standard';

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
console.log(`score: SEED=${seed}`);

// ── fractions ────────────────────────────────────────────────────────────────────────────────────

class Fraction {
	constructor(
		readonly n: bigint,
		readonly d: bigint
	) {}
	/** By its decimal digits, whatever way JavaScript writes them. */
	static of(value: number): Fraction {
		const [mantissa, power] = value.toString().split('e');
		const [whole, part] = mantissa!.split('.');
		let f = new Fraction(BigInt(whole! + (part ?? '')), 1n);
		let shift = Number(power ?? 0) - (part?.length ?? 0);
		for (; shift > 0; shift--) f = new Fraction(f.n * 10n, f.d);
		for (; shift < 0; shift++) f = new Fraction(f.n, f.d * 10n);
		return f;
	}
	plus = (o: Fraction) => new Fraction(this.n * o.d + o.n * this.d, this.d * o.d);
	minus = (o: Fraction) => this.plus(new Fraction(-o.n, o.d));
	times = (o: Fraction) => new Fraction(this.n * o.n, this.d * o.d);
	by = (o: Fraction) => new Fraction(this.n * o.d, this.d * o.n);
	below = (o: Fraction) => this.n * o.d < o.n * this.d;
	/** Rounded half up to whole hundredths: the last hundredth that is not above this plus half of one. */
	rounded(): Fraction {
		const high = this.plus(new Fraction(1n, 200n));
		let step = 1n;
		while (!high.below(new Fraction(step * 2n, 100n))) step *= 2n;
		let at = 0n;
		for (; step > 0n; step /= 2n) if (!high.below(new Fraction(at + step, 100n))) at += step;
		return new Fraction(at, 100n);
	}
	get number(): number {
		if ((this.n * 100n) % this.d !== 0n) throw new Error('no whole hundredths');
		return Number((this.n * 100n) / this.d) / 100;
	}
}
const f = Fraction.of;
const zero = f(0);
const least = (...all: Fraction[]) => all.reduce((a, b) => (b.below(a) ? b : a));
const most = (...all: Fraction[]) => all.reduce((a, b) => (a.below(b) ? b : a));
const sum = (all: Fraction[]) => all.reduce((a, b) => a.plus(b), zero);

// ── the contract, sentence by sentence ───────────────────────────────────────────────────────────

type Any = Record<string, number | boolean>;
const slow: Record<string, (max: Fraction, rule: any, v: Any) => Fraction | null> = {
	max(max, _, { points }) {
		if (typeof points !== 'number' || points < 0 || max.below(f(points))) return null;
		return /^\d+(\.\d{1,2})?$/.test(String(points)) ? f(points) : null;
	},
	tiered(_, rule, { option }) {
		for (let i = 0; i < rule.options.length; i++)
			if (i === option) return f(rule.options[i].points);
		return null;
	},
	per_unit(max, rule, { count }) {
		if (typeof count !== 'number' || count < 0) return null;
		const cap = 'cap' in rule ? f(rule.cap) : max;
		return least(cap, max, f(count).times(f(rule.unit_points)).rounded());
	},
	deduct_per_finding(max, rule, { findings }) {
		if (typeof findings !== 'number' || findings < 0 || findings % 1 !== 0) return null;
		let left = max;
		for (let n = 0; n < findings; n++) left = left.minus(f(rule.points));
		return most('floor' in rule ? f(rule.floor) : zero, left);
	},
	rate(max, rule, { rate }) {
		if (typeof rate !== 'number' || rate < 0 || rate > 1) return null;
		if (!rule.bands) return max.times(least(f(1), f(rate).by(f(rule.full ?? 1)))).rounded();
		let held: { from: Fraction; points: Fraction } | null = null;
		for (const b of rule.bands) {
			const band = { from: f(b.from), points: f(b.points) };
			if (f(rate).below(band.from)) continue;
			const higher = held && held.from.below(band.from);
			const same = held && !held.from.below(band.from) && !band.from.below(held.from);
			if (!held || higher || (same && held.points.below(band.points))) held = band;
		}
		return held?.points ?? zero;
	},
	yes_no: (max, _, { yes }) => (typeof yes !== 'boolean' ? null : yes ? max : zero)
};
const slowPoints = (item: Item, value: ScoreValue): Fraction | null =>
	slow[item.rule?.type ?? 'max']!(f(item.max), item.rule, value as Any);

type Given = Parameters<typeof totalsOf>[1][number];
type Answer = { na: true } | { value: ScoreValue };
type Answers = Record<string, Answer>;

function slowTotals(body: Standard, answers: Answers) {
	const naOf = (i: Item) => {
		const a = answers[i.code];
		return !!a && 'na' in a;
	};
	const pointsOf = (i: Item) => {
		const a = answers[i.code];
		return a && 'value' in a ? slowPoints(i, a.value)! : zero;
	};
	const sections = body.sections.map((s) => {
		const found = sum(s.items.map(pointsOf));
		const cap = f(s.max);
		if (!body.redistribute_na) return least(cap, found);
		const reach = cap.minus(sum(s.items.filter(naOf).map((i) => f(i.max))));
		return zero.below(reach) ? least(cap, found.times(cap).by(reach).rounded()) : zero;
	});
	const bonus = least(f(body.bonus_max!), sum(body.bonus!.map(pointsOf)));
	const total = body.bonus_counts ? sum(sections).plus(bonus) : sum(sections);
	let grade: string | null = null;
	for (const name of ['A', 'AA', 'AAA'] as const) {
		const line = body.grades.find((g) => g.grade === name);
		if (!line || total.below(f(line.min))) continue;
		const open = body.vetoes!.filter((v) => {
			if (v.grades && !v.grades.includes(name)) return false;
			const a = answers[v.code];
			return !(a && 'value' in a && 'yes' in a.value && a.value.yes);
		});
		if (!open.length) grade = name;
	}
	return { sections, bonus, total, grade };
}

// ── random standards and values ──────────────────────────────────────────────────────────────────

const hundredth = (from: number, to: number) =>
	fc.integer({ min: Math.round(from * 100), max: Math.round(to * 100) }).map((n) => n / 100);
const share = fc.oneof(
	fc.integer({ min: 0, max: 100 }).map((n) => n / 100),
	fc.integer({ min: 0, max: 10_000 }).map((n) => n / 10_000),
	fc.double({ min: 0, max: 1, noNaN: true }).map(Math.abs)
);
const above = share.filter((n) => n > 0);
const ruleOf = (max: number): fc.Arbitrary<Item['rule']> =>
	fc.oneof(
		fc.constant(undefined),
		fc.constant({ type: 'max' as const }),
		fc.constant({ type: 'yes_no' as const }),
		fc.record({
			type: fc.constant('tiered' as const),
			options: fc.array(fc.record({ points: hundredth(0, max), zh: fc.constant('档') }), {
				minLength: 1,
				maxLength: 5
			})
		}),
		fc.record(
			{
				type: fc.constant('per_unit' as const),
				unit_points: hundredth(0, 9),
				cap: hundredth(0, max)
			},
			{ requiredKeys: ['type', 'unit_points'] }
		),
		fc.record(
			{
				type: fc.constant('deduct_per_finding' as const),
				points: hundredth(0, 5),
				floor: hundredth(0, max)
			},
			{ requiredKeys: ['type', 'points'] }
		),
		fc.record({ type: fc.constant('rate' as const), full: above }, { requiredKeys: ['type'] }),
		fc.record({
			type: fc.constant('rate' as const),
			bands: fc.array(fc.record({ from: share, points: hundredth(0, max) }), {
				minLength: 1,
				maxLength: 5
			})
		})
	) as fc.Arbitrary<Item['rule']>;

/** Mostly what the rule asks for, sometimes what it does not know. */
const valueFor = (item: Item): fc.Arbitrary<ScoreValue> => {
	const r = item.rule;
	const fitting: Record<string, fc.Arbitrary<ScoreValue>> = {
		max: hundredth(0, item.max).map((points) => ({ points })),
		tiered: fc.nat(r?.type === 'tiered' ? r.options.length - 1 : 0).map((option) => ({ option })),
		per_unit: fc
			.oneof(fc.nat(30), hundredth(0, 9), fc.double({ min: 0, max: 20, noNaN: true }).map(Math.abs))
			.map((count) => ({ count })),
		deduct_per_finding: fc.nat(40).map((findings) => ({ findings })),
		rate: share.map((rate) => ({ rate })),
		yes_no: fc.boolean().map((yes) => ({ yes }))
	};
	return fitting[r?.type ?? 'max']!;
};
const item = (code: string): fc.Arbitrary<Item> =>
	hundredth(0.01, 40).chain((max) =>
		ruleOf(max).map((rule) => ({ code, zh: '项', max, ...(rule && { rule }) }))
	);

const profile: fc.Arbitrary<Standard> = fc
	.record({
		counts: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }),
		/** How much of what its items give a section holds, in percent. */
		held: fc.array(fc.integer({ min: 20, max: 130 }), { minLength: 4, maxLength: 4 }),
		bonus: fc.nat(3),
		bonus_max: hundredth(0, 20),
		bonus_counts: fc.boolean(),
		redistribute_na: fc.boolean(),
		vetoes: fc.array(fc.constantFrom(undefined, ['AAA'], ['A', 'AA'], ['AA', 'AAA']), {
			maxLength: 3
		}),
		lines: fc.uniqueArray(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 3 })
	})
	.chain((r) =>
		fc
			.tuple(
				fc.tuple(
					...r.counts.map((n, s) =>
						fc.tuple(...Array.from({ length: n }, (_, i) => item(`${s + 1}.${i + 1}`)))
					)
				),
				fc.tuple(...Array.from({ length: r.bonus }, (_, i) => item(`B${i + 1}`)))
			)
			.map(([items, bonus]) => {
				const sections = items.map((list, s) => ({
					code: String(s + 1),
					zh: '大项',
					max: Math.max(1, Math.floor(list.reduce((n, i) => n + i.max, 0) * r.held[s % 4]!)) / 100,
					items: list
				}));
				const total = Math.round(sections.reduce((n, s) => n + s.max, 0) * 100) / 100;
				return standardSchema.parse({
					total,
					bonus_max: r.bonus_max,
					bonus_counts: r.bonus_counts,
					redistribute_na: r.redistribute_na,
					grades: [...r.lines]
						.sort((a, b) => b - a)
						.map((p, n) => ({
							grade: ['AAA', 'AA', 'A'][n],
							zh: '',
							min: Math.round(total * p) / 100
						})),
					assessors: [],
					vetoes: r.vetoes.map((grades, n) => ({
						code: `V${n + 1}`,
						zh: '否决',
						...(grades && { grades })
					})),
					sections,
					bonus
				});
			})
	);

const itemsOf = (body: Standard) => [...body.sections.flatMap((s) => s.items), ...body.bonus!];
const answersTo = (body: Standard): fc.Arbitrary<Answers> =>
	fc
		.tuple(
			fc.tuple(
				...itemsOf(body).map((i) =>
					fc.oneof(
						{ weight: 8, arbitrary: valueFor(i).map((value): Answer => ({ value })) },
						{ weight: 2, arbitrary: fc.constant<Answer>({ na: true }) },
						{ weight: 1, arbitrary: fc.constant(null) }
					)
				)
			),
			fc.tuple(...body.vetoes!.map(() => fc.constantFrom(true, true, true, true, false, null)))
		)
		.map(([given, vetoes]) => {
			const answers: Answers = {};
			for (const [n, i] of itemsOf(body).entries()) if (given[n]) answers[i.code] = given[n]!;
			for (const [n, v] of body.vetoes!.entries())
				if (vetoes[n] !== null) answers[v.code] = { value: { yes: vetoes[n]! } };
			return answers;
		});

it('gives the points that the contract gives, on 10,000 profiles with every item scored', () => {
	const seen = { na: 0, spread: 0, sectionCap: 0, bonusCap: 0, veto: 0, graded: 0, values: 0 };
	const cases = profile.chain((body) => answersTo(body).map((answers) => ({ body, answers })));
	fc.assert(
		fc.property(cases, ({ body, answers }) => {
			const given = itemsOf(body).flatMap((i): Given[] => {
				const a = answers[i.code];
				if (!a) return [];
				if ('na' in a) return [{ item: i.code, value: null, na: true, points: 0 }];
				const points = pointsFor(i, a.value);
				expect(points, JSON.stringify([i, a])).toBe(slowPoints(i, a.value)!.number);
				seen.values++;
				return [{ item: i.code, value: a.value, na: false, points: points! }];
			});
			for (const v of body.vetoes!) {
				const a = answers[v.code];
				if (a && 'value' in a) given.push({ item: v.code, value: a.value, na: false, points: 0 });
			}
			const fast = totalsOf(body, given);
			const told = slowTotals(body, answers);
			expect(body.sections.map((s) => fast.sections[s.code])).toEqual(
				told.sections.map((s) => s.number)
			);
			expect([fast.bonus, fast.total, fast.grade]).toEqual([
				told.bonus.number,
				told.total.number,
				told.grade
			]);
			for (const g of body.grades)
				expect(fast.gaps[g.grade]).toBe(most(zero, f(g.min).minus(told.total)).number);
			const na = itemsOf(body).some((i) => answers[i.code] && 'na' in answers[i.code]!);
			seen.na += Number(na);
			seen.spread += Number(na && body.redistribute_na);
			seen.sectionCap += Number(
				body.sections.some((s) => fast.sections[s.code] === s.max && s.max > 0)
			);
			seen.bonusCap += Number(fast.bonus > 0 && fast.bonus === body.bonus_max);
			seen.graded += Number(fast.grade !== null);
			seen.veto += Number(
				body.grades.some((g) => g.min <= fast.total) &&
					fast.grade !== body.grades.find((g) => g.min <= fast.total)!.grade
			);
		}),
		{ numRuns: 10_000, seed }
	);
	// Nothing the contract speaks of was left untried.
	for (const [what, times] of Object.entries(seen)) expect(times, what).toBeGreaterThan(500);
});

it('takes and refuses what the contract takes and refuses, on 10,000 values of any kind', () => {
	const number = fc.oneof(
		fc.integer({ min: -2, max: 45 }),
		hundredth(-1, 45),
		fc.double({ min: -1, max: 45, noNaN: true })
	);
	const value = fc.oneof(
		...['points', 'option', 'count', 'findings', 'rate'].map((key) =>
			number.map((n) => ({ [key]: n }) as never)
		),
		fc.boolean().map((yes) => ({ yes }))
	) as fc.Arbitrary<ScoreValue>;
	let taken = 0;
	fc.assert(
		fc.property(item('1'), value, (i, v) => {
			const field = Object.values(v)[0];
			const told = Object.is(field, -0) ? null : slowPoints(i, v);
			if (Object.is(field, -0)) return;
			expect(pointsFor(i, v), JSON.stringify([i, v])).toBe(told === null ? null : told.number);
			taken += Number(told !== null);
		}),
		{ numRuns: 10_000, seed }
	);
	expect(taken).toBeGreaterThan(500);
});

it('names what is wrong with a value', () => {
	const of = (rule: Item['rule'], value: object) =>
		evaluate({ max: 10, rule }, value as ScoreValue);
	const tiers = { type: 'tiered' as const, options: [{ points: 4, zh: '' }] };
	const off = { type: 'deduct_per_finding' as const, points: 1 };
	const rate = { type: 'rate' as const };
	expect([
		of(undefined, { points: 9.999 }),
		of(undefined, { points: 10.01 }),
		of(undefined, { points: NaN }),
		of(undefined, { points: '3' }),
		of(undefined, { count: 3 }),
		of(undefined, { points: 3, note: 'x' }),
		of(tiers, { option: 1 }),
		of(tiers, { option: 0.5 }),
		of(off, { findings: -1 }),
		of(off, { findings: 1.5 }),
		of(rate, { rate: 1.01 }),
		of({ type: 'yes_no' }, { yes: 1 })
	]).toEqual(
		[
			'too_many_decimals',
			'too_much',
			'not_a_number',
			'not_a_number',
			'wrong_kind',
			'wrong_kind',
			'no_such_option',
			'not_whole',
			'negative',
			'not_whole',
			'too_much',
			'wrong_kind'
		].map((fault) => ({ fault }))
	);
});

it('rounds by the digits of a number, not by the double beside them', () => {
	// 0.15 × 0.01 ÷ 0.3 is 0.005: half a hundredth, which goes up.
	expect(pointsFor({ max: 0.15, rule: { type: 'rate', full: 0.3 } }, { rate: 0.01 })).toBe(0.01);
	expect(pointsFor({ max: 1, rule: { type: 'rate' } }, { rate: 0.4949999999999 })).toBe(0.49);
	expect(pointsFor({ max: 2, rule: { type: 'per_unit', unit_points: 0.1 } }, { count: 1.15 })).toBe(
		0.12
	);
});
