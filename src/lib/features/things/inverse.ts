import type { OpKind } from '$lib/domain/op';
import type { Step, Thing } from '$lib/domain/thing';

/** An op that is not yet an op: it gets its id and the version when it is sent. */
export type Wish = { kind: OpKind; target: string; payload: Record<string, unknown> };

/** What takes a step back to where it was, or null where nothing can. Facts are never rubbed out: an undo is a new line of the log. */
export function inverseOfStep(
	kind: OpKind,
	step: Step,
	payload: Record<string, unknown>,
	today: string
): Wish | null {
	const wish = (back: OpKind, values: Record<string, unknown> = {}): Wish => ({
		kind: back,
		target: step.id,
		payload: values
	});
	switch (kind) {
		case 'step.do':
			// A blocker that was closed by doing is not opened again, so this is no way back.
			return step.blocker ? null : wish('step.withdraw');
		case 'step.block':
			return wish('step.unblock');
		case 'step.say':
			return sayBack(step, payload, today, wish);
		default:
			return null;
	}
}

function sayBack(
	step: Step,
	payload: Record<string, unknown>,
	today: string,
	wish: (back: OpKind, values: Record<string, unknown>) => Wish
): Wish | null {
	if (step.state !== 'said') return null;
	const back: Record<string, unknown> = {};
	if ('answers' in payload) {
		// A name from paper cannot be put back.
		if (!step.answers && step.answersName) return null;
		back.answers = step.answers;
	}
	if (payload.due_on) {
		// The database never clears a day and takes none before yesterday.
		if (!step.dueOn || step.dueOn < today) return null;
		back.due_on = step.dueOn;
	}
	return Object.keys(back).length ? wish('step.say', back) : null;
}

/** The thing's own fields as an edit would send them. */
export function fieldsOf(thing: Thing): Record<string, unknown> {
	const common = { title: thing.title, village_id: thing.villageId, geometry: thing.geometry };
	switch (thing.kind) {
		case 'task':
			return {
				...common,
				category: thing.category,
				note: thing.note,
				place_text: thing.placeText
			};
		case 'project':
			return {
				...common,
				unit_name: thing.unitName,
				present_grade: thing.presentGrade,
				target_grade: thing.targetGrade,
				note: thing.note,
				unit: thing.unit
			};
		case 'plan':
			return {
				...common,
				category: thing.category,
				content: thing.content,
				party: thing.party,
				unit: thing.unit,
				invest: thing.invest,
				spent: thing.spent,
				jobs: thing.jobs,
				land: thing.land
			};
	}
}

/** Only what differs, so that two people may change two fields of one thing. */
export function changes(
	before: Record<string, unknown>,
	after: Record<string, unknown>
): Record<string, unknown> {
	const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
	return Object.fromEntries(
		Object.entries(after).filter(([key, value]) => key === 'steps' || !same(before[key], value))
	);
}

/** The edit that puts the changed fields back; null where steps were added, which stay. */
export function inverseOfEdit(thing: Thing, changed: Record<string, unknown>): Wish | null {
	if ('steps' in changed) return null;
	const before = fieldsOf(thing);
	return {
		kind: `${thing.kind}.edit`,
		target: thing.id,
		payload: Object.fromEntries(Object.keys(changed).map((key) => [key, before[key] ?? null]))
	};
}
