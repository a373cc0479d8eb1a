import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cheapest, type Offer } from './cheapest';
import { totalsOf } from './score';
import type { Standard } from './standard';

const standard = (over: Partial<Standard> = {}): Standard => ({
	total: 30,
	grades: [{ grade: 'A', zh: '', min: 20 }],
	assessors: [],
	sections: [
		{
			code: '1',
			zh: '一',
			max: 15,
			items: ['1.1', '1.2', '1.3'].map((code) => ({ code, zh: code, max: 10 }))
		},
		{
			code: '2',
			zh: '二',
			max: 15,
			items: ['2.1', '2.2'].map((code) => ({ code, zh: code, max: 10 }))
		}
	],
	bonus: [{ code: 'B1', zh: '加', max: 5 }],
	bonus_max: 3,
	...over
});
const given = (points: Record<string, number>, na: string[] = []) =>
	[...Object.entries(points), ...na.map((code): [string, number] => [code, 0])].map(
		([item, p]) => ({
			item,
			points: p,
			na: na.includes(item),
			value: null
		})
	);
const reach = (body: Standard, scores: ReturnType<typeof given>, set: readonly Offer[]) =>
	totalsOf(body, [
		...scores.filter((s) => !set.some((o) => o.item === s.item)),
		...set.map((o) => ({ item: o.item, points: o.to, na: false, value: null }))
	]).total;

/** Every subset, tried. */
function tried(
	body: Standard,
	scores: ReturnType<typeof given>,
	offers: readonly Offer[],
	line: number
) {
	let best: number | null = null;
	for (let mask = 0; mask < 1 << offers.length; mask++) {
		const set = offers.filter((_, i) => mask & (1 << i));
		if (reach(body, scores, set) < line) continue;
		const cost = set.reduce((n, o) => n + Math.round(o.cost * 100), 0) / 100;
		if (best === null || cost < best) best = cost;
	}
	return best;
}

describe('the cheapest way to a grade', () => {
	it('takes the dearer item where the cheaper ones run into the cap of their section', () => {
		const scores = given({ '1.1': 10, '1.2': 4, '2.1': 4 });
		const found = cheapest(
			standard(),
			scores,
			[
				{ item: '1.3', to: 10, cost: 1 },
				{ item: '1.2', to: 10, cost: 1 },
				{ item: '2.2', to: 6, cost: 500 }
			],
			20
		);
		expect(found).toMatchObject({
			reached: true,
			cost: 500,
			set: [{ item: '2.2', without: null }]
		});
	});

	it('says what doing without one would cost more', () => {
		const offers = [
			{ item: '1.1', to: 10, cost: 100 },
			{ item: '2.1', to: 10, cost: 100 },
			{ item: '2.2', to: 10, cost: 350.5 },
			{ item: '1.2', to: 10, cost: 400 }
		];
		const found = cheapest(standard(), [], offers, 20);
		expect(found).toMatchObject({
			reached: true,
			set: [{ item: '1.1' }, { item: '2.1' }],
			cost: 200,
			total: 20
		});
		if (!found.reached) return;
		for (const { item, without } of found.set)
			expect(found.cost + without!).toBe(
				tried(
					standard(),
					[],
					offers.filter((o) => o.item !== item),
					20
				)
			);
	});

	it('says how far everything together comes where the line is out of reach', () => {
		expect(
			cheapest(standard(), given({ '1.1': 5 }), [{ item: '2.1', to: 8, cost: 0 }], 20)
		).toEqual({
			reached: false,
			best: 13
		});
	});

	it('agrees with trying every subset, caps, bonus, “not applicable” and hundredths included', () => {
		const codes = ['1.1', '1.2', '1.3', '2.1', '2.2', 'B1'];
		const hundredth = (max: number) => fc.integer({ min: 0, max: max * 100 }).map((n) => n / 100);
		fc.assert(
			fc.property(
				fc.array(fc.tuple(fc.constantFrom(...codes), hundredth(10)), { maxLength: 6 }),
				fc.uniqueArray(
					fc.record({
						item: fc.constantFrom(...codes),
						to: hundredth(10),
						cost: fc.integer({ min: 0, max: 2000 }).map((n) => n / 2)
					}),
					{ selector: (o) => o.item, maxLength: 6 }
				),
				fc.constantFrom(undefined, '1.3', '2.2'),
				fc.boolean(),
				hundredth(30),
				(scored, offers, na, spread, line) => {
					const body = standard({ redistribute_na: spread });
					const scores = given(
						Object.fromEntries(scored.filter(([code]) => code !== na)),
						na ? [na] : []
					);
					// What does not apply is not offered, nor what is there already (way.ts sees to both).
					const open = offers.filter(
						(o) => o.item !== na && o.to > (scores.find((s) => s.item === o.item)?.points ?? 0)
					);
					const best = tried(body, scores, open, line);
					const found = cheapest(body, scores, open, line);
					expect(found.reached).toBe(best !== null);
					if (!found.reached) return;
					expect(found.cost).toBe(best);
					const set = open.filter((o) => found.set.some((s) => s.item === o.item));
					expect(found.total).toBe(reach(body, scores, set));
					expect(found.total).toBeGreaterThanOrEqual(line);
				}
			),
			{ numRuns: 400 }
		);
	});
});
