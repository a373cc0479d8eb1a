import type { Proof, State } from './fact';
import { stateOf, type Stage } from './stage';

/** One event of a task as the log keeps it: who, on which day of China, what, and what it carried. */
export type TaskEvent = {
	action: string;
	subject: string;
	person: string | null;
	day: string;
	data: Record<string, unknown>;
};

/** What a task's step is, as far as events tell. Days are ISO. */
export type Folded = {
	id: string;
	stage: Stage;
	state: State;
	round: number;
	villageId: string | null;
	answers: string | null;
	dueOn: string | null;
	firstDueOn: string | null;
	foundOn: string;
	foundBy: string | null;
	saidOn: string | null;
	saidBy: string | null;
	startedOn: string | null;
	doneOn: string | null;
	doneBy: string | null;
	provenOn: string | null;
	provenBy: string | null;
	provenHow: Proof | null;
	closedOn: string | null;
	closedBy: string | null;
	droppedOn: string | null;
	mergedInto: string | null;
	reopenedOn: string | null;
	/** Open beside the stage: what holds it up, what was asked. */
	blocked: boolean;
	asked: boolean;
};

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** Where a step goes on from when nothing holds it up: the database's `stage_again`. */
const again = (t: Folded): Stage =>
	t.blocked ? 'blocked' : t.saidOn === null ? 'found' : t.startedOn ? 'doing' : 'assigned';

const notDone = { doneOn: null, doneBy: null } as const;
const notProven = { provenOn: null, provenBy: null, provenHow: null } as const;
const nothingOpen = { blocked: false, asked: false } as const;

function created(e: TaskEvent): Folded {
	const auto = (e.data.auto ?? null) as Record<string, unknown> | null;
	const said = auto ?? (e.data.said ? { ...e.data, said_by: e.person } : null);
	const due = text(said?.due_on);
	return {
		id: e.subject,
		stage: said ? 'assigned' : 'found',
		state: said ? 'said' : 'found',
		round: 1,
		villageId: text(e.data.village_id),
		answers: text(said?.answers),
		dueOn: due,
		firstDueOn: due,
		foundOn: e.day,
		foundBy: e.person,
		saidOn: said ? e.day : null,
		saidBy: text(said?.said_by),
		startedOn: null,
		...notDone,
		...notProven,
		closedOn: null,
		closedBy: null,
		droppedOn: null,
		mergedInto: null,
		reopenedOn: null,
		...nothingOpen
	};
}

/** The task after one more event. The log holds only what was applied, so nothing is asked again. */
function next(t: Folded, e: TaskEvent): Partial<Folded> {
	const due = text(e.data.due_on);
	switch (e.action) {
		case 'task.edit':
			return { villageId: text(e.data.village_id) };
		case 'step.say':
			return {
				stage: t.stage === 'found' ? 'assigned' : t.stage,
				saidOn: t.saidOn ?? e.day,
				saidBy: e.person,
				answers: 'answers' in e.data ? text(e.data.answers) : t.answers,
				dueOn: due ?? t.dueOn,
				firstDueOn: t.firstDueOn ?? due ?? t.dueOn
			};
		case 'step.recall':
			return {
				stage: 'found',
				...{ saidOn: null, saidBy: null, answers: null, dueOn: null },
				firstDueOn: t.saidOn! < e.day ? t.firstDueOn : null
			};
		case 'step.start':
			return { stage: 'doing', startedOn: t.startedOn ?? e.day };
		case 'step.do':
			return {
				stage: 'reported',
				saidOn: t.saidOn ?? e.day,
				saidBy: t.saidBy ?? e.person,
				startedOn: t.startedOn ?? e.day,
				doneOn: e.day,
				doneBy: e.person,
				...nothingOpen
			};
		case 'step.withdraw':
			return { stage: 'doing', ...notDone };
		case 'step.prove':
			return {
				stage: 'proven',
				provenOn: e.day,
				provenBy: e.person,
				provenHow: (text(e.data.how) ?? 'on_site') as Proof
			};
		case 'step.return':
			return { stage: 'returned', round: t.round + 1, ...notDone };
		case 'step.close':
			return { stage: 'closed', closedOn: e.day, closedBy: e.person };
		case 'step.reopen':
			return {
				stage: 'assigned',
				round: t.round + 1,
				...notDone,
				...notProven,
				...{ closedOn: null, closedBy: null, startedOn: null },
				reopenedOn: e.day,
				dueOn: due
			};
		case 'step.drop':
		case 'step.reject':
			return {
				stage: e.action === 'step.drop' ? 'dropped' : 'rejected',
				droppedOn: e.day,
				...nothingOpen
			};
		case 'step.merge':
			return {
				stage: 'merged',
				mergedInto: text(e.data.into),
				droppedOn: e.day,
				...nothingOpen
			};
		case 'step.block':
			return { stage: 'blocked', blocked: true };
		case 'step.unblock':
			return { stage: again({ ...t, blocked: false }), blocked: false };
		case 'step.ask':
			return { stage: 'extension', asked: true };
		case 'step.grant': {
			const day = text(e.data.to_day);
			return {
				stage: again(t),
				asked: false,
				dueOn: day ?? t.dueOn,
				firstDueOn: t.firstDueOn ?? t.dueOn ?? day
			};
		}
		case 'step.deny':
		case 'step.unask':
			return { stage: again(t), asked: false, firstDueOn: t.firstDueOn ?? t.dueOn };
		default:
			// Photos, evidence, holds: they stand beside the facts and change none.
			return {};
	}
}

/** What the tasks are after these events, in the order of the log (security.md G-06). */
export function fold(events: Iterable<TaskEvent>): Map<string, Folded> {
	const tasks = new Map<string, Folded>();
	for (const e of events) {
		if (e.action === 'task.create') {
			tasks.set(e.subject, created(e));
			continue;
		}
		const t = tasks.get(e.subject);
		if (!t) continue;
		const after = { ...t, ...next(t, e) };
		tasks.set(e.subject, { ...after, state: stateOf(after.stage, after.saidOn !== null) });
	}
	return tasks;
}
