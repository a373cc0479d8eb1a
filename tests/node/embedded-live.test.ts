/** The live endpoint with the unmodified supabase-js client, and with a client that means ill. */
import { createClient, type RealtimeChannel, type SupabaseClient } from '@supabase/supabase-js';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import ws from 'ws';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Backend } from '../../src/lib/server/engine/index';
import {
	ask,
	makePlace,
	mint,
	origin,
	password,
	serveLive,
	signIn,
	startIn
} from './embedded-support';

const place = makePlace();
let backend: Backend;
let live: { url: string; close: () => void };
let secret: string;
const people: Record<string, { id: string; token: string }> = {};
const clients: SupabaseClient[] = [];

beforeAll(async () => {
	backend = await startIn(place);
	live = await serveLive(backend);
	for (const name of ['wang', 'li']) {
		const id = await backend.createUser({ email: `${name}@xiangtu.invalid`, password, name });
		people[name] = { id, token: (await signIn(backend, `${name}@xiangtu.invalid`)).access_token };
	}
	secret = JSON.parse(readFileSync(path.join(place.dataDir, 'secrets.json'), 'utf8')).jwtSecret;
});
afterEach(async () => {
	for (const client of clients.splice(0)) client.realtime.disconnect();
});
afterAll(async () => {
	live?.close();
	await backend?.close();
	place.remove();
});

/** The sockets supabase-js opened, the newest last: a line is lost by ending one without a word. */
const sockets: ws[] = [];
class Line extends ws {
	constructor(address: string | URL, protocols?: string | string[]) {
		super(address, protocols);
		sockets.push(this);
	}
}

/** Signed in before the first join: without it supabase-js joins once without a token, is refused and tries again. */
async function client(token: string, vsn?: string): Promise<SupabaseClient> {
	const made = createClient(live.url, backend.publishableKey, {
		accessToken: async () => token,
		auth: { persistSession: false, autoRefreshToken: false },
		realtime: { transport: Line as never, ...(vsn ? { vsn } : {}) }
	});
	clients.push(made);
	await made.realtime.setAuth();
	return made;
}

/** Subscribes and says how it ended. */
function state(channel: RealtimeChannel): Promise<string> {
	return new Promise((resolve) => channel.subscribe((status) => resolve(status)));
}

async function until(holds: () => unknown, ms = 3000): Promise<void> {
	const began = Date.now();
	while (!holds() && Date.now() - began < ms) await new Promise((r) => setTimeout(r, 10));
	expect(holds(), 'did not happen in time').toBeTruthy();
}

const isPrivate = { config: { private: true } };

