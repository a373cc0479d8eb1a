/**
 * The engine with the real migrations and the cast: one process a folder, runaway queries, bad starts, bad
 * tokens, what is not on the list at the front door, and the live endpoint with the unmodified client.
 */
import { createClient, type RealtimeChannel, type SupabaseClient } from '@supabase/supabase-js';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import ws from 'ws';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { whyNotStart, type Start } from '../../src/lib/server/engine/guard';
import { care } from '../../src/lib/server/engine/care';
import { startEmbedded, type Backend } from '../../src/lib/server/engine/index';
import { readSecrets, type Secrets } from '../../src/lib/server/engine/secrets';
import { readToken } from '../../src/lib/server/engine/token';
import { claimsOf, id, mint } from '../rights/cast';

const origin = 'http://localhost:3999';
const dataDir = mkdtempSync(path.join(os.tmpdir(), 'xt-engine-'));
let backend: Backend;
let secrets: Secrets;
const open = (deadline = 20_000) => startEmbedded({ dataDir, origin, deadline });
const tokenOf = (name: string) => mint(secrets.jwtSecret, claimsOf(name));

beforeAll(async () => {
	backend = await open();
	await backend.sql.unsafe(readFileSync('supabase/tests/00_cast.sql', 'utf8'));
	secrets = readSecrets(dataDir);
}, 60_000);
afterAll(async () => {
	await backend?.close();
	rmSync(dataDir, { recursive: true, force: true });
});

/** A request from outside; `token` null sends none. */
function ask(
	at: string,
	{
		token = null,
		method,
		body,
		headers = {}
	}: {
		token?: string | null;
		method?: string;
		body?: unknown;
		headers?: Record<string, string>;
	} = {}
): Promise<Response> {
	return backend.handle(
		new Request(origin + at, {
			method: method ?? (body === undefined ? 'GET' : 'POST'),
			headers: {
				apikey: secrets.publishableKey,
				...(token ? { authorization: `Bearer ${token}` } : {}),
				...(body === undefined ? {} : { 'content-type': 'application/json' }),
				...headers
			},
			...(body === undefined
				? {}
				: { body: typeof body === 'string' ? body : JSON.stringify(body) })
		}),
		'203.0.113.7'
	);
}

async function createTask(who: string, target: string, op: string = randomUUID()) {
	const answer = await ask('/rest/v1/rpc/apply_op', {
		token: tokenOf(who),
		body: {
			p_op: {
				op_id: op,
				kind: 'task.create',
				township_id: id('yunxi'),
				target,
				payload: { category: 'TRASH', village_id: id('baima') }
			}
		}
	});
	return (await answer.json()) as { outcome: string };
}

describe('one process a data folder (I-03)', () => {
	it('the second start is refused in 2 s and names the process; closing frees the folder', async () => {
		for (let n = 0; n < 3; n++) {
			const began = Date.now();
			const error = await open().then(
				() => null,
				(e: Error) => e
			);
			expect(error).toMatchObject({ name: 'AlreadyRunning', pid: String(process.pid) });
			expect(error!.message).toContain(String(process.pid));
			expect(Date.now() - began).toBeLessThan(2000);
		}
		expect((await backend.sql`select 1 as one`)[0]).toEqual({ one: 1 });
		await backend.close();
		backend = await open(1500);
		expect((await backend.sql`select 1 as one`)[0]).toEqual({ one: 1 });
	});

	it('a start that was refused holds nothing', async () => {
		const folder = mkdtempSync(path.join(os.tmpdir(), 'xt-engine-'));
		for (let n = 0; n < 2; n++)
			await expect(
				startEmbedded({ dataDir: folder, origin: 'no address' }),
				`start ${n}`
			).rejects.toMatchObject({ name: 'RefusedStart' });
		rmSync(folder, { recursive: true, force: true });
	});
});

