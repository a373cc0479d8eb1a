import type { FieldDay, FieldTask, Me } from './field';
import { villageAt } from './fieldplace';
import type { Op } from './op';
import type { PhotoLink, PhotoRole } from './photo';
import type { BlockerKind } from './thing';

/** The little of an op's payload that shows on a card. */
type Told = {
	[key: string]: unknown;
	geometry?: { coordinates: [number, number] } | null;
	photos?: string[];
};
type Change = (task: FieldTask, told: Told, me: Me, today: string) => Partial<FieldTask>;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const freed = { heldBy: null, heldByName: null, heldUntil: null };
/** Photos of this phone: their size is not asked here, and nothing is told about them yet. */
const links = (
	ids: string[] | undefined,
	role: PhotoRole,
	round: number,
	by: string
): PhotoLink[] =>
	(ids ?? []).map((id) => ({
		id,
		role,
		round,
		at: '',
		by,
		width: 0,
		height: 0,
		redacted: false
	}));
const withPhotos = (task: FieldTask, told: Told, role: PhotoRole, by: Me, round = task.round) => ({
	photos: [...task.photos, ...links(told.photos, role, round, by.name)]
});

/** What each op would make of a task, as this phone supposes; the server's answer replaces it. */
const changes: Record<string, Change> = {
	'task.edit': (t, p) => ({
		title: typeof p.title === 'string' ? p.title : t.title,
		category: typeof p.category === 'string' ? p.category : t.category
	}),
	'step.start': () => ({ stage: 'doing', state: 'said' }),
	'step.do': (t, p, me, today) => ({
		stage: 'reported',
		state: 'done',
		doneOn: today,
		doneBy: me.id,
		doneByName: me.name,
		blocker: null,
		extension: null,
		...withPhotos(t, p, 'after', me)
	}),
	'step.withdraw': () => ({
		stage: 'doing',
		state: 'said',
		doneOn: null,
		doneBy: null,
		doneByName: null,
		...freed
	}),
	'step.prove': (t, p, me) => ({
		stage: 'proven',
		state: 'proven',
		...freed,
		...withPhotos(t, p, 'check', me)
	}),
	'step.return': (t, p, me, today) => ({
		stage: 'returned',
		state: 'said',
		returned: { note: text(p.note), part: p.part === true, by: me.name, on: today },
		doneOn: null,
		doneBy: null,
		doneByName: null,
		...freed,
		...withPhotos(t, p, 'check', me),
		round: t.round + 1
	}),
	'step.close': () => ({ stage: 'closed', state: 'proven' }),
	'step.reopen': (t, p, me) => ({
		stage: 'assigned',
		state: 'said',
		doneOn: null,
		doneBy: null,
		doneByName: null,
		round: t.round + 1,
		...withPhotos(t, p, 'before', me, t.round + 1)
	}),
	'step.block': (_t, p, _me, today) => ({
		stage: 'blocked',
		blocker: {
			kind: (text(p.blocker) || 'other') as BlockerKind,
			who: text(p.who),
			since: text(p.since) || today
		}
	}),
	'step.unblock': (t) => ({ stage: t.state === 'found' ? 'found' : 'doing', blocker: null }),
	'step.ask': (_t, p, me) => ({
		stage: 'extension',
		extension: { toDay: text(p.to_day), askedBy: me.id }
	}),
	'step.unask': () => ({ stage: 'doing', extension: null }),
	'step.photo': (t, p, me) => withPhotos(t, p, p.role === 'before' ? 'before' : 'other', me)
};

/** The day with this phone's own unsent ops played over it in order, each task marked with their ids. */
export function playOver(day: FieldDay, ops: readonly Op[], me: Me): FieldDay {
	let { tasks, recent } = day;
	for (const op of ops) {
		const told = op.payload as Told;
		const unsent = (t: FieldTask) => [...(t.unsent ?? []), op.op_id];
		if (op.kind === 'task.create') {
			if (!tasks.some((t) => t.id === op.target)) tasks = [...tasks, made(day, op, told, me)];
			continue;
		}
		const change = Object.hasOwn(changes, op.kind) ? changes[op.kind] : undefined;
		const task = tasks.find((t) => t.id === op.target) ?? recent.find((t) => t.id === op.target);
		if (!change || !task) continue;
		const next = {
			...task,
			...change(task, told, me, day.today),
			unsent: unsent(task)
		};
		// A settled task that comes back is among the open ones again, and the other way round.
		recent = recent.filter((t) => t.id !== task.id);
		tasks = tasks.some((t) => t.id === task.id)
			? tasks.map((t) => (t.id === task.id ? next : t))
			: [...tasks, next];
	}
	return { ...day, tasks, recent };
}

function made(day: FieldDay, op: Op, told: Told, me: Me): FieldTask {
	const at = told.geometry?.coordinates ?? null;
	const village =
		(at && villageAt(day.villages, at)) ??
		day.villages.find((v) => v.id === told.village_id) ??
		null;
	return {
		id: op.target,
		category: text(told.category),
		title: text(told.title),
		villageId: village?.id ?? null,
		placeText: text(told.place_text),
		at,
		stage: 'found',
		state: 'found',
		round: 1,
		version: 1,
		answers: null,
		answersName: null,
		foundById: me.id,
		foundOn: day.today,
		dueOn: null,
		firstDueOn: null,
		doneOn: null,
		doneBy: null,
		doneByName: null,
		...freed,
		blocker: null,
		extension: null,
		returned: null,
		photos: links(told.photos, 'before', 1, me.name),
		campaign: text(told.campaign),
		unit: '',
		note: text(told.note),
		unsent: [op.op_id]
	};
}
