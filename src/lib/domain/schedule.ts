import type { Milestone, StepLink } from './project';
import { isWorkday, type Calendar, type CalendarStatus } from './workdays';

/**
 * Days of a plan that hang on each other. Days are whole: a step begins on the day after what it waits for
 * ends, and `lag` calendar days later still (earlier where `lag` is below 0).
 */
export type Span = { startsOn: string; dueOn: string };
export type Planned = { id: string; /** Working days it takes, 1 to 2,000. */ workdays: number };
export type Schedule =
	| {
			days: ReadonlyMap<string, Span>;
			/** The weakest status of the years that were counted through. */
			status: CalendarStatus;
	  }
	/** Steps that wait for each other, in order; nothing can be said of them. */
	| { circle: string[] };

/** First day on which a step may begin that waits for one ending on `end`. */
export const mayBegin = (end: string, lag: number): string => shiftDay(end, lag + 1);

/**
 * 倒排工期: the latest days by which everything ends on `due` or before. Starts and ends are working days.
 * Links to steps that are not asked about are left out. Throws when `workdays` is no whole number in range.
 */
export function backwards(
	due: string,
	steps: readonly Planned[],
	links: readonly StepLink[],
	calendar: Calendar
): Schedule {
	const asked = new Map(steps.map((s) => [s.id, s.workdays]));
	for (const n of asked.values())
		if (!Number.isInteger(n) || n < 1 || n > 2000) throw new RangeError('working days: 1 to 2,000');
	const inside = links.filter((l) => asked.has(l.step) && asked.has(l.after));
	const circle = circleOf([...asked.keys()], inside);
	if (circle) return { circle };

	const days = new Map<string, Span>();
	let status: CalendarStatus = 'official';
	const worked = (day: string): boolean => {
		const said = isWorkday(day, calendar);
		if (trust[said.status] < trust[status]) status = said.status;
		return said.answer;
	};
	/** The n-th working day back from `day`, which counts as the first if it is one. */
	const back = (day: string, n: number): string => {
		for (let at = day, left = n; ; at = shiftDay(at, -1)) if (worked(at) && --left === 0) return at;
	};
	const place = (id: string): Span => {
		const known = days.get(id);
		if (known) return known;
		const limits = inside
			.filter((l) => l.after === id)
			.map((l) => shiftDay(place(l.step).startsOn, -l.lag - 1));
		const dueOn = back([due, ...limits].reduce(earlier), 1);
		const span = { startsOn: back(dueOn, asked.get(id)!), dueOn };
		days.set(id, span);
		return span;
	};
	for (const id of asked.keys()) place(id);
	return { days, status };
}

/** The first circle found among the links, each step waiting for the next; null where there is none. */
export function circleOf(ids: readonly string[], links: readonly StepLink[]): string[] | null {
	const clear = new Set<string>();
	const follow = (id: string, path: string[]): string[] | null => {
		if (path.includes(id)) return path.slice(path.indexOf(id));
		if (clear.has(id)) return null;
		for (const { after } of links.filter((l) => l.step === id)) {
			const found = follow(after, [...path, id]);
			if (found) return found;
		}
		clear.add(id);
		return null;
	};
	for (const id of ids) {
		const found = follow(id, []);
		if (found) return found;
	}
	return null;
}

export type Dated = Pick<Milestone, 'id' | 'state' | 'startsOn' | 'dueOn' | 'doneOn'>;
/** `begins` lies `days` before the first day that what it waits for leaves free. */
export type Conflict = { link: StepLink; begins: string; mayBegin: string; days: number };

/**
 * Steps planned to begin before what they wait for ends. What is done ended when it was done; a step without
 * a first day begins on its last at the latest. What is done or dropped itself is no longer in anybody's way.
 */
export function conflicts(steps: readonly Dated[], links: readonly StepLink[]): Conflict[] {
	const byId = new Map(steps.map((s) => [s.id, s]));
	return links.flatMap((link) => {
		const [step, after] = [byId.get(link.step), byId.get(link.after)];
		if (!step || !after || after.state === 'dropped') return [];
		if (step.state !== 'found' && step.state !== 'said') return [];
		const [begins, end] = [step.startsOn ?? step.dueOn, after.doneOn ?? after.dueOn];
		if (!begins || !end) return [];
		const first = mayBegin(end, link.lag);
		return begins < first
			? [{ link, begins, mayBegin: first, days: dayNumber(first) - dayNumber(begins) }]
			: [];
	});
}

/** Days since 1970-01-01. */
export const dayNumber = (day: string): number => Date.parse(day) / 86_400_000;
export const dayOf = (n: number): string => new Date(n * 86_400_000).toISOString().slice(0, 10);
export const shiftDay = (day: string, days: number): string => dayOf(dayNumber(day) + days);

const trust: Record<CalendarStatus, number> = { official: 2, provisional: 1, unknown: 0 };
const earlier = (a: string, b: string): string => (a < b ? a : b);
