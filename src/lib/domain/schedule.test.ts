import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StepLink } from './project';
import {
	backwards,
	circleOf,
	conflicts,
	dayNumber,
	mayBegin,
	shiftDay,
	type Dated
} from './schedule';
import { calendarOf, calendarYear, isWorkday, workdaysBetween } from './workdays';

const calendar = calendarOf(
	[2025, 2026, 2027].map((y) =>
		calendarYear.parse(JSON.parse(readFileSync(`supabase/seed/calendar/${y}.json`, 'utf8')))
	)
);
const link = (step: string, after: string, lag = 0): StepLink => ({ step, after, lag });
const chain = [link('b', 'a'), link('c', 'b')];
const spans = (schedule: ReturnType<typeof backwards>) => {
	if ('circle' in schedule) throw new Error('a circle');
	return schedule.days;
};

/** Steps s0…s9 that wait only for steps before them: never a circle. */
const plans = fc
	.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 10 })
	.chain((lengths) =>
		fc.record({
			due: fc.integer({ min: 0, max: 600 }).map((n) => shiftDay('2026-01-01', n)),
			steps: fc.constant(lengths.map((workdays, i) => ({ id: `s${i}`, workdays }))),
			links: fc
				.array(fc.tuple(fc.nat(9), fc.nat(9), fc.integer({ min: -5, max: 40 })), { maxLength: 15 })
				.map((all) =>
					all
						.filter(([a, b]) => a > b && a < lengths.length)
						.map(([a, b, lag]) => link(`s${a}`, `s${b}`, lag))
				)
		})
	);

describe('backwards from a day', () => {
	it('skips the National Day holidays and counts the worked weekend', () => {
		const days = spans(backwards('2026-10-10', [{ id: 'a', workdays: 4 }], [], calendar));
		// Saturday 10 October is worked; 1 to 7 October are off.
		expect(days.get('a')).toEqual({ startsOn: '2026-09-30', dueOn: '2026-10-10' });
	});
	it('puts steps end to end along their links', () => {
		const steps = ['a', 'b', 'c'].map((id) => ({ id, workdays: 5 }));
		expect([...spans(backwards('2026-11-29', steps, chain, calendar))].sort()).toEqual([
			['a', { startsOn: '2026-11-09', dueOn: '2026-11-13' }],
			['b', { startsOn: '2026-11-16', dueOn: '2026-11-20' }],
			['c', { startsOn: '2026-11-23', dueOn: '2026-11-27' }]
		]);
	});
	it('is never late, keeps order and lags, and counts working days only', () => {
		fc.assert(
			fc.property(plans, ({ due, steps, links }) => {
				const days = spans(backwards(due, steps, links, calendar));
				for (const { id, workdays } of steps) {
					const { startsOn, dueOn } = days.get(id)!;
					expect(dueOn <= due).toBe(true);
					expect(workdaysBetween(startsOn, dueOn, calendar).answer).toBe(workdays);
					for (const day of [startsOn, dueOn]) expect(isWorkday(day, calendar).answer).toBe(true);
				}
				for (const { step, after, lag } of links)
					expect(days.get(step)!.startsOn >= mayBegin(days.get(after)!.dueOn, lag)).toBe(true);
			})
		);
	});
	it('is as late as it can be: every step touches the day or what waits for it', () => {
		fc.assert(
			fc.property(plans, ({ due, steps, links }) => {
				const days = spans(backwards(due, steps, links, calendar));
				for (const { id } of steps) {
					const { dueOn } = days.get(id)!;
					const limits = links
						.filter((l) => l.after === id)
						.map((l) => shiftDay(days.get(l.step)!.startsOn, -l.lag - 1));
					const limit = [due, ...limits].sort()[0]!;
					expect(workdaysBetween(shiftDay(dueOn, 1), limit, calendar).answer).toBe(0);
				}
			})
		);
	});
	it('leaves no conflict behind', () => {
		fc.assert(
			fc.property(plans, ({ due, steps, links }) => {
				const days = spans(backwards(due, steps, links, calendar));
				const dated = steps.map(({ id }): Dated => ({
					id,
					state: 'said',
					doneOn: null,
					...days.get(id)!
				}));
				expect(conflicts(dated, links)).toEqual([]);
			})
		);
	});
	it('says how far the calendar can be trusted', () => {
		const status = (due: string) => backwards(due, [{ id: 'a', workdays: 3 }], [], calendar);
		expect(status('2026-11-27')).toMatchObject({ status: 'official' });
		expect(status('2027-11-26')).toMatchObject({ status: 'provisional' });
		expect(status('2031-11-26')).toMatchObject({ status: 'unknown' });
	});
	it('reports a circle, in order, and only where there is one', () => {
		const steps = ['x', 'a', 'b', 'c'].map((id) => ({ id, workdays: 1 }));
		const round = [...chain, link('a', 'c')];
		expect(backwards('2026-11-27', steps, round, calendar)).toEqual({ circle: ['a', 'c', 'b'] });
		expect(circleOf(['a', 'b', 'c'], chain)).toBeNull();
		expect(circleOf(['a'], [link('a', 'a')])).toEqual(['a']);
	});
	it.each([0, 1.5, 2001, Number.NaN])('refuses %s working days', (workdays) => {
		expect(() => backwards('2026-11-27', [{ id: 'a', workdays }], [], calendar)).toThrow(
			RangeError
		);
	});
});

describe('conflicts', () => {
	const step = (id: string, startsOn: string | null, dueOn: string | null): Dated => ({
		id,
		state: 'said',
		doneOn: null,
		startsOn,
		dueOn
	});
	const a = step('a', '2026-11-02', '2026-11-06');
	const waits = [link('b', 'a')];
	it('begin at the day on which the other ends, and end the day after', () => {
		expect(conflicts([a, step('b', '2026-11-06', '2026-11-20')], waits)).toEqual([
			{ link: waits[0], begins: '2026-11-06', mayBegin: '2026-11-07', days: 1 }
		]);
		expect(conflicts([a, step('b', '2026-11-07', '2026-11-20')], waits)).toEqual([]);
	});
	it('count the lag in calendar days, below zero too', () => {
		const b = step('b', '2026-11-07', '2026-11-20');
		expect(conflicts([a, b], [link('b', 'a', 3)])[0]?.days).toBe(3);
		expect(conflicts([a, step('b', '2026-11-05', '2026-11-20')], [link('b', 'a', -2)])).toEqual([]);
	});
	it('go by the day on which it was really done', () => {
		const b = step('b', '2026-11-06', '2026-11-20');
		expect(conflicts([{ ...a, state: 'done', doneOn: '2026-11-04' }, b], waits)).toEqual([]);
		expect(conflicts([{ ...a, state: 'done', doneOn: '2026-11-09' }, b], waits)[0]?.days).toBe(4);
	});
	it('are none where nobody said a day, or where it is over', () => {
		expect(conflicts([a, step('b', null, null)], waits)).toEqual([]);
		expect(conflicts([{ ...a, state: 'dropped' }, step('b', '2026-11-01', null)], waits)).toEqual(
			[]
		);
		const over: Dated = { ...step('b', '2026-11-01', '2026-11-03'), state: 'proven' };
		expect(conflicts([a, over], waits)).toEqual([]);
	});
	it('take the last day where the first is not said', () => {
		expect(conflicts([a, step('b', null, '2026-11-06')], waits)).toHaveLength(1);
	});
});

it('counts days across leap years and months', () => {
	expect(shiftDay('2028-02-28', 2)).toBe('2028-03-01');
	expect(dayNumber('2026-11-23') - dayNumber('2026-10-23')).toBe(31);
});
