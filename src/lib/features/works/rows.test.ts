import { expect, it } from 'vitest';
import type { Milestone, StepLink, Work } from '$lib/domain/project';
import { calendarOf } from '$lib/domain/workdays';
import { inTurn, workdaysOf } from './backplan';
import { codesOf, readCodes } from './items';
import { countsOf, groupsOf, titlesOf } from './rows';

const step = (id: string, workId: string | null, some: Partial<Milestone> = {}) =>
	({ id, workId, state: 'said', dueOn: null, blocker: null, ...some }) as Milestone;
const work = (id: string) => ({ id, title: id }) as Work;

it('puts milestones under their work, and those of none (or of one that is gone) last', () => {
	const steps = [step('a', 'w2'), step('b', null), step('c', 'gone'), step('d', 'w2')];
	const groups = groupsOf({ works: [work('w1'), work('w2')], steps });
	expect(groups.map((g) => [g.work?.id ?? null, g.steps.map((s) => s.id)])).toEqual([
		['w1', []],
		['w2', ['a', 'd']],
		[null, ['b', 'c']]
	]);
	expect(groupsOf({ works: [work('w1')], steps: [] })).toHaveLength(1);
});

it('counts each fact for every milestone that reached it, and the dropped nowhere', () => {
	const blocker = { who: 'x' } as Milestone['blocker'];
	const steps = [
		step('a', null, { state: 'proven' }),
		step('b', null, { state: 'done' }),
		step('c', null, { dueOn: '2026-11-01', blocker }),
		step('d', null, { state: 'found' }),
		step('e', null, { state: 'dropped' })
	];
	expect(countsOf(steps, '2026-11-23')).toEqual({
		planned: 4,
		said: 3,
		done: 2,
		proven: 1,
		blocked: 1,
		overdue: 1
	});
});

it('lets the milestones of a work follow each other, those of no work not', () => {
	const groups = [
		{ work: work('w'), steps: [step('a', 'w'), step('b', 'w'), step('c', 'w')] },
		{ work: null, steps: [step('d', null), step('e', null)] }
	];
	const asked = new Set(['a', 'c', 'd', 'e']);
	expect(inTurn(groups, asked)).toEqual([{ step: 'c', after: 'a', lag: 0 }] satisfies StepLink[]);
});

it('takes the working days a milestone has now, ten where none are planned', () => {
	const none = calendarOf([]);
	expect(workdaysOf({ startsOn: '2026-11-23', dueOn: '2026-11-30' }, none)).toBe(6);
	expect(workdaysOf({ startsOn: '2026-11-28', dueOn: '2026-11-29' }, none)).toBe(1);
	expect(workdaysOf({ startsOn: null, dueOn: '2026-11-29' }, none)).toBe(10);
});

it('reads codes as they are typed, each once', () => {
	expect(readCodes(' 3.1，3.2、3.1;４.1\n')).toEqual(['3.1', '3.2', '4.1']);
	expect(codesOf({ standard: null })).toBeNull();
});

it('names the work where two works have a milestone of the same title', () => {
	const of = (id: string, workId: string | null, title: string) => step(id, workId, { title });
	const steps = [
		of('a', 'w1', '设计'),
		of('b', 'w2', '设计'),
		of('c', 'w2', '审计'),
		of('d', null, '设计')
	];
	const titles = titlesOf({ works: [work('w1'), work('w2')], steps });
	expect([...titles.values()]).toEqual(['w1 · 设计', 'w2 · 设计', '审计', '设计']);
});
