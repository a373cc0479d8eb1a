import { dayNumber, dayOf, shiftDay } from '$lib/domain/schedule';
import { isWorkday, type Calendar } from '$lib/domain/workdays';

export const zooms = ['week', 'month', 'quarter'] as const;
export type Zoom = (typeof zooms)[number];
/** Pixels a day on the screen; on paper the whole plan fits the sheet. */
export const dayWidth: Record<Zoom, number> = { week: 26, month: 9, quarter: 3.5 };

/** Days drawn: the first, and how many. */
export type Range = { from: string; days: number };
/** A stretch of the chart: days from its left edge, and length. */
export type Stretch = { at: number; days: number };

/** Whole months around every day of the plan and today. */
export function rangeOf(days: readonly (string | null)[], today: string): Range {
	const known = days.filter((d) => d !== null).concat(today);
	known.sort();
	const from = `${shiftDay(known[0]!, -7).slice(0, 7)}-01`;
	// Room to pull the last bar into, and for the words beside it.
	const end = shiftDay(known.at(-1)!, 45);
	return { from, days: dayNumber(end) - dayNumber(from) + 1 };
}

export const at = ({ from }: Range, day: string): number => dayNumber(day) - dayNumber(from);

/** Stretches of days with the same key: months by `YYYY-MM`. */
function stretches<K>({ from, days }: Range, keyOf: (day: string) => K): (Stretch & { key: K })[] {
	const found: (Stretch & { key: K })[] = [];
	for (let i = 0; i < days; i++) {
		const key = keyOf(dayOf(dayNumber(from) + i));
		const last = found.at(-1);
		if (last && last.key === key) last.days++;
		else found.push({ at: i, days: 1, key });
	}
	return found;
}

export const monthsOf = (range: Range) => stretches(range, (day) => day.slice(0, 7));
export const restOf = (range: Range, calendar: Calendar): Stretch[] =>
	stretches(range, (day) => isWorkday(day, calendar).answer).filter((s) => !s.key);
/** Every Monday, for lines and dates. */
export const mondaysOf = ({ from, days }: Range): (Stretch & { day: string })[] =>
	Array.from({ length: days }, (_, i) => ({
		at: i,
		days: 7,
		day: dayOf(dayNumber(from) + i)
	})).filter((d) => new Date(d.day).getUTCDay() === 1);
