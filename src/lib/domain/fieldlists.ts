import { chainOf, type FieldDay, type FieldTask, type Me } from './field';
import { metres } from './fieldplace';
import { whyNot, type Refusal, type Verb } from './move';
import { may } from './place';

/** Why this person may not do this to this task, as far as the phone can know. */
export const whyNotHere = (
	verb: Verb,
	task: FieldTask,
	me: Me,
	townshipId: string,
	now = Date.now()
): Refusal | null => whyNot(verb, task, me, chainOf(task.villageId, townshipId, me), 'task', now);

export const daysLeft = (task: FieldTask, today: string): number | null =>
	task.dueOn ? Math.round((Date.parse(task.dueOn) - Date.parse(today)) / 86_400_000) : null;

export const urgencies = ['returned', 'overdue', 'soon', 'rest', 'waiting'] as const;
export type Urgency = (typeof urgencies)[number];

/** Due soon is three days; what is reported, blocked or asked for is somebody else's turn. */
export function urgencyOf(task: FieldTask, today: string): Urgency {
	if (task.stage === 'returned') return 'returned';
	if (task.state === 'done') return 'waiting';
	const left = daysLeft(task, today);
	if (left !== null && left < 0) return 'overdue';
	return left !== null && left <= 3 ? 'soon' : 'rest';
}

const working = new Set(['found', 'assigned', 'doing', 'blocked', 'extension', 'returned']);

/**
 * What waits for this person's hands: tasks they answer for, those of the villages where they hold a
 * field or contact role, and what they reported done themselves (to see it and to take it back). Most
 * urgent first, then what lies nearest where the phone knows where it is: a list of a hundred with the
 * same deadline starts with the one at one's feet. Steps of 50 m, so a wavering fix shuffles nothing.
 */
export function toDo(
	day: FieldDay,
	me: Me,
	here: readonly [number, number] | null = null
): FieldTask[] {
	const far = new Map(
		day.tasks.map((t) => [
			t.id,
			here && t.at ? Math.floor(metres(here, t.at) / 50) : Number.MAX_VALUE
		])
	);
	const mine = new Set(
		me.memberships.filter((m) => m.role === 'field' || m.role === 'contact').map((m) => m.placeId)
	);
	return day.tasks
		.filter(
			(t) =>
				(t.stage === 'reported' && t.doneBy === me.id) ||
				(working.has(t.stage) &&
					(t.answers === me.id ||
						chainOf(t.villageId, day.township.id, me).some((id) => mine.has(id))))
		)
		.sort(
			(a, b) =>
				urgencies.indexOf(urgencyOf(a, day.today)) - urgencies.indexOf(urgencyOf(b, day.today)) ||
				(a.dueOn ?? '9999').localeCompare(b.dueOn ?? '9999') ||
				far.get(a.id)! - far.get(b.id)! ||
				a.id.localeCompare(b.id)
		);
}

/** What this person may prove, nearest first where the phone knows where it is; never their own work. */
export function toCheck(
	day: FieldDay,
	me: Me,
	here: readonly [number, number] | null,
	now = Date.now()
): FieldTask[] {
	const far = (t: FieldTask) => (here && t.at ? metres(here, t.at) : Number.MAX_VALUE);
	return day.tasks
		.filter((t) => {
			if (t.stage !== 'reported') return false;
			const why = whyNotHere('prove', t, me, day.township.id, now);
			// Somebody else stands there now: shown with who and until when.
			return why === null || why === 'held_by_another';
		})
		.sort((a, b) => far(a) - far(b) || (a.doneOn ?? '').localeCompare(b.doneOn ?? ''));
}

/** Proven and not yet struck off, the latest first. */
export function toClose(day: FieldDay, me: Me): FieldTask[] {
	const seen = new Set<string>();
	return [...day.tasks, ...day.recent]
		.filter((t) => {
			if (t.stage !== 'proven' || seen.has(t.id)) return false;
			seen.add(t.id);
			return whyNotHere('close', t, me, day.township.id) === null;
		})
		.sort((a, b) => (b.provenOn ?? '').localeCompare(a.provenOn ?? '') || b.id.localeCompare(a.id));
}

/** Where a new report may be made: this person's one village when they have only one. */
export function homeVillage(day: FieldDay, me: Me): string | null {
	const places = new Set(
		me.memberships.map((m) => m.placeId).filter((id) => day.villages.some((v) => v.id === id))
	);
	return places.size === 1 ? [...places][0]! : null;
}

export const mayReport = (day: FieldDay, me: Me): boolean =>
	day.villages.some((v) => may(me, 'report', chainOf(v.id, day.township.id, me))) ||
	may(me, 'report', chainOf(null, day.township.id, me));

/**
 * The four types met most often here first, then the office's own order: what is used most is under the
 * thumb, and the rest stays where the hand has learnt it. Hidden ones are left out.
 */
export function typesByUse(day: FieldDay, me: Me): FieldDay['types'] {
	const used = new Map<string, number>();
	for (const t of [...day.tasks, ...day.recent])
		used.set(t.category, (used.get(t.category) ?? 0) + (t.foundById === me.id ? 5 : 1));
	const shown = day.types.filter((t) => !t.hidden);
	const first = shown
		.filter((t) => used.has(t.code) && t.code !== 'OTHER')
		.sort((a, b) => used.get(b.code)! - used.get(a.code)!)
		.slice(0, 4);
	return [...first, ...shown.filter((t) => !first.includes(t))];
}
