import { expect, test } from 'vitest';
import type { Account, Colleague } from '$lib/domain/account';
import type { Op, Outcome } from '$lib/domain/op';
import type { TaskLine } from '$lib/domain/tasks';
import { targetsOf } from './board';
import { Bulk } from './bulk.svelte';
import { editBack, handoverBack, planEdit, planHandover, planVerb } from './plans';

const today = '2026-11-23';
const role = (
	id: string,
	place: string,
	r: 'field' | 'contact' | 'planner',
	from = '2026-01-01'
) => ({
	id,
	role: r,
	placeId: place,
	place,
	from,
	to: null
});
const people: Colleague[] = [
	{ id: 'chen', name: '陈包村', roles: [role('1', 'v1', 'contact')] },
	{ id: 'li', name: '李网格', roles: [role('2', 'v1', 'field')] },
	{ id: 'pan', name: '周书记', roles: [role('3', 't', 'planner')] }
];
const account = {
	id: 'pan',
	accountId: 'a',
	name: '周书记',
	memberships: [{ id: '3', placeId: 't', role: 'planner', from: '2026-01-01', to: null }]
} as unknown as Account;
const where = { township: { id: 't', name: '云溪镇', districtId: null }, account, people, today };
const line = (id: string, more: Partial<TaskLine> = {}): TaskLine =>
	({
		id,
		category: 'TRASH',
		title: id,
		villageId: 'v1',
		stage: 'found',
		state: 'found',
		version: 1,
		taskVersion: 4,
		answers: null,
		answersName: null,
		doneBy: null,
		dueOn: null,
		campaign: '',
		extension: null,
		...more
	}) as TaskLine;
const choice = { answers: '', unit: '', due: '' };

test('each village’s own person is handed one sheet; what cannot be handed over is left with its reason', () => {
	const plan = planHandover(
		[
			line('a'),
			line('b'),
			line('c', { villageId: 'v2' }),
			line('d', { stage: 'reported', state: 'done' })
		],
		choice,
		where
	);
	expect(plan.parts.map((p) => [p.op.payload, p.rows.length])).toEqual([
		[{ tasks: ['a', 'b'], answers: 'li' }, 2]
	]);
	expect(plan.left.map((l) => [l.row.id, l.reason])).toEqual([
		['c', 'no_officer'],
		['d', 'not_from_this_state']
	]);
	const all = planHandover([line('c', { villageId: 'v2' })], { ...choice, answers: 'chen' }, where);
	expect(all.parts).toHaveLength(1);
	const many = planHandover(
		Array.from({ length: 450 }, (_, i) => line(`n${i}`)),
		choice,
		where
	);
	expect(many.parts.map((p) => p.rows.length)).toEqual([200, 200, 50]);
});

test('a hand-over goes back: recalled where it was new, handed back where it was somebody else’s', () => {
	const said = { stage: 'assigned', state: 'said' } as const;
	const rows = [
		line('new'),
		line('other', { ...said, answers: 'chen', dueOn: '2026-12-01', version: 7 }),
		line('paper', { ...said, answersName: '李示例' }),
		line('past', { ...said, answers: 'chen', dueOn: '2026-11-01' })
	];
	const [part] = planHandover(rows, choice, where).parts;
	const back = handoverBack(where)(part!, { outcome: 'applied' });
	expect(back.ops.map((o) => [o.kind, o.target, o.base_version, o.payload])).toEqual([
		['step.recall', 'new', 2, {}],
		['step.say', 'other', 8, { answers: 'chen', due_on: '2026-12-01' }]
	]);
	expect(back.lost).toBe(2);
});

test('an edit goes back to what each row had', () => {
	const rows = [line('a', { campaign: '旧' }), line('b', { campaign: '五清' })];
	const plan = planEdit(rows, { campaign: '五清' }, where);
	expect(plan.left.map((l) => [l.row.id, l.reason])).toEqual([['b', 'same_already']]);
	expect(plan.parts[0]!.op).toMatchObject({ kind: 'task.edit', base_version: 4 });
	expect(editBack(where)(plan.parts[0]!, { outcome: 'applied', version: 5 }).ops[0]).toMatchObject({
		base_version: 5,
		payload: { campaign: '旧' }
	});
});

test('nobody strikes off their own work in bulk', () => {
	const proven = { stage: 'proven', state: 'proven' } as const;
	const plan = planVerb(
		[line('a', proven), line('b', { ...proven, doneBy: 'pan' }), line('c')],
		'close',
		{},
		where
	);
	expect(plan.parts.map((p) => p.op.target)).toEqual(['a']);
	expect(plan.left.map((l) => l.reason)).toEqual(['own_work', 'not_from_this_state']);
});

test('the sum says how many, how many not and why; a lost answer is asked again under the same ids', async () => {
	const sent: Op[][] = [];
	let fail = true;
	let changed = 0;
	const answer = (op: Op): Outcome =>
		op.target === 'b'
			? { outcome: 'conflict' }
			: op.target === 'c'
				? { outcome: 'refused', reason: 'not_allowed' }
				: { outcome: 'applied', version: 5 };
	const bulk = new Bulk(
		't',
		() => changed++,
		async (_, ops) => {
			sent.push(ops);
			if (fail) {
				fail = false;
				throw new Error('no signal');
			}
			return ops.map(answer);
		},
		0
	);
	const rows = ['a', 'b', 'c', 'd'].map((id) => line(id));
	const sum = await bulk.run(planEdit(rows, { campaign: '五清' }, where), editBack(where));
	expect(sent.map((ops) => ops.map((o) => o.op_id))[1]).toEqual(sent[0]!.map((o) => o.op_id));
	expect(sum).toMatchObject({
		changed: 2,
		left: [
			{ reason: 'changed_meanwhile', n: 1 },
			{ reason: 'not_allowed', n: 1 }
		]
	});
	expect(sum.undo.map((o) => o.target)).toEqual(['a', 'd']);
	await bulk.undo();
	expect(bulk.state).toMatchObject({ is: 'finished', sum: { changed: 2, undone: true, undo: [] } });
	expect(sent.at(-1)!.map((o) => o.payload)).toEqual([{ campaign: '' }, { campaign: '' }]);
	expect(changed).toBe(2);
});

test('only columns that a verb of this person leads to light up', () => {
	const chain = ['v1', 't'];
	const open = (l: TaskLine) => Object.fromEntries(targetsOf(l, account, chain));
	expect(open(line('a'))).toMatchObject({ assigned: 'say', reported: 'do', blocked: 'block' });
	expect(open(line('a'))).not.toHaveProperty('proven');
	expect(open(line('b', { stage: 'blocked', state: 'found' }))).toMatchObject({ found: 'unblock' });
	expect(open(line('c', { stage: 'blocked', state: 'said' }))).not.toHaveProperty('found');
	expect(targetsOf(line('a'), { ...account, memberships: [] }, chain).size).toBe(0);
});
