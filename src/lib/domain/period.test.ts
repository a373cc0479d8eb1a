import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	after,
	before,
	daysIn,
	kindOf,
	lastFullWeek,
	monthOf,
	readReportView,
	shift,
	weekOf,
	writeReportView
} from './period';

const day = fc.integer({ min: 0, max: 40_000 }).map((n) => shift('1970-01-01', n));

describe('periods', () => {
	it('a week is Monday to Sunday around its day', () => {
		expect(weekOf('2026-11-28')).toEqual({ from: '2026-11-23', to: '2026-11-29' });
		expect(weekOf('2026-11-23')).toEqual({ from: '2026-11-23', to: '2026-11-29' });
		expect(lastFullWeek('2026-11-29')).toEqual({ from: '2026-11-16', to: '2026-11-22' });
		expect(lastFullWeek('2026-11-30')).toEqual({ from: '2026-11-23', to: '2026-11-29' });
	});
	it('the month before March is February, whatever its length', () => {
		expect(before(monthOf('2028-03-15'))).toEqual({ from: '2028-02-01', to: '2028-02-29' });
		expect(after(monthOf('2026-12-01'))).toEqual({ from: '2027-01-01', to: '2027-01-31' });
	});
	it('before and after touch it, are as long, and lead back', () => {
		fc.assert(
			fc.property(day, fc.integer({ min: 1, max: 60 }), (from, n) => {
				const period = { from, to: shift(from, n - 1) };
				const b = before(period);
				expect(shift(b.to, 1)).toBe(from);
				expect(shift(period.to, 1)).toBe(after(period).from);
				if (kindOf(period) !== 'month') expect(daysIn(b)).toBe(n);
				if (kindOf(b) !== 'month' && kindOf(period) !== 'month') expect(after(b)).toEqual(period);
			})
		);
	});
	it('what is written reads back; nonsense gives the last full week beside the one before', () => {
		fc.assert(
			fc.property(
				day,
				fc.nat(90),
				day,
				fc.nat(90),
				fc.constantFrom(true, false, null),
				fc.boolean(),
				(from, n, other, k, ledger, none) => {
					const view = {
						period: { from, to: shift(from, n) },
						campaign: n % 2 ? '春季攻坚' : null,
						beside: none ? null : { from: other, to: shift(other, k) },
						ledger
					};
					expect(readReportView(new URLSearchParams(writeReportView(view)), '2026-11-28')).toEqual(
						view
					);
				}
			)
		);
		const usual = readReportView(new URLSearchParams(), '2026-11-28');
		for (const query of [
			'from=2026-13-01&to=2026-13-09',
			'from=2026-02-30&to=2026-03-09',
			'from=2026-11-09&to=2026-11-01',
			'beside=x..y',
			'from=1000-01-01&to=3000-01-01'
		])
			expect(readReportView(new URLSearchParams(query), '2026-11-28')).toEqual(usual);
		expect(usual.beside).toEqual({ from: '2026-11-09', to: '2026-11-15' });
	});
});
