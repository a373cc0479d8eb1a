import type { LineString, Point, Polygon } from 'geojson';
import type {
	BallotKind,
	Choice,
	DecisionKind,
	MarkKind,
	MeetingKind,
	MeetingState,
	RefKind,
	SeatPart,
	TopicState
} from './meetingfacts';
import type { Step } from './thing';

export * from './meetingfacts';

/** A place on the map or a thing that something points at; `at` is where it lies, if anywhere. */
export type Where = {
	kind: RefKind | DecisionKind;
	id: string;
	title: string;
	at: [number, number] | null;
};

/** Moments are ISO with zone; days ISO. */
export type MeetingHead = {
	id: string;
	kind: MeetingKind;
	title: string;
	number: string;
	place: string;
	sentTo: string;
	startsAt: string;
	chair: string | null;
	chairName: string;
	recorder: string | null;
	recorderName: string;
	state: MeetingState;
	/** What is on the wall now. */
	topicId: string | null;
	openedAt: string | null;
	closedAt: string | null;
	issuedAt: string | null;
	issuedByName: string;
	/** SHA-256 of the township's chain of events when the minutes were issued, and its length. */
	head: string | null;
	headSeq: number | null;
	version: number;
};
export type Seat = {
	id: string;
	person: string | null;
	name: string;
	unit: string;
	part: SeatPart;
	/** null: not yet said. */
	present: boolean | null;
	note: string;
};
export type Topic = {
	id: string;
	meetingId: string | null;
	seq: number;
	title: string;
	unit: string;
	note: string;
	refs: (Where | null)[];
	coordinated: boolean;
	consulted: boolean;
	/** 三重一大. */
	major: boolean;
	proposedBy: string;
	proposedByName: string;
	proposedOn: string;
	checkedByName: string;
	checkedOn: string | null;
	checkedNote: string;
	state: TopicState;
	heard: string;
	considered: string;
	differing: string;
	startedAt: string | null;
	version: number;
};
export type Chase = { n: number; on: string; note: string; byName: string };
export type Decision = {
	id: string;
	meetingId: string;
	topicId: string;
	seq: number;
	text: string;
	kind: DecisionKind;
	thingId: string;
	where: Where | null;
	lead: string | null;
	leadName: string;
	leadUnit: string;
	helpers: string;
	dueOn: string | null;
	doneMeans: string;
	ask: string;
	madeAt: string;
	madeByName: string;
	withdrawnAt: string | null;
	withdrawnWhy: string;
	version: number;
	/** null: a scenario was adopted. */
	step: Step | null;
	chases: Chase[];
};
export type Mark = {
	id: string;
	topicId: string | null;
	mark: MarkKind;
	text: string;
	replyTo: string | null;
	geometry: Point | LineString | Polygon | null;
	by: string;
	byName: string;
	at: string;
	removedAt: string | null;
	version: number;
};
export type Cast = {
	name: string;
	choice: Choice | null;
	number: number | null;
	geometry: Point | null;
};
export type BallotResult = {
	cast: number;
	yes: number;
	no: number;
	abstain: number;
	median: number | null;
	least: number | null;
	most: number | null;
	members?: number;
	present?: number;
	quorum?: boolean;
	carried?: boolean;
};
export type Ballot = {
	id: string;
	topicId: string;
	kind: BallotKind;
	question: string;
	unit: string;
	openedAt: string;
	closedAt: string | null;
	result: BallotResult | null;
	/** How many have cast so far. */
	waiting: number;
	mine: Omit<Cast, 'name'> | null;
	/** Empty until it is closed. */
	casts: Cast[];
};
export type MeetingRoom = MeetingHead & {
	today: string;
	/** The person who reads. */
	me: string;
	people: Seat[];
	topics: Topic[];
	decisions: Decision[];
	marks: Mark[];
	ballots: Ballot[];
	/** What the last meeting of this kind decided, as it stands today. */
	before: Decision[];
};
export type RegisterRow = Decision & { meeting: string; number: string; on: string };
export type MeetingsPage = {
	today: string;
	meetings: (MeetingHead & { topics: number; decisions: number })[];
	/** Proposed and not yet on any list. */
	topics: Topic[];
	register: RegisterRow[];
};
/** What else a person answers for around a day. */
export type Load = {
	open: number;
	overdue: number;
	near: number;
	nearest: { title: string; dueOn: string }[];
};

/** Where a decision stands, in one word; `adopted` for a scenario. */
export type Standing = 'said' | 'done' | 'proven' | 'blocked' | 'overdue' | 'dropped' | 'adopted';
export function standingOf(d: Decision, today: string): Standing {
	if (!d.step) return 'adopted';
	const { state, blocker, dueOn } = d.step;
	if (state === 'dropped' || d.withdrawnAt) return 'dropped';
	if (state === 'proven' || state === 'done') return state;
	if (blocker) return 'blocked';
	return dueOn && dueOn < today ? 'overdue' : 'said';
}

/** Present and to be present of those who count; a quorum is two thirds. */
export function quorumOf(people: readonly Seat[]) {
	const members = people.filter((p) => p.part === 'member');
	const present = members.filter((p) => p.present).length;
	return {
		members: members.length,
		present,
		quorum: members.length > 0 && present * 3 >= members.length * 2
	};
}

/** What stood on the wall at a moment: for the replay along the session's own times. */
export function roomAt(room: MeetingRoom, at: string): MeetingRoom {
	const shown = room.topics
		.filter((t) => t.startedAt && t.startedAt <= at)
		.sort((a, b) => (a.startedAt! < b.startedAt! ? 1 : -1))[0];
	return {
		...room,
		topicId: shown?.id ?? null,
		decisions: room.decisions
			.filter((d) => d.madeAt <= at)
			.map((d) =>
				d.withdrawnAt && d.withdrawnAt > at ? { ...d, withdrawnAt: null, withdrawnWhy: '' } : d
			),
		marks: room.marks
			.filter((x) => x.at <= at)
			.map((x) => (x.removedAt && x.removedAt > at ? { ...x, removedAt: null } : x)),
		ballots: room.ballots
			.filter((b) => b.openedAt <= at)
			.map((b) =>
				b.closedAt && b.closedAt > at ? { ...b, closedAt: null, result: null, casts: [] } : b
			)
	};
}

/** The moments of a session, in order: where a replay may stop. */
export function momentsOf(room: MeetingRoom): string[] {
	const all = [
		room.openedAt,
		...room.topics.map((t) => t.startedAt),
		...room.decisions.flatMap((d) => [d.madeAt, d.withdrawnAt]),
		...room.marks.flatMap((x) => [x.at, x.removedAt]),
		...room.ballots.flatMap((b) => [b.openedAt, b.closedAt]),
		room.closedAt
	];
	return [...new Set(all.filter((x) => x !== null))].sort();
}
