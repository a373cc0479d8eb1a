/**
 * The hand-over file (security.md I-05, I-07, I-08): the demo township goes into one archive and out again in an
 * empty installation, table by table and file by file the same; whatever is wrong with the archive is refused by
 * name and leaves nothing behind.
 */
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
	cpSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
	existsSync
} from 'node:fs';
import { readdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createClient } from '@supabase/supabase-js';
import postgres from 'postgres';
import ws from 'ws';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { acceptInvitation, invite, openSession } from '../../src/lib/data/accounts';
import { newId } from '../../src/lib/domain/op';
import type { Gateway } from '../../src/lib/server/backend';
import { makeDemo } from '../../src/lib/server/demo';
import { toEmail } from '../../src/lib/server/email';
import { startEmbedded, type Backend } from '../../src/lib/server/engine/index';
import { prepare } from '../../src/lib/server/first-start';
import { readArchive, writeArchive, type Member } from '../../src/lib/server/handover/archive';
import { fromBackend, intoBackend } from '../../src/lib/server/handover/backend';
import { fileChunks } from '../../src/lib/server/handover/bytes';
import {
	catalogue,
	dump,
	speakOf,
	unclassified,
	type Sql
} from '../../src/lib/server/handover/catalogue';
import { exportTownship } from '../../src/lib/server/handover/export';
import { Heads } from '../../src/lib/server/heads';
import { restoreTownship } from '../../src/lib/server/handover/restore';
import { verifyFile } from '../../src/lib/server/handover/verify';
import { linkSecret } from '../../src/lib/server/link-secret';
import { Tombstones } from '../../src/lib/server/tombstones';

// The demo takes its photos in as the program does: through the gateway of this process.
const here = vi.hoisted(() => ({ gateway: undefined as Gateway | undefined }));
vi.mock('../../src/lib/server/backend', () => ({ backend: () => here.gateway }));

const origin = 'http://localhost:3997';
const passphrase = '云溪镇 移交 2026 口令';
/** A guess costs a millisecond here instead of a third of a second. */
const quick = 12;
const native = process.env.TEST_DATABASE_URL;
const root = mkdtempSync(path.join(os.tmpdir(), 'xt-handover-'));
const at = (name: string) => path.join(root, name);

let source: Backend;
let township: { id: string; district: string };
let versions: string[];

function gatewayOf(embedded: Backend): Gateway {
	const options = {
		auth: { persistSession: false, autoRefreshToken: false },
		global: { fetch: embedded.fetch },
		realtime: { transport: ws as never }
	};
	const admin = createClient(origin, embedded.secretKey, options);
	return {
		url: origin,
		publishableKey: embedded.publishableKey,
		fetch: embedded.fetch,
		handle: embedded.handle,
		admin,
		heads: new Heads(at('heads.jsonl'), admin),
		tombstones: new Tombstones(at('tombstones.jsonl'), embedded.secretKey),
		relaxed: embedded.relaxed,
		createUser: (email, password, name) => embedded.createUser({ email, password, name }),
		embedded
	};
}

const start = (folder: string, databaseUrl?: string) =>
	startEmbedded({ dataDir: at(folder), origin, databaseUrl, deadline: 30_000 });

/** SHA-256 and rows of every table that goes along. */
async function dumps(sql: Sql): Promise<Record<string, string>> {
	const out: Record<string, string> = {};
	await sql.begin(async (begun) => {
		const tx = begun as unknown as Sql;
		await speakOf(tx, township.id, township.district);
		for (const table of await catalogue(tx)) {
			const hash = createHash('sha256');
			let rows = 0;
			for await (const part of dump(tx, table)) {
				hash.update(part.text);
				rows += part.rows;
			}
			out[table.name] = `${rows} ${hash.digest('hex')}`;
		}
	});
	return out;
}

/** SHA-256 of every kept file by its place. */
async function filesOf({ disk, sql }: Backend): Promise<Record<string, string>> {
	const rows = await sql<{ bucket: string; name: string }[]>`
		select bucket_id as bucket, name from storage.objects order by 1, 2`;
	const out: Record<string, string> = {};
	for (const { bucket, name } of rows) {
		const { body } = await disk.getObject(bucket, name);
		out[`${bucket}/${name}`] = createHash('sha256')
			.update(body as Uint8Array)
			.digest('hex');
	}
	return out;
}

