/** What answers from outside, and with which token: everything that is not on the list is refused. */
import { generateKeyPairSync, createSign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend } from '../../src/lib/server/engine/index';
import { ask, makePlace, mint, origin, password, signIn, startIn } from './embedded-support';

const place = makePlace();
let backend: Backend;
let token: string;
let refreshToken: string;
let secret: string;
let sub: string;

beforeAll(async () => {
	backend = await startIn(place);
	sub = await backend.createUser({ email: 'wang@xiangtu.invalid', password, name: '王' });
	({ access_token: token, refresh_token: refreshToken } = await signIn(
		backend,
		'wang@xiangtu.invalid'
	));
	secret = JSON.parse(readFileSync(path.join(place.dataDir, 'secrets.json'), 'utf8')).jwtSecret;
});
afterAll(async () => {
	await backend?.close();
	place.remove();
});

const post = (body: unknown): RequestInit => ({
	method: 'POST',
	headers: { 'Content-Type': 'application/json' },
	body: JSON.stringify(body)
});
const soon = () => Math.floor(Date.now() / 1000) + 300;
const claims = () => ({
	sub,
	aud: 'authenticated',
	role: 'authenticated',
	exp: soon(),
	iat: soon() - 600
});

describe('tokens (B-08)', () => {
	test('the one we signed is good', async () => {
		expect((await ask(backend, '/rest/v1/notes', token)).status).toBe(200);
		expect((await ask(backend, '/rest/v1/notes', mint(claims(), secret))).status).toBe(200);
	});

	const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
	const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
	const rs256 = () => {
		const text = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims())}`;
		return `${text}.${createSign('RSA-SHA256').update(text).sign(rsa.privateKey).toString('base64url')}`;
	};
	const bad: Record<string, () => string> = {
		'alg none': () => `${part({ alg: 'none', typ: 'JWT' })}.${part(claims())}.`,
		'alg none with a signature': () => mint(claims(), secret, { alg: 'none' }),
		'alg HS512 signed as HS256': () => mint(claims(), secret, { alg: 'HS512', typ: 'JWT' }),
		RS256: rs256,
		'public key as HMAC secret': () =>
			mint(claims(), rsa.publicKey.export({ type: 'spki', format: 'pem' }) as string),
		'another secret': () => mint(claims(), 'x'.repeat(64)),
		'empty secret': () => mint(claims(), ''),
		'Lite’s default secret': () => mint(claims(), 'unsafe-secret-change-me'),
		'Lite’s other default': () => mint(claims(), 'dev-secret-change-me'),
		'Supabase’s default': () =>
			mint(claims(), 'super-secret-jwt-token-with-at-least-32-characters-long'),
		expired: () => mint({ ...claims(), exp: soon() - 400 }, secret),
		'exp missing': () => mint({ ...claims(), exp: undefined }, secret),
		'exp a string': () => mint({ ...claims(), exp: String(soon()) }, secret),
		'not before tomorrow': () => mint({ ...claims(), nbf: soon() + 86_400 }, secret),
		'another audience': () => mint({ ...claims(), aud: 'somebody-else' }, secret),
		'no role': () => mint({ ...claims(), role: undefined }, secret),
		'role postgres': () => mint({ ...claims(), role: 'postgres' }, secret),
		'role service_role': () => mint({ ...claims(), role: 'service_role' }, secret),
		'role anon': () => mint({ ...claims(), role: 'anon' }, secret),
		'role xiangtu_authenticator': () =>
			mint({ ...claims(), role: 'xiangtu_authenticator' }, secret),
		'role in another case': () => mint({ ...claims(), role: 'Authenticated' }, secret),
		'role an array': () => mint({ ...claims(), role: ['authenticated'] }, secret),
		'kid pointing to a file': () => mint(claims(), '', { alg: 'HS256', kid: '../../dev/null' }),
		'jku elsewhere': () => mint(claims(), 'x', { alg: 'HS256', jku: 'https://evil.example/k' }),
		'8 KB of it': () => mint({ ...claims(), pad: 'x'.repeat(8192) }, secret),
		'four parts': () => `${mint(claims(), secret)}.x`,
		'claims not JSON': () => `${part({ alg: 'HS256' })}.bm90IGpzb24.c2ln`,
		'claims null': () => mint(null as never, secret),
		'publishable key cut short': () => backend.publishableKey.slice(0, -1),
		'the secret key': () => backend.secretKey
	};
	test.each(Object.keys(bad))('%s is refused', async (name) => {
		for (const at of ['/rest/v1/notes', '/rest/v1/secret_probe', '/auth/v1/user']) {
			const response = await ask(backend, at, bad[name]!());
			expect([401, 403], `${at}: ${response.status}`).toContain(response.status);
		}
	});

	test('keys and tokens in the address are refused', async () => {
		for (const query of [
			`apikey=${backend.publishableKey}`,
			`apikey=${backend.secretKey}`,
			`access_token=${token}`
		]) {
			expect((await ask(backend, `/rest/v1/notes?${query}`, null)).status).toBe(400);
		}
	});

	test('a secret key, or none, opens nothing', async () => {
		const with_ = (headers: Record<string, string>) =>
			backend.handle(new Request(`${origin}/rest/v1/notes`, { headers }), '::1');
		expect((await with_({})).status).toBe(401);
		expect((await with_({ apikey: 'sb_publishable_guess' })).status).toBe(401);
		expect((await with_({ apikey: backend.secretKey })).status).toBe(403);
		expect(
			(
				await with_({
					apikey: backend.publishableKey,
					Authorization: `Bearer ${backend.secretKey}`
				})
			).status
		).toBe(403);
		expect(
			(
				await with_({
					apikey: backend.publishableKey,
					Authorization: `Basic ${Buffer.from('a:b').toString('base64')}`
				})
			).status
		).toBe(401);
	});
});

describe('paths (M-02, B-04)', () => {
	const closed = [
		'/',
		'/static/index.js',
		'/_system/config',
		'/_system/info',
		'/_system/ping',
		'/_system/introspect',
		'/rest/v1/',
		'/rest/v1',
		'/rest/v1/rpc',
		'/rest/v1/rpc/',
		'/rest/v1/notes/1',
		'/rest/v1/Notes',
		'/rest/v1/private.hidden',
		'/rest/v1/..%2f..%2f_system/config',
		'/rest/v1/%2e%2e/%2e%2e/_system/config',
		'/rest/v1/notes%00',
		'/rest/v1//notes',
		'/auth/v1/signup',
		'/auth/v1/otp',
		'/auth/v1/recover',
		'/auth/v1/magiclink',
		'/auth/v1/verify',
		'/auth/v1/settings',
		'/auth/v1/health',
		'/auth/v1/admin/users',
		'/auth/v1/invite',
		'/auth/v1/authorize',
		'/auth/v1/callback',
		'/auth/v1/.well-known/jwks.json',
		'/auth/v1/factors',
		'/auth/v1/resend',
		'/auth/v1/reauthenticate',
		'/auth/v1/sso',
		'/storage/v1/bucket',
		'/storage/v1/object/imports/x',
		'/realtime/v1/api/broadcast',
		'/graphql/v1',
		'/functions/v1/x',
		'/pg/query'
	];
	test.each(closed)('%s is closed', async (at) => {
		for (const method of ['GET', 'POST']) {
			for (const who of [null, token]) {
				const response = await ask(backend, at, who, {
					method,
					...(method === 'POST' ? post({ email: 'x@y.z', password }) : {})
				});
				expect([403, 404, 405], `${method} ${at}`).toContain(response.status);
			}
		}
	});

	test('nobody signs up or signs in with a password from outside', async () => {
		for (const grant of ['password', 'pkce', 'id_token', 'Password', '']) {
			const response = await ask(
				backend,
				`/auth/v1/token?grant_type=${grant}`,
				null,
				post({ email: 'wang@xiangtu.invalid', password })
			);
			expect([400, 403, 404], grant).toContain(response.status);
		}
		const twice = await ask(
			backend,
			'/auth/v1/token?grant_type=refresh_token&grant_type=password',
			null,
			post({ email: 'wang@xiangtu.invalid', password })
		);
		expect(twice.ok).toBe(false);
		expect((await backend.sql`select count(*)::int as n from auth.users`)[0]).toEqual({ n: 1 });
	});

	test('a refresh token is renewed', async () => {
		const response = await ask(
			backend,
			'/auth/v1/token?grant_type=refresh_token',
			null,
			post({ refresh_token: refreshToken })
		);
		expect(response.status).toBe(200);
		expect(await response.json()).toMatchObject({ user: { email: 'wang@xiangtu.invalid' } });
	});

	test('other schemas and plans are refused', async () => {
		const wishes: [string, string][] = [
			['Accept-Profile', 'private'],
			['Content-Profile', 'auth'],
			['Accept-Profile', 'storage'],
			['Accept', 'application/vnd.pgrst.plan+json']
		];
		for (const wish of wishes) {
			const headers = Object.fromEntries([wish]);
			expect((await ask(backend, '/rest/v1/notes', token, { headers })).status).toBe(406);
		}
	});
});

describe('sizes and words', () => {
	test('more than 1 MB is refused, told or not told', async () => {
		const big = 'x'.repeat(1_100_000);
		expect((await ask(backend, '/rest/v1/notes', token, post({ body: big }))).status).toBe(413);
		const stream = new ReadableStream({
			start(controller) {
				for (let n = 0; n < 20; n++)
					controller.enqueue(new TextEncoder().encode('x'.repeat(100_000)));
				controller.close();
			}
		});
		const response = await ask(backend, '/rest/v1/notes', token, {
			method: 'POST',
			body: stream,
			duplex: 'half'
		} as RequestInit);
		expect(response.status).toBe(413);
		expect((await ask(backend, '/rest/v1/notes?select=id', token)).status).toBe(200);
	});

	test('at most 1,000 rows, from a table and from a function', async () => {
		await backend.sql`insert into public.notes (owner, body) select ${sub}::uuid, 'n' from generate_series(1, 1500)`;
		const length = async (at: string, init?: RequestInit) =>
			((await (await ask(backend, at, token, init)).json()) as unknown[]).length;
		expect(await length('/rest/v1/notes?select=id')).toBe(1000);
		expect(await length('/rest/v1/notes?select=id&limit=5000')).toBe(1000);
		expect(await length('/rest/v1/notes?select=id', { headers: { Range: '0-4999' } })).toBe(1000);
		expect(await length('/rest/v1/rpc/many', post({}))).toBeLessThanOrEqual(1000);
	});

	test('our own refusals keep code and hint; faults say neither SQL nor stack', async () => {
		const ours = await ask(backend, '/rest/v1/rpc/refuse', token, post({}));
		expect(ours.status).toBe(403);
		expect(await ours.json()).toMatchObject({ code: 'PT403', message: 'not_now', hint: 'later' });
		const fault = await (await ask(backend, '/rest/v1/rpc/broken', token, post({}))).text();
		expect(fault).not.toMatch(/select |\bat .*:\d+|node_modules/i);
		const unknown = await (await ask(backend, '/rest/v1/notes?no_such=eq.1', token)).text();
		expect(unknown).not.toMatch(/node_modules|\.js:\d+|select /i);
	});
});
