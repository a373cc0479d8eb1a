import type { Geometry } from 'geojson';
import type { Grade, Step } from './thing';

/** Where a project stands in the office's words (domain.md A.2). The database's enum has the same words. */
export const phases = [
	'planned',
	'building',
	'self_assessed',
	'town_checked',
	'county_assessed',
	'higher_accepted',
	'public_notice',
	'objection',
	'listed',
	'review_due',
	'kept',
	'warned',
	'rectify',
	'downgraded',
	'delisted'
] as const;
export type Phase = (typeof phases)[number];

/** What a person does to move a project on. */
export const phaseVerbs = [
	'start',
	'self_assess',
	'send_back',
	'town_check',
	'county_assess',
	'higher_accept',
	'publish_notice',
	'object',
	'dismiss_objection',
	'uphold_objection',
	'list',
	'call_review',
	'keep',
	'warn',
	'rectify',
	'downgrade',
	'delist'
] as const;
export type PhaseVerb = (typeof phaseVerbs)[number];

/** One row of `project_transitions`: the page shows what the database would let through. */
export type PhaseWay = {
	verb: PhaseVerb;
	from: Phase;
	to: Phase;
	right: 'report' | 'plan' | 'prove';
	/** Of which place the right must be held: the project's village, the township, its district. */
	level: 'village' | 'township' | 'district';
	/** Somebody who scored or checked for another side of the same project may not. */
	otherPerson: boolean;
};

export const assessors = ['self', 'town', 'county', 'higher'] as const;
export type Assessor = (typeof assessors)[number];

/** What an assessor gives for an item; which form, the item's rule says (standard.ts). */
export type ScoreValue =
	| { points: number }
	| { option: number }
	| { count: number }
	| { findings: number }
	| { rate: number }
	| { yes: boolean };

/** The latest score of one assessor for one item; earlier ones are kept (`times`). */
export type Score = {
	item: string;
	assessor: Assessor;
	value: ScoreValue | null;
	/** Not applicable. */
	na: boolean;
	/** As the database computed them from the value by the item's rule. */
	points: number;
	note: string;
	on: string;
	by: string;
	byName: string;
	times: number;
};

/** What was decided about an item: *said*. Cost in yuan is the planner's own estimate. */
export type Target = {
	item: string;
	/** Points aimed at; null: only a cost and a day were noted. */
	points: number | null;
	cost: number | null;
	readyOn: string | null;
	firstReadyOn: string | null;
	answers: string | null;
	answersName: string | null;
	note: string;
	saidOn: string | null;
	version: number;
};

export const exhibitKinds = ['photo', 'document', 'number', 'place', 'task', 'plan'] as const;
export type ExhibitKind = (typeof exhibitKinds)[number];

/** Evidence, given once for a scenic unit and cited by any number of items and projects. */
export type Exhibit = {
	id: string;
	kind: ExhibitKind;
	title: string;
	number: number | null;
	/** Of the number. */
	measure: string;
	photoId: string | null;
	/** A document's file: its SHA-256, name and size in bytes. */
	file: { sha256: string; name: string; size: number; type: string } | null;
	featureId: string | null;
	/** A cleanup task or an industry plan. */
	thingId: string | null;
	/** The thing's title and fact, read today. */
	thing: { title: string; state: string } | null;
	happenedOn: string | null;
	on: string;
	by: string;
	byName: string;
	items: string[];
};

export const featureKinds = [
	'entrance',
	'parking',
	'centre',
	'toilet',
	'sign',
	'route',
	'road',
	'sight',
	'stop',
	'shop',
	'lodging',
	'food',
	'rest',
	'safety',
	'charging',
	'waste',
	'sewage',
	'water'
] as const;
export type FeatureKind = (typeof featureKinds)[number];

/** Something of a scenic unit on the map. */
export type Feature = {
	id: string;
	kind: FeatureKind;
	name: string;
	/** Spaces of a car park, beds of a homestay, m² of a centre. */
	amount: number | null;
	note: string;
	geometry: Geometry;
	/** Metres along a line, m² of an area; null for a point. */
	size: number | null;
	version: number;
	byName: string;
	on: string;
};

