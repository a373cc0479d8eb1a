import { expect, test } from 'vitest';
import type { FieldDay, FieldTask, Me } from './field';
import { homeVillage, toCheck, toClose, toDo, typesByUse, urgencyOf } from './fieldlists';
import { inside, metres, sameNear, villageAt } from './fieldplace';
import { playOver } from './fieldplay';
import { newOp, type Op, type OpKind } from './op';
import type { Role } from './place';

const T = '0192f1b0-0000-7000-8000-000000000001';
const square = (x: number) => ({
	type: 'Polygon' as const,
	coordinates: [
		[
			[x, 30],
			[x + 0.1, 30],
			[x + 0.1, 30.1],
			[x, 30.1],
			[x, 30]
		]
	]
});
const person = (id: string, role: Role, placeId: string): Me => ({
	id,
	accountId: id,
	name: id,
	districtId: 'district',
	memberships: [{ id: `${id}-${role}`, placeId, role, from: '2026-01-01', to: null }]
});
const li = person('li', 'field', 'v1');
const sun = person('sun', 'inspector', T);
let n = 0;
const task = (over: Partial<FieldTask>): FieldTask => ({
	id: `t${String(++n).padStart(3, '0')}`,
	category: 'TRASH',
	title: '',
	villageId: 'v1',
	placeText: '',
	at: [110.05, 30.05],
	stage: 'assigned',
	state: 'said',
	round: 1,
	version: 3,
	answers: null,
	answersName: null,
	foundById: null,
	foundOn: '2026-11-20',
	dueOn: '2026-11-30',
	firstDueOn: '2026-11-30',
	doneOn: null,
	doneBy: null,
	doneByName: null,
	provenOn: null,
	heldBy: null,
	heldByName: null,
	heldUntil: null,
	blocker: null,
	extension: null,
	returned: null,
	photos: [],
	campaign: '',
	unit: '',
	note: '',
	...over
});
const day = (tasks: FieldTask[], recent: FieldTask[] = []): FieldDay => ({
	today: '2026-11-23',
	township: { id: T, name: '云溪镇', demo: true, shape: null },
	villages: [
		{ id: 'v1', name: '白马村', shape: square(110), label: null, officer: null },
		{ id: 'v2', name: '云台村', shape: square(110.1), label: null, officer: null }
	],
	types: ['TRASH', 'BIN', 'HEAP', 'SHED', 'RUIN', 'OTHER'].map((code) => ({
		code,
		name: '',
		days: 3,
		unit: '',
		hidden: code === 'RUIN',
		auto: false
	})),
	people: [],
	campaigns: [],
	tasks,
	recent
});
const op = (kind: OpKind, target: string, payload: object) =>
	newOp(kind, T, target, payload as never) as Op;

test('a hundredth of a degree of latitude is 1,112 m, and longitude shrinks with the cosine', () => {
	expect(metres([110, 30], [110, 30.01])).toBeCloseTo(1112, 0);
	expect(metres([110, 30], [110.01, 30])).toBeCloseTo(1112 * Math.cos(Math.PI / 6), 0);
});

test('a point lies in its village and not in a hole of it', () => {
	const d = day([]);
	expect(villageAt(d.villages, [110.15, 30.05])?.name).toBe('云台村');
	expect(villageAt(d.villages, [109, 30.05])).toBeNull();
	const hole = {
		type: 'Polygon' as const,
		coordinates: [
			...square(110).coordinates,
			[
				[110.04, 30.04],
				[110.06, 30.04],
				[110.06, 30.06],
				[110.04, 30.04]
			]
		]
	};
	expect(inside(hole, [110.055, 30.045])).toBe(false);
	expect(inside(hole, [110.01, 30.01])).toBe(true);
});

test('the same kind within 50 m is offered, open ones first, settled ones as come back', () => {
	const here = [110.05, 30.05] as const;
	const d = day(
		[
			task({ id: 'open', at: [110.0502, 30.05] }),
			task({ id: 'other-kind', category: 'BIN' }),
			task({ id: 'far', at: [110.06, 30.05] }),
			task({ id: 'no-place', at: null })
		],
		[task({ id: 'settled', stage: 'closed', state: 'proven' })]
	);
	expect(sameNear(d, 'TRASH', here).map((x) => [x.task.id, x.again])).toEqual([
		['open', false],
		['settled', true]
	]);
});

test('to do: mine and my villages’, returned and overdue first, nobody else’s', () => {
	const d = day([
		task({ id: 'rest' }),
		task({ id: 'late', dueOn: '2026-11-01' }),
		task({ id: 'back', stage: 'returned' }),
		task({ id: 'soon', dueOn: '2026-11-25' }),
		task({ id: 'elsewhere', villageId: 'v2' }),
		task({ id: 'mine-elsewhere', villageId: 'v2', answers: 'li' }),
		task({ id: 'reported-by-me', stage: 'reported', state: 'done', doneBy: 'li' }),
		task({ id: 'reported', stage: 'reported', state: 'done', doneBy: 'wang' })
	]);
	expect(toDo(d, li).map((t) => t.id)).toEqual([
		'back',
		'late',
		'soon',
		'mine-elsewhere',
		'rest',
		'reported-by-me'
	]);
	expect(urgencyOf(d.tasks[3]!, d.today)).toBe('soon');
});

