import type { Geometry } from 'geojson';
import { z } from 'zod';
import type { Counts, Kind, State } from './fact';
import type { LayerKind, Threshold } from './plan';
import type { Assessor, FeatureKind, FundSource, Phase } from './project';
import type { Verdict } from './scenario';
import type { BlockerKind, Grade } from './thing';
import type { ownerships, supplies } from './planfacts';
import type { MeetingKind } from './meetingfacts';

/**
 * What a shared page holds: answered in the order in which a district official asks (domain.md C.4), made by the
 * database (`private.share_content`) and kept as a snapshot. It has no field for a person: no name, phone, contact,
 * household, no corner of a parcel. Places are good to 3 decimals (about 100 m) unless they are for visitors.
 */
export const shareKinds = [
	'project',
	'unit',
	'plan',
	'scheme',
	'village',
	'township',
	'meeting'
] as const;
export type ShareKind = (typeof shareKinds)[number];

/** What is shown where nobody chose. */
export const shareDefaults = {
	/** Lines of villages and of the township, generalised; off on public pages (domain.md E.5). */
	boundaries: false,
	land: true,
	money: true,
	/** Jobs, income, tax. */
	gains: true,
	stuck: true,
	photos: true,
	changes: true,
	/** Which office or unit answers. Persons are never shown. */
	people: true
} as const;
export type ShareOption = keyof typeof shareDefaults;
export const shareOptionNames = Object.keys(shareDefaults) as ShareOption[];

export const shareOptions = z
	.strictObject({
		boundaries: z.boolean(),
		land: z.boolean(),
		money: z.boolean(),
		gains: z.boolean(),
		stuck: z.boolean(),
		photos: z.boolean(),
		changes: z.boolean(),
		people: z.boolean()
	})
	.partial();
export type ShareOptions = z.infer<typeof shareOptions>;

export const isShareKind = (word: string | null): word is ShareKind =>
	(shareKinds as readonly (string | null)[]).includes(word);

/** Options as they stand in the address of a preview: `money=0`, `boundaries=1`. */
export function readShareOptions(params: URLSearchParams): ShareOptions {
	const options: ShareOptions = {};
	for (const name of shareOptionNames) {
		const said = params.get(name);
		if (said === '1' || said === '0') options[name] = said === '1';
	}
	return options;
}

/** Where whoever plans sees what a reader would see; no link has to exist. */
export function previewPath(
	townshipId: string,
	kind: ShareKind,
	id: string,
	options: ShareOptions = {},
	ending: '' | '.pdf' = ''
): string {
	const chosen = shareOptionNames
		.filter((name) => options[name] !== undefined && options[name] !== shareDefaults[name])
		.map((name) => `&${name}=${options[name] ? 1 : 0}`)
		.join('');
	return `/t/${townshipId}/share/preview${ending}?kind=${kind}&id=${id}${chosen}`;
}

// ── the content ──────────────────────────────────────────────────────────────────────────────────

/** Days are ISO; money in 10,000 yuan; areas in mu. */
export type SharedContent = {
	/** Of this very shape: a snapshot is read for half a year. */
	form: 1;
	kind: ShareKind;
	/** The subject's id. */
	id: string;
	/** The day of which it speaks. */
	day: string;
	township: string;
	district: string | null;
	demo: boolean;
	options: Required<ShareOptions>;

	// What and where.
	title: string;
	about: string;
	village: string | null;
	/** A plan's category in the office's words; '' elsewhere. */
	category: string;
	/** The office or unit that answers; '' where nobody is named or it is not shown. */
	office: string;

	/** Of the subject's steps: each fact counts all steps that reached it. */
	counts: Counts;
	/** Villages of a set that nobody has looked at: not good, not bad, unknown. */
	unknown: number;

	figures: {
		/** null: not shown, or nothing of the kind. */
		land: SharedLand | null;
		money: SharedMoney | null;
		gains: SharedGains | null;
	};
	/** Steps in order; of a set and of a session there are none. */
	steps: SharedStep[];
	/** What is stuck, the longest first; `ask` is what the district is asked for. */
	asks: SharedAsk[];
	/** The newest first. */
	changes: SharedChange[];
	/** Only these may be served with the page. */
	photos: SharedPhoto[];
	map: SharedMap;
	/** Counts at the end of each day on which something happened, the oldest first. */
	timeline: SharedDay[];

	/** Of a scenic unit and of its project. */
	grade: SharedGrade | null;
	features: SharedFeature[];

	/** Of a township or village: by kind of thing, and the projects and plans with their step. */
	sets: { kind: Kind; counts: Counts }[];
	villages: { name: string; people: number | null; tasks: Counts }[];
	things: SharedThing[];

	/** Of a scheme: the baseline first. */
	scenarios: SharedScenario[];
	/** Of a session. */
	session: SharedSession | null;
};

