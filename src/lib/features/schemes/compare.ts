import type { Scenario, SchemePage } from '$lib/domain/plan';
import {
	movesInEffect,
	play,
	type Item,
	type Money,
	type State,
	type Totals,
	type Verdict
} from '$lib/domain/scenario';

/** One column of a comparison: the scheme as it is, or a scenario of it. */
export type Side = {
	id: 'base' | (string & {});
	title: string;
	/** null: the scheme as it is. */
	scenario: Scenario | null;
	state: State;
	totals: Totals;
	verdicts: Record<string, Verdict>;
};

/** What a scenario stands on: the scheme as it is, or as it was when the scenario ended. */
export const baseOf = (page: SchemePage, s: Scenario): State => s.baseline ?? page.baseline;

export function sideOf(page: SchemePage, id: string, baseWord: string): Side | null {
	if (id === 'base')
		return {
			id,
			title: baseWord,
			scenario: null,
			state: page.baseline,
			totals: page.totals,
			verdicts: page.verdicts
		};
	const scenario = page.scenarios.find((s) => s.id === id);
	if (!scenario) return null;
	return {
		id,
		title: scenario.title,
		scenario,
		state: play(baseOf(page, scenario), movesInEffect(scenario.entries)),
		totals: scenario.totals,
		verdicts: scenario.verdicts
	};
}
/** Two or three of the address; without one, the scheme as it is beside the newest scenario that is open. */
export function sidesOf(page: SchemePage, asked: string, baseWord: string): Side[] {
	const ids = [...new Set(asked.split(','))].slice(0, 3);
	const sides = ids.map((id) => sideOf(page, id, baseWord)).filter((s): s is Side => s !== null);
	if (sides.length > 1) return sides;
	const open = page.scenarios.filter((s) => s.state === 'open').at(-1) ?? page.scenarios.at(-1);
	const usual = open ? ['base', open.id] : ['base'];
	return usual.map((id) => sideOf(page, id, baseWord)).filter((s): s is Side => s !== null);
}

export const figureKeys = [
	'title',
	'category',
	'invest',
	'land',
	'output',
	'tax',
	'income',
	'jobs',
	'indirect',
	'households'
] as const;
export type FigureKey = (typeof figureKeys)[number];
export type Change =
	| { what: 'figure'; key: FigureKey; from: Item[FigureKey]; to: Item[FigureKey] }
	| { what: 'money'; from: number; to: number }
	| { what: 'day'; step: string; from: string | null; to: string | null }
	| { what: 'land'; from: number; to: number };
export type Difference = {
	id: string;
	title: string;
	how: 'added' | 'dropped' | 'changed';
	changes: Change[];
};

const planned = (rows: readonly Money[]) =>
	Math.round(rows.reduce((n, r) => n + (r.planned ?? 0) * 100, 0)) / 100;
const areaOf = (item: Item) => Math.round(item.parcels.reduce((n, p) => n + p.area * 100, 0)) / 100;
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

function changesOf(a: Item, b: Item): Change[] {
	const steps = new Map(a.steps.map((s) => [s.id, s]));
	return [
		...figureKeys
			.filter((key) => a[key] !== b[key])
			.map((key): Change => ({ what: 'figure', key, from: a[key], to: b[key] })),
		...(same(a.money, b.money)
			? []
			: [{ what: 'money', from: planned(a.money), to: planned(b.money) } as const]),
		...b.steps.flatMap((s): Change[] => {
			const was = steps.get(s.id);
			return was && was.due !== s.due
				? [{ what: 'day', step: s.title, from: was.due, to: s.due }]
				: [];
		}),
		...(same(
			a.parcels.map((p) => [p.id, p.mark]),
			b.parcels.map((p) => [p.id, p.mark])
		)
			? []
			: [{ what: 'land', from: areaOf(a), to: areaOf(b) } as const])
	];
}

/** What another state has otherwise, plan by plan, in the order of titles. */
export function differences(from: State, to: State): Difference[] {
	const ids = [...new Set([...Object.keys(from), ...Object.keys(to)])];
	return ids
		.flatMap((id): Difference[] => {
			const [a, b] = [from[id], to[id]];
			if (!a) return [{ id, title: b!.title, how: 'added', changes: [] }];
			if (!b) return [{ id, title: a.title, how: 'dropped', changes: [] }];
			const changes = changesOf(a, b);
			return changes.length ? [{ id, title: b.title, how: 'changed', changes }] : [];
		})
		.sort((a, b) => a.title.localeCompare(b.title, 'zh-CN'));
}

// ── year by year ─────────────────────────────────────────────────────────────────────────────────

const year = (day: string): number => Number(day.slice(0, 4));
/** From the first planned stage or money to the last, within the scheme's own years where it has some. */
export function yearsOf(
	states: readonly State[],
	page: Pick<SchemePage, 'fromYear' | 'toYear' | 'today'>
): number[] {
	const items = states.flatMap((s) => Object.values(s));
	const all = [
		year(page.today),
		...items.flatMap((i) => i.steps.flatMap((s) => (s.due ? [year(s.due)] : []))),
		...items.flatMap((i) => i.money.map((r) => r.year))
	];
	const first = page.fromYear ?? Math.min(...all);
	const last = Math.max(page.toYear ?? Math.max(...all), first);
	return Array.from({ length: Math.min(last - first + 1, 60) }, (_, n) => first + n);
}
/** Planned by the end of that year; `unknown` where no stage has a day. */
export function phaseIn(item: Item, y: number): 'before' | 'under_way' | 'finished' | 'unknown' {
	const days = item.steps.flatMap((s) => (s.due ? [year(s.due)] : []));
	if (days.length === 0) return 'unknown';
	if (days.length === item.steps.length && Math.max(...days) <= y) return 'finished';
	return Math.min(...days) <= y ? 'under_way' : 'before';
}
/** 10,000 yuan planned up to and with that year. */
export const moneyUpTo = (state: State, y: number): number =>
	planned(Object.values(state).flatMap((i) => i.money.filter((r) => r.year <= y)));
