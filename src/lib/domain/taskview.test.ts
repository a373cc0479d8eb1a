import { expect, test } from 'vitest';
import { filterOf, plainTaskView, readTaskView, writeTaskView, type TaskView } from './taskview';

const id = '0192f1b0-0000-7000-8000-000000000001';
const full: TaskView = {
	as: 'board',
	villages: [id],
	types: ['TRASH', 'BIN'],
	stages: ['found', 'returned'],
	who: id,
	overdue: true,
	carried: true,
	soon: true,
	campaign: '五清 & 一改',
	q: '垃圾',
	from: '2026-11-01',
	to: '2026-11-30',
	month: '2026-11',
	open: id
};

test('a view is written to an address and read back the same', () => {
	expect(readTaskView(new URLSearchParams(writeTaskView(full)))).toEqual(full);
	expect(writeTaskView(plainTaskView)).toBe('');
});

test('what is no uuid, stage, type or day is left out, so that the database never sees it', () => {
	const query = new URLSearchParams(
		'as=x&village=1;drop&type=a,OK&stage=bad,found&who=x&from=yesterday&month=2026-13&open=1'
	);
	expect(readTaskView(query)).toEqual({ ...plainTaskView, types: ['OK'], stages: ['found'] });
});

test('the plain view asks for everything', () => {
	expect(filterOf(plainTaskView)).toEqual({});
	expect(filterOf(full)).toMatchObject({ village: [id], overdue: true, due_to: '2026-11-30' });
});