export type SharedLand = {
	mu: number | null;
	/** As drawn on the map, else as somebody stated it. */
	drawn: boolean;
	parcels: number;
	floorArea: number | null;
	landClass: string;
	plannedUse: string;
	ownership: (typeof ownerships)[number] | '';
	supply: (typeof supplies)[number] | '';
	quota: string;
	/** A pre-screen, for planning only; null: nobody has checked. */
	check: {
		on: string;
		verdict: Verdict;
		/** Nothing changed since. */
		holds: boolean;
		layers: {
			kind: LayerKind;
			name: string;
			verdict: Verdict;
			mu: number;
			datedOn: string | null;
		}[];
	} | null;
};
export type SharedMoney = {
	/** null: nobody said. */
	planned: number | null;
	allocated: number | null;
	spent: number | null;
	/** By source where it is known. */
	rows: {
		source: FundSource;
		planned: number | null;
		allocated: number | null;
		spent: number | null;
	}[];
	/** The investor. */
	party: string;
	/** What the township asks of such a plan, and what this one comes to. */
	intensity: { metric: Threshold['metric']; value: number | null; minimum: number | null }[];
};
export type SharedGains = {
	output: number | null;
	tax: number | null;
	income: number | null;
	jobs: number | null;
	jobsIndirect: number | null;
	households: number | null;
	people: number | null;
	mechanism: string;
};
export type SharedStep = {
	id: string;
	/** The piece of work it belongs to; ''. */
	work: string;
	title: string;
	state: State;
	saidOn: string | null;
	dueOn: string | null;
	firstDueOn: string | null;
	/** Days by which the deadline has moved from the first planned one. */
	drift: number;
	doneOn: string | null;
	provenOn: string | null;
	/** Accepted at a desk or from paper, not on the spot: marked for ever. */
	provenHow: 'on_site' | 'desk' | 'ledger' | null;
	overdue: boolean;
	blocked: boolean;
};
export type SharedAsk = {
	/** The blocker's id. */
	id: string;
	kind: BlockerKind;
	/** The thing and the step that is stuck. */
	title: string;
	/** What it waits for, in words; ''. */
	text: string;
	/** What is asked of the district; '': nothing. */
	ask: string;
	who: string;
	since: string;
	days: number;
};
export const shareChangeKinds = [
	'found',
	'said',
	'done',
	'proven',
	'returned',
	'reopened',
	'dropped',
	'blocked',
	'unblocked',
	'moved',
	'phase',
	'check',
	'money',
	'record',
	'decided',
	'scenario'
] as const;
export type ShareChangeKind = (typeof shareChangeKinds)[number];
export type SharedChange = {
	/** A moment, ISO with zone. */
	at: string;
	what: ShareChangeKind;
	/** What it happened to; ''. */
	title: string;
	/** Days from and to, a phase: by `what`. */
	from: string | null;
	to: string | null;
	/** How often on that day; `at` is the last. */
	times: number;
};
export type SharedPhoto = {
	id: string;
	role: 'before' | 'after' | 'check' | 'other';
	at: string;
	width: number;
	height: number;
	/** Photos of one place have the same number. */
	group: number;
	title: string;
};
export type SharedShape = {
	kind: 'unit' | 'village' | 'township' | 'route' | 'road';
	name: string;
	state: State | null;
	geometry: Geometry;
};
export type SharedPoint = {
	kind: FeatureKind | 'plan' | 'project' | 'task' | 'decision' | 'village';
	name: string;
	at: [number, number];
	state: State | null;
	mark: 'blocked' | 'overdue' | null;
	/** m: a plan's land is drawn as a disc of its size, never by its corners. */
	radius: number | null;
	/** The number of a decision. */
	no: number | null;
};
export type SharedMap = {
	/** West, south, east, north; null: nothing to draw. */
	bounds: [number, number, number, number] | null;
	shapes: SharedShape[];
	points: SharedPoint[];
};
export type SharedDay = [day: string, planned: number, said: number, done: number, proven: number];

