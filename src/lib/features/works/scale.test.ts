import { expect, it } from 'vitest';
import { calendarOf } from '$lib/domain/workdays';
import { at, mondaysOf, monthsOf, rangeOf, restOf } from './scale';

const range = rangeOf(['2026-12-01', null, '2027-01-15'], '2026-11-23');

it('holds every day, from the first of a month on', () => {
	expect(range.from).toBe('2026-11-01');
	for (const day of ['2026-11-23', '2026-12-01', '2027-01-15']) {
		expect(at(range, day)).toBeGreaterThan(0);
		expect(at(range, day)).toBeLessThan(range.days);
	}
});
it('says months with their lengths', () => {
	expect(monthsOf(range).slice(0, 3)).toEqual([
		{ at: 0, days: 30, key: '2026-11' },
		{ at: 30, days: 31, key: '2026-12' },
		{ at: 61, days: 31, key: '2027-01' }
	]);
});
it('puts Mondays where they are', () => {
	expect(mondaysOf(range)[0]).toEqual({ at: 1, days: 7, day: '2026-11-02' });
});
it('shades weekends, and what the calendar says', () => {
	// 1 November 2026 is a Sunday.
	expect(restOf(range, calendarOf([])).slice(0, 2)).toMatchObject([
		{ at: 0, days: 1 },
		{ at: 6, days: 2 }
	]);
	const year = {
		year: 2026,
		status: 'official' as const,
		source: 's',
		off: [{ day: '2026-11-02', name: 'x' }],
		work: [{ day: '2026-11-07', name: 'y' }]
	};
	expect(restOf(range, calendarOf([year])).slice(0, 2)).toMatchObject([
		{ at: 0, days: 2 },
		{ at: 7, days: 1 }
	]);
});
