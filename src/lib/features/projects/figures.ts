import type { Counts } from '$lib/domain/fact';
import type { ProjectPage } from '$lib/domain/project';
import type { Standard } from '$lib/domain/standard';

/** Items said, done, proven: as `item_facts` in the database counts them. */
export function itemCounts(page: ProjectPage): Counts {
	const body = page.standard?.body as Standard | undefined;
	const counts: Counts = { planned: 0, said: 0, done: 0, proven: 0, blocked: 0, overdue: 0 };
	for (const item of body?.sections.flatMap((s) => s.items) ?? []) {
		const of = page.scores.filter((s) => s.item === item.code);
		const self = of.find((s) => s.assessor === 'self');
		if (self?.na) continue;
		const shown =
			!item.evidence?.kinds.length || page.exhibits.some((e) => e.items.includes(item.code));
		const proven = of.some((s) => s.assessor === 'county');
		const done = proven || (!!self && shown);
		const aimed = page.targets.some((t) => t.item === item.code && t.points !== null);
		counts.planned++;
		counts.said += Number(done || aimed);
		counts.done += Number(done);
		counts.proven += Number(proven);
	}
	return counts;
}

export function milestoneCounts({ steps, today }: ProjectPage): Counts {
	const open = steps.filter((s) => s.state !== 'dropped');
	const n = (test: (s: (typeof open)[number]) => boolean) => open.filter(test).length;
	return {
		planned: open.length,
		said: n((s) => s.saidOn !== null),
		done: n((s) => s.doneOn !== null),
		proven: n((s) => s.provenOn !== null),
		blocked: n((s) => s.blocker !== null),
		overdue: n((s) => s.state === 'said' && s.dueOn !== null && s.dueOn < today)
	};
}

export const blockersOf = ({ steps }: ProjectPage) =>
	steps
		.filter((s) => s.blocker)
		.map((s) => ({
			step: s.title,
			who: s.blocker!.who,
			since: s.blocker!.since,
			ask: s.blocker!.ask,
			answers: s.blocker!.answers ?? []
		}));

/** The line of the grade aimed at. */
export const lineOf = ({ standard, targetGrade }: ProjectPage): number | null =>
	(standard?.body as Standard | undefined)?.grades.find((g) => g.grade === targetGrade)?.min ??
	null;
