import type { Counts, Kind } from './fact';
import type { StuckLine } from './account';
import type { Step } from './thing';

export const instructionWhats = ['instruction', 'answer'] as const;
export type InstructionWhat = (typeof instructionWhats)[number];
export const instructionStates = ['received', 'replied', 'accepted', 'withdrawn'] as const;
export type InstructionState = (typeof instructionStates)[number];
/** What it may lie on; a place is a village or the township itself. */
export const instructionKinds = [
	'task',
	'project',
	'plan',
	'step',
	'blocker',
	'decision',
	'meeting',
	'scheme',
	'unit',
	'place'
] as const;
export type InstructionKind = (typeof instructionKinds)[number];
export const turnKinds = ['reply', 'return', 'accept', 'withdraw', 'chase', 'make'] as const;
export type TurnKind = (typeof turnKinds)[number];

/** Moments ISO with zone, days ISO. `by` is '' where it came through a link. */
export type Turn = { kind: TurnKind; note: string; at: string; on: string; by: string };

/** As a reader of a share sees it: without anybody of the township. */
export type LeftWords = {
	id: string;
	/** Its number in the township's register. */
	no: number;
	what: InstructionWhat;
	kind: InstructionKind;
	onId: string;
	title: string;
	text: string;
	/** What had been asked of the district there; ''. */
	asked: string;
	name: string;
	office: string;
	/** Name and office are what a reader of a link gave: a claim. */
	claimed: boolean;
	dueOn: string | null;
	state: InstructionState;
	at: string;
	on: string;
	turns: Turn[];
	version: number;
};

export type Instruction = LeftWords & {
	/** Left by whoever reads. */
	mine: boolean;
	shareId: string | null;
	thingKind: Kind | null;
	thingId: string | null;
	meetingId: string | null;
	villageId: string | null;
	village: string | null;
	/** What a planner made of it, and how that stands. */
	madeKind: Kind | null;
	madeId: string | null;
	step: Step | null;
};

export type Left = { official: boolean; rows: Instruction[] };
export type InstructionsPage = Left & { today: string };
export type ShareAnswers = { today: string; allowed: boolean; rows: LeftWords[] };

/** What the district said to something that asks, wherever that is shown. */
export type DistrictAnswer = {
	id: string;
	text: string;
	office: string;
	name: string;
	claimed: boolean;
	on: string;
	state: InstructionState;
};

/** What happened since a look: how often each action, and the lines a district wants to read. */
export type Changes = {
	counts: Partial<Record<ChangeAction, number>>;
	lines: { at: string; action: ChangeAction; kind: string; id: string; title: string }[];
};
export type ChangeAction =
	| 'step.say'
	| 'step.do'
	| 'step.prove'
	| 'step.block'
	| 'step.unblock'
	| 'project.create'
	| 'plan.create'
	| 'instruction.reply';

export type TownshipSide = {
	id: string;
	name: string;
	code: string | null;
	demo: boolean;
	district: string | null;
	villages: number;
	/** A kind without counts: nothing planned anywhere. */
	counts: Partial<Record<Kind, Counts>>;
	/** In how many villages anything of the kind is planned; the others are unknown. */
	known: Partial<Record<Kind, number>>;
	/** null: looked for the first time. */
	changes: Changes | null;
};
export type InTownship = { townshipId: string; township: string };
export type DistrictPage = {
	today: string;
	since: string | null;
	townships: TownshipSide[];
	stuck: (StuckLine & InTownship)[];
	/** What one left oneself and is not closed. */
	left: (Instruction & InTownship)[];
};

export type InstructionStanding = 'waiting' | 'overdue' | 'replied' | 'accepted' | 'withdrawn';
/** Where it stands, in one word; overdue only while nobody has replied. */
export function standingOfInstruction(
	i: Pick<LeftWords, 'state' | 'dueOn'>,
	today: string
): InstructionStanding {
	if (i.state !== 'received') return i.state;
	return i.dueOn && i.dueOn < today ? 'overdue' : 'waiting';
}
export const isOpen = (i: Pick<LeftWords, 'state'>): boolean =>
	i.state === 'received' || i.state === 'replied';

/** What the township said last; null: nothing yet. */
export const lastReply = (i: Pick<LeftWords, 'turns'>): Turn | null =>
	i.turns.findLast((t) => t.kind === 'reply') ?? null;

/** How many villages of a township nobody has looked at for this kind. */
export const unknownOf = (t: Pick<TownshipSide, 'villages' | 'known'>, kind: Kind): number =>
	Math.max(0, t.villages - (t.known[kind] ?? 0));
