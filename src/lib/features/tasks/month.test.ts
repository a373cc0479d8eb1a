import { expect, test } from 'vitest';
import { daysOfMonth, otherDay, otherMonth } from './month';

test('a month is whole weeks from Monday to Sunday', () => {
	const november = daysOfMonth('2026-11');
	expect([november[0], november.at(-1), november.length]).toEqual(['2026-10-26', '2026-12-06', 42]);
	const february = daysOfMonth('2027-02');
	expect([february[0], february.at(-1), february.length]).toEqual(['2027-02-01', '2027-02-28', 28]);
	for (const month of ['2024-02', '2026-12', '2027-01'])
		expect(daysOfMonth(month).length % 7).toBe(0);
});

test('months and days go over the end of a year', () => {
	expect(otherMonth('2026-12', 1)).toBe('2027-01');
	expect(otherMonth('2026-01', -1)).toBe('2025-12');
	expect(otherDay('2026-12-31', 1)).toBe('2027-01-01');
});