describe('a runaway query (I-04)', () => {
	it('is cut at the deadline, others are answered within 4 s, nothing acknowledged is lost', async () => {
		const tasks = Array.from({ length: 8 }, () => randomUUID());
		for (const task of tasks)
			expect(await createTask('pan', task)).toMatchObject({ outcome: 'applied' });
		const began = Date.now();
		const error = await backend.sql`select pg_sleep(30)`.then(
			() => null,
			(e: unknown) => e
		);
		const cut = Date.now() - began;
		expect(error).toMatchObject({ code: '57014' });
		expect(cut).toBeGreaterThan(1400);
		// Time for which it had no core is added, up to three times the deadline.
		expect(cut).toBeLessThan(os.loadavg()[0]! > os.cpus().length ? 5000 : 2500);
		const rows = await backend.sql<{ id: string }[]>`select id from tasks where id = any(${tasks})`;
		const back = Date.now() - began - cut;
		console.log(`cut after ${cut} ms, the next answer ${back} ms later, load ${os.loadavg()[0]}`);
		// 1.5–2.6 s on two free cores; where others keep them busy, only that it comes back soon.
		const busy = os.loadavg()[0]! > os.cpus().length;
		expect(back).toBeLessThan(busy ? 12_000 : 4000);
		expect(rows.map((r) => r.id).sort()).toEqual([...tasks].sort());
		expect(backend.restarts()).toBe(1);
		const differing = await backend.sql`select * from private.progress_differences(${id('yunxi')})`;
		expect([...differing]).toEqual([]);
		// The Data API's own connections come back too, with the rights they had.
		expect(await createTask('pan', randomUUID())).toMatchObject({ outcome: 'applied' });
		expect((await ask('/rest/v1/events', { token: tokenOf('nora') })).status).toBe(200);
		expect((await ask('/rest/v1/places')).status).toBeGreaterThanOrEqual(401);
	});
});

describe.runIf(os.platform() === 'linux')('a query that is given no core', () => {
	it('is not taken for one that runs away', async () => {
		const { sql } = backend;
		const count = (n: number) => sql`select count(*) from generate_series(1, ${n}::integer) i`;
		const time = async (n: number) => {
			const began = performance.now();
			await count(n);
			return performance.now() - began;
		};
		// As much work as takes 0.9 s of the 1.5 s alone.
		await time(100_000);
		const n = Math.round((900 / (await time(1_000_000))) * 1_000_000);
		const before = backend.restarts();
		const others = Array.from({ length: os.cpus().length * 3 }, () =>
			spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' })
		);
		try {
			await setTimeout(300);
			const took = await time(n);
			console.log(`0.9 s of work beside ${others.length} that never rest: ${Math.round(took)} ms`);
			expect(took, 'longer than the deadline, or this shows nothing').toBeGreaterThan(1500);
			expect(backend.restarts()).toBe(before);
		} finally {
			for (const other of others) other.kill('SIGKILL');
		}
	});
});

describe('the work of autovacuum', () => {
	it('looks after tables that changed, and leaves a database at rest alone', async () => {
		// The backend's own look may have been first: what counts is what the planner knows afterwards.
		const { sql } = backend;
		await care(sql);
		// What the first look wrote itself may be due at the second; then there is rest.
		await care(sql);
		expect(await care(sql)).toEqual([]);
		await sql.unsafe(
			'create table private.care_probe as select n from generate_series(1, 1000) n; alter table private.care_probe add primary key (n)'
		);
		const seen = async () => {
			const [row] = await sql`select reltuples from pg_class where relname = 'care_probe'`;
			return row!.reltuples as number;
		};
		await care(sql);
		expect(await seen()).toBe(1000);
		expect(await care(sql)).not.toContain('private.care_probe');
		// A tenth more is not enough yet; half is, and deleted rows are given back.
		await sql`insert into private.care_probe select n from generate_series(1001, 1100) n`;
		expect(await care(sql)).not.toContain('private.care_probe');
		await sql`delete from private.care_probe where n > 500`;
		await care(sql);
		expect(await seen()).toBe(500);
		await sql.unsafe('drop table private.care_probe');
	});
});

