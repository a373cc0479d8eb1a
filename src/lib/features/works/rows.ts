import type { Counts } from '$lib/domain/fact';
import type { Milestone, ProjectPage, Work } from '$lib/domain/project';
import { daysOverdue } from '$lib/domain/thing';

/** A work and its milestones; `work` is null for those that belong to none. */
export type Group = { work: Work | null; steps: Milestone[] };

export function groupsOf({ works, steps }: Pick<ProjectPage, 'works' | 'steps'>): Group[] {
	const known = new Set(works.map((w) => w.id));
	const none = steps.filter((s) => !s.workId || !known.has(s.workId));
	const groups: Group[] = works.map((work) => ({
		work,
		steps: steps.filter((s) => s.workId === work.id)
	}));
	return none.length ? [...groups, { work: null, steps: none }] : groups;
}

/** A milestone's title, with its work where another work has a milestone of the same title. */
export function titlesOf({
	works,
	steps
}: Pick<ProjectPage, 'works' | 'steps'>): ReadonlyMap<string, string> {
	const often = new Map<string, number>();
	for (const s of steps) often.set(s.title, (often.get(s.title) ?? 0) + 1);
	const work = new Map(works.map((w) => [w.id, w.title]));
	return new Map(
		steps.map((s) => {
			const of = s.workId && often.get(s.title)! > 1 ? work.get(s.workId) : undefined;
			return [s.id, of ? `${of} · ${s.title}` : s.title];
		})
	);
}

/** Each fact counts every milestone that reached it; what was dropped counts nowhere. */
export function countsOf(steps: readonly Milestone[], today: string): Counts {
	const live = steps.filter((s) => s.state !== 'dropped');
	const reached = (...states: Milestone['state'][]) =>
		live.filter((s) => states.includes(s.state)).length;
	return {
		planned: live.length,
		said: reached('said', 'done', 'proven'),
		done: reached('done', 'proven'),
		proven: reached('proven'),
		blocked: live.filter((s) => s.blocker).length,
		overdue: live.filter((s) => daysOverdue(s, today) > 0).length
	};
}