const rowsOfEverything = async (sql: Sql): Promise<number> => {
	const [row] = await sql<{ n: string }[]>`
		select (select count(*) from public.places) + (select count(*) from public.events)
			+ (select count(*) from public.persons) + (select count(*) from storage.objects) as n`;
	return Number(row!.n);
};

beforeAll(async () => {
	source = await start('source');
	const gateway = gatewayOf(source);
	here.gateway = gateway;
	await makeDemo(gateway);
	const [town] = await source.sql<{ id: string; district: string }[]>`
		select id, parent_id as district from public.places where level = 'township'`;
	township = town!;
	// Photos and a raw file, as the server keeps them: the same bytes twice, and one file of some size.
	const [person] = await source.sql<
		{ id: string }[]
	>`select id from public.persons where name = '李网格'`;
	for (let n = 0; n < 6; n++) {
		const original = randomBytes(n === 5 ? 3_000_000 : 40_000);
		const sha256 = createHash('sha256').update(original).digest('hex');
		const photo = `00000000-0000-7000-8000-00000000000${n}`;
		for (const [size, bytes] of [
			['original', original],
			['large', original.subarray(0, 20_000)],
			['small', Buffer.from('small')]
		] as const) {
			const { error } = await gateway.admin.storage
				.from('photos')
				.upload(`${township.id}/${photo}/${sha256}/${size}`, Buffer.from(bytes), {
					contentType: 'image/jpeg'
				});
			if (error) throw error;
		}
		await source.sql`select public.photo_put(${JSON.stringify({
			township_id: township.id,
			id: photo,
			person: person!.id,
			sha256,
			pixels_sha256: createHash('sha256').update(photo).digest('hex'),
			hashes: ['00ff00ff00ff00ff'],
			format: 'jpeg',
			bytes: original.length,
			width: 40,
			height: 30,
			claims: { lon: 110.81, lat: 32.61 }
		})}::text::jsonb)`;
	}
	const rows = await source.sql<{ version: string }[]>`
		select version from supabase_migrations.schema_migrations order by version`;
	versions = rows.map((r) => r.version);
	await exportTownship(fromBackend(source), township.id, at('plain.zip'), null);
	await exportTownship(
		fromBackend(source),
		township.id,
		at('sealed'),
		passphrase,
		undefined,
		quick
	);
}, 240_000);
afterAll(async () => {
	await source?.close();
	rmSync(root, { recursive: true, force: true });
});

it('has decided about every table', async () => {
	expect(await unclassified(source.sql)).toEqual({ unknown: [], gone: [] });
});

it('is secret: 0600, and of a sealed file no name, phone, place or word can be read', async () => {
	const plain = readFileSync(at('plain.zip'));
	const shut = readFileSync(at('sealed'));
	for (const file of ['plain.zip', 'sealed']) expect(statSync(at(file)).mode & 0o777).toBe(0o600);
	let hits = 0;
	const words = [
		'周书记',
		'李网格',
		'云溪镇',
		'白马村',
		'manifest.json',
		'tables/public.persons',
		township.id
	];
	for (const word of words) {
		for (const coded of [Buffer.from(word, 'utf8'), Buffer.from(word, 'utf16le')])
			if (shut.includes(coded)) hits++;
	}
	expect(hits).toBe(0);
	// The same grep finds what lies open: member names, and the names of people once inflated.
	expect(plain.includes('tables/public.persons')).toBe(true);
	const inside: string[] = [];
	for await (const m of readArchive(fileChunks(at('plain.zip'))))
		if (m.name.endsWith('json')) inside.push(Buffer.from(m.bytes).toString('utf8'));
	expect(inside.some((text) => text.includes('李网格'))).toBe(true);
	// No password, no key, no session goes along.
	const all = inside.join('');
	const users = await source.sql<{ secret: string }[]>`
		select encrypted_password as secret from auth.users where encrypted_password is not null`;
	expect(users.length).toBeGreaterThan(5);
	for (const { secret } of users) expect(all.includes(secret)).toBe(false);
	console.log(
		`hand-over: ${plain.length} bytes plain, ${words.length} words searched, ${hits} hits`
	);
});