describe('what a start is refused for (M-01)', () => {
	const folder = mkdtempSync(path.join(os.tmpdir(), 'xt-engine-'));
	const own = readSecrets(folder);
	afterAll(() => rmSync(folder, { recursive: true, force: true }));
	const good: Start = {
		secrets: own,
		origin: 'https://map.example',
		production: true,
		allowHttp: false,
		dataDir: folder
	};
	const withSecret = (jwtSecret: unknown) => ({
		secrets: { ...own, jwtSecret: jwtSecret as string }
	});
	const bad: [string, Partial<Start>][] = [
		['no secret', withSecret(undefined)],
		['an empty secret', withSecret('')],
		['31 characters', withSecret('a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p')],
		['not a text', withSecret(12345)],
		[
			'a default of Supabase',
			withSecret('super-secret-jwt-token-with-at-least-32-characters-long')
		],
		[
			'one of its examples',
			withSecret('your-super-secret-jwt-token-with-at-least-32-characters-long')
		],
		['a default of Lite', withSecret('unsafe-secret-change-me')],
		['one character again and again', withSecret('0'.repeat(64))],
		['no public key', { secrets: { ...own, publishableKey: '' } }],
		['a public key of another kind', { secrets: { ...own, publishableKey: 'anon-key' } }],
		['no secret key', { secrets: { ...own, secretKey: undefined as never } }],
		['the public key as the secret one', { secrets: { ...own, secretKey: own.publishableKey } }],
		['no address', { origin: '' }],
		['not an address', { origin: 'map' }],
		['http on the network', { origin: 'http://map.example' }],
		['http on an office address', { origin: 'http://10.1.2.3:3000' }],
		['http on a name that only looks local', { origin: 'http://localhost.example' }]
	];
	it.each(bad)('%s', (_, changed) => {
		expect(whyNotStart(good)).toBeNull();
		const reason = whyNotStart({ ...good, ...changed });
		expect(reason, 'in both languages').toMatch(/\p{Script=Han}.* \/ .*[a-z]/u);
		expect(reason).not.toContain(own.jwtSecret);
	});
	it.skipIf(process.platform === 'win32')('a folder or secrets others can read', () => {
		for (const [name, wrong, right] of [
			['.', 0o755, 0o700],
			['secrets.json', 0o640, 0o600]
		] as const) {
			chmodSync(path.join(folder, name), wrong);
			expect(whyNotStart(good), name).toContain('readable by other users');
			chmodSync(path.join(folder, name), right);
		}
		expect(whyNotStart(good)).toBeNull();
	});
});

