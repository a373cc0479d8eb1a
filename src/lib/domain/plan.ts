import type {
	Feature,
	FeatureCollection,
	Geometry,
	LineString,
	MultiPolygon,
	Polygon
} from 'geojson';
import type { Counts, State as StepState } from './fact';
import type {
	areaUnits,
	checkSubjects,
	layerKinds,
	layerRules,
	natures,
	ownerships,
	supplies,
	thresholdMetrics
} from './planfacts';
import type { Entry, Money, State, Totals, Verdict } from './scenario';
import type { Stage } from './stage';
import type { BlockerKind, Step } from './thing';

/** Industry plans as the pages read them (migrations 20261123030000–030500). Money in 10,000 yuan, areas in m². */
export type LayerKind = (typeof layerKinds)[number];
export type LayerRule = (typeof layerRules)[number];
export type CheckSubject = (typeof checkSubjects)[number];
export type AreaUnit = (typeof areaUnits)[number];

export type Threshold = {
	metric: (typeof thresholdMetrics)[number];
	/** '' for all categories. */
	category: string;
	/** null: not asked for. */
	minimum: number | null;
	note: string;
	version: number;
};
export type PlanMoney = Money & { note: string; version: number };

/** What is said of a plan, wherever it is read. */
export type PlanRecord = {
	id: string;
	version: number;
	title: string;
	code: string;
	category: string;
	nature: (typeof natures)[number] | '';
	villageId: string | null;
	village: string | null;
	bounds: string;
	content: string;
	/** As stated; with rows of money their sum counts instead. */
	invest: number | null;
	spent: number | null;
	/** m². */
	floorArea: number | null;
	/** mu, as stated. */
	land: number | null;
	/** m², as drawn. */
	area: number | null;
	/** A year. */
	output: number | null;
	tax: number | null;
	/** Of the village collective, a year. */
	income: number | null;
	jobs: number | null;
	jobsIndirect: number | null;
	households: number | null;
	people: number | null;
	mechanism: string;
	party: string;
	unit: string;
	leader: string;
	patron: string;
	officer: string;
	promoter: string;
	team: string;
	landClass: string;
	plannedUse: string;
	ownership: (typeof ownerships)[number] | '';
	supply: (typeof supplies)[number] | '';
	quota: string;
	createdOn: string;
	importId: string | null;
	money: PlanMoney[];
	/** The latest check of the plan; `holds`: no parcel and no layer changed since. */
	check: { id: string; on: string; verdict: Verdict; holds: boolean } | null;
};

export type StageLine = {
	title: string;
	state: StepState;
	stage: Stage;
	dueOn: string | null;
	firstDueOn: string | null;
	doneOn: string | null;
	provenOn: string | null;
};
export type PlanLine = PlanRecord & {
	steps: StageLine[];
	blockers: { step: string; kind: BlockerKind; who: string; since: string; ask: string }[];
	shape: Geometry | null;
	at: [number, number] | null;
};
export type PlansPage = {
	today: string;
	thresholds: Threshold[];
	schemes: { id: string; title: string; version: number; plans: number; scenarios: number }[];
	plans: PlanLine[];
};

export type PlanParcel = {
	id: string;
	planId: string;
	name: string;
	version: number;
	/** m². */
	area: number;
	statedArea: number | null;
	statedUnit: AreaUnit | null;
	landClass: string;
	sourceCrs: string;
	method: string;
	confidence: number | null;
	sha256: string | null;
	/** The parcels it was cut from or put together from. */
	from: string[];
	madeOn: string;
	madeByName: string;
	archived: boolean;
	/** Number of its own 3° zone, in whose plane the area is. */
	zone: number;
	geometry: Polygon | MultiPolygon;
};
export type PlanPage = PlanRecord & {
	today: string;
	thresholds: Threshold[];
	parcels: PlanParcel[];
	steps: Step[];
	schemes: { id: string; title: string }[];
};
export type PlanContact = {
	legalPerson: string;
	name: string;
	phone: string;
	note: string;
	/** The day (ISO) after which it is cleared. */
	keepUntil?: string;
	/** Digits of phone and note are masked. */
	hidden?: boolean;
	version: number;
};

