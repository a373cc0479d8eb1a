import { describe, expect, it } from 'vitest';
import type { Item, State } from '$lib/domain/scenario';
import { play } from '$lib/domain/scenario';
import { differences, moneyUpTo, phaseIn, yearsOf } from './compare';

const item = (of: Partial<Item>): Item => ({
	id: 'a',
	title: '甲',
	category: '加工',
	village: null,
	invest: null,
	output: null,
	tax: null,
	income: null,
	jobs: null,
	indirect: null,
	households: null,
	land: null,
	money: [],
	steps: [],
	parcels: [],
	...of
});
const base: State = {
	a: item({
		invest: 100,
		money: [{ source: 'county', year: 2027, planned: 60, allocated: null, spent: null }],
		steps: [
			{ id: 's1', title: '立项', due: '2027-03-01', state: 'found' },
			{ id: 's2', title: '投产', due: '2028-06-01', state: 'found' }
		]
	}),
	b: item({ id: 'b', title: '乙', steps: [{ id: 's3', title: '签约', due: null, state: 'found' }] })
};

describe('two states side by side', () => {
	it('names each plan that differs and how, and nothing where nothing does', () => {
		expect(differences(base, base)).toEqual([]);
		const next = play(base, [
			{ type: 'figures', item: 'a', set: { invest: 120.5, money: [] } },
			{ type: 'restage', item: 'a', due: [{ step: 's2', due: '2029-01-01' }] },
			{ type: 'drop', item: 'b' },
			{ type: 'add', item: item({ id: 'c', title: '丙' }) }
		]);
		const found = differences(base, next);
		expect(found.map((d) => [d.title, d.how])).toEqual([
			['丙', 'added'],
			['甲', 'changed'],
			['乙', 'dropped']
		]);
		expect(found[1]!.changes).toEqual([
			{ what: 'figure', key: 'invest', from: 100, to: 120.5 },
			{ what: 'money', from: 60, to: 0 },
			{ what: 'day', step: '投产', from: '2028-06-01', to: '2029-01-01' }
		]);
		// Seen from the other side, what was added is dropped.
		expect(differences(next, base).map((d) => d.how)).toEqual(['dropped', 'changed', 'added']);
	});
	it('plays year by year, and says nothing of what has no day', () => {
		const { a, b } = base as Record<'a' | 'b', Item>;
		expect([2026, 2027, 2028].map((y) => phaseIn(a, y))).toEqual([
			'before',
			'under_way',
			'finished'
		]);
		expect(phaseIn(b, 2050)).toBe('unknown');
		expect([2026, 2027].map((y) => moneyUpTo(base, y))).toEqual([0, 60]);
		const free = { fromYear: null, toYear: null, today: '2026-11-24' };
		expect(yearsOf([base], free)).toEqual([2026, 2027, 2028]);
		expect(yearsOf([base], { ...free, fromYear: 2027, toYear: 2030 })).toEqual([
			2027, 2028, 2029, 2030
		]);
	});
});
