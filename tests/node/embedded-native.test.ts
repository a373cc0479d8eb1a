/** The same rights on PostgreSQL (TEST_DATABASE_URL, a superuser): Lite's GRANT ALL must change nothing. */
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend } from '../../src/lib/server/engine/index';
import { ask, makePlace, password, signIn, startIn } from './embedded-support';

const url = process.env.TEST_DATABASE_URL;
const name = `xt_embedded_${process.pid}`;

describe.skipIf(!url)('PostgreSQL', () => {
	const place = makePlace();
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
	});
});
