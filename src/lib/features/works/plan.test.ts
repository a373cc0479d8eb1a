import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Milestone } from '$lib/domain/project';
import { dayNumber, shiftDay } from '$lib/domain/schedule';
import { moved, planOf, resized, undoOf, type Days } from './plan';

const today = '2026-11-23';
const span = { startsOn: '2026-12-01', dueOn: '2026-12-10' };
const step = (id: string, days: Days) => ({ id, title: `T${id}`, ...days }) as Milestone;
const anySpan = fc
	.tuple(fc.integer({ min: -200, max: 400 }), fc.integer({ min: 0, max: 90 }))
	.map(([at, length]) => ({
		startsOn: shiftDay(today, at - length),
		dueOn: shiftDay(today, at)
	}));

describe('moving', () => {
	it('moves both days, and stops at today', () => {
		expect(moved(span, 7, today)).toEqual({ startsOn: '2026-12-08', dueOn: '2026-12-17' });
		expect(moved(span, -30, today)).toEqual({ startsOn: '2026-11-14', dueOn: today });
	});
	it('leaves an overdue one where it is, or brings it to today', () => {
		const late = { startsOn: null, dueOn: '2026-11-01' };
		expect(moved(late, -3, today)).toEqual(late);
		expect(moved(late, 3, today)).toEqual({ startsOn: null, dueOn: today });
	});
	it('keeps the length, and a changed last day is one the database takes', () => {
		fc.assert(
			fc.property(anySpan, fc.integer({ min: -5000, max: 5000 }), (days, by) => {
				const next = moved(days, by, today);
				const length = (d: Days) => dayNumber(d.dueOn!) - dayNumber(d.startsOn!);
				expect(length(next)).toBe(length(days));
				if (next.dueOn !== days.dueOn) {
					expect(next.dueOn! >= today).toBe(true);
					expect(next.dueOn! <= shiftDay(today, 3650)).toBe(true);
				}
			})
		);
	});
});

describe('resizing', () => {
	it('never puts the first day after the last', () => {
		fc.assert(
			fc.property(
				anySpan,
				fc.constantFrom('first' as const, 'last' as const),
				fc.integer({ min: -500, max: 500 }),
				(days, end, by) => {
					const next = resized(days, end, by, today);
					expect(next.startsOn! <= next.dueOn!).toBe(true);
				}
			)
		);
	});
	it('gives a first day to a milestone that had none', () => {
		expect(resized({ startsOn: null, dueOn: '2026-12-10' }, 'first', -4, today).startsOn).toBe(
			'2026-12-06'
		);
	});
});

describe('what is sent', () => {
	const steps = [step('a', span), step('b', { startsOn: null, dueOn: null })];
	it('is only what changed', () => {
		expect(planOf(steps, { a: { ...span }, b: { startsOn: null, dueOn: null } })).toEqual([]);
		expect(planOf(steps, { a: { ...span, startsOn: '2026-11-30' } })).toEqual([
			{ id: 'a', starts_on: '2026-11-30' }
		]);
		expect(planOf(steps, { b: { startsOn: null, dueOn: '2026-12-24' } })).toEqual([
			{ id: 'b', due_on: '2026-12-24' }
		]);
	});
	it('can be taken back but for last days that were open or are past', () => {
		const before = [...steps, step('c', { startsOn: '2026-10-01', dueOn: '2026-11-01' })];
		const next = { startsOn: '2026-12-02', dueOn: '2026-12-20' };
		const saved = planOf(before, { a: next, b: next, c: next });
		expect(undoOf(before, saved, today)).toEqual({
			steps: [{ id: 'a', starts_on: '2026-12-01', due_on: '2026-12-10' }],
			stays: ['Tb', 'Tc']
		});
	});
	it('takes a first day back to open', () => {
		const before = [step('a', { ...span, startsOn: null })];
		const saved = planOf(before, { a: span });
		expect(undoOf(before, saved, today).steps).toEqual([{ id: 'a', starts_on: null }]);
	});
});
