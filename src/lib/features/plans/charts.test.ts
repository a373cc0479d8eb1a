import { describe, expect, it } from 'vitest';
import type { PlanLine } from '$lib/domain/plan';
import { landByUse, moneyByYear, payback, stageFunnel } from './charts';

const plan = (of: Partial<PlanLine>): PlanLine =>
	({
		id: 'p',
		title: 'P',
		category: '',
		plannedUse: '',
		invest: null,
		land: null,
		area: null,
		tax: null,
		income: null,
		money: [],
		steps: [],
		blockers: [],
		...of
	}) as PlanLine;
const money = (source: string, year: number, planned: number) =>
	({ source, year, planned, allocated: null, spent: null, note: '', version: 1 }) as never;
const step = (title: string, state: string) =>
	({ title, state, dueOn: null, firstDueOn: null, doneOn: null, provenOn: null }) as never;

describe('charts of plans', () => {
	it('adds money exactly, and keeps apart what has no year', () => {
		const of = moneyByYear([
			plan({ money: [money('county', 2027, 0.1), money('loan', 2026, 5)] }),
			plan({ money: [money('county', 2027, 0.2)], invest: 99 }),
			plan({ invest: 12.5 })
		]);
		expect(of.years).toEqual([
			{ year: 2026, by: { loan: 5 }, sum: 5 },
			{ year: 2027, by: { county: 0.3 }, sum: 0.3 }
		]);
		expect(of.sources).toEqual(['county', 'loan']);
		expect(of.stated).toBe(12.5);
	});
	it('takes drawn land before stated, and counts who stated none', () => {
		const { uses, unknown } = landByUse([
			plan({ area: 2000, land: 99, category: '种植' }),
			plan({ land: 7, plannedUse: '工业', category: '加工' }),
			plan({ category: '种植' })
		]);
		expect(uses.map((u) => [u.use, Math.round(u.mu * 100) / 100, u.plans])).toEqual([
			['工业', 7, 1],
			['种植', 3, 1]
		]);
		expect(unknown).toBe(1);
	});
	it('keeps the three facts of each stage apart', () => {
		const funnel = stageFunnel(
			[
				plan({ steps: [step('谋划', 'proven'), step('签约', 'done')] }),
				plan({ steps: [step('谋划', 'said'), step('签约', 'found')] })
			],
			'2026-11-24'
		);
		expect(funnel.map(([title, c]) => [title, c.planned, c.said, c.done, c.proven])).toEqual([
			['谋划', 2, 2, 1, 1],
			['签约', 2, 1, 1, 0]
		]);
	});
	it('says no payback where nothing comes back or nobody said what it costs', () => {
		expect(
			payback([
				plan({ id: 'a', invest: 100 }),
				plan({ id: 'b', invest: 100, tax: 10, income: 15 }),
				plan({ id: 'c', tax: 3 })
			]).map((p) => [p.id, p.years])
		).toEqual([
			['b', 4],
			['a', null],
			['c', null]
		]);
	});
});
