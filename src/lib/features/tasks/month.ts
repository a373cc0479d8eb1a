const day = (iso: string) => new Date(`${iso}T00:00:00Z`);
const iso = (date: Date) => date.toISOString().slice(0, 10);
const plus = (date: Date, days: number) => new Date(date.getTime() + days * 86_400_000);

/** The days of a month's sheet, whole weeks from Monday to Sunday. */
export function daysOfMonth(month: string): string[] {
	const first = day(`${month}-01`);
	const start = plus(first, -((first.getUTCDay() + 6) % 7));
	const days: string[] = [];
	for (let d = start; days.length % 7 || iso(d).slice(0, 7) <= month; d = plus(d, 1))
		days.push(iso(d));
	return days;
}

export const otherMonth = (month: string, by: number): string => {
	const [year = 0, m = 1] = month.split('-').map(Number);
	return iso(new Date(Date.UTC(year, m - 1 + by, 1))).slice(0, 7);
};

export const otherDay = (from: string, by: number): string => iso(plus(day(from), by));
