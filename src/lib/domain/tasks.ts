import type { Proof, State } from './fact';
import type { PhotoLink } from './photo';
import { openStages, type Stage } from './stage';
import type { BlockerLine } from './thing';

/** One cleanup task as the desk, its sheets and its ledgers show it. Days are ISO. */
export type TaskLine = {
	id: string;
	category: string;
	title: string;
	villageId: string | null;
	village: string | null;
	placeText: string;
	at: [number, number] | null;
	stage: Stage;
	state: State;
	round: number;
	/** Of the step, and of the task's own fields. */
	version: number;
	taskVersion: number;
	answers: string | null;
	answersName: string | null;
	foundOn: string;
	foundByName: string | null;
	saidOn: string | null;
	saidById: string | null;
	dueOn: string | null;
	firstDueOn: string | null;
	doneOn: string | null;
	doneBy: string | null;
	doneByName: string | null;
	provenOn: string | null;
	provenHow: Proof | null;
	provenByName: string | null;
	closedOn: string | null;
	reopenedOn: string | null;
	blocker: BlockerLine | null;
	extension: { toDay: string; askedBy: string } | null;
	campaign: string;
	/** Months it has been open beyond its deadline: 往期未整改. */
	carried: number;
	/** Its first before photo. */
	photo: string | null;
	unit: string;
	note: string;
	groupName: string;
	fix: string;
	fromPaper: boolean;
};

/** `capped`: there are `total` and perhaps more. */
export type TaskPage = { total: number; capped: boolean; rows: TaskLine[] };

/** What `task_list` and `task_counts` understand. */
export type TaskFilter = {
	village?: string[];
	type?: string[];
	stage?: Stage[];
	who?: string;
	overdue?: boolean;
	carried?: boolean;
	soon?: boolean;
	campaign?: string;
	q?: string;
	due_from?: string;
	due_to?: string;
	ids?: string[];
	sort?: 'due';
};

export type TaskCounts = {
	byStage: Partial<Record<Stage, number>>;
	overdue: number;
	soon: number;
	carried: number;
	/** Stages of which only the newest tasks were searched: their counts are "at least". */
	capped?: Stage[];
	campaigns: string[];
};

/** A task at the same spot, with what it went through. */
export type PlaceLine = TaskLine & {
	metres: number;
	photos: PhotoLink[];
	verdicts: { ok: boolean; part: boolean; round: number; on: string; how: Proof; note: string }[];
};

export type SheetLine = {
	id: string;
	year: number;
	no: number;
	madeOn: string;
	madeBy: string;
	answersName: string | null;
	unit: string;
	dueOn: string | null;
};
export type HandoverLine = SheetLine & { count: number };
export type Handover = SheetLine & { tasks: TaskLine[] };

export type DrawFilter = { stages?: Stage[]; villageId?: string; category?: string };
export type DrawLine = {
	id: string;
	year: number;
	no: number;
	seed: string;
	size: number;
	population: number;
	filter: DrawFilter;
	madeOn: string;
	madeBy: string;
	drawn: number;
	checked: number;
	failed: number;
};
export type DrawResult = { ok: boolean; note: string; on: string; by: string | null };
export type Draw = Omit<DrawLine, 'drawn' | 'checked' | 'failed'> & {
	rows: (TaskLine & { result: DrawResult | null })[];
};

/** A problem type as this township says it; `name` is '' where it keeps the usual one. */
export type TaskType = {
	code: string;
	name: string;
	days: number;
	usualDays: number;
	unit: string;
	hidden: boolean;
	auto: boolean;
	version: number;
};

export type Reminders = {
	dueToday: number;
	overdue: number;
	returned: number;
	blocked: number;
	toProve: number;
	toAssign: number;
	toGrant: number;
};

/** The columns of the board, in the order of the work. */
export const boardStages = [...openStages, 'proven', 'closed'] as const satisfies Stage[];

/** 交办〔2026〕3号 */
export const sheetNo = (sheet: { year: number; no: number }, word: string): string =>
	`${word}〔${sheet.year}〕${sheet.no}号`;
