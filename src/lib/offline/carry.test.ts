import { describe, expect, test } from 'vitest';
import { newId, newOp, type Op } from '$lib/domain/op';
import { makePassphrase, packCargo, underCarrier, unpackCargo, type Cargo } from './carry';

const township = newId();
const li = { id: newId(), name: '李网格' };
const wang = { id: newId(), name: '王同事' };
const bytes = crypto.getRandomValues(new Uint8Array(5000)).buffer;
const photo = { id: newId(), type: 'image/jpeg', bytes };
const find = newOp('task.create', township, newId(), {
	category: 'TRASH',
	answers: wang.id,
	due_on: '2026-12-01',
	photos: [photo.id]
}) as Op;
const done = newOp('step.do', township, newId(), {}) as Op;
const cargo: Cargo = {
	township,
	by: li,
	savedAt: 1,
	items: [
		{ op: find, addedAt: 1, photos: [photo] },
		{ op: done, addedAt: 2, photos: [] }
	]
};

describe('the queue as a file', () => {
	test('opens whole under its passphrase, however it is typed, and under no other', async () => {
		const passphrase = makePassphrase();
		expect(passphrase).toMatch(/^\d{4} \d{4} \d{4} \d{4}$/);
		const file = await packCargo(cargo, passphrase);
		const clear = new TextDecoder('latin1').decode(await file.arrayBuffer());
		for (const word of [find.op_id, li.id, photo.id, 'TRASH']) expect(clear).not.toContain(word);
		const read = await unpackCargo(file, passphrase.replaceAll(' ', ''));
		expect(read.items.map((i) => i.op)).toEqual([find, done]);
		expect(new Uint8Array(read.items[0]!.photos[0]!.bytes!)).toEqual(new Uint8Array(bytes));
		await expect(unpackCargo(file, '0000 0000 0000 0000')).rejects.toMatchObject({
			code: 'wrong_passphrase'
		});
	});

	test('a file that is none, is cut or was changed is refused as a whole', async () => {
		const file = await packCargo(cargo, '1');
		await expect(unpackCargo(new Blob(['hello']), '1')).rejects.toMatchObject({
			code: 'not_a_box'
		});
		await expect(unpackCargo(file.slice(0, 3000), '1')).rejects.toMatchObject({
			code: 'not_a_box'
		});
		const whole = new Uint8Array(await file.arrayBuffer());
		whole[2000]! ^= 1;
		await expect(unpackCargo(new Blob([whole]), '1')).rejects.toMatchObject({
			code: 'wrong_passphrase'
		});
	});

	test('its own author carries in everything as it was said', async () => {
		const { take, left } = await underCarrier(cargo, li);
		expect(take.map((t) => t.op)).toEqual([find, done]);
		expect(take.some((t) => t.carriedFor)).toBe(false);
		expect(left).toEqual([]);
	});

	test('a colleague carries finds only, never what would be the colleague’s own word', async () => {
		const { take, left } = await underCarrier(cargo, wang);
		expect(left).toEqual([done]);
		expect(take).toHaveLength(1);
		const { op, photos, carriedFor } = take[0]!;
		expect(carriedFor).toEqual(li);
		expect(op.target).toBe(find.target);
		expect(op.op_id).not.toBe(find.op_id);
		expect(op.payload).toEqual({ category: 'TRASH', photos: [photos[0]!.id] });
		expect(photos[0]!.id).toMatch(
			/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/
		);
		expect(photos[0]!.id).not.toBe(photo.id);
		// Twice the same, and another person's is another.
		expect((await underCarrier(cargo, wang)).take[0]!.op).toEqual(op);
		const third = await underCarrier(cargo, { id: newId(), name: '赵' });
		expect(third.take[0]!.op.op_id).not.toBe(op.op_id);
	});

	test('a find whose photo was lost stays with its author', async () => {
		const lost = { ...cargo.items[0]!, photos: [{ ...photo, bytes: null }] };
		expect((await underCarrier({ ...cargo, items: [lost] }, wang)).left).toEqual([find]);
	});
});