describe('tokens (B-08)', () => {
	const now = () => Math.floor(Date.now() / 1000);
	const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
	const with_ = (changed: object, secret = secrets.jwtSecret, head?: object) =>
		mint(secret, { ...claimsOf('pan'), ...changed }, head);
	const bad: [string, () => string][] = [
		['alg none, unsigned', () => `${part({ alg: 'none' })}.${part(claimsOf('pan'))}.`],
		['alg none, signed', () => with_({}, undefined, { alg: 'none' })],
		['alg nOnE', () => with_({}, undefined, { alg: 'nOnE' })],
		['alg RS256', () => with_({}, undefined, { alg: 'RS256' })],
		['no alg', () => with_({}, undefined, {})],
		['another key', () => with_({}, 'k'.repeat(64))],
		['no key', () => with_({}, '')],
		['a default of Lite', () => with_({}, 'dev-secret-change-me')],
		['another default of Lite', () => with_({}, 'unsafe-secret-change-me')],
		[
			'a default of Supabase',
			() => with_({}, 'super-secret-jwt-token-with-at-least-32-characters-long')
		],
		['expired', () => with_({ exp: now() - 1 })],
		['without an end', () => with_({ exp: undefined })],
		['an end that is text', () => with_({ exp: String(now() + 600) })],
		['not before an hour from now', () => with_({ nbf: now() + 3600 })],
		['another audience', () => with_({ aud: 'somebody' })],
		['several audiences', () => with_({ aud: ['authenticated', 'somebody'] })],
		...['postgres', 'service_role', 'anon', 'xiangtu_authenticator', 'AUTHENTICATED', ''].map(
			(role): [string, () => string] => [`role "${role}"`, () => with_({ role })]
		),
		['no role', () => with_({ role: undefined })],
		['no subject', () => with_({ sub: undefined })],
		['a subject that is an object', () => with_({ sub: { id: id('pan') } })],
		['8 KB', () => with_({ note: 'x'.repeat(8192) })],
		[
			'a changed body',
			() => {
				const [head, , signature] = tokenOf('finn').split('.');
				return `${head}.${part(claimsOf('pan'))}.${signature}`;
			}
		],
		['a cut signature', () => tokenOf('pan').slice(0, -4)],
		['a fourth part', () => `${tokenOf('pan')}.x`],
		['garbage', () => 'not.a.token'],
		['no JSON', () => `${Buffer.from('{').toString('base64url')}.e30.e30`],
		['JSON null', () => mint(secrets.jwtSecret, null as never)],
		['one word', () => 'x'],
		['dots', () => '...']
	];
	it.each(bad)('%s', async (_, make) => {
		const token = make();
		expect(readToken(token, secrets.jwtSecret)).toBeNull();
		const answer = await ask('/rest/v1/places?select=id', { token });
		expect(answer.status).toBe(401);
		expect(await answer.text()).not.toMatch(leaks);
	});
	it('one of ours in its time', async () => {
		expect(readToken(tokenOf('pan'), secrets.jwtSecret)).toMatchObject({ sub: id('pan') });
		const answer = await ask('/rest/v1/places?select=id', { token: tokenOf('pan') });
		expect(answer.status).toBe(200);
		expect(((await answer.json()) as unknown[]).length).toBeGreaterThan(2);
	});
	it('a token of ours whose session was ended is of no use', async () => {
		await backend.sql`insert into account_sessions (id, user_id, ended_at) values (${id('session gone')}, ${id('pan')}, now())`;
		const token = mint(secrets.jwtSecret, { ...claimsOf('pan'), session_id: id('session gone') });
		const rows = await ask('/rest/v1/tasks?select=id', { token });
		expect(rows.status === 200 ? await rows.json() : []).toEqual([]);
	});
});