// ── checks ───────────────────────────────────────────────────────────────────────────────────────

export type CheckPiece = {
	n: number;
	class: string;
	level: string;
	rule: LayerRule;
	/** m². */
	area: number;
	/** m, of lines. */
	length: number;
	sliver: boolean;
	geometry: Geometry;
};
/** What one layer says of a parcel. */
export type LayerFinding = {
	layer: string;
	kind: LayerKind;
	name: string;
	provider: string;
	datedOn: string | null;
	accuracyM: number | null;
	rule: LayerRule;
	exceptions: string;
	version: number;
	verdict: Verdict;
	/** The parcel reaches beyond where the provider has looked. */
	beyondCoverage: boolean;
	/** m², mu, share of the parcel (0–1). */
	overlap: number;
	mu: number;
	share: number;
	/** m² outside of a layer that allows. */
	outside: number | null;
	length: number;
	count: number;
	slivers: { count: number; area: number };
	classes: { class: string; level: string; area: number; count: number }[];
	pieces: CheckPiece[];
	/** Pieces beyond the hundred largest. */
	more: number;
};
/** A kind that should be asked for and that nobody has loaded. */
export type NotLoaded = {
	layer: null;
	kind: LayerKind;
	verdict: 'not_checked';
	pieces: [];
};
export type LandCheck = {
	area: number;
	mu: number;
	verdict: Verdict;
	layers: (LayerFinding | NotLoaded)[];
};
export type ParcelCheck = LandCheck & { id: string; planId: string; name: string; mark: string };
export type CheckHead = {
	id: string;
	of: CheckSubject;
	subject: string;
	on: string;
	at: string;
	by: string;
	byName: string;
	verdict: Verdict;
};
export type CheckChange = {
	what: 'parcel' | 'layer';
	how: 'added' | 'gone' | 'changed';
	id: string;
	name: string;
};
export type Check = CheckHead & {
	result: { verdict: Verdict; parcels: ParcelCheck[] };
	/** Empty: it still holds. */
	changed: CheckChange[];
};
export type ChecksOf = { latest: Check | null; earlier: CheckHead[] };

/** What a hand that draws asks of the database's geometry. */
export type LandTool =
	| { do: 'cut'; geometry: Polygon | MultiPolygon; line: LineString }
	| { do: 'buffer'; geometry: Polygon | MultiPolygon; metres: number }
	| { do: 'avoid'; geometry: Polygon | MultiPolygon };
export type LandPart = { geometry: Polygon; area: number };

// ── layers ───────────────────────────────────────────────────────────────────────────────────────

export type ConstraintLayer = {
	id: string;
	kind: LayerKind;
	name: string;
	provider: string;
	datedOn: string | null;
	accuracyM: number | null;
	rule: LayerRule;
	exceptions: string;
	sliverM2: number;
	sliverShare: number;
	bufferM: number | null;
	note: string;
	coverage: MultiPolygon | null;
	/** 0: nothing was loaded yet. */
	shapes: number;
	sha256: string | null;
	sourceCrs: string;
	loadedAt: string | null;
	loadedByName: string | null;
	version: number;
};
export type LayersPage = {
	/** `expected`: a check says "not checked" where none is loaded. */
	kinds: { kind: LayerKind; rule: LayerRule; expected: boolean }[];
	layers: ConstraintLayer[];
};
/** One row of `layer_put`. */
export type ShapeRow = {
	n: number;
	geometry: Geometry;
	class?: string;
	level?: string;
	rule?: LayerRule;
	buffer_m?: number;
	attributes?: Record<string, unknown>;
};
export type LayerShapes = FeatureCollection<
	Geometry,
	{ class: string; level: string; rule: LayerRule | null }
