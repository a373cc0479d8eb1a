import { expect, test } from 'vitest';
import { newId, newOp, type Op } from '$lib/domain/op';
import { MemoryStore } from '../../../tests/node/field-day/store-memory';
import { ModelServer } from '../../../tests/node/field-day/model';
import { browserClock } from './browser';
import { Outbox } from './outbox';
import { httpWire } from './wire-http';

const township = newId();
const li = { id: 'li', name: '李网格' };
const find = () =>
	newOp('task.create', township, newId(), { category: 'TRASH', note: '桥头' }) as Op;
const phone = (server: ModelServer, store = new MemoryStore(), me = li) => {
	const wire = httpWire(async (at, init) => {
		const body = init!.body as string | ArrayBuffer;
		const hash = (init!.headers as Record<string, string>)['X-Sha256'] ?? null;
		const raw = typeof body === 'string' ? body : new Uint8Array(body);
		const answer = server.handle(me.id, init!.method!, String(at), raw, hash);
		return new Response(JSON.stringify(answer.body), { status: answer.status });
	});
	const lock = async (_: string, work: () => Promise<void>) => (await work(), true);
	const clock = { ...browserClock, after: () => () => undefined };
	return { store, wire, outbox: new Outbox({ township, store, wire, clock, lock, me }) };
};

test('nothing on the disk is readable, and after leaving nothing is there', async () => {
	const { store, outbox } = phone(new ModelServer());
	const bytes = new TextEncoder().encode('a photo of the bridge').buffer as ArrayBuffer;
	await outbox.add({ op: find(), photos: [{ id: newId(), type: 'image/jpeg', bytes }] });
	const read = async () => {
		const sealed = [
			...(await store.all('ops')).map((r) => r.sealed),
			...(await Promise.all((await store.keys('photos')).map((k) => store.get('photos', k))))
		] as { iv: Uint8Array | null; data: ArrayBuffer }[];
		expect(sealed.every((s) => s.iv?.length === 12)).toBe(true);
		return sealed.map((s) => new TextDecoder().decode(s.data)).join();
	};
	const disk = await read();
	expect(disk.length).toBeGreaterThan(100);
	expect(disk).not.toMatch(/桥头|bridge|李网格/);
	await expect(outbox.wipe({ unsent: 0 })).rejects.toMatchObject({ code: 'unsent', detail: '1' });
	expect(await store.keys('photos')).toHaveLength(1);
	await outbox.wipe({ unsent: 1 });
	expect([...(await store.keys('photos')), ...(await store.all('ops'))]).toEqual([]);
	expect((await store.keys('things')).filter((k) => k.startsWith('key:'))).toEqual([]);
});

test('what another person of this phone said is kept and never sent as one’s own', async () => {
	const server = new ModelServer();
	const { store, outbox } = phone(server);
	await outbox.add({ op: find() });
	const wang = phone(server, store, { id: 'wang', name: '王' }).outbox;
	await wang.send();
	expect([server.ops.size, wang.counts.waiting, wang.pending.length]).toEqual([0, 1, 0]);
	await outbox.send();
	expect([server.ops.size, outbox.counts.waiting]).toEqual([1, 0]);
});

test('the same op added twice waits once', async () => {
	const { outbox } = phone(new ModelServer());
	const op = find();
	await outbox.add({ op });
	await outbox.add({ op });
	expect(outbox.counts).toMatchObject({ waiting: 1, failed: 0 });
});