describe.each(['1.0.0', '2.0.0'])('supabase-js, protocol %s', (vsn) => {
	test('who may join joins; wrong topics, public channels and bad tokens do not (J-02)', async () => {
		const good = await client(people.wang!.token, vsn);
		expect(await state(good.channel('township:one', isPrivate))).toBe('SUBSCRIBED');
		for (const topic of [
			'township:three',
			'township:*',
			'*',
			'x'.repeat(200),
			"township:one' or true"
		]) {
			expect(await state(good.channel(topic, isPrivate)), topic).toBe('CHANNEL_ERROR');
		}
		expect(await state((await client(people.wang!.token, vsn)).channel('township:one'))).toBe(
			'CHANNEL_ERROR'
		);
		for (const bad of [
			mint({ sub: people.wang!.id, role: 'service_role', exp: 9e9 }, secret),
			mint({ sub: people.wang!.id, role: 'authenticated', exp: 9e9 }, 'guess'),
			mint({ sub: people.wang!.id, role: 'authenticated', exp: 1 }, secret)
		]) {
			expect(await state((await client(bad, vsn)).channel('township:one', isPrivate))).toBe(
				'CHANNEL_ERROR'
			);
		}
	});

	test('a hint of the database reaches those who listen, and only them', async () => {
		const heard: unknown[] = [];
		const elsewhere: unknown[] = [];
		const one = (await client(people.wang!.token, vsn)).channel('township:one', isPrivate);
		one.on('broadcast', { event: 'hint' }, ({ payload }) => heard.push(payload));
		const two = (await client(people.li!.token, vsn)).channel('township:two', isPrivate);
		two.on('broadcast', { event: 'hint' }, ({ payload }) => elsewhere.push(payload));
		expect(await state(one)).toBe('SUBSCRIBED');
		expect(await state(two)).toBe('SUBSCRIBED');
		const sent = await ask(backend, '/rest/v1/rpc/hint', people.li!.token, {
			method: 'POST',
			headers: { 'Content-Type': 'application/json' },
			body: JSON.stringify({ topic: 'township:one' })
		});
		expect(sent.ok).toBe(true);
		await until(() => heard.length);
		expect(heard).toEqual([{ kind: 'step', id: 'x', version: 7 }]);
		expect(elsewhere).toEqual([]);
	});

	test('cursors pass with the sender’s true name; hints and unknown events do not (J-01)', async () => {
		const heard: { event: string; payload: Record<string, unknown> }[] = [];
		const listener = (await client(people.wang!.token, vsn)).channel('township:one', isPrivate);
		for (const event of ['cursor', 'hint', 'anything'])
			listener.on('broadcast', { event }, ({ payload }) => heard.push({ event, payload }));
		const sender = (await client(people.li!.token, vsn)).channel('township:one', {
			config: { private: true, broadcast: { ack: true, self: true } }
		});
		const own: unknown[] = [];
		sender.on('broadcast', { event: 'cursor' }, ({ payload }) => own.push(payload));
		expect(await state(listener)).toBe('SUBSCRIBED');
		expect(await state(sender)).toBe('SUBSCRIBED');
		expect(
			await sender.send({
				type: 'broadcast',
				event: 'hint',
				payload: { kind: 'step', id: 'forged' }
			})
		).not.toBe('ok');
		expect(await sender.send({ type: 'broadcast', event: 'anything', payload: {} })).not.toBe('ok');
		expect(
			await sender.send({
				type: 'broadcast',
				event: 'cursor',
				payload: { at: [1, 2], user: people.wang!.id, person: people.wang!.id }
			})
		).toBe('ok');
		await until(() => heard.length && own.length);
		expect(heard).toEqual([
			{ event: 'cursor', payload: { at: [1, 2], user: people.li!.id, person: people.li!.id } }
		]);
	});

	test('presence is seen by others, under the true name, and ends with the socket', async () => {
		const watcher = (await client(people.wang!.token, vsn)).channel('township:one', {
			config: { private: true, presence: { key: 'w', enabled: true } }
		});
		watcher.on('presence', { event: 'sync' }, () => undefined);
		expect(await state(watcher)).toBe('SUBSCRIBED');
		const db = await client(people.li!.token, vsn);
		const there = db.channel('township:one', {
			config: { private: true, presence: { key: people.wang!.id, enabled: true } }
		});
		expect(await state(there)).toBe('SUBSCRIBED');
		expect(await there.track({ user: people.wang!.id, person: people.wang!.id, view: 'map' })).toBe(
			'ok'
		);
		const seen = () =>
			Object.values(watcher.presenceState<{ user: string; view: string }>()).flat();
		await until(() => seen().length === 1);
		expect(seen()[0]).toMatchObject({ user: people.li!.id, person: people.li!.id, view: 'map' });
		// What somebody shows changes; that somebody stays.
		expect(await there.track({ view: 'list' })).toBe('ok');
		await until(() => seen()[0]?.view === 'list');
		expect(seen()).toHaveLength(1);
		db.realtime.disconnect();
		await until(() => seen().length === 0);
	});

	test('who lost the line joins again by himself, is told who is there and is seen again', async () => {
		const watcher = (await client(people.wang!.token, vsn)).channel('township:one', isPrivate);
		watcher.on('presence', { event: 'sync' }, () => undefined);
		expect(await state(watcher)).toBe('SUBSCRIBED');
		const db = await client(people.li!.token, vsn);
		const lost = db.channel('township:one', isPrivate);
		let joins = 0;
		const heard: unknown[] = [];
		lost
			.on('presence', { event: 'sync' }, () => undefined)
			.on('broadcast', { event: 'hint' }, ({ payload }) => heard.push(payload))
			.subscribe((status) => {
				if (status === 'SUBSCRIBED') void lost.track({ n: ++joins });
			});
		const seen = () => Object.values(watcher.presenceState<{ n: number }>()).flat();
		await until(() => seen()[0]?.n === 1);
		sockets.at(-1)!.terminate();
		await until(() => seen()[0]?.n === 2, 8000);
		expect(seen()).toHaveLength(1);
		backend.realtime.hear(
			'xiangtu_hint',
			JSON.stringify({ topic: 'township:one', kind: 'step', id: 'again', version: 1 })
		);
		await until(() => heard.length);
		expect(heard).toHaveLength(1);
	});
});