describe('refused by name, and nothing is written', () => {
	let empty: Backend;
	beforeAll(async () => {
		empty = await start('refusals');
	});
	afterAll(async () => {
		expect(await rowsOfEverything(empty.sql)).toBe(0);
		const left = existsSync(at('refusals/files'))
			? await readdir(at('refusals/files'), { recursive: true, withFileTypes: true })
			: [];
		expect(left.filter((f) => f.isFile())).toEqual([]);
		await empty?.close();
	});

	const tried = async (file: string, word: string | null): Promise<string> => {
		try {
			await restoreTownship(intoBackend(empty), at(file), word);
			return 'restored';
		} catch (error) {
			return (error as { code?: string }).code ?? String(error);
		}
	};
	const changed = (from: string, name: string, change: (bytes: Buffer) => Buffer) => {
		writeFileSync(at(name), change(Buffer.from(readFileSync(at(from)))));
		return name;
	};
	/** The plain archive with other members, whole as an archive. */
	const rebuilt = async (name: string, change: (m: Member) => Member | null) => {
		async function* members() {
			for await (const m of readArchive(fileChunks(at('plain.zip')))) {
				const other = change(m);
				if (other) yield other;
			}
		}
		const parts: Uint8Array[] = [];
		for await (const part of writeArchive(members())) parts.push(part);
		writeFileSync(at(name), Buffer.concat(parts));
		return name;
	};
	const withJson = (m: Member, change: (value: Record<string, unknown>) => void): Member => {
		const value = JSON.parse(Buffer.from(m.bytes).toString('utf8')) as Record<string, unknown>;
		change(value);
		return { name: m.name, bytes: Buffer.from(JSON.stringify(value), 'utf8') };
	};
	const both = (change: (value: Record<string, unknown>) => void) => (m: Member) =>
		['about.json', 'manifest.json'].includes(m.name) ? withJson(m, change) : m;

	it('cut', async () => {
		for (const file of ['plain.zip', 'sealed'])
			for (const part of [0.02, 0.5, 0.999]) {
				changed(file, 'cut', (b) => b.subarray(0, Math.floor(b.length * part)));
				expect(await tried('cut', passphrase)).toBe('cut');
			}
		changed('sealed', 'cut', (b) => b.subarray(0, 30));
		expect(await tried('cut', passphrase)).toBe('cut');
		changed('sealed', 'cut', (b) => b.subarray(0, b.length - 1));
		expect(await tried('cut', passphrase)).toBe('cut');
	});

	it('a flipped byte, wherever it is', async () => {
		let n = 0;
		for (const file of ['plain.zip', 'sealed']) {
			const { length } = readFileSync(at(file));
			const places = [0, 40, 200, length - 1, length - 60];
			for (let i = 0; i < 12; i++) places.push(Math.floor((length * (i + 0.37)) / 12));
			for (const place of places) {
				changed(file, 'flipped', (b) => {
					b[place]! ^= 0x10;
					return b;
				});
				// Verifying alone: a restore begins with it. A flip in a head may read as another kind of file.
				const code = await verifyFile(at('flipped'), passphrase, versions).then(
					() => 'verified',
					(error: { code?: string }) => error.code
				);
				expect(
					place < 30 || place > length - 300
						? ['damaged', 'cut', 'not_a_handover']
						: ['damaged', 'cut']
				).toContain(code);
				n++;
			}
		}
		console.log(`hand-over: ${n} flipped bytes, all refused`);
	});

	it('a missing part, of a table, of the files, of the list', async () => {
		let left: string | null = null;
		await rebuilt('less', (m) => {
			if (left || !m.name.startsWith('tables/public.steps')) return m;
			left = m.name;
			return null;
		});
		expect(await tried('less', null)).toBe('part_missing');
		left = null;
		await rebuilt('less', (m) => {
			if (left || !m.name.startsWith('files/')) return m;
			left = m.name;
			return null;
		});
		expect(await tried('less', null)).toBe('part_missing');
		await rebuilt('less', (m) => (m.name.startsWith('list/') ? null : m));
		expect(await tried('less', null)).toBe('part_missing');
		await rebuilt('less', (m) => (m.name === 'manifest.json' ? null : m));
		expect(await tried('less', null)).toBe('part_missing');
	});

	it('another part in its place, and one too many', async () => {
		await rebuilt('other', (m) =>
			m.name.startsWith('tables/public.tasks') ? { ...m, bytes: Buffer.from('{}\n') } : m
		);
		expect(await tried('other', null)).toBe('damaged');
		await rebuilt('other', (m) => m);
		const twice: Uint8Array[] = [];
		async function* more() {
			for await (const m of readArchive(fileChunks(at('other')))) {
				if (m.name === 'manifest.json')
					yield { name: 'tables/public.extra.0001.ndjson', bytes: Buffer.from('{}') };
				yield m;
			}
		}
		for await (const part of writeArchive(more())) twice.push(part);
		writeFileSync(at('other'), Buffer.concat(twice));
		expect(await tried('other', null)).toBe('damaged');
	});

	it('a changed event, though every checksum was made anew', async () => {
		const changed = new Map<string, Buffer>();
		await rebuilt('chain', (m) => {
			if (!m.name.startsWith('tables/public.events')) return m;
			const text = Buffer.from(m.bytes).toString('utf8');
			const other = Buffer.from(text.replace('"action": "step.do"', '"action": "step.up"'), 'utf8');
			changed.set(m.name, other);
			return { name: m.name, bytes: other };
		});
		expect(changed.size).toBeGreaterThan(0);
		const sha = (b: Uint8Array) => createHash('sha256').update(b).digest('hex');
		const parts: Uint8Array[] = [];
		async function* members() {
			for await (const m of readArchive(fileChunks(at('chain'))))
				yield m.name !== 'manifest.json'
					? m
					: withJson(m, (v) => {
							const events = (
								v.tables as {
									name: string;
									sha256: string;
									parts: { name: string; sha256: string }[];
								}[]
							).find((t) => t.name === 'public.events')!;
							for (const part of events.parts) part.sha256 = sha(changed.get(part.name)!);
							events.sha256 = sha(
								Buffer.concat(events.parts.map((part) => changed.get(part.name)!))
							);
						});
		}
		for await (const part of writeArchive(members())) parts.push(part);
		writeFileSync(at('chain'), Buffer.concat(parts));
		await verifyFile(at('chain'), null, versions);
		expect(await tried('chain', null)).toBe('chain_broken');
	});

	it('a disk that is full in the middle', async () => {
		const into = intoBackend(empty);
		let n = 0;
		const full = restoreTownship(
			{
				...into,
				writeFile: async (...file) => {
					if (++n === 9) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
					await into.writeFile(...file);
				}
			},
			at('plain.zip'),
			null
		);
		await expect(full).rejects.toMatchObject({ code: 'disk_full' });
		expect(n).toBe(9);
	});

	it('a wrong passphrase, and none', async () => {
		expect(await tried('sealed', '云溪镇 移交 2026 口令!')).toBe('wrong_passphrase');
		expect(await tried('sealed', '')).toBe('wrong_passphrase');
		expect(await tried('sealed', null)).toBe('needs_passphrase');
	});

	it('of another program, an older and a newer one', async () => {
		writeFileSync(at('text'), 'hello');
		expect(await tried('text', null)).toBe('not_a_handover');
		cpSync('supabase/seed/demo/villages_gbk.zip', at('zip'));
		expect(await tried('zip', null)).toMatch(/not_a_handover|damaged/);
		await rebuilt(
			'newer',
			both((v) => (v.migrations as string[]).push('20990101000000'))
		);
		expect(await tried('newer', null)).toBe('schema_newer');
		await rebuilt(
			'older',
			both((v) => (v.migrations as string[]).pop())
		);
		expect(await tried('older', null)).toBe('schema_older');
		await rebuilt(
			'format',
			both((v) => (v.format = 2))
		);
		expect(await tried('format', null)).toBe('format_newer');
	});
});

