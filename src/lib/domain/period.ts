/** A period of a report: from a day to a day, both counted. Days are ISO and China's. */
export type Period = { from: string; to: string };
export const periodKinds = ['week', 'month', 'campaign', 'own'] as const;
export type PeriodKind = (typeof periodKinds)[number];

const pattern = /^\d{4}-\d{2}-\d{2}$/;
const isDay = (text: string | null | undefined): text is string =>
	!!text && pattern.test(text) && shift(text, 0) === text;

export function shift(day: string, by: number): string {
	const at = Date.parse(`${day}T00:00:00Z`);
	return Number.isNaN(at) ? '' : new Date(at + by * 86_400_000).toISOString().slice(0, 10);
}
export const daysIn = ({ from, to }: Period): number =>
	(Date.parse(to) - Date.parse(from)) / 86_400_000 + 1;

/** Monday to Sunday around a day. */
export function weekOf(day: string): Period {
	const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
	return { from: shift(day, -weekday), to: shift(day, 6 - weekday) };
}
export function monthOf(day: string): Period {
	const [year, month] = day.split('-').map(Number) as [number, number];
	return {
		from: `${day.slice(0, 8)}01`,
		to: new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10)
	};
}
export const lastFullWeek = (today: string): Period => weekOf(shift(today, -7));

/** What a period looks like: a calendar week, a calendar month, or days of one's own. */
export function kindOf(period: Period): Exclude<PeriodKind, 'campaign'> {
	const same = (p: Period) => p.from === period.from && p.to === period.to;
	return same(weekOf(period.from)) ? 'week' : same(monthOf(period.from)) ? 'month' : 'own';
}

/** The one before it, of the same make. */
export function before(period: Period): Period {
	const day = shift(period.from, -1);
	if (kindOf(period) === 'month') return monthOf(day);
	return { from: shift(period.from, -daysIn(period)), to: day };
}
export function after(period: Period): Period {
	const day = shift(period.to, 1);
	if (kindOf(period) === 'month') return monthOf(day);
	return { from: day, to: shift(period.to, daysIn(period)) };
}

/** What a report shows. It lives in the URL: a link is a view. */
export type ReportView = {
	period: Period;
	campaign: string | null;
	/** What it stands beside; null for nothing. */
	beside: Period | null;
	/** Whether ledgers that were imported afterwards count; null: only where nothing else was known. */
	ledger: boolean | null;
};

const longest = 3660;
const periodIn = (from?: string | null, to?: string | null): Period | null =>
	isDay(from) && isDay(to) && from <= to && daysIn({ from, to }) <= longest ? { from, to } : null;

/** The last full week beside the one before it, unless the query says otherwise. */
export function readReportView(query: URLSearchParams, today: string): ReportView {
	const period = periodIn(query.get('from'), query.get('to')) ?? lastFullWeek(today);
	const other = query.get('beside');
	const ledger = query.get('ledger');
	return {
		period,
		campaign: query.get('campaign')?.trim().slice(0, 40) || null,
		beside: other === 'none' ? null : (periodIn(...pair(other)) ?? before(period)),
		ledger: ledger === '1' ? true : ledger === '0' ? false : null
	};
}
const pair = (text: string | null): [string?, string?] => {
	const [from, to] = (text ?? '').split('..');
	return [from, to];
};

/** Always with its days, so that the link shows the same next week. */
export function writeReportView(view: ReportView): string {
	const usual = before(view.period);
	const query = new URLSearchParams({ from: view.period.from, to: view.period.to });
	if (view.campaign) query.set('campaign', view.campaign);
	if (!view.beside) query.set('beside', 'none');
	else if (view.beside.from !== usual.from || view.beside.to !== usual.to)
		query.set('beside', `${view.beside.from}..${view.beside.to}`);
	if (view.ledger !== null) query.set('ledger', view.ledger ? '1' : '0');
	return `?${query}`;
}

export const dayNumberOf = (day: string): number => Math.round(Date.parse(day) / 86_400_000);
