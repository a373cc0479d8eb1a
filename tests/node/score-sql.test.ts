/** Points and totals are reckoned twice, in the database and in the page; here both meet on random standards. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pointsFor, totalsOf } from '../../src/lib/domain/score';
import { standardSchema, type Item, type Standard } from '../../src/lib/domain/standard';
import type { ScoreValue } from '../../src/lib/domain/project';
import { openEngine, type Engine } from './engines';

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
let engine: Engine;
beforeAll(async () => {
	console.log(`score: SEED=${seed}`);
	engine = await openEngine('embedded');
	await engine.run(`create function private.try_points(item jsonb, v jsonb) returns numeric language plpgsql as $$
		begin return private.points_of(item, v); exception when sqlstate 'PT403' then return null; end $$`);
});
afterAll(() => engine?.close());

const hundredth = (most: number) => fc.integer({ min: 0, max: most * 100 }).map((n) => n / 100);
const rule = (max: number): fc.Arbitrary<Item['rule']> =>
	fc.oneof(
		fc.constant(undefined),
		fc.constant({ type: 'max' as const }),
		fc.constant({ type: 'yes_no' as const }),
		fc.record({
			type: fc.constant('tiered' as const),
			options: fc.array(fc.record({ points: hundredth(max), zh: fc.constant('档') }), {
				minLength: 1,
				maxLength: 4
			})
		}),
		fc.record(
			{ type: fc.constant('per_unit' as const), unit_points: hundredth(9), cap: hundredth(max) },
			{ requiredKeys: ['type', 'unit_points'] }
		),
		fc.record(
			{
				type: fc.constant('deduct_per_finding' as const),
				points: hundredth(5),
				floor: hundredth(max)
			},
			{ requiredKeys: ['type', 'points'] }
		),
		fc.record(
			{
				type: fc.constant('rate' as const),
				full: fc.integer({ min: 1, max: 100 }).map((n) => n / 100),
				bands: fc.array(
					fc.record({
						from: fc.integer({ min: 0, max: 100 }).map((n) => n / 100),
						points: hundredth(max)
					}),
					{ minLength: 1, maxLength: 4 }
				)
			},
			{ requiredKeys: ['type'] }
		)
	) as fc.Arbitrary<Item['rule']>;
const item = (code: string): fc.Arbitrary<Item> =>
	fc
		.integer({ min: 1, max: 40 })
		.chain((max) =>
			rule(max).map((r) => ({ code, zh: '项目', max, ...(r ? { rule: r } : {}) }) as Item)
		);
const value: fc.Arbitrary<ScoreValue> = fc.oneof(
	hundredth(45).map((points) => ({ points })),
	fc.integer({ min: 0, max: 5 }).map((option) => ({ option })),
	fc.oneof(fc.nat(12), hundredth(9)).map((count) => ({ count })),
	fc.nat(60).map((findings) => ({ findings })),
	fc.integer({ min: 0, max: 1000 }).map((n) => ({ rate: n / 1000 })),
	fc.boolean().map((yes) => ({ yes }))
);

it('gives the same points for a value, and refuses the same values', async () => {
	const pairs = fc.sample(fc.tuple(item('1.1'), value), { numRuns: 6000, seed });
	const [rows] = await engine.run(`select private.try_points(p -> 0, p -> 1)::text as points
		from jsonb_array_elements($j$${JSON.stringify(pairs)}$j$) with ordinality x(p, n) order by n`);
	const wrong = pairs
		.map(([i, v], n) => ({ i, v, ts: pointsFor(i, v), sql: rows![n]!.points as string | null }))
		.filter(({ ts, sql }) => (sql === null ? null : Number(sql)) !== ts);
	expect(wrong.slice(0, 5)).toEqual([]);
	expect(rows!.filter((r) => r.points !== null).length).toBeGreaterThan(500);
});

it('gives the same totals, caps and grades', async () => {
	const standard = fc
		.record({
			sections: fc.array(
				fc.record({ max: fc.integer({ min: 5, max: 60 }), count: fc.integer({ min: 1, max: 5 }) }),
				{ minLength: 1, maxLength: 4 }
			),
			bonus: fc.nat(2),
			bonus_max: hundredth(15),
			bonus_counts: fc.boolean(),
			redistribute_na: fc.boolean(),
			lines: fc.uniqueArray(hundredth(120), { minLength: 3, maxLength: 3 }),
			vetoGrades: fc.constantFrom(undefined, ['AAA'], ['A', 'AA'])
		})
		.chain((r) => {
			const codes = r.sections.map((s, n) =>
				Array.from({ length: s.count }, (_, k) => `${n + 1}.${k + 1}`)
			);
			const lines = [...r.lines].sort((a, b) => b - a);
			return fc.record({
				body: fc
					.tuple(
						fc.tuple(...codes.map((list) => fc.tuple(...list.map(item)))),
						fc.tuple(...Array.from({ length: r.bonus }, (_, k) => item(`B${k + 1}`)))
					)
					.map(([items, bonus]) => ({
						total: r.sections.reduce((n, s) => n + s.max, 0),
						bonus_max: r.bonus_max,
						bonus_counts: r.bonus_counts,
						redistribute_na: r.redistribute_na,
						grades: (['AAA', 'AA', 'A'] as const).map((grade, n) => ({
							grade,
							zh: grade,
							min: lines[n]!
						})),
						assessors: [
							{ code: 'self' as const, zh: '' },
							{ code: 'county' as const, zh: '' }
						],
						vetoes: [
							{ code: 'V1', zh: '甲' },
							{ code: 'V2', zh: '乙', ...(r.vetoGrades ? { grades: r.vetoGrades } : {}) }
						],
						sections: r.sections.map((s, n) => ({
							code: String(n + 1),
							zh: '项',
							max: s.max,
							items: items[n]!
						})),
						bonus
					})),
				shares: fc.array(fc.integer({ min: -20, max: 100 }), { minLength: 22, maxLength: 22 }),
				met: fc.tuple(fc.boolean(), fc.boolean())
			});
		});
	const cases = fc.sample(standard, { numRuns: 2000, seed });
	const given = cases.map(({ body, shares, met }) => {
		const items = [...body.sections.flatMap((s) => s.items as Item[]), ...(body.bonus as Item[])];
		return [
			...items.flatMap((i, n) => {
				const share = shares[n % shares.length]!;
				// Below -10: not scored at all; below 0: not applicable.
				if (share < -10) return [];
				const na = share < 0;
				return [
					{
						item: i.code,
						value: na ? null : { points: 0 },
						na,
						points: na ? 0 : Math.round(i.max * share) / 100
					}
				];
			}),
			...met.map((yes, n) => ({ item: `V${n + 1}`, value: { yes }, na: false, points: 0 }))
		];
	});
	const asked = cases.map(({ body }, n) => ({
		body,
		scores: Object.fromEntries(given[n]!.map((g) => [g.item, g.points])),
		na: given[n]!.filter((g) => g.na).map((g) => g.item),
		met: given[n]!.filter((g) => (g.value as { yes?: boolean } | null)?.yes).map((g) => g.item)
	}));
	const [rows] = await engine.run(`select t.total::text, t.grade
		from jsonb_array_elements($j$${JSON.stringify(asked)}$j$) with ordinality x(c, n)
		cross join lateral private.total_of(c -> 'body', c -> 'scores', private.texts_of(c -> 'na'), private.texts_of(c -> 'met')) t order by n`);
	let graded = 0;
	for (const [n, { body }] of cases.entries()) {
		const read = standardSchema.parse(body) as Standard;
		const ts = totalsOf(read, given[n]!);
		expect([ts.total, ts.grade], JSON.stringify(asked[n])).toEqual([
			Number(rows![n]!.total),
			rows![n]!.grade
		]);
		graded += Number(ts.grade !== null);
	}
	expect(graded).toBeGreaterThan(100);
});