test('to do: of one deadline the nearest first, and the deadline before the distance', () => {
	const d = day([
		task({ id: 'a-far', at: [110.09, 30.05] }),
		task({ id: 'b-nowhere', at: null }),
		task({ id: 'c-near', at: [110.0502, 30.05] }),
		task({ id: 'd-due-far', at: [110.09, 30.05], dueOn: '2026-11-28' })
	]);
	const ids = (here: [number, number] | null) => toDo(d, li, here).map((t) => t.id);
	expect(ids([110.05, 30.05])).toEqual(['d-due-far', 'c-near', 'a-far', 'b-nowhere']);
	expect(ids(null)).toEqual(['d-due-far', 'a-far', 'b-nowhere', 'c-near']);
});

test('to check: never own work, nearest first, held by another is shown', () => {
	const done = { stage: 'reported', state: 'done' } as const;
	const d = day([
		task({ ...done, id: 'far', doneBy: 'li', at: [110.09, 30.05] }),
		task({ ...done, id: 'near', doneBy: 'li' }),
		task({ ...done, id: 'own', doneBy: 'sun' }),
		task({ ...done, id: 'answers', doneBy: 'li', answers: 'sun' }),
		task({
			...done,
			id: 'held',
			doneBy: 'li',
			at: null,
			heldBy: 'zhou',
			heldUntil: '2026-11-23T10:00:00Z'
		}),
		task({ id: 'not-yet' })
	]);
	const now = Date.parse('2026-11-23T09:00:00Z');
	expect(toCheck(d, sun, [110.05, 30.05], now).map((t) => t.id)).toEqual(['near', 'far', 'held']);
	expect(toCheck(d, li, null, now)).toEqual([]);
});

test('struck off is offered once for what is proven, and not to who did it', () => {
	const proven = task({ id: 'p', stage: 'proven', state: 'proven', doneBy: 'li' });
	expect(toClose(day([proven], [proven]), sun).map((t) => t.id)).toEqual(['p']);
	expect(toClose(day([], [{ ...proven, doneBy: 'sun' }]), sun)).toEqual([]);
});

test('the four most used types stand first, hidden ones nowhere', () => {
	const d = day([
		task({ category: 'SHED' }),
		task({ category: 'SHED' }),
		task({ category: 'HEAP' }),
		task({ category: 'OTHER' })
	]);
	expect(typesByUse(d, li).map((t) => t.code)).toEqual(['SHED', 'HEAP', 'TRASH', 'BIN', 'OTHER']);
});

test('a person of one village reports there, one of two or of the township nowhere by default', () => {
	expect(homeVillage(day([]), li)).toBe('v1');
	expect(homeVillage(day([]), sun)).toBeNull();
});

test('what was not sent is played over the day in order and marked', () => {
	const t = task({
		id: T,
		stage: 'returned',
		round: 2,
		returned: { note: 'x', part: false, by: null, on: '2026-11-22' }
	});
	const played = playOver(
		day([t]),
		[op('step.start', T, { read: 2 }), op('step.do', T, { photos: ['p1'] })],
		li
	);
	expect(played.tasks[0]).toMatchObject({
		stage: 'reported',
		state: 'done',
		doneBy: 'li',
		doneOn: '2026-11-23',
		photos: [{ id: 'p1', role: 'after', round: 2 }]
	});
	expect(played.tasks[0]!.unsent).toHaveLength(2);
});

test('a report made without signal stands in its village; a settled task comes back among the open', () => {
	const closed = task({ id: 'gone', stage: 'closed', state: 'proven' });
	const made = '0192f1b0-0000-7000-8000-0000000000aa';
	const played = playOver(
		day([], [closed]),
		[
			op('task.create', made, {
				category: 'BIN',
				geometry: { type: 'Point', coordinates: [110.12, 30.05] }
			}),
			op('step.reopen', 'gone', { why: 'came_back' })
		],
		li
	);
	expect(played.tasks.map((t) => [t.id, t.villageId, t.stage, t.round])).toEqual([
		[made, 'v2', 'found', 1],
		['gone', 'v1', 'assigned', 2]
	]);
	expect(played.recent).toEqual([]);
	// Once the server tells of the new task itself, it is not there twice.
	const told = day([task({ id: made })]);
	expect(playOver(told, [op('task.create', made, { category: 'BIN' })], li).tasks).toHaveLength(1);
});
