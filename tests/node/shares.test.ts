/**
 * Links without an account (security.md C-01, C-03, C-04, C-06, C-07): the server's own functions over the embedded
 * engine, with the cast and the work of the rights matrix. Each test prints its figure.
 */
import { createClient } from '@supabase/supabase-js';
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import ws from 'ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Db } from '../../src/lib/data/client';
import { readShared, sharedCard, sharedPhoto } from '../../src/lib/data/shares';
import { newId } from '../../src/lib/domain/op';
import type { ShareWish } from '../../src/lib/domain/shareops';
import { startEmbedded, type Backend } from '../../src/lib/server/engine/index';
import { linkSecret } from '../../src/lib/server/link-secret';
import { makeShare, setPasscode, type Maker } from '../../src/lib/server/shares/make';
import { openDoor, tryOpen } from '../../src/lib/server/shares/open';
import { asker, claimsOf, id, makeWork, mint, reviewed, type Ask } from '../rights/cast';
import { startedFolder } from '../template';

const origin = 'http://localhost:3997';
const printed: string[] = [];

describe('links without an account', () => {
	let dataDir: string;
	let backend: Backend;
	let ask: Ask;
	let admin: Db;
	let pan: Maker;
	const reader = 'r'.repeat(43);
	let nets = 0;

	beforeAll(async () => {
		for (const where of ['log', 'error', 'warn', 'info'] as const) {
			const say = console[where];
			console[where] = (...words: unknown[]) => {
				printed.push(words.map(String).join(' '));
				say(...words);
			};
		}
		dataDir = await startedFolder('xt-shares-');
		backend = await startEmbedded({ dataDir, origin, deadline: 60_000 });
		ask = asker(backend, dataDir, origin);
		await makeWork(backend, ask);
		const client = (key: string, token?: string) =>
			createClient(origin, key, {
				auth: { persistSession: false, autoRefreshToken: false },
				global: {
					fetch: backend.fetch,
					...(token ? { headers: { Authorization: `Bearer ${token}` } } : {})
				},
				realtime: { transport: ws as never }
			});
		admin = client(backend.secretKey);
		const { readFileSync } = await import('node:fs');
		const { jwtSecret } = JSON.parse(readFileSync(path.join(dataDir, 'secrets.json'), 'utf8'));
		pan = {
			db: client(backend.publishableKey, mint(jwtSecret, claimsOf('pan'))),
			admin,
			townshipId: id('yunxi'),
			personId: id('person pan')
		};
		await photo('before', 'p1');
		await photo('after', 'p1');
	}, 240_000);
	afterAll(async () => {
		await backend?.close();
		rmSync(dataDir, { recursive: true, force: true });
	});

	async function photo(name: string, step: string): Promise<void> {
		const hash = createHash('sha256').update(name).digest('hex');
		await backend.sql`select public.photo_put(${backend.sql.json({
			township_id: id('yunxi'),
			id: id(`photo ${name}`),
			person: id('person finn'),
			sha256: hash,
			pixels_sha256: hash,
			format: 'jpeg',
			bytes: 1000,
			width: 40,
			height: 30
		})})`;
		await play('finn', 'step.photo', step, {
			photos: [id(`photo ${name}`)],
			role: name === 'after' ? 'after' : 'before'
		});
	}
	async function play(who: 'pan' | 'finn', kind: string, target: string, payload: object) {
		const { body } = await ask(who, 'POST', '/rest/v1/rpc/apply_op', {
			p_op: {
				op_id: newId(),
				kind,
				township_id: id('yunxi'),
				target: /^[0-9a-f-]{36}$/.test(target) ? target : id(target),
				payload
			}
		});
		expect(body, kind).toMatchObject({ outcome: 'applied' });
	}
	type Link = { id: string; publicId: string; secret: string };
	/** A link as the page makes it: asked once, everything looked at, asked again. */
	async function make(more: Partial<ShareWish> = {}): Promise<Link> {
		const wish: ShareWish = {
			id: newId(),
			kind: 'project',
			subject: id('p'),
			title: '水岸景区村',
			options: {},
			live: false,
			answers: false,
			picture: null,
			days: 30,
			passcode: null,
			looked: [],
			...more
		};
		let made = await makeShare(pan, wish);
		if ('findings' in made)
			made = await makeShare(pan, { ...wish, looked: made.findings.map((f) => f.key) });
		if ('findings' in made) throw new Error(JSON.stringify(made));
		return { id: wish.id, ...made };
	}
	/** From another network each time, unless one is named. */
	const open = (
		link: Pick<Link, 'publicId' | 'secret'>,
		passcode = '',
		net = `net ${nets++}`,
		how = tryOpen
	) =>
		how(admin, {
			publicId: link.publicId,
			secret: link.secret,
			passcode,
			net,
			reader,
			userAgent: 'Mozilla/5.0 (Linux; Android 14) Mobile MicroMessenger/8.0'
		});
	async function doorOf(link: Link, passcode = ''): Promise<string> {
		const opened = await open(link, passcode);
		if (!('door' in opened)) throw new Error(JSON.stringify(opened));
		return opened.door;
	}
	const countIn = (text: string, secrets: ReadonlySet<string>): number => {
		let n = 0;
		for (const [run] of text.matchAll(/[A-Za-z0-9_-]{43,}/g))
			for (let i = 0; i + 43 <= run.length; i++) if (secrets.has(run.slice(i, i + 43))) n++;
		return n;
	};
	const everything = async (): Promise<string> => {
		const tables = await backend.sql<{ name: string }[]>`
			select format('%I.%I', schemaname, tablename) as name from pg_tables
			where schemaname not in ('pg_catalog', 'information_schema', 'extensions')`;
		let text = '';
		for (const { name } of tables)
			for (const row of await backend.sql.unsafe(`select t::text as row from ${name} t`))
				text += `${row.row}\n`;
		return text;
	};

	it('C-01: secrets are 256 random bits and stand nowhere in clear', async () => {
		const began = printed.length;
		const made = Array.from({ length: 10_000 }, linkSecret);
		const secrets = new Set(made.map((s) => s.secret));
		expect(secrets.size).toBe(10_000);
		// Each of the 256 bits is a fair coin: 10,000 throws lie within 5.5 standard deviations (50 each).
		const ones = new Array<number>(256).fill(0);
		const bytes = new Array<number>(256).fill(0);
		for (const secret of secrets) {
			const raw = Buffer.from(secret, 'base64url');
			expect(raw.length).toBe(32);
			for (let i = 0; i < 256; i++) ones[i]! += (raw[i >> 3]! >> (i & 7)) & 1;
			for (const b of raw) bytes[b]!++;
		}
		const worst = Math.max(...ones.map((n) => Math.abs(n - 5_000)));
		expect(worst).toBeLessThan(275);
		const entropy = bytes.reduce((sum, n) => sum - (n / 320_000) * Math.log2(n / 320_000), 0);
		expect(entropy).toBeGreaterThan(7.999);
		// All sealed as the server does it; sixteen made, opened and read the whole way.
		const sealed = await backend.sql<{ n: number }[]>`
			select count(public.share_seal(s.value))::int as n from jsonb_array_elements(${backend.sql.json(
				made.map(({ sha256 }) => ({
					township_id: id('yunxi'),
					person: id('person pan'),
					id: newId(),
					sha256
				}))
			)}) s`;
		expect(sealed[0]!.n).toBe(10_000);
		for (let i = 0; i < 16; i++) {
			const link = await make({ live: i % 2 === 1, passcode: i % 4 === 3 ? '135790' : null });
			secrets.add(link.secret);
			await open(link, 'wrong one');
			const door = await doorOf(link, '135790');
			// The door's key is as good as the secret for two hours.
			secrets.add(door);
			expect((await readShared(admin, link.publicId, door))?.share.publicId).toBe(link.publicId);
			await play('pan', 'share.edit', link.id, { days: 9 });
			if (i % 2) await play('pan', 'share.revoke', link.id, {});
		}
		expect(secrets.size).toBe(10_032);
		const dump = await everything();
		expect(dump).toContain(id('person pan'));
		const backup = gunzipSync((await backend.snapshot())!).toString('latin1');
		const log = printed.slice(began).join('\n');
		const places = [dump, backup, log].map((text) => countIn(text, secrets));
		// The search itself finds one that is put there.
		expect(countIn(`x ${made[7]!.secret}y`, secrets)).toBe(1);
		console.log(
			`C-01: 10,016 secrets, 0 repeats, worst bit ${worst}/10,000 off half, ${entropy.toFixed(5)} bits a byte; in clear: dump ${places[0]} (${(dump.length / 1e6).toFixed(1)} MB), backup ${places[1]} (${(backup.length / 1e6).toFixed(0)} MB), log ${places[2]}`
		);
		expect(places).toEqual([0, 0, 0]);
	});

	it('C-03: passcodes: locked after 10, revoked at 50, one answer in one time', async () => {
		const one = await make({ passcode: '135790' });
		let waits = 0;
		for (let i = 0; i < 1_000; i++) {
			const got = await open(one, `wrong ${i}`, 'one network');
			if ('wait' in got) waits++;
			else expect(got).toEqual({ closed: true });
		}
		const stands = async (link: Link) =>
			(
				await backend.sql<
					{ failed: number; locked: boolean; why: string | null }[]
				>`select failed_count as failed, coalesce(locked_until > now(), false) as locked, revoked_why as why from public.shares where id = ${link.id}`
			)[0]!;
		const afterOne = await stands(one);
		expect(afterOne.failed).toBeLessThanOrEqual(31);
		expect(await open(one, '135790')).toEqual({ closed: true });

		const many = await make({ passcode: '135790' });
		const seen: string[] = [];
		for (let i = 0; i < 60; i++) {
			seen.push(JSON.stringify(await open(many, `wrong ${i}`, `many ${i}`)));
			const { failed, locked, why } = await stands(many);
			if (i + 1 === 9) expect(locked).toBe(false);
			if (i + 1 === 10) expect([failed, locked]).toEqual([10, true]);
			if (i + 1 === 11) expect(await open(many, '135790')).toEqual({ closed: true });
			if (i + 1 === 49) expect(why).toBeNull();
			if (i + 1 === 50) expect(why).toBe('passcode');
		}
		for (let i = 60; i < 300; i += 40)
			await Promise.all(
				Array.from({ length: 40 }, async (_, n) =>
					seen.push(JSON.stringify(await open(many, `wrong ${i + n}`, `many ${i + n}`)))
				)
			);
		expect(seen.length).toBe(300);
		// Another 700 straight at the database, which alone counts.
		const sha256 = createHash('sha256').update(many.secret).digest('hex');
		const [rest] = await backend.sql<{ closed: number }[]>`
			select count(*) filter (where public.share_open(jsonb_build_object('public_id', ${many.publicId}::text, 'sha256', ${sha256}::text,
				'passcode', repeat(md5(i::text), 2))) ->> 'outcome' = 'closed')::int as closed from generate_series(1, 700) i`;
		expect(rest!.closed).toBe(700);
		expect(new Set(seen)).toEqual(new Set(['{"closed":true}']));
		const told =
			await backend.sql`select 1 from public.events where action = 'share.revoked' and subject_id = ${many.id}`;
		expect(told.length).toBe(1);
		expect(await stands(many)).toMatchObject({ failed: 50 });

		// Unknown, ended, taken back, wrong secret, wrong passcode: side by side, in turn.
		const [ended, revoked, wrong] = [
			await make(),
			await make({ passcode: '135790' }),
			await make({ passcode: '135790' })
		];
		await backend.sql`update public.shares set expires_at = now() - interval '1 s' where id = ${ended.id}`;
		await play('pan', 'share.revoke', revoked.id, {});
		const secret = linkSecret().secret;
		const slowly = (link: Pick<Link, 'publicId' | 'secret'>, passcode: string) =>
			open(link, passcode, undefined, openDoor);
		const kinds: [string, () => ReturnType<typeof open>][] = [
			['unknown', () => slowly({ publicId: 'aaaaaaaaaa', secret }, '246802')],
			['no link at all', () => slowly({ publicId: '../x', secret: 'y' }, '')],
			['ended', () => slowly(ended, '')],
			['taken back', () => slowly(revoked, '135790')],
			['wrong secret', () => slowly({ ...wrong, secret }, '246802')],
			['wrong passcode', () => slowly(wrong, '246802')],
			['no passcode', () => slowly(wrong, '')]
		];
		const bodies = new Set<string>();
		const measure = async () => {
			const times = kinds.map((): number[] => []);
			for (let round = 0; round < 7; round++) {
				// Neither locked nor taken back meanwhile: the time of counting is measured, too.
				await backend.sql`update public.shares set failed_count = 0, locked_until = null where id = ${wrong.id}`;
				for (const n of kinds.keys()) {
					const at = (n + round) % kinds.length;
					const began = performance.now();
					bodies.add(JSON.stringify(await kinds[at]![1]()));
					times[at]!.push(performance.now() - began);
				}
			}
			const medians = times.map((t) => t.sort((a, b) => a - b)[3]!);
			return { medians, ratio: Math.max(...medians) / Math.min(...medians) };
		};
		// Where others use the machine so much that the work takes longer than the wait, it is measured again: what
		// differs by itself differs each time.
		let { medians, ratio } = await measure();
		for (let again = 0; again < 2 && ratio >= 1.1; again++) ({ medians, ratio } = await measure());
		console.log(
			`C-03: 1,000 wrong from one network: ${waits} told to wait; from 300 networks: locked at 10, taken back at 50, told once; ${bodies.size} answer; medians ${medians.map((t, i) => `${kinds[i]![0]} ${t.toFixed(1)}`).join(', ')} ms, greatest/least ${ratio.toFixed(3)}`
		);
		expect(waits).toBeGreaterThan(960);
		expect(bodies).toEqual(new Set(['{"closed":true}']));
		expect(ratio).toBeLessThan(1.1);
	});

	it('C-04: ends at once, with 50 readers in flight', async () => {
		const late: Record<string, number> = {};
		const ways: [string, (link: Link) => Promise<unknown>, () => Promise<unknown>][] = [
			[
				'expiry',
				(l) =>
					backend.sql`update public.shares set expires_at = clock_timestamp() where id = ${l.id}`,
				async () => undefined
			],
			['taken back', (l) => play('pan', 'share.revoke', l.id, {}), async () => undefined],
			['new passcode', (l) => setPasscode(pan, l.id, '975310'), async () => undefined],
			[
				'maker gone',
				() =>
					backend.sql`update public.memberships set valid_to = private.today() where id = ${id('membership pan')}`,
				() =>
					backend.sql`update public.memberships set valid_to = null where id = ${id('membership pan')}`
			],
			[
				'account off',
				() =>
					backend.sql`update public.accounts set ended_at = now() where person_id = ${id('person pan')}`,
				() =>
					backend.sql`update public.accounts set ended_at = null where person_id = ${id('person pan')}`
			],
			[
				'township closed',
				() => backend.sql`update public.places set archived_at = now() where id = ${id('yunxi')}`,
				() => backend.sql`update public.places set archived_at = null where id = ${id('yunxi')}`
			]
		];
		let answers = 0;
		for (const [name, end, back] of ways) {
			const link = await make({ live: name === 'taken back' });
			const door = await doorOf(link);
			let last = 0;
			let going = true;
			const readers = Array.from({ length: 50 }, async () => {
				while (going) {
					if (await readShared(admin, link.publicId, door)) last = performance.now();
					answers++;
				}
			});
			await new Promise((r) => setTimeout(r, 250));
			await end(link);
			const ended = performance.now();
			await new Promise((r) => setTimeout(r, 1_050));
			going = false;
			await Promise.all(readers);
			late[name] = Math.max(0, last - ended);
			expect(await readShared(admin, link.publicId, door), name).toBeNull();
			expect(await sharedPhoto(admin, link.publicId, door, id('photo before')), name).toBeNull();
			expect(await open(link), name).toEqual({ closed: true });
			await back();
		}
		console.log(
			`C-04: ${answers} answers; last data after the end: ${Object.entries(late)
				.map(([name, ms]) => `${name} ${ms.toFixed(0)} ms`)
				.join(', ')}`
		);
		expect(Math.max(...Object.values(late))).toBeLessThan(1_000);
	});

	it('C-06: a door opens its own page and nothing else', async () => {
		const link = await make();
		const other = await make({ kind: 'township', subject: id('yunxi') });
		const door = await doorOf(link);
		await doorOf(other);
		const mine = (await readShared(admin, link.publicId, door))!.content.photos.map((p) => p.id);
		expect(mine.sort()).toEqual([id('photo before'), id('photo after')].sort());
		const all = await backend.sql<{ id: string }[]>`select id from public.photos`;
		let files = 0;
		for (const p of all) {
			const file = await sharedPhoto(admin, link.publicId, door, p.id);
			expect(file !== null, p.id).toBe(mine.includes(p.id));
			files++;
		}
		const links = await backend.sql<
			{ publicId: string }[]
		>`select public_id as "publicId" from public.shares`;
		for (const { publicId } of links) {
			if (publicId === link.publicId) continue;
			expect(await readShared(admin, publicId, door)).toBeNull();
			expect(await sharedPhoto(admin, publicId, door, mine[0]!)).toBeNull();
			expect(await sharedCard(admin, publicId)).toBeNull();
		}
		let cells = 0;
		for (const token of [door, link.secret]) {
			const climb = async (method: string, url: string, body?: unknown) => {
				for (const who of ['anon', { token }] as const) {
					const got = await ask(who, method, url, body, { cookie: `s-${link.publicId}=${door}` });
					cells++;
					expect(got.status, `${method} ${url} ${JSON.stringify(got.body)}`).toBeGreaterThanOrEqual(
						400
					);
				}
			};
			for (const table of reviewed('tables.csv').keys())
				await climb('GET', `/rest/v1/${table}?limit=1`);
			for (const name of reviewed('rpc.csv').keys())
				await climb('POST', `/rest/v1/rpc/${name}`, { p_public_id: link.publicId, p_door: door });
		}
		console.log(
			`C-06: of ${files} photos ${mine.length} its own, ${links.length - 1} other links closed, ${cells} ways into the Data API shut`
		);
	});

	it('C-07: a snapshot stays byte for byte, and no contact ever stands in it', async () => {
		const shared = await Promise.all([
			make(),
			make({ kind: 'plan', subject: id('q') }),
			make({ kind: 'village', subject: id('baima') }),
			make({ kind: 'township', subject: id('yunxi') }),
			make({ kind: 'scheme', subject: id('scheme') }),
			make({ kind: 'meeting', subject: id('meeting') }),
			make({ kind: 'unit', subject: id('unit') })
		]);
		const doors = await Promise.all(shared.map((l) => doorOf(l)));
		const live = await make({ kind: 'plan', subject: id('q'), live: true });
		const liveDoor = await doorOf(live);
		const read = async () =>
			Promise.all(
				shared.map(async (l, i) => JSON.stringify(await readShared(admin, l.publicId, doors[i]!)))
			);
		const before = await read();
		const liveBefore = await readShared(admin, live.publicId, liveDoor);
		await play('pan', 'project.edit', 'p', { title: '改名的项目', note: '新的说明' });
		await play('pan', 'plan.edit', 'q', { title: '改名的产业', content: '联系李四 13900139000' });
		await play('pan', 'plan.contact', 'q', { name: '李四', phone: '13900139000' });
		await play('pan', 'plan.money', 'q', { rows: [{ source: 'county', year: 2026, planned: 77 }] });
		await play('finn', 'task.create', 'later', {
			category: 'TRASH',
			title: '新增的垃圾点',
			village_id: id('baima')
		});
		await play('pan', 'scheme.edit', 'scheme', { title: '改名的方案' });
		await photo('later', 'p1');
		const after = await read();
		expect(after).toEqual(before);
		const liveAfter = await readShared(admin, live.publicId, liveDoor);
		expect(liveAfter!.content.title).toBe('改名的产业');
		expect(liveAfter!.content).not.toEqual(liveBefore!.content);
		const contacts = [...after, JSON.stringify(liveAfter)].filter((text) =>
			/李四|王示例|13900139000/.test(text)
		).length;
		expect(await sharedPhoto(admin, shared[0]!.publicId, doors[0]!, id('photo later'))).toBeNull();
		console.log(
			`C-07: ${after.length} pages, ${after.join('').length} bytes, byte-identical after 7 changes; contacts ${contacts}`
		);
		expect(contacts).toBe(0);
	});
});
