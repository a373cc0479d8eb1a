/** The same rights on PostgreSQL (TEST_DATABASE_URL, a superuser): Lite's GRANT ALL must change nothing. */
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend } from '../../src/lib/server/engine/index';
import { createClient, type RealtimeChannel } from '@supabase/supabase-js';
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import ws from 'ws';
import { ask, makePlace, password, serveLive, signIn, startIn } from './embedded-support';

const url = process.env.TEST_DATABASE_URL;
const name = `xt_embedded_${process.pid}`;

describe.skipIf(!url)('PostgreSQL', () => {
	const place = makePlace();
	const elsewhere = makePlace();
	const databaseUrl = url ? Object.assign(new URL(url), { pathname: `/${name}` }).href : '';
	let server: postgres.Sql;
	let backend: Backend;
	let token: string;

	beforeAll(async () => {
		server = postgres(url!, { max: 1, onnotice: () => undefined });
		await server.unsafe(`create database ${name}`);
		backend = await startIn(place, { databaseUrl });
		await backend.createUser({ email: 'wang@xiangtu.invalid', password, name: '王' });
		token = (await signIn(backend, 'wang@xiangtu.invalid')).access_token;
	});
	afterAll(async () => {
		await backend?.close();
		await server?.unsafe(`drop database if exists ${name} with (force)`);
		await server?.end();
		place.remove();
	});

	async function probesAreClosed() {
		for (const probe of ['secret_probe', 'grant_probe']) {
			for (const who of [null, token]) {
				const response = await ask(backend, `/rest/v1/${probe}?select=*`, who);
				expect([401, 403, 404], probe).toContain(response.status);
				expect(await response.text()).not.toContain('must never');
			}
		}
	}

	test('probes stay closed before and after traffic and after another start', async () => {
		await probesAreClosed();
		for (let n = 0; n < 20; n++) await ask(backend, '/rest/v1/notes', n % 2 ? token : null);
		await probesAreClosed();
		await backend.close();
		backend = await startIn(place, { databaseUrl });
		await ask(backend, '/rest/v1/notes', token);
		await probesAreClosed();
		expect((await ask(backend, '/rest/v1/notes', token)).status).toBe(200);
	});

	test('notifications arrive', async () => {
		const heard: unknown[] = [];
		const { realtime } = backend;
		const { hear } = realtime;
		realtime.hear = (...message) => {
			heard.push(message);
			hear.apply(realtime, message);
		};
		await backend.sql`select pg_notify('xiangtu_hint', '{"topic": "t"}')`;
		await new Promise((resolve) => setTimeout(resolve, 300));
		expect(heard).toEqual([['xiangtu_hint', '{"topic": "t"}']]);
		realtime.hear = hear;
	});

	test('two processes on one database share cursors and who is there', async () => {
		// One door, one set of keys.
		mkdirSync(elsewhere.dataDir, { recursive: true });
		copyFileSync(
			path.join(place.dataDir, 'secrets.json'),
			path.join(elsewhere.dataDir, 'secrets.json')
		);
		const other = await startIn(elsewhere, { databaseUrl });
		const lines = [await serveLive(backend), await serveLive(other)];
		const clients = lines.map((line, i) =>
			createClient(line.url, [backend, other][i]!.publishableKey, {
				accessToken: async () => token,
				auth: { persistSession: false, autoRefreshToken: false },
				realtime: { transport: ws as never }
			})
		);
		const heard: unknown[] = [];
		const channels = [];
		for (const client of clients) {
			await client.realtime.setAuth();
			const channel = client.channel('township:one', { config: { private: true } });
			channel
				.on('presence', { event: 'sync' }, () => undefined)
				.on('broadcast', { event: 'cursor' }, ({ payload }) => heard.push(payload));
			expect(await new Promise((resolve) => channel.subscribe((status) => resolve(status)))).toBe(
				'SUBSCRIBED'
			);
			channels.push(channel);
		}
		const [here, there] = channels as [RealtimeChannel, RealtimeChannel];
		await here.track({ tab: 'a' });
		await expect
			.poll(() => Object.values(there.presenceState()).flat())
			.toMatchObject([{ tab: 'a' }]);
		await here.send({ type: 'broadcast', event: 'cursor', payload: { at: [1, 2] } });
		await expect.poll(() => heard).toMatchObject([{ at: [1, 2] }]);
		await here.untrack();
		await expect.poll(() => Object.values(there.presenceState()).flat()).toEqual([]);
		for (const client of clients) client.realtime.disconnect();
		for (const line of lines) line.close();
		await other.close();
		elsewhere.remove();
	});
});