/** SQL, files, stacks: nothing of it may be told to a caller. */
const leaks =
	/node_modules|\.(ts|js):\d|\/(work|tmp|home|usr|root)\/|\bat \S+ \(|\bselect\b.+\bfrom\b|insert into|xiangtu_authenticator|stack/i;

describe('the front door', () => {
	type Init = NonNullable<Parameters<typeof ask>[1]>;
	const closed: [string, number, Init?][] = [
		...[
			'/',
			'/rest',
			'/rest/v1',
			'/rest/v1/',
			'/rest/v1//places',
			'//rest/v1/places',
			'/rest/v1/places/',
			'/rest/v1/Places',
			'/rest/v1/pl%61ces',
			'/rest/v1/places%00',
			'/rest/v1/rpc',
			'/rest/v1/rpc/',
			'/rest/v1/rpc/pg_sleep/x',
			'/rest/v1/rpc/private.me',
			'/rest/v1/auth.users',
			'/rest/v1/../../auth/v1/signup',
			'/rest/v1/%2e%2e/%2e%2e/auth/v1/admin/users',
			'/rest/v2/places',
			`/rest/v1/${'x'.repeat(70)}`,
			'/auth/v1/',
			'/auth/v1/signup',
			'/auth/v1/otp',
			'/auth/v1/magiclink',
			'/auth/v1/recover',
			'/auth/v1/verify',
			'/auth/v1/resend',
			'/auth/v1/invite',
			'/auth/v1/authorize',
			'/auth/v1/callback',
			'/auth/v1/sso',
			'/auth/v1/factors',
			'/auth/v1/settings',
			'/auth/v1/health',
			'/auth/v1/.well-known/jwks.json',
			'/auth/v1/admin/users',
			'/auth/v1/admin/generate_link',
			'/auth/v1/token/',
			'/auth/v1/user/identities/authorize',
			'/storage/v1/',
			'/storage/v1/bucket',
			'/storage/v1/object/imports/x',
			'/storage/v1/object/public/imports/x',
			'/storage/v1/object/list/imports',
			'/storage/v1/upload/resumable',
			'/realtime/v1/api/broadcast',
			'/functions/v1/hello',
			'/graphql/v1',
			'/pg/query',
			'/_system/info',
			'/_system/sql',
			'/studio',
			'/_/',
			'/project/default',
			'/api/platform/pg-meta/default/query',
			'/mcp',
			'/.env',
			'/secrets.json'
		].flatMap((at): [string, number, Init?][] => [
			[at, 404],
			[at, 404, { body: { email: 'a@b.invalid', password: 'long enough for it' } }]
		]),
		['/rest/v1/places', 405, { method: 'OPTIONS' }],
		['/auth/v1/user', 405, { method: 'PUT', body: { data: { role: 'postgres' } } }],
		['/auth/v1/user', 405, { method: 'DELETE' }],
		['/auth/v1/logout', 405],
		['/auth/v1/token', 405],
		['/auth/v1/token?grant_type=password', 403, { body: { email: 'a@b.invalid', password: 'x' } }],
		['/auth/v1/token?grant_type=id_token', 403, { body: {} }],
		['/auth/v1/token?grant_type=pkce', 403, { body: {} }],
		['/auth/v1/token', 403, { body: { grant_type: 'refresh_token' } }],
		['/auth/v1/token?grant_type=password&grant_type=refresh_token', 403, { body: {} }],
		['/rest/v1/places?apikey=x', 400],
		['/rest/v1/places?access_token=x', 400],
		['/rest/v1/places', 401, { headers: { apikey: '' } }],
		['/rest/v1/places', 401, { headers: { apikey: 'sb_publishable_of_somebody_else' } }],
		['/rest/v1/places', 401, { headers: { authorization: 'Bearer x' } }],
		['/rest/v1/places', 401, { headers: { authorization: 'Basic cG9zdGdyZXM6cG9zdGdyZXM=' } }],
		['/rest/v1/places', 406, { headers: { 'accept-profile': 'private' } }],
		['/rest/v1/places', 406, { headers: { 'accept-profile': 'auth' } }],
		['/rest/v1/places', 406, { headers: { 'accept-profile': 'public, private' } }],
		['/rest/v1/places', 406, { headers: { 'content-profile': 'auth' }, body: {} }],
		['/rest/v1/places', 406, { headers: { accept: 'application/vnd.pgrst.plan+json' } }],
		[
			'/rest/v1/places',
			406,
			{ headers: { accept: 'text/html, application/vnd.pgrst.plan;options=verbose' } }
		],
		['/rest/v1/rpc/apply_op', 413, { body: `{"p_op":"${'x'.repeat(2 * 1024 * 1024)}"}` }]
	];
	it(`${closed.length} requests that are not on the list`, async () => {
		for (const [at, status, init] of closed) {
			const answer = await ask(at, {
				token: init?.headers?.authorization ? null : tokenOf('pan'),
				...init
			});
			const said = await answer.text();
			const name = `${init?.method ?? (init?.body ? 'POST' : 'GET')} ${at} ${JSON.stringify(init?.headers ?? {})}`;
			expect(answer.status, `${name}: ${said.slice(0, 200)}`).toBe(status);
			expect(said, name).not.toMatch(leaks);
			expect(JSON.parse(said), name).toMatchObject({ code: expect.any(String) });
		}
	}, 20_000);

	it('a secret key is never taken from outside', async () => {
		const { secretKey } = secrets;
		for (const headers of [
			{ apikey: secretKey },
			{ authorization: `Bearer ${secretKey}` },
			{ apikey: `${secretKey}x` }
		] as Record<string, string>[])
			expect((await ask('/rest/v1/places', { headers })).status).toBe(403);
	});

	it('behind the door: unknown names and bad values are told without SQL, files or stacks', async () => {
		const token = tokenOf('pan');
		const asked: [string, Parameters<typeof ask>[1]?][] = [
			['/rest/v1/users?select=*'],
			['/rest/v1/pg_authid?select=*'],
			['/rest/v1/pg_stat_activity'],
			['/rest/v1/chain_heads'],
			['/rest/v1/no_such_table'],
			['/rest/v1/places?select=nothing'],
			['/rest/v1/places?id=eq.x'],
			['/rest/v1/places?id=nonsense.x'],
			['/rest/v1/places?select=*,secrets(*)'],
			['/rest/v1/rpc/pg_sleep?seconds=10'],
			['/rest/v1/rpc/pg_read_file', { body: { filename: '/etc/passwd' } }],
			['/rest/v1/rpc/no_such_function', { body: {} }],
			['/rest/v1/rpc/progress_on', { body: { p_township: 'x', p_day: 'y' } }],
			['/rest/v1/rpc/apply_op', { body: '{"p_op":' }],
			['/rest/v1/tasks', { body: { id: 'x' } }],
			['/rest/v1/places?id=not.is.null', { method: 'DELETE' }]
		];
		for (const [at, init] of asked) {
			const answer = await ask(at, { token, ...init });
			const said = await answer.text();
			expect(answer.status, `${at}: ${said}`).toBeGreaterThanOrEqual(400);
			expect(answer.status, `${at}: ${said}`).toBeLessThan(500);
			expect(said, at).not.toMatch(leaks);
		}
		expect((await backend.sql`select count(*)::int as n from places`)[0]!.n).toBeGreaterThan(4);
	});
});

describe('the live endpoint, with supabase-js as it is', () => {
	let server: Server;
	let url: string;
	const clients: SupabaseClient[] = [];
	const topic = `township:${id('yunxi')}`;
	beforeAll(async () => {
		server = createServer((_, answer) => answer.writeHead(404).end());
		server.on('upgrade', backend.realtime.upgrade);
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	});
	afterEach(async () => {
		for (const client of clients.splice(0)) {
			await client.removeAllChannels();
			client.realtime.disconnect();
		}
	});
	afterAll(() => server?.close());

	async function client(token: string): Promise<SupabaseClient> {
		const made = createClient(url, secrets.publishableKey, {
			accessToken: async () => token,
			realtime: { transport: ws as never }
		});
		clients.push(made);
		await made.realtime.setAuth();
		return made;
	}
	/** How a subscription ended. */
	const joined = (channel: RealtimeChannel) =>
		new Promise<string>((resolve) => channel.subscribe((status) => resolve(status)));
	const until = async (what: () => boolean, ms = 4000) => {
		for (const end = Date.now() + ms; !what() && Date.now() < end;) await setTimeout(20);
		expect(what(), 'in time').toBe(true);
	};
	const aWhile = () => setTimeout(400);
	const privately = (more: object = {}) => ({ config: { private: true, ...more } });
	async function member(name: string, more: object = {}) {
		const made = (await client(tokenOf(name))).channel(topic, privately(more));
		return made;
	}

	it('a member joins; a stranger, another township, an ended account and a public channel are refused', async () => {
		expect(await joined(await member('finn'))).toBe('SUBSCRIBED');
		for (const name of ['nora', 'loner', 'off', 'past', 'nobody'])
			expect(await joined(await member(name)), name).toBe('CHANNEL_ERROR');
		for (const name of ['finn', 'pan'])
			expect(await joined((await client(tokenOf(name))).channel(topic)), 'public').toBe(
				'CHANNEL_ERROR'
			);
		for (const other of [`township:${id('lushan')}`, 'township:*', 'township:', 'x', `${topic} `])
			expect(await joined((await client(tokenOf('pan'))).channel(other, privately())), other).toBe(
				'CHANNEL_ERROR'
			);
		const forged = mint('k'.repeat(64), claimsOf('pan'));
		expect(await joined((await client(forged)).channel(topic, privately()))).toBe('CHANNEL_ERROR');
	});

	it('a hint arrives after an op; one a client sends reaches nobody', async () => {
		const hears = await member('finn');
		const sends = await member('pan', { broadcast: { ack: true, self: true } });
		const heard: Record<string, unknown>[] = [];
		const own: unknown[] = [];
		hears.on('broadcast', { event: 'hint' }, ({ payload }) => heard.push(payload));
		sends.on('broadcast', { event: 'forged' }, (m) => own.push(m));
		expect([await joined(hears), await joined(sends)]).toEqual(['SUBSCRIBED', 'SUBSCRIBED']);
		const task = randomUUID();
		expect(await createTask('pan', task)).toMatchObject({ outcome: 'applied' });
		await until(() => heard.length > 0);
		expect(heard).toEqual([{ kind: 'task', id: task, version: 1 }]);
		for (const event of ['hint', 'forged', 'presence_diff', 'phx_close', 'system'])
			expect(
				await sends.send({ type: 'broadcast', event, payload: { kind: 'task', id: 'forged' } }),
				event
			).not.toBe('ok');
		await aWhile();
		expect(heard).toHaveLength(1);
		expect(own).toEqual([]);
	}, 60_000);

	it('a cursor carries the person the server knows, whatever the client says', async () => {
		const hears = await member('finn');
		const sends = await member('pan');
		const heard: Record<string, unknown>[] = [];
		hears.on('broadcast', { event: 'cursor' }, ({ payload }) => heard.push(payload));
		expect([await joined(hears), await joined(sends)]).toEqual(['SUBSCRIBED', 'SUBSCRIBED']);
		await sends.send({
			type: 'broadcast',
			event: 'cursor',
			payload: { at: [110.81, 32.61], user: id('ines'), person: id('person ines') }
		});
		await until(() => heard.length > 0);
		expect(heard).toEqual([{ at: [110.81, 32.61], user: id('pan'), person: id('person pan') }]);
	});

	it('two members see each other come and go', async () => {
		const first = await member('finn');
		const second = await member('pan');
		const present = (channel: RealtimeChannel) =>
			Object.values(channel.presenceState<{ user: string; name: string }>())
				.flat()
				.map((p) => `${p.name} ${p.user}`)
				.sort();
		for (const channel of [first, second])
			channel.on('presence', { event: 'sync' }, () => undefined);
		expect([await joined(first), await joined(second)]).toEqual(['SUBSCRIBED', 'SUBSCRIBED']);
		await first.track({ name: 'f' });
		await second.track({ name: 'p', user: id('ines') });
		const both = [`f ${id('finn')}`, `p ${id('pan')}`];
		await until(() => present(first).length === 2 && present(second).length === 2);
		expect(present(first)).toEqual(both);
		expect(present(second)).toEqual(both);
		await second.untrack();
		await until(() => present(first).length === 1);
		await second.track({ name: 'p' });
		await until(() => present(first).length === 2);
		clients.at(-1)!.realtime.disconnect();
		await until(() => present(first).length === 1);
		expect(present(first)).toEqual(both.slice(0, 1));
	});

	it('an ended session is thrown out, its other sessions stay', async () => {
		await backend.sql`insert into account_sessions (id, user_id) values (${id('session second')}, ${id('lei')})`;
		const token = mint(secrets.jwtSecret, { ...claimsOf('lei'), session_id: id('session second') });
		const ends = (await client(token)).channel(topic, privately());
		const stays = await member('lei');
		const states: string[] = [];
		const heard: unknown[] = [];
		ends.on('broadcast', { event: 'hint' }, (m) => heard.push(m));
		ends.subscribe((status) => states.push(status));
		await until(() => states.includes('SUBSCRIBED'));
		expect(await joined(stays)).toBe('SUBSCRIBED');
		const ended = await ask('/rest/v1/rpc/session_end', { token, body: {} });
		expect(ended.status).toBe(200);
		await until(() => states.length > 1);
		expect(states[1]).toMatch(/CLOSED|CHANNEL_ERROR/);
		expect(await createTask('pan', randomUUID())).toMatchObject({ outcome: 'applied' });
		await aWhile();
		expect(heard).toEqual([]);
		expect(stays.state).toBe('joined');
		// And it does not come back.
		expect(await joined((await client(token)).channel(topic, privately()))).toBe('CHANNEL_ERROR');
	});
});
