import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addWorkdays, calendarOf, calendarYear, isWorkday, workdaysBetween } from './workdays';

const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
const years = [2024, 2025, 2026, 2027].map((y) =>
	calendarYear.parse(read(`supabase/seed/calendar/${y}.json`))
);
const calendar = calendarOf(years);
const independent = read('tests/fixtures/calendar/chinese-days.json');
const ms = 86_400_000;
const iso = (t: number) => new Date(t).toISOString().slice(0, 10);
const wholeYear = (y: number) =>
	Array.from({ length: (Date.UTC(y + 1, 0) - Date.UTC(y, 0)) / ms }, (_, i) =>
		iso(Date.UTC(y, 0) + i * ms)
	);

describe('the notices', () => {
	it.each([2024, 2025, 2026])('%i holds the same days as chinese-days', (y) => {
		const ours = calendar.get(y)!;
		expect(ours.status).toBe('official');
		expect(ours.off.map((d) => d.day)).toEqual(independent.years[y].off);
		expect(ours.work.map((d) => d.day)).toEqual(independent.years[y].work);
		for (const day of wholeYear(y)) {
			const weekday = new Date(day).getUTCDay() % 6 !== 0;
			const { off, work } = independent.years[y];
			expect(isWorkday(day, calendar), day).toEqual({
				answer: work.includes(day) || (weekday && !off.includes(day)),
				status: 'official',
				unsure: []
			});
		}
	});

	// The totals that office calendars print for these years.
	it.each([
		[2024, 251],
		[2025, 248],
		[2026, 248]
	])('%i has %i working days', (y, n) => {
		expect(workdaysBetween(`${y}-01-01`, `${y}-12-31`, calendar).answer).toBe(n);
	});

	it('2027 holds the thirteen days of the law, made up for where they fall on a weekend', () => {
		const { status, source, off, work } = calendar.get(2027)!;
		expect(status).toBe('provisional');
		expect(source).toContain('待国务院办公厅通知');
		expect(work).toEqual([]);
		const law = off.filter((d) => !d.name.includes('补假')).map((d) => d.day);
		const { springFestival, qingming, dragonBoat, midAutumn } = independent.festivals2027;
		const spring = [-1, 0, 1, 2].map((i) => iso(Date.parse(springFestival) + i * ms));
		const fixed = ['01-01', '05-01', '05-02', '10-01', '10-02', '10-03'].map((d) => `2027-${d}`);
		expect(law).toEqual([...fixed, ...spring, qingming, dragonBoat, midAutumn].sort());
		const weekday = (d: string) => new Date(d).getUTCDay() % 6 !== 0;
		const lost = law.filter((d) => !weekday(d)).length;
		const made = off.filter((d) => d.name.includes('补假'));
		expect(made).toHaveLength(lost);
		expect(made.every((d) => weekday(d.day))).toBe(true);
	});

	it('refuses a day of another year, a day twice, a worked Wednesday', () => {
		const good = calendar.get(2026)!;
		const extra = (day: string) => ({ ...good, work: [...good.work, { day, name: '调休' }] });
		expect(calendarYear.safeParse(extra('2025-02-08')).success).toBe(false);
		expect(calendarYear.safeParse(extra('2026-02-14')).success).toBe(false);
		expect(calendarYear.safeParse(extra('2026-03-04')).success).toBe(false);
		expect(calendarYear.safeParse(extra('2026-03-07')).success).toBe(true);
	});
});

describe('arithmetic', () => {
	it('five working days of notice from the eve of National Day 2025', () => {
		// 9, 10, 11 (worked Saturday), 13, 14 October.
		expect(addWorkdays('2025-09-30', 5, calendar).answer).toBe('2025-10-14');
		expect(workdaysBetween('2025-10-01', '2025-10-14', calendar).answer).toBe(5);
	});

	it('says that a year is provisional or unknown', () => {
		expect(addWorkdays('2026-12-30', 3, calendar)).toEqual({
			answer: '2027-01-05',
			status: 'provisional',
			unsure: [2027]
		});
		expect(workdaysBetween('2027-12-27', '2028-01-03', calendar)).toEqual({
			answer: 6,
			status: 'unknown',
			unsure: [2027, 2028]
		});
		expect(isWorkday('2030-10-01', calendar)).toMatchObject({ answer: true, status: 'unknown' });
	});

	it('refuses days and counts that are none', () => {
		expect(() => isWorkday('2026-02-30', calendar)).toThrow();
		expect(() => addWorkdays('2026-01-01', -1, calendar)).toThrow(RangeError);
		expect(() => addWorkdays('2026-01-01', 1.5, calendar)).toThrow(RangeError);
		expect(workdaysBetween('2026-03-02', '2026-03-01', calendar).answer).toBe(0);
	});

	/** Day by day, from the independent lists; 2027 and unknown years from weekends and the file. */
	const slow = (from: string, to: string) => {
		let n = 0;
		for (let t = Date.parse(from); t <= Date.parse(to); t += ms) {
			const day = iso(t);
			const y = day.slice(0, 4);
			const off: string[] =
				independent.years[y]?.off ?? years.find((k) => `${k.year}` === y)?.off.map((d) => d.day);
			const work: string[] = independent.years[y]?.work ?? [];
			const free = new Date(t).getUTCDay() % 6 === 0;
			if (work.includes(day) || (!free && !off?.includes(day))) n++;
		}
		return n;
	};
	const anyDay = fc
		.integer({ min: Date.UTC(2023, 6) / ms, max: Date.UTC(2028, 6) / ms })
		.map((n) => iso(n * ms));

	it('counts like a slow day-by-day count', () => {
		fc.assert(
			fc.property(anyDay, fc.integer({ min: 0, max: 800 }), (from, days) => {
				const to = iso(Date.parse(from) + days * ms);
				expect(workdaysBetween(from, to, calendar).answer).toBe(slow(from, to));
			}),
			{ numRuns: 1000 }
		);
	});

	it('the n-th working day is a working day, and n of them lie behind', () => {
		fc.assert(
			fc.property(anyDay, fc.integer({ min: 1, max: 300 }), (from, n) => {
				const to = addWorkdays(from, n, calendar).answer;
				expect(isWorkday(to, calendar).answer).toBe(true);
				expect(slow(iso(Date.parse(from) + ms), to)).toBe(n);
			}),
			{ numRuns: 500 }
		);
	});

	it('a count falls into two counts wherever it is cut', () => {
		fc.assert(
			fc.property(anyDay, anyDay, anyDay, (...days) => {
				const [a, b, c] = days.sort() as [string, string, string];
				const whole = workdaysBetween(a, c, calendar).answer;
				const rest = workdaysBetween(iso(Date.parse(b) + ms), c, calendar).answer;
				expect(workdaysBetween(a, b, calendar).answer + rest).toBe(whole);
			})
		);
	});
});