/** A socket without the client's good manners. */
async function raw(options: { origin?: string; query?: string; at?: string } = {}) {
	const url = `${live.url.replace('http', 'ws')}${options.at ?? '/realtime/v1/websocket'}?${options.query ?? `apikey=${backend.publishableKey}&vsn=1.0.0`}`;
	const socket = new ws(url, options.origin ? { origin: options.origin } : {});
	const got: { event: string; topic: string; payload: { status?: string; event?: string } }[] = [];
	let closed = false;
	socket.on('message', (data) => got.push(JSON.parse(String(data))));
	socket.on('close', () => (closed = true));
	socket.on('error', () => (closed = true));
	await new Promise((resolve) => {
		socket.once('open', resolve);
		socket.once('close', resolve);
		socket.once('error', resolve);
	});
	const send = (event: string, payload: unknown, topic: unknown = 'realtime:township:one') =>
		socket.send(JSON.stringify({ topic, event, payload, ref: '1', join_ref: '1' }));
	const join = (token: unknown, topic = 'realtime:township:one') =>
		send('phx_join', { config: { private: true }, access_token: token }, topic);
	return {
		socket,
		got,
		send,
		join,
		closed: () => closed,
		open: () => socket.readyState === ws.OPEN
	};
}

describe('the door (J-03, J-04)', () => {
	test('foreign origins, wrong paths and wrong keys are not let in', async () => {
		expect((await raw({ origin })).open()).toBe(true);
		for (const options of [
			{ origin: 'https://evil.example' },
			{ origin: 'null' },
			{ query: 'apikey=x' },
			{ query: '' },
			{ at: '/realtime/v1/other' }
		]) {
			expect((await raw(options)).open(), JSON.stringify(options)).toBe(false);
		}
	});

	const nonsense: [string, unknown, unknown?][] = [
		['phx_join', null],
		['phx_join', { config: null }],
		['phx_join', { config: { private: true }, access_token: 5 }],
		['phx_join', { config: { private: true, broadcast: null }, access_token: {} }],
		['phx_join', { config: 'x' }],
		['phx_join', [], 7],
		['access_token', { access_token: 5 }],
		['broadcast', null],
		['broadcast', { event: {}, payload: 'x' }],
		['presence', { event: 'track', payload: 'x' }],
		['presence', null],
		['phx_leave', null],
		['__proto__', {}, '__proto__']
	];
	test('nonsense before and after joining never stops the program', async () => {
		const faults: unknown[] = [];
		const note = (fault: unknown) => faults.push(fault);
		process.on('unhandledRejection', note);
		process.on('uncaughtException', note);
		for (const first of [false, true]) {
			for (const [event, payload, topic] of nonsense) {
				const mean = await raw();
				if (first) {
					mean.join(people.wang!.token);
					await until(() => mean.got.some((m) => m.event === 'phx_reply'));
				}
				mean.send(event, payload, topic);
				await new Promise((r) => setTimeout(r, 15));
				mean.socket.close();
			}
		}
		for (const text of [
			'',
			'null',
			'[]',
			'{}',
			'"x"',
			'[1,2,3,4,5]',
			'[null,null,null,null,null]',
			'{"topic":{"a":1},"event":[]}',
			'\0'
		]) {
			const mean = await raw();
			mean.socket.send(text);
			mean.socket.send(Buffer.from([3, 255, 255, 255, 255, 255, 1, 2]));
			mean.socket.send(Buffer.from([3, 1, 1, 1, 1, 1, 1, 120]));
			await new Promise((r) => setTimeout(r, 15));
			mean.socket.close();
		}
		await new Promise((r) => setTimeout(r, 100));
		process.off('unhandledRejection', note);
		process.off('uncaughtException', note);
		expect(faults).toEqual([]);
		const good = await raw();
		good.join(people.wang!.token);
		await until(() => good.got.some((m) => m.payload.status === 'ok'));
	});

	test('large frames and floods end the socket; others are not slowed', async () => {
		const large = await raw();
		large.send('broadcast', { event: 'cursor', payload: 'x'.repeat(1_000_000) });
		await until(large.closed);
		const flood = await raw();
		for (let n = 0; n < 100; n++) flood.send('heartbeat', {}, 'phoenix');
		await until(flood.closed);
	});

	test('the same topic joined again is one channel', async () => {
		const many = await raw();
		for (let n = 0; n < 10; n++) {
			many.join(people.wang!.token);
			await new Promise((r) => setTimeout(r, 90));
		}
		backend.realtime.hear(
			'xiangtu_hint',
			JSON.stringify({ topic: 'township:one', kind: 'step', id: 'y', version: 1 })
		);
		await until(() => many.got.some((m) => m.payload.event === 'hint'));
		expect(many.got.filter((m) => m.payload.event === 'hint')).toHaveLength(1);
	});

	test.each(['realtime:township:one', 'township:one'])(
		'who is shown out hears no more, whatever he calls the topic (%s)',
		async (topic) => {
			const out = await raw();
			out.join(people.li!.token, topic);
			await new Promise((r) => setTimeout(r, 150));
			await backend.sql`select pg_notify('xiangtu_kick', ${JSON.stringify({ user_id: people.li!.id })})`;
			await new Promise((r) => setTimeout(r, 100));
			const before = out.got.length;
			backend.realtime.hear(
				'xiangtu_hint',
				JSON.stringify({ topic: 'township:one', kind: 'step', id: 'z', version: 1 })
			);
			await new Promise((r) => setTimeout(r, 100));
			expect(out.got.slice(before)).toEqual([]);
		}
	);

	test('a token that ends ends the listening; a newer one carries on', async () => {
		const brief = (seconds: number) =>
			mint(
				{
					sub: people.wang!.id,
					role: 'authenticated',
					aud: 'authenticated',
					exp: Math.floor(Date.now() / 1000) + seconds
				},
				secret
			);
		const ends = await raw();
		const goesOn = await raw();
		ends.join(brief(2));
		goesOn.join(brief(2));
		await until(
			() =>
				ends.got.some((m) => m.payload.status === 'ok') &&
				goesOn.got.some((m) => m.payload.status === 'ok')
		);
		goesOn.send('access_token', { access_token: brief(300) });
		await until(() => ends.got.some((m) => m.event === 'phx_close'), 4000);
		expect(goesOn.got.some((m) => m.event === 'phx_close')).toBe(false);
	});

	test('a notification that is no JSON is passed over', async () => {
		const faults: unknown[] = [];
		const note = (fault: unknown) => faults.push(fault);
		process.on('uncaughtException', note);
		for (const text of ['', 'x', 'null', '5', '{}']) {
			await backend.sql`select pg_notify('xiangtu_hint', ${text}), pg_notify('xiangtu_kick', ${text})`;
		}
		await new Promise((r) => setTimeout(r, 100));
		process.off('uncaughtException', note);
		expect(faults).toEqual([]);
	});
});
