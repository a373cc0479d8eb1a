import type { MultiPolygon, Polygon } from 'geojson';
import type { State as StepState } from './fact';
import type { verdicts } from './planfacts';
import type { FundSource } from './project';

/**
 * Scenarios of a scheme: moves over its baseline. What holds is played, never stored; the database plays the
 * same (migration 20261123030400), and a test compares the two.
 */
export type Money = {
	source: FundSource;
	year: number;
	/** 10,000 yuan, two decimals. */
	planned: number | null;
	allocated: number | null;
	spent: number | null;
};
export type Stage = { id: string; title: string; due: string | null; state: StepState };
export type Lot = {
	id: string;
	name: string;
	/** Land class. */
	dlbm: string;
	/** m², two decimals. */
	area: number;
	mark: string;
	geometry: Polygon | MultiPolygon;
};
export type Item = {
	id: string;
	title: string;
	category: string;
	village: string | null;
	/** 10,000 yuan; a year's where it is output, tax or income. */
	invest: number | null;
	output: number | null;
	tax: number | null;
	income: number | null;
	jobs: number | null;
	indirect: number | null;
	households: number | null;
	/** mu as stated; counts where no parcel is drawn. */
	land: number | null;
	money: Money[];
	steps: Stage[];
	parcels: Lot[];
};
/** Plans by their id. */
export type State = Readonly<Record<string, Item>>;
export type Figures = Partial<Omit<Item, 'id' | 'village' | 'steps' | 'parcels'>>;
export type Move =
	| { type: 'add'; item: Item }
	| { type: 'drop'; item: string }
	| { type: 'reshape'; item: string; parcels: Lot[] }
	| { type: 'figures'; item: string; set: Figures }
	| { type: 'restage'; item: string; due: { step: string; due: string }[] };
export type Entry = { entry: 'do'; move: Move } | { entry: 'undo' | 'redo'; move?: null };
export type Verdict = (typeof verdicts)[number];

/** The moves that hold, in order. A new move ends what could have been redone. */
export function movesInEffect(entries: readonly Entry[]): Move[] {
	let done: Move[] = [];
	let undone: Move[] = [];
	for (const e of entries) {
		if (e.entry === 'do') [done, undone] = [[...done, e.move], []];
		else {
			const [from, to] = e.entry === 'undo' ? [done, undone] : [undone, done];
			const move = from.pop();
			if (move) to.push(move);
		}
	}
	return done;
}
/** Whether there is something to undo, and to redo. */
export function reach(entries: readonly Entry[]): { undo: boolean; redo: boolean } {
	const since = entries.slice(entries.findLastIndex((e) => e.entry === 'do') + 1);
	const count = (what: Entry['entry']) => since.filter((e) => e.entry === what).length;
	return { undo: movesInEffect(entries).length > 0, redo: count('undo') > count('redo') };
}

/** A move about something that is not there, or an add of what is there, changes nothing. */
export function playMove(state: State, move: Move): State {
	if (move.type === 'add') return { [move.item.id]: move.item, ...state };
	const item = state[move.item];
	if (!item) return state;
	switch (move.type) {
		case 'drop':
			return Object.fromEntries(Object.entries(state).filter(([id]) => id !== move.item));
		case 'reshape':
			return { ...state, [move.item]: { ...item, parcels: move.parcels } };
		case 'figures':
			return { ...state, [move.item]: { ...item, ...move.set } };
		case 'restage': {
			const steps = item.steps.map((s) => {
				const day = move.due.find((d) => d.step === s.id);
				return day ? { ...s, due: day.due } : s;
			});
			return { ...state, [move.item]: { ...item, steps } };
		}
	}
}
export const play = (base: State, moves: readonly Move[]): State => moves.reduce(playMove, base);

export type Totals = {
	items: number;
	/** Plans without a parcel: their land is as stated. */
	undrawn: number;
	/** m², two decimals. */
	land: number;
	/** m² by land class, of what is drawn. */
	uses: Record<string, number>;
	/** 10,000 yuan; of it `stated` without sources and years. */
	invest: number;
	stated: number;
	money: Money[];
	output: number;
	tax: number;
	income: number;
	jobs: number;
	indirect: number;
	households: number;
	/** Plans by their verdict. What nobody checked is never among the fine ones. */
	conflicts: { red: number; yellow: number; notChecked: number };
};

/** Two decimals as whole numbers, so that sums are exact. */
const cents = (n: number | null): number => Math.round((n ?? 0) * 100);

export function totalsOf(state: State, verdictOf: Readonly<Record<string, Verdict>>): Totals {
	const items = Object.values(state);
	const sum = (of: readonly (number | null)[]) =>
		of.reduce<number>((n, x) => n + cents(x), 0) / 100;
	const all = (key: 'output' | 'tax' | 'income' | 'jobs' | 'indirect' | 'households') =>
		sum(items.map((i) => i[key]));
	const undrawn = items.filter((i) => i.parcels.length === 0);
	const lots = items.flatMap((i) => i.parcels);
	const rows = items.flatMap((i) => i.money);
	const stated = sum(items.filter((i) => i.money.length === 0).map((i) => i.invest));
	const muOfUndrawn = sum(undrawn.map((i) => i.land));
	const by = <T>(of: readonly T[], key: (x: T) => string) => {
		const groups = new Map<string, T[]>();
		for (const x of of) groups.set(key(x), [...(groups.get(key(x)) ?? []), x]);
		return [...groups];
	};
	const verdict = (what: Verdict) =>
		items.filter((i) => (verdictOf[i.id] ?? 'not_checked') === what).length;
	return {
		items: items.length,
		undrawn: undrawn.length,
		land: Math.round(cents(sum(lots.map((l) => l.area))) + (cents(muOfUndrawn) * 2000) / 3) / 100,
		uses: Object.fromEntries(
			by(lots, (l) => l.dlbm).map(([dlbm, of]) => [dlbm, sum(of.map((l) => l.area))])
		),
		stated,
		invest: sum([stated, ...rows.map((r) => r.planned)]),
		money: by(rows, (r) => `${r.year} ${r.source}`)
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.map(([, of]) => ({
				source: of[0]!.source,
				year: of[0]!.year,
				planned: sum(of.map((r) => r.planned)),
				allocated: sum(of.map((r) => r.allocated)),
				spent: sum(of.map((r) => r.spent))
			})),
		output: all('output'),
		tax: all('tax'),
		income: all('income'),
		jobs: all('jobs'),
		indirect: all('indirect'),
		households: all('households'),
		conflicts: {
			red: verdict('red'),
			yellow: verdict('yellow'),
			notChecked: verdict('not_checked')
		}
	};
}
