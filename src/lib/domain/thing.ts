import type { MultiPolygon, Point, Polygon } from 'geojson';
import type { Kind, Proof, State } from './fact';
import type { DistrictAnswer } from './official';
import type { PhotoLink } from './photo';
import type { Stage } from './stage';

export const blockerKinds = ['approval', 'money', 'person', 'land', 'weather', 'other'] as const;
export type BlockerKind = (typeof blockerKinds)[number];

/** Who must act and since when; `since` is as told, never after the day it was recorded. */
export type Blocker = {
	id: string;
	kind: BlockerKind;
	who: string;
	note: string;
	/** What is asked of the district; empty: nothing. */
	ask: string;
	/** What the district said to it; a phone that is off-line does not know. */
	answers?: DistrictAnswer[];
	since: string;
	until: string | null;
	openedBy: string | null;
};

/** A blocker as lists and phones carry it; what the district said is not known of one that has not been sent yet. */
export type BlockerLine = Pick<Blocker, 'kind' | 'who' | 'since'> &
	Partial<Pick<Blocker, 'ask' | 'answers'>>;

export type Verdict = {
	ok: boolean;
	/** Returned in part: the rest was as it should be. */
	part: boolean;
	round: number;
	on: string;
	how: Proof;
	note: string;
	by: string | null;
};
/** More time was asked for: who, until when; the first deadline stays on the step. */
export type Extension = {
	askedOn: string;
	askedBy: string;
	askedByName: string | null;
	toDay: string;
	note: string;
};
export type PastExtension = {
	askedOn: string;
	toDay: string;
	/** null: taken back, or overtaken by being done. */
	granted: boolean | null;
	grantedTo: string | null;
	answeredOn: string;
	note: string;
	answer: string;
};
export type Evidence = {
	id: string;
	kind: string;
	title: string;
	number: number | null;
	unit: string | null;
	at: string;
	by: string | null;
};

/** One step of a thing: the only thing that carries said, done and proven. Days are ISO. */
export type Step = {
	id: string;
	seq: number;
	title: string;
	stage: Stage;
	state: State;
	round: number;
	version: number;
	foundOn: string;
	foundBy: string | null;
	saidOn: string | null;
	saidBy: string | null;
	saidById: string | null;
	/** The person who answers for it, and the name (from the program or from paper). */
	answers: string | null;
	answersName: string | null;
	dueOn: string | null;
	firstDueOn: string | null;
	startedOn: string | null;
	reopenedOn: string | null;
	doneOn: string | null;
	doneBy: string | null;
	doneName: string | null;
	provenOn: string | null;
	provenBy: string | null;
	provenHow: Proof | null;
	provenName: string | null;
	closedOn: string | null;
	closedBy: string | null;
	droppedOn: string | null;
	droppedWhy: string | null;
	mergedInto: string | null;
	/** Under inspection: by whom and until when; null when nobody is there or the two hours are over. */
	heldBy: string | null;
	heldByName: string | null;
	heldUntil: string | null;
	/** The facts came from a paper ledger. */
	fromPaper: boolean;
	blocker: Blocker | null;
	pastBlockers: { kind: BlockerKind; who: string; since: string; closedOn: string }[];
	extension: Extension | null;
	pastExtensions: PastExtension[];
	verdicts: Verdict[];
	evidence: Evidence[];
	photos: PhotoLink[];
};

export type HistoryLine = {
	seq: number;
	at: string;
	action: string;
	by: string | null;
	data: Record<string, unknown>;
};

type Common = {
	id: string;
	version: number;
	title: string;
	villageId: string | null;
	village: string | null;
	createdAt: string;
	createdBy: string | null;
	importId: string | null;
	unit: string;
	steps: Step[];
	history: HistoryLine[];
};

export type Task = Common & {
	kind: 'task';
	category: string;
	note: string;
	groupName: string;
	placeText: string;
	fix: string;
	campaign: string;
	/** Who usually answers here and by when: the village's officer, the type's days. */
	suggested: { answers: string | null; answersName: string | null; dueOn: string } | null;
	method: string | null;
	geometry: Point | null;
};

export const grades = ['A', 'AA', 'AAA'] as const;
export type Grade = (typeof grades)[number];

export type Project = Common & {
	kind: 'project';
	targetGrade: Grade;
	presentGrade: Grade | '';
	unitId: string;
	unitName: string;
	note: string;
	geometry: Point | Polygon | MultiPolygon | null;
};

/** Money in 10,000 yuan, land in mu as stated, `area` in m² as drawn. */
export type Plan = Common & {
	kind: 'plan';
	category: string;
	content: string;
	invest: number | null;
	spent: number | null;
	jobs: number | null;
	land: number | null;
	party: string;
	area: number | null;
	sourceCrs: string | null;
	method: string | null;
	confidence: number | null;
	geometry: MultiPolygon | null;
};

export type Thing = Task | Project | Plan;

/** The usual ladders (domain.md C.1), offered when a project or a plan is made; a township may change them. */
export const ladders: Record<Exclude<Kind, 'task'>, { zh: string[]; en: string[] }> = {
	project: {
		zh: ['设计', '预算', '招标', '开工', '完工', '审计'],
		en: ['Design', 'Budget', 'Tender', 'Start', 'Completion', 'Audit']
	},
	plan: {
		zh: ['谋划', '签约', '立项', '用地', '开工', '竣工', '投产'],
		en: ['Idea', 'Contract', 'Approval', 'Land', 'Start', 'Completion', 'Production']
	}
};

/** Kinds of industry plan (domain.md C.1). */
export const planCategories = [
	'种植',
	'养殖',
	'加工',
	'文旅',
	'仓储',
	'光伏',
	'基础设施',
	'其他'
] as const;

/** Days between the first planned day and the present one: the drift that nobody can hide. */
export function drift(step: Pick<Step, 'firstDueOn' | 'dueOn'>): number {
	if (!step.firstDueOn || !step.dueOn) return 0;
	return Math.round((Date.parse(step.dueOn) - Date.parse(step.firstDueOn)) / 86_400_000);
}

/** Days overdue on `today`, 0 when not decided, done in time, or not yet due. */
export function daysOverdue(step: Pick<Step, 'state' | 'dueOn'>, today: string): number {
	if (step.state !== 'said' || !step.dueOn || step.dueOn >= today) return 0;
	return Math.round((Date.parse(today) - Date.parse(step.dueOn)) / 86_400_000);
}
