import { z } from 'zod';

/**
 * Working days as Chinese offices count them: Monday to Friday, less the days off and with the worked
 * weekends (调休上班) of the State Council's yearly notice. Days are 'YYYY-MM-DD' of the Chinese calendar day.
 */
const day = z.iso.date();
const named = z.strictObject({ day, name: z.string().min(1).max(40) });

export const calendarYear = z
	.strictObject({
		year: z.int().min(1949).max(2200),
		/** provisional: the law's days before the notice is out; unknown: weekends only. */
		status: z.enum(['official', 'provisional', 'unknown']),
		source: z.string().min(1).max(300),
		off: z.array(named),
		work: z.array(named)
	})
	.superRefine((year, ctx) => {
		const all = [...year.off, ...year.work].map((d) => d.day);
		const complain = (message: string) => ctx.addIssue({ code: 'custom', message });
		for (const d of all) if (Number(d.slice(0, 4)) !== year.year) complain(`${d}: another year`);
		if (new Set(all).size !== all.length) complain('a day is there twice');
		for (const d of year.work)
			if (!isWeekend(d.day)) complain(`${d.day}: a worked day must be a Saturday or Sunday`);
	});
export type CalendarYear = z.infer<typeof calendarYear>;
export type CalendarStatus = CalendarYear['status'];
export type Calendar = ReadonlyMap<number, CalendarYear>;

/** An answer and how far it can be trusted: the weakest status of the years it went through. */
export type Counted<T> = { answer: T; status: CalendarStatus; unsure: number[] };

export const calendarOf = (years: readonly CalendarYear[]): Calendar =>
	new Map(years.map((y) => [y.year, y]));

export function isWorkday(date: string, calendar: Calendar): Counted<boolean> {
	day.parse(date);
	return counted(worked(date, calendar), date, date, calendar);
}

/**
 * The n-th working day after `from`; `from` itself is not counted (民法典第二百零一条: the day on which a
 * period begins is not counted). 0 gives `from`. Throws when n is no whole number from 0 to 10,000.
 */
export function addWorkdays(from: string, n: number, calendar: Calendar): Counted<string> {
	day.parse(from);
	if (!Number.isInteger(n) || n < 0 || n > 10_000)
		throw new RangeError('working days: 0 to 10,000');
	let at = from;
	for (let left = n; left > 0;) {
		at = shift(at, 1);
		if (worked(at, calendar)) left--;
	}
	return counted(at, from, at, calendar);
}

/** Working days from `from` to `to`, both counted; 0 when `to` is before `from`. */
export function workdaysBetween(from: string, to: string, calendar: Calendar): Counted<number> {
	day.parse(from);
	day.parse(to);
	if (to < from) return counted(0, to, from, calendar);
	const days = number(to) - number(from) + 1;
	let n = Math.floor(days / 7) * 5;
	for (let i = 0; i < days % 7; i++) if (!isWeekend(shift(from, i))) n++;
	const inside = (d: { day: string }) => d.day >= from && d.day <= to;
	for (const year of touched(from, to)) {
		const known = calendar.get(year);
		n -= known?.off.filter((d) => inside(d) && !isWeekend(d.day)).length ?? 0;
		n += known?.work.filter(inside).length ?? 0;
	}
	return counted(n, from, to, calendar);
}

const number = (date: string): number => Date.parse(date) / 86_400_000;
const shift = (date: string, days: number): string =>
	new Date((number(date) + days) * 86_400_000).toISOString().slice(0, 10);
const isWeekend = (date: string): boolean => new Date(date).getUTCDay() % 6 === 0;

function worked(date: string, calendar: Calendar): boolean {
	const year = calendar.get(Number(date.slice(0, 4)));
	const same = (d: { day: string }) => d.day === date;
	if (year?.work.some(same)) return true;
	return !isWeekend(date) && !year?.off.some(same);
}

function touched(from: string, to: string): number[] {
	const first = Number(from.slice(0, 4));
	return Array.from({ length: Number(to.slice(0, 4)) - first + 1 }, (_, i) => first + i);
}

function counted<T>(answer: T, from: string, to: string, calendar: Calendar): Counted<T> {
	const statusOf = (year: number) => calendar.get(year)?.status ?? 'unknown';
	const unsure = touched(from, to).filter((year) => statusOf(year) !== 'official');
	const status = unsure.some((year) => statusOf(year) === 'unknown')
		? 'unknown'
		: unsure.length
			? 'provisional'
			: 'official';
	return { answer, status, unsure };
}
