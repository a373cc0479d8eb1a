import type { Payload } from '$lib/domain/op';
import type { Milestone } from '$lib/domain/project';
import { dayNumber, shiftDay } from '$lib/domain/schedule';

/** When a milestone is planned: the first day may be open, and so may both. */
export type Days = { startsOn: string | null; dueOn: string | null };
/** What is being changed and not yet saved, by milestone. */
export type Edits = Readonly<Record<string, Days>>;
export type PlanSteps = Payload<'work.plan'>['steps'];

/** A new last day lies between today and ten years from now, as the database has it; an old one may stay. */
function lastDay(old: string, wanted: string, today: string): string {
	if (wanted >= today) return [wanted, shiftDay(today, 3650)].sort()[0]!;
	return old < today && wanted <= old ? old : today;
}

/** Both days later (or sooner, where `by` is below 0); the length stays. */
export function moved({ startsOn, dueOn }: Days, by: number, today: string): Days {
	if (!dueOn) return { startsOn, dueOn };
	const due = lastDay(dueOn, shiftDay(dueOn, by), today);
	const really = dayNumber(due) - dayNumber(dueOn);
	return { startsOn: startsOn && shiftDay(startsOn, really), dueOn: due };
}

/** One end later or sooner; the first day is never after the last. */
export function resized(days: Days, end: 'first' | 'last', by: number, today: string): Days {
	const { startsOn, dueOn } = days;
	if (!dueOn) return days;
	if (end === 'first') {
		const first = shiftDay(startsOn ?? dueOn, by);
		return { startsOn: first < dueOn ? first : dueOn, dueOn };
	}
	const due = lastDay(dueOn, shiftDay(dueOn, by), today);
	return { startsOn, dueOn: startsOn && due < startsOn ? startsOn : due };
}

export const daysOf = (step: Days & { id: string }, edits: Edits): Days =>
	edits[step.id] ?? { startsOn: step.startsOn, dueOn: step.dueOn };

/** Only what differs from what stands there. */
export const planOf = (steps: readonly Milestone[], edits: Edits): PlanSteps =>
	steps.flatMap((s) => {
		const { startsOn, dueOn } = daysOf(s, edits);
		if (startsOn === s.startsOn && dueOn === s.dueOn) return [];
		return [
			{
				id: s.id,
				...(startsOn !== s.startsOn && { starts_on: startsOn }),
				...(dueOn && dueOn !== s.dueOn && { due_on: dueOn })
			}
		];
	});

/**
 * The old days of what was saved. A last day that was open or lies in the past cannot be given again
 * (facts are not taken back): those milestones are named in `stays`.
 */
export function undoOf(
	before: readonly Milestone[],
	saved: PlanSteps,
	today: string
): { steps: PlanSteps; stays: string[] } {
	const asked = saved.map(({ id, due_on }) => ({
		due: due_on !== undefined,
		step: before.find((s) => s.id === id)!
	}));
	const gone = asked.filter(({ due, step }) => due && (!step.dueOn || step.dueOn < today));
	return {
		steps: asked
			.filter((a) => !gone.includes(a))
			.map(({ due, step }) => ({
				id: step.id,
				starts_on: step.startsOn,
				...(due && { due_on: step.dueOn! })
			})),
		stays: gone.map(({ step }) => step.title)
	};
}
