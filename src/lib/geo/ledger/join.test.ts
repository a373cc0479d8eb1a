import { expect, test } from 'vitest';
import type { TaskLine } from '$lib/domain/tasks';
import { readFiles } from '../read';
import { threeLists } from '../write/lists';
import { toWorkbook } from '../write/xlsx';

const line = (title: string, more: Partial<TaskLine> = {}) =>
	({
		title,
		category: 'OTHER',
		village: '白马村',
		foundOn: '2026-03-01',
		state: 'said',
		answersName: '李示例',
		unit: '白马村委会',
		dueOn: '2026-04-01',
		firstDueOn: '2026-03-20',
		fix: '清运',
		at: null,
		blocker: null,
		round: 1,
		...more
	}) as TaskLine;
const read = async (sheets: Parameters<typeof toWorkbook>[0]) =>
	readFiles([{ name: 'a.xlsx', bytes: await toWorkbook(sheets) }], { today: '2026-07-01' });

test('the three lists are read as one ledger', async () => {
	const draft = await read(threeLists('云溪镇', [line('路边垃圾'), line('柴草堆')]));
	expect(draft.layers.map((l) => [l.kind, l.count])).toEqual([['tasks', 2]]);
	expect(draft.layers[0]!.rows[0]!.parsed).toMatchObject({
		title: '路边垃圾',
		category: 'OTHER',
		unit: '白马村委会',
		answers: '李示例',
		dueOn: '2026-04-01',
		fix: '清运'
	});
	expect(draft.problems.map((p) => p.code)).toContain('lists_joined');
});

test('lists that differ in one line stay what they are', async () => {
	const sheets = threeLists('云溪镇', [line('路边垃圾'), line('柴草堆')]);
	const other = threeLists('云溪镇', [line('路边垃圾'), line('别的')]);
	const draft = await read([sheets[0]!, other[1]!]);
	expect(draft.layers).toHaveLength(2);
	expect(draft.problems.map((p) => p.code)).not.toContain('lists_joined');
});

test('a township’s own name for a type comes back as the same type', async () => {
	const names = { OTHER: '五清·其余', TRASH: '白色垃圾', WATER: '三清·垃圾' };
	const rows = [line('a', { category: 'TRASH' }), line('b', { category: 'WATER' }), line('c')];
	const draft = await read(threeLists('云溪镇', rows, names));
	expect(draft.layers[0]!.rows.map((r) => (r.parsed as { category: string }).category)).toEqual([
		'TRASH',
		'WATER',
		'OTHER'
	]);
});