export const fundSources = [
	'central',
	'province',
	'city',
	'county',
	'bridging',
	'social',
	'collective',
	'loan',
	'other'
] as const;
export type FundSource = (typeof fundSources)[number];
/** Money of one source, in 10,000 yuan. */
export type Fund = {
	id: string;
	workId: string | null;
	source: FundSource;
	planned: number | null;
	allocated: number | null;
	spent: number | null;
	note: string;
	version: number;
};

/** A piece of building work of a project: its steps are the milestones. */
export type Work = {
	id: string;
	title: string;
	/** Items of the standard it serves. */
	items: string[];
	note: string;
	version: number;
};
export type Milestone = Step & {
	workId: string | null;
	startsOn: string | null;
	firstStartsOn: string | null;
};
/** `step` may begin only when `after` is done, and `lag` days later. */
export type StepLink = { step: string; after: string; lag: number };

export type PhaseLine = {
	verb: PhaseVerb;
	from: Phase;
	to: Phase;
	on: string;
	at: string;
	by: string;
	byName: string;
	note: string;
	data: Record<string, unknown>;
};

export type StandardHead = {
	id: string;
	name: string;
	edition: string;
	/** 样板，非官方 where false. */
	official: boolean;
	state: 'draft' | 'in_force' | 'retired';
	/** The edition it was made from. */
	fromId: string | null;
	version: number;
	madeOn: string;
	madeByName: string;
	/** Projects that follow it. */
	projects: number;
};

/** What the page of a project reads in one call. */
export type ProjectPage = {
	id: string;
	version: number;
	title: string;
	note: string;
	unit: string;
	villageId: string | null;
	village: string | null;
	townshipId: string;
	township: string;
	districtId: string | null;
	createdOn: string;
	phase: Phase;
	phaseOn: string;
	targetGrade: Grade;
	scenicUnit: {
		id: string;
		name: string;
		presentGrade: Grade | '';
		version: number;
		geometry: Geometry | null;
	};
	listedOn: string | null;
	reviewDueOn: string | null;
	/** A public notice, both days counted; `workdays` as the township's calendar has them. */
	notice: { from: string; to: string; where: string; workdays: number } | null;
	rectifyBy: string | null;
	/** Null: no standard chosen yet. */
	standard: (StandardHead & { body: unknown }) | null;
	/** Of the same family and in force, newer than the project's own. */
	newer: StandardHead | null;
	scores: Score[];
	/** Totals by assessor as the database computes them; absent where nobody scored. */
	totals: Partial<Record<Assessor, { total: number; grade: Grade | null }>>;
	targets: Target[];
	exhibits: Exhibit[];
	features: Feature[];
	works: Work[];
	steps: Milestone[];
	links: StepLink[];
	funds: Fund[];
	log: PhaseLine[];
	ways: PhaseWay[];
	today: string;
};

/** A project in the list and on the map. */
export type ProjectLine = {
	id: string;
	title: string;
	villageId: string | null;
	village: string | null;
	unitId: string;
	unitName: string;
	presentGrade: Grade | '';
	targetGrade: Grade;
	phase: Phase;
	phaseOn: string;
	reviewDueOn: string | null;
	noticeTo: string | null;
	standard: string | null;
	official: boolean;
	totals: Partial<Record<Assessor, { total: number; grade: Grade | null }>>;
	/** The line of the target grade; null without a standard. */
	line: number | null;
	items: { planned: number; said: number; done: number; proven: number };
	milestones: {
		planned: number;
		said: number;
		done: number;
		proven: number;
		blocked: number;
		overdue: number;
	};
	/** In 10,000 yuan. */
	funds: { planned: number; allocated: number; spent: number };
	blockers: { step: string; who: string; since: string; ask: string }[];
	nextDueOn: string | null;
	/** Map features by kind, and where they lie. */
	at: [number, number] | null;
};
export type GradeTarget = {
	year: number;
	grade: Grade;
	count: number;
	note: string;
	version: number;
	reached: number;
};
export type ProjectsPage = { projects: ProjectLine[]; targets: GradeTarget[]; today: string };
