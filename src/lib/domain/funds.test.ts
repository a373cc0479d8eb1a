import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bySource, byWork, problemsOf, sumOf, type Sum } from './funds';
import { fundSources, type Fund } from './project';

const fund = (some: Partial<Fund>): Fund => ({
	id: 'f',
	workId: null,
	source: 'county',
	planned: null,
	allocated: null,
	spent: null,
	note: '',
	version: 1,
	...some
});
const money = fc.option(fc.integer({ min: 0, max: 1e9 }).map((n) => n / 100));
const funds = fc.array(
	fc
		.record({
			source: fc.constantFrom(...fundSources),
			workId: fc.constantFrom('w1', 'w2', 'gone', null),
			planned: money,
			allocated: money,
			spent: money
		})
		.map(fund)
);

describe('sums', () => {
	it('add to the cent, and keep unknown apart from zero', () => {
		const sum = sumOf([fund({ planned: 0.1, spent: 0 }), fund({ planned: 0.2 })]);
		expect(sum).toEqual({ planned: 0.3, allocated: null, spent: 0 });
		expect(sumOf([])).toEqual({ planned: null, allocated: null, spent: null });
	});
	it('by source and by work are the whole, each line once', () => {
		fc.assert(
			fc.property(funds, (all) => {
				const whole = sumOf(all);
				expect(sumOf(bySource(all).map((s) => s.sum))).toEqual(whole);
				expect(sumOf(byWork(all, ['w1', 'w2']).map((w) => w.sum))).toEqual(whole);
			})
		);
	});
	it('put what has no work, or one that is gone, last', () => {
		const all = [fund({ workId: 'gone', planned: 1 }), fund({ workId: 'w2', planned: 2 })];
		expect(byWork(all, ['w1', 'w2']).map((w) => w.work)).toEqual(['w2', null]);
	});
});

describe('problems', () => {
	const of = (planned: number | null, allocated: number | null, spent: number | null) =>
		problemsOf({ planned, allocated, spent } satisfies Sum);
	it('are none where each amount stays within the one before', () => {
		expect(of(10, 10, 10)).toEqual([]);
		expect(of(10, 5, 0)).toEqual([]);
		expect(of(null, null, null)).toEqual([]);
	});
	it('say by how much', () => {
		expect(of(10, 5, 5.3)).toEqual([{ kind: 'spent_over_allocated', by: 0.3 }]);
		expect(of(10, 12.5, 1)).toEqual([{ kind: 'allocated_over_planned', by: 2.5 }]);
	});
	it('never compare with what nobody said', () => {
		expect(of(10, null, 5)).toEqual([]);
		expect(of(null, 5, null)).toEqual([]);
	});
	it('say money that was spent without a plan', () => {
		expect(of(null, 5, 3)).toEqual([{ kind: 'spent_unplanned', by: 3 }]);
		expect(of(0, null, 3)).toEqual([{ kind: 'spent_unplanned', by: 3 }]);
	});
});
