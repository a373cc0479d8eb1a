import { expect, test } from 'vitest';
import type { ProjectLine } from '$lib/domain/project';
import { meaningOf } from '$lib/geo/ledger/headings';
import { projectTable } from './projectlist';

const line: ProjectLine = {
	id: 'p',
	title: '白马水岸景区村创建',
	villageId: 'v',
	village: '白马村',
	unitId: 'u',
	unitName: '白马水岸',
	presentGrade: '',
	targetGrade: 'AA',
	phase: 'public_notice',
	phaseOn: '2026-11-24',
	reviewDueOn: null,
	noticeTo: '2026-12-07',
	standard: '样板',
	official: false,
	totals: { self: { total: 476.5, grade: 'AAA' }, county: { total: 402, grade: 'AA' } },
	line: 375,
	items: { planned: 34, said: 13, done: 12, proven: 0 },
	milestones: { planned: 18, said: 18, done: 6, proven: 4, blocked: 1, overdue: 2 },
	funds: { planned: 100, allocated: 32, spent: 9.5 },
	blockers: [
		{ step: '预算', who: '区财政局', since: '2026-11-18', ask: '请尽快下达指标' },
		{ step: '开工', who: '村委会', since: '2026-11-20', ask: '' }
	],
	nextDueOn: '2026-12-15',
	at: [110.8, 32.6]
};
const cell = (p: ProjectLine, heading: string) => {
	const table = projectTable('云溪镇', [p]);
	const i = table.headings.indexOf(heading);
	expect(i, heading).toBeGreaterThanOrEqual(0);
	return table.rows[0]![i];
};

test('every row has a cell for every heading, and no heading stands twice', () => {
	const table = projectTable('云溪镇', [line, line]);
	expect(table.rows.every((r) => r.length === table.headings.length)).toBe(true);
	expect(new Set(table.headings).size).toBe(table.headings.length);
	expect(table.rows.map((r) => r[0])).toEqual([1, 2]);
});

test('three facts stay three columns, sides stay apart, a template says so', () => {
	expect(['条目说了', '条目干了', '条目成了'].map((h) => cell(line, h))).toEqual([13, 12, 0]);
	expect(['村自评', '乡镇初核', '县级评定'].map((h) => cell(line, h))).toEqual([476.5, null, 402]);
	expect(cell(line, '评定标准')).toBe('样板（样板，非官方）');
	expect(cell(line, '现有等级')).toBe('未评');
	expect(cell(line, '请县区协调')).toBe('请尽快下达指标');
	expect(cell(line, '卡点')).toContain('开工：村委会，2026-11-20起');
});

test('our own reader knows the columns again', () => {
	const { headings } = projectTable('云溪镇', [line]);
	const meanings = headings.map(meaningOf);
	for (const meaning of ['village', 'project', 'unit_name', 'target_grade', 'present_grade', 'lon'])
		expect(meanings, meaning).toContain(meaning);
});