it('leaves nothing of an export that the disk had no room for', async () => {
	mkdirSync(at('small'));
	try {
		execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', at('small')], {
			stdio: 'ignore'
		});
	} catch {
		console.log('hand-over on a full disk: skipped, no right to mount one');
		return;
	}
	try {
		const made = exportTownship(
			fromBackend(source),
			township.id,
			at('small/file'),
			passphrase,
			undefined,
			quick
		);
		await expect(made).rejects.toMatchObject({ code: 'disk_full' });
		expect(await readdir(at('small'))).toEqual([]);
	} finally {
		execFileSync('umount', [at('small')]);
	}
	// The connection is free again and in no transaction.
	expect(await source.sql`select 1 as one`).toEqual([{ one: 1 }]);
});

describe.each(native ? ['embedded', 'postgres'] : ['embedded'])('restored on %s', (engine) => {
	const scratch = `xt_handover_${process.pid}`;
	let target: Backend;
	let password = '';

	beforeAll(async () => {
		let url: string | undefined;
		if (engine === 'postgres') {
			const sql = postgres(native!, { max: 1, onnotice: () => undefined });
			await sql.unsafe(`create database ${scratch}`);
			await sql.end();
			url = Object.assign(new URL(native!), { pathname: `/${scratch}` }).toString();
		}
		target = await start(`target-${engine}`, url);
		const told = Symbol.for('xiangtu.tell');
		Object.assign(globalThis, {
			[told]: (what: string, value: string[]) => {
				if (what === 'banner') password = /^ {4}(\S+)$/.exec(value[1] ?? '')?.[1] ?? password;
			}
		});
		await prepare(gatewayOf(target), {
			demo: false,
			restore: { file: at('sealed'), passphrase: ` ${passphrase} ` }
		});
		Object.assign(globalThis, { [told]: undefined });
	});
	afterAll(async () => {
		await target?.close();
		if (engine === 'embedded') return;
		const sql = postgres(native!, { max: 1, onnotice: () => undefined });
		await sql.unsafe(`drop database if exists ${scratch} with (force)`);
		await sql.end();
	});

	it('holds the same rows in every table and the same bytes in every file', async () => {
		const [there, here] = [await dumps(source.sql), await dumps(target.sql)];
		expect(here).toEqual(there);
		const [files, kept] = [await filesOf(source), await filesOf(target)];
		expect(kept).toEqual(files);
		const photos = await target.sql<
			{ id: string; sha256: string }[]
		>`select id, sha256 from public.photos`;
		for (const p of photos)
			expect(kept[`photos/${township.id}/${p.id}/${p.sha256}/original`]).toBe(p.sha256);
		const rows = Object.values(there).reduce((n, line) => n + Number(line.split(' ')[0]), 0);
		console.log(
			`hand-over, ${engine}: ${Object.keys(there).length} tables, ${rows} rows, ${Object.keys(files).length} files, ${photos.length} photos equal`
		);
	});

	it('has its own triggers on again', async () => {
		const off =
			await target.sql`select tgrelid::regclass::text as t, tgname from pg_trigger where tgenabled <> 'O' and not tgisinternal`;
		expect([...off]).toEqual([]);
		await expect(target.sql`update public.events set action = 'x'`).rejects.toThrow('append-only');
	});

	it('lets the new administrator in, who finds the chain whole and invites a person of the file', async () => {
		const { url, publishableKey, fetch } = gatewayOf(target);
		const open = async (login: string, secret: string) => {
			const db = createClient(url, publishableKey, {
				auth: { persistSession: false, autoRefreshToken: false },
				global: { fetch: fetch! },
				realtime: { transport: ws as never }
			});
			const { error } = await db.auth.signInWithPassword({
				email: toEmail(login),
				password: secret
			});
			if (error) throw error;
			return db;
		};
		expect(password).toMatch(/^[a-z2-9-]{17}$/);
		const admin = await open('admin', password);
		await openSession(admin, 'test');
		const { data } = await admin.rpc('verify_events', { p_township: township.id });
		expect(data).toMatchObject({ whole: true });
		expect((data as { count: number }).count).toBeGreaterThan(50);
		// Nobody of the demo can sign in here.
		await expect(open('planner', 'yunxi-demo-2026')).rejects.toThrow();
		const [old] = await target.sql<
			{ id: string }[]
		>`select id from public.persons where name = '周书记'`;
		const { secret, sha256 } = linkSecret();
		await invite(admin, {
			id: newId(),
			place_id: township.id,
			role: 'planner',
			person_name: '周书记',
			person_id: old!.id,
			sha256
		});
		await target.createUser({
			email: toEmail('zhou'),
			password: 'a-new-password-26',
			name: '周书记'
		});
		const zhou = await open('zhou', 'a-new-password-26');
		await acceptInvitation(zhou, secret, 'zhou');
		const me = await openSession(zhou, 'test');
		expect(me).toMatchObject({ id: old!.id, name: '周书记' });
		const counts = await zhou.from('tasks').select('id', { count: 'exact', head: true });
		const [mine] = await source.sql<{ n: number }[]>`select count(*)::int as n from public.tasks`;
		expect(counts.count).toBe(mine!.n);
	});

	it('is not opened a second time', async () => {
		const again = restoreTownship(intoBackend(target), at('sealed'), passphrase);
		await expect(again).rejects.toMatchObject({ code: 'not_empty' });
	});
});
