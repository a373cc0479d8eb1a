import type { Kind, Proof, State } from './fact';
import type { BlockerKind } from './thing';

/** What a report counts, in the database's order. The first four are of the period, the rest at its end. */
export const figures = [
	'found',
	'said',
	'done',
	'proven',
	'open',
	'waiting',
	'overdue',
	'carried',
	'blocked',
	'due',
	'all_found',
	'all_said',
	'all_done',
	'all_proven'
] as const;
export type Figure = (typeof figures)[number];

/** One number a figure, in the order of `figures`. */
export type Numbers = readonly number[];
/** `villageId` null: in no known village. `category` '' for projects and plans. */
export type Cell = { kind: Kind; villageId: string | null; category: string; n: Numbers };

type Named = { kind: Kind; id: string; title: string; villageId: string | null };
export type StuckLine = Named & {
	category: string;
	blocker: BlockerKind;
	who: string;
	ask: string;
	since: string;
};
export type DueLine = Named & { category: string; dueOn: string };
/** A step of a project or plan with what happened to it in the period. */
export type MovedLine = Named & {
	saidOn: string | null;
	doneOn: string | null;
	provenOn: string | null;
};
export type Pair = {
	id: string;
	title: string;
	category: string;
	villageId: string | null;
	provenOn: string;
	how: Proof;
	/** Photos as members see them. */
	before: string;
	after: string;
};
export type DecisionLine = {
	id: string;
	meetingId: string;
	meeting: string;
	text: string;
	lead: string | null;
	dueOn: string;
	state: State;
	overdue: boolean;
};

/** What a township did from a day to a day, as it was known at the end of `asOf`. Days are ISO. */
export type Report = {
	township: { id: string; name: string; demo: boolean };
	from: string;
	to: string;
	/** The last day that counts: `to`, or today where the period is not over. */
	asOf: string;
	today: string;
	campaign: string | null;
	/** The day from which the map knows anything. */
	since: string | null;
	/** Ledgers that were imported after `asOf` count on the days they name; `late`: how many rows that is about. */
	ledger: boolean;
	late: number;
	villages: { id: string; name: string }[];
	cells: Cell[];
	stuck: StuckLine[];
	due: DueLine[];
	moved: MovedLine[];
	pairs: Pair[];
	decisions: DecisionLine[];
	campaigns: { name: string; from: string; to: string }[];
};

/** The places behind one number. */
export type ReportRow = {
	id: string;
	kind: Kind;
	thingId: string;
	title: string;
	category: string;
	villageId: string | null;
	village: string | null;
	/** Then; `now` is how it stands today. */
	state: State;
	now: State;
	foundOn: string;
	saidOn: string | null;
	doneOn: string | null;
	provenOn: string | null;
	dueOn: string | null;
	blocked: boolean;
	late: boolean;
	at: [number, number] | null;
};
export type ReportRows = { total: number; asOf: string; ledger: boolean; rows: ReportRow[] };

export const numberOf = (n: Numbers, figure: Figure): number => n[figures.indexOf(figure)] ?? 0;

const nothing: Numbers = figures.map(() => 0);
export const sum = (cells: readonly Cell[]): Numbers =>
	cells.reduce<Numbers>((all, c) => all.map((x, i) => x + c.n[i]!), nothing);

/** Villages in their own order, then what lies in none; those of which nothing is known have zeros. */
export function byVillage(
	report: Report,
	kind: Kind
): { id: string | null; name: string | null; n: Numbers }[] {
	const cells = report.cells.filter((c) => c.kind === kind);
	const rows = report.villages.map((v) => ({
		...v,
		n: sum(cells.filter((c) => c.villageId === v.id))
	}));
	const elsewhere = cells.filter((c) => !report.villages.some((v) => v.id === c.villageId));
	return elsewhere.length ? [...rows, { id: null, name: null, n: sum(elsewhere) }] : rows;
}

/** The types of problem that occur, in the order given. */
export function byCategory(
	report: Report,
	order: readonly string[]
): { category: string; n: Numbers }[] {
	const cells = report.cells.filter((c) => c.kind === 'task');
	const known = [...order, ...new Set(cells.map((c) => c.category))];
	return [...new Set(known)]
		.map((category) => ({ category, n: sum(cells.filter((c) => c.category === category)) }))
		.filter((row) => row.n.some(Boolean));
}

/** The weekly report by e-mail, as its reader sees it. */
export type Subscription = {
	/** Where the account can be reached; null: it has no address. */
	email: string | null;
	active: boolean;
	to: string | null;
	last: {
		from: string;
		to: string;
		state: 'sending' | 'sent' | 'failed' | 'given_up';
		sentAt: string | null;
		nextAt: string;
		error: string;
	} | null;
};
