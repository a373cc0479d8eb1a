import { expect, test, vi } from 'vitest';
import { newId, type Op, type Outcome } from '$lib/domain/op';
import { Desk } from './desk.svelte';
import type { Told } from './tell';

const townshipId = newId();
const step = newId();

function desk(send: (op: Op) => Promise<Outcome>) {
	const said: Told[] = [];
	const onchanged = vi.fn();
	return {
		said,
		onchanged,
		desk: new Desk({ townshipId, send, onchanged, tell: (what) => said.push(what), waits: [1, 1] })
	};
}
const applied = (): Outcome => ({ outcome: 'applied', id: step, version: 2 });

test('what is applied is said and the page reads again', async () => {
	const at = desk(async () => applied());
	await at.desk.play('step.do', step, {}, 1);
	expect(at.onchanged).toHaveBeenCalledOnce();
	expect(at.said.map((s) => s.kind)).toEqual(['success']);
});

test('a lost answer is asked for again under the same id', async () => {
	const ids: string[] = [];
	const at = desk(async (op) => {
		ids.push(op.op_id);
		if (ids.length < 3) throw new Error('cable out');
		return { outcome: 'already', version: 2 };
	});
	expect((await at.desk.play('step.do', step, {}, 1)).outcome).toBe('already');
	expect(new Set(ids).size).toBe(1);
	expect(ids).toHaveLength(3);
});

test('without a connection nothing is claimed, and trying again keeps the id', async () => {
	const ids: string[] = [];
	const at = desk(async (op) => {
		ids.push(op.op_id);
		throw new Error('cable out');
	});
	expect((await at.desk.play('step.do', step, {}, 1)).reason).toBe('offline');
	expect(at.onchanged).not.toHaveBeenCalled();
	at.said.at(-1)!.action!.run();
	await vi.waitFor(() => expect(ids).toHaveLength(6));
	expect(new Set(ids).size).toBe(1);
});

test('a second press while the first is on its way is not sent', async () => {
	let answer = (_: Outcome) => {};
	const send = vi.fn(() => new Promise<Outcome>((resolve) => (answer = resolve)));
	const at = desk(send);
	const first = at.desk.play('step.do', step, {}, 1);
	expect(at.desk.busy(step)).toBe('step.do');
	expect((await at.desk.play('step.do', step, {}, 1)).reason).toBe('busy');
	answer(applied());
	await first;
	expect(send).toHaveBeenCalledOnce();
	expect(at.desk.busy(step)).toBeNull();
});

test('something else for the same target waits its turn, on top of what is on its way', async () => {
	const sent: Op[] = [];
	const answers: ((outcome: Outcome) => void)[] = [];
	const at = desk((op) => {
		sent.push(op);
		return new Promise<Outcome>((resolve) => answers.push(resolve));
	});
	const cast = at.desk.play('step.say', step, { due_on: '2026-12-24' }, 1);
	const other = at.desk.play('step.say', step, { due_on: '2026-12-25' }, 1);
	const close = at.desk.play('step.do', step, {}, 1);
	expect(sent).toHaveLength(1);
	answers[0]!(applied());
	await cast;
	await vi.waitFor(() => expect(sent).toHaveLength(2));
	expect(at.desk.busy(step)).toBe('step.say');
	answers[1]!({ outcome: 'refused', reason: 'bad_value' });
	await other;
	await vi.waitFor(() => expect(sent).toHaveLength(3));
	answers[2]!({ outcome: 'applied', id: step, version: 3 });
	await close;
	expect(sent.map((op) => [op.kind, op.base_version])).toEqual([
		['step.say', 1],
		['step.say', 2],
		['step.do', 2]
	]);
	expect(at.desk.busy(step)).toBeNull();
});

test('an undo is a new op on the new version', async () => {
	const sent: Op[] = [];
	const at = desk(async (op) => {
		sent.push(op);
		return applied();
	});
	await at.desk.play('step.do', step, {}, 1, {
		undo: { kind: 'step.withdraw', target: step, payload: {} }
	});
	at.said[0]!.action!.run();
	await vi.waitFor(() => expect(sent).toHaveLength(2));
	expect(sent[1]).toMatchObject({ kind: 'step.withdraw', base_version: 2 });
	expect(sent[1]!.op_id).not.toBe(sent[0]!.op_id);
});

test('a conflict waits for a choice; mine goes again on the version that stands', async () => {
	const sent: Op[] = [];
	const at = desk(async (op) => {
		sent.push(op);
		return sent.length === 1
			? { outcome: 'conflict', now: { version: 7, due_on: '2026-12-01' } }
			: applied();
	});
	await at.desk.play('step.say', step, { due_on: '2026-12-24' }, 1);
	expect(at.desk.conflict?.now.due_on).toBe('2026-12-01');
	expect(at.said).toEqual([]);
	await at.desk.keepMine();
	expect(sent[1]).toMatchObject({ base_version: 7, payload: { due_on: '2026-12-24' } });
	expect(sent[1]!.op_id).not.toBe(sent[0]!.op_id);
	expect(at.desk.conflict).toBeNull();
});

test('a refusal is said in words and changes nothing', async () => {
	const at = desk(async () => ({ outcome: 'refused', reason: 'own_work' }));
	await at.desk.play('step.prove', step, { how: 'on_site' }, 1);
	expect(at.said[0]).toMatchObject({ kind: 'error' });
	expect(at.said[0]!.text).not.toContain('own_work');
	expect(at.onchanged).not.toHaveBeenCalled();
});

test('what does not fit the schema is never sent', async () => {
	const send = vi.fn(async () => applied());
	const at = desk(send);
	await at.desk.play('step.return', step, { note: 5 }, 1);
	expect(send).not.toHaveBeenCalled();
});
