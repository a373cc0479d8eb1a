import type { StepLink } from '$lib/domain/project';
import { workdaysBetween, type Calendar } from '$lib/domain/workdays';
import type { Group } from './rows';
import type { Days } from './plan';

/** Milestones of a work one after another: links between neighbours that nobody has linked yet. */
export const inTurn = (groups: readonly Group[], asked: ReadonlySet<string>): StepLink[] =>
	groups
		.filter((g) => g.work)
		.flatMap(({ steps }) => {
			const own = steps.filter((s) => asked.has(s.id));
			return own.slice(1).map((s, i) => ({ step: s.id, after: own[i]!.id, lag: 0 }));
		});

/** The working days it has now; ten where no days are planned. */
export function workdaysOf({ startsOn, dueOn }: Days, calendar: Calendar): number {
	if (!startsOn || !dueOn) return 10;
	return Math.max(1, workdaysBetween(startsOn, dueOn, calendar).answer);
}