export type SharedGrade = {
	unit: string;
	present: Grade | '';
	target: Grade | null;
	phase: Phase | null;
	phaseOn: string | null;
	standard: string | null;
	official: boolean;
	totals: { assessor: Assessor; total: number; grade: Grade | null }[];
	/** Points that the target asks for. */
	line: number | null;
	/** Criteria: aimed at, reported, accepted. */
	items: { planned: number; said: number; done: number; proven: number } | null;
	/** Of the unit, the newest first. */
	history: { on: string; phase: Phase; project: string }[];
};
export type SharedFeature = { kind: FeatureKind; name: string; amount: number | null };
export type SharedThing = {
	kind: Kind;
	title: string;
	village: string | null;
	/** The step that is on: the first that is not proven. */
	step: string;
	state: State;
	counts: Counts;
	dueOn: string | null;
	drift: number;
	grade: Grade | null;
	phase: Phase | null;
};
export type SharedScenario = {
	title: string;
	/** The baseline has none. */
	state: 'baseline' | 'open' | 'adopted' | 'closed';
	note: string;
	items: number;
	mu: number;
	invest: number;
	output: number;
	tax: number;
	income: number;
	jobs: number;
	households: number;
	red: number;
	yellow: number;
	notChecked: number;
	/** Plans it adds, drops or changes against the baseline. */
	differs: { how: 'added' | 'dropped' | 'changed'; title: string }[];
};
export type SharedSession = {
	kind: MeetingKind;
	number: string;
	place: string;
	startsAt: string;
	issued: boolean;
	topics: { title: string; unit: string }[];
	decisions: {
		no: number;
		text: string;
		topic: string;
		office: string;
		helpers: string;
		dueOn: string | null;
		firstDueOn: string | null;
		drift: number;
		doneMeans: string;
		ask: string;
		/** null: a scenario was adopted, there is nothing to do. */
		state: State | null;
		saidOn: string | null;
		doneOn: string | null;
		provenOn: string | null;
		blocked: boolean;
		overdue: boolean;
	}[];
};

/** What stands around the content: of the link, or of a preview. */
export type ShareFrame = {
	title: string;
	township: string;
	demo: boolean;
	/** null: live. A moment. */
	snapshotAt: string | null;
	live: boolean;
	/** null: a preview, no link. */
	expiresAt: string | null;
	/** When this very reader looked last; null: never. */
	lastLook: string | null;
	/** One click to a PDF. */
	pdf: string | null;
	/** Where complaints and suggestions go; '': only the township's own ways. */
	contact: string;
};

/** The page in words alone, part by part: what a paper is made of. */
export type ShareOutline = {
	title: string;
	/** Lines under the title. */
	under: string[];
	/** Printed at the head of every page; null: nothing. */
	mark: string | null;
	/** The drawn map as SVG; null: nothing has a place. */
	map: { svg: string; caption: string } | null;
	sections: {
		heading: string;
		lines: string[];
		table: {
			columns: { head: string; width: number; align: 'left' | 'center' }[];
			rows: string[][];
		} | null;
		/** The map stands here. */
		map: boolean;
	}[];
	/** In small at the end. */
	foot: string[];
};

/** What changed since this reader looked last. */
export const changesSince = (
	content: Pick<SharedContent, 'changes'>,
	lastLook: string | null
): SharedChange[] =>
	lastLook === null ? [] : content.changes.filter((c) => Date.parse(c.at) > Date.parse(lastLook));
