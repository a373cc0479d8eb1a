import { expect, test } from 'vitest';
import type { ProjectLine } from '$lib/domain/project';
import { isNarrow, readListView, shownIn, writeListView } from './listview';

const project = (id: string, some: Partial<ProjectLine>) =>
	({
		id,
		phase: 'building',
		targetGrade: 'A',
		village: '白马村',
		blockers: [],
		...some
	}) as unknown as ProjectLine;
const blocker = (ask: string) => ({ step: '预算', who: '区财政局', since: '2026-11-01', ask });
const all = [
	project('a', {}),
	project('b', { phase: 'listed', blockers: [blocker('')] }),
	project('c', { targetGrade: 'AAA', blockers: [blocker(''), blocker('尽快下达指标')] }),
	project('d', { village: null })
];
const ids = (search: string) =>
	shownIn(all, readListView(new URLSearchParams(search))).map((p) => p.id);

test('the address says what is shown, and what it does not know narrows nothing', () => {
	expect(ids('')).toEqual(['a', 'b', 'c', 'd']);
	expect(ids('phase=listed')).toEqual(['b']);
	expect(ids('grade=AAA')).toEqual(['c']);
	expect(ids('village=白马村')).toEqual(['a', 'b', 'c']);
	expect(ids('only=stuck')).toEqual(['b', 'c']);
	expect(ids('only=ask')).toEqual(['c']);
	expect(ids('only=ask&phase=listed')).toEqual([]);
	expect(ids('phase=nonsense&grade=AAAA&only=x')).toEqual(['a', 'b', 'c', 'd']);
});

test('a view is read as it was written', () => {
	const view = { only: 'ask', phase: 'objection', grade: 'AA', village: '梅&竹村' } as const;
	expect(readListView(new URLSearchParams(writeListView(view)))).toEqual(view);
	expect(isNarrow(view)).toBe(true);
	const plain = readListView(new URLSearchParams());
	expect(writeListView(plain)).toBe('');
	expect(isNarrow(plain)).toBe(false);
});