> & { total: number; features: (Feature & { id: number })[] };

/** What `find_sites` is asked. */
export type SiteWish = {
	of: 'parcels' | 'free';
	min_mu: number;
	road?: string;
	within_m?: number;
	inside?: string;
	village?: string;
	box?: [number, number, number, number];
	width_m?: number;
	limit?: number;
};
export type Site = {
	rank: number;
	/** null: free land, nobody's parcel. */
	id: string | null;
	planId: string | null;
	name: string;
	area: number;
	mu: number;
	/** m to the road; null where none was asked for. */
	distance: number | null;
	/** m² that need a review. */
	review: number;
	village: string | null;
	geometry: Polygon | MultiPolygon;
};
export type Sites = { sites: Site[]; notChecked: LayerKind[] };

// ── schemes ──────────────────────────────────────────────────────────────────────────────────────

export type Scenario = {
	id: string;
	title: string;
	note: string;
	state: 'open' | 'adopted' | 'closed';
	version: number;
	from: string | null;
	madeOn: string;
	madeByName: string;
	endedOn: string | null;
	endedByName: string | null;
	endedWhy: string;
	/** What it stood on when it ended; null while it is open. */
	baseline: State | null;
	verdicts: Record<string, Verdict>;
	totals: Totals;
	entries: (Entry & { n: number; at: string; byName: string })[];
};
export type SchemePage = {
	id: string;
	title: string;
	note: string;
	fromYear: number | null;
	toYear: number | null;
	version: number;
	madeOn: string;
	today: string;
	thresholds: Threshold[];
	baseline: State;
	verdicts: Record<string, Verdict>;
	totals: Totals;
	scenarios: Scenario[];
};

// ── derived ──────────────────────────────────────────────────────────────────────────────────────

const squareMetresPerMu = 2000 / 3;

/** 10,000 yuan planned: the sum of the rows, else as stated; null where neither is known. */
export function investOf(plan: Pick<PlanRecord, 'money' | 'invest'>): number | null {
	if (plan.money.length === 0) return plan.invest;
	return Math.round(plan.money.reduce((n, r) => n + (r.planned ?? 0) * 100, 0)) / 100;
}
/** mu: as drawn, else as stated. */
export const muOf = (plan: Pick<PlanRecord, 'area' | 'land'>): number | null =>
	plan.area ? plan.area / squareMetresPerMu : plan.land;

/** Per mu, and floors to land; null where a part of it is not known. */
export function intensityOf(plan: PlanRecord): Record<Threshold['metric'], number | null> {
	const mu = muOf(plan);
	const invest = investOf(plan);
	const per = (n: number | null, of: number | null) => (n === null || !of ? null : n / of);
	return {
		invest_per_mu: per(invest, mu),
		tax_per_mu: per(plan.tax, mu),
		plot_ratio: per(plan.floorArea, mu && mu * squareMetresPerMu)
	};
}
/** What the township asks of this plan: the row of its category before the one of all. */
export function thresholdFor(
	thresholds: readonly Threshold[],
	metric: Threshold['metric'],
	category: string
): number | null {
	const of = (c: string) => thresholds.find((t) => t.metric === metric && t.category === c);
	return (of(category) ?? of(''))?.minimum ?? null;
}

/** Stages as the three facts. */
export function countsOf(
	steps: readonly { state: StepState; dueOn: string | null }[],
	blocked: number,
	today: string
): Counts {
	const reached = (...states: StepState[]) => steps.filter((s) => states.includes(s.state)).length;
	return {
		planned: steps.filter((s) => s.state !== 'dropped').length,
		said: reached('said', 'done', 'proven'),
		done: reached('done', 'proven'),
		proven: reached('proven'),
		blocked,
		overdue: steps.filter(
			(s) => (s.state === 'found' || s.state === 'said') && s.dueOn !== null && s.dueOn < today
		).length
	};
}
