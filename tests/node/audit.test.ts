/**
 * The audit (security.md K-02 to K-05, K-08 to K-10) on the embedded engine and, where TEST_DATABASE_URL names one, on
 * PostgreSQL: every act leaves one row, nobody writes over it, whatever a superuser does to it is found, contacts are
 * seen one by one, a person is found and forgotten, in a copy that is put back too.
 */
import { createClient } from '@supabase/supabase-js';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import ws from 'ws';
import type { Db } from '../../src/lib/data/client';
import { startEmbedded, type Backend } from '../../src/lib/server/engine/index';
import { Heads } from '../../src/lib/server/heads';
import { Tombstones } from '../../src/lib/server/tombstones';
import { asker, claimsOf, id, makeWork, personas, type Ask, type Persona } from '../rights/cast';
import { engineNames, native } from './engines';
import { random } from './sequences';
import { chinaDay } from '../../src/lib/domain/day';
import { startedFolder } from '../template';

const origin = 'http://localhost:3996';
const yunxi = id('yunxi');
const zero = '00000000-0000-0000-0000-000000000000';
const seed = Number(process.env.SEED ?? Date.now() % 1e9);

type Sql = postgres.Sql;

describe.each(engineNames)('the audit, %s', (engine) => {
	let dataDir: string;
	let databaseUrl: string | undefined;
	let backend: Backend;
	let admin: Db;
	let ask: Ask;
	const scratch = `xt_audit_${process.pid}`;

	const adminOf = (b: Backend) =>
		createClient(origin, b.secretKey, {
			auth: { persistSession: false },
			global: { fetch: b.fetch },
			realtime: { transport: ws as never }
		}) as unknown as Db;

	beforeAll(async () => {
		if (engine === 'embedded') dataDir = await startedFolder('xt-audit-');
		else {
			dataDir = mkdtempSync(path.join(os.tmpdir(), 'xt-audit-'));
			const sql = postgres(native!, { max: 1, onnotice: () => undefined });
			await sql.unsafe(`create database ${scratch}`);
			await sql.end();
			const url = new URL(native!);
			url.pathname = `/${scratch}`;
			databaseUrl = url.toString();
		}
		backend = await startEmbedded({ dataDir, origin, databaseUrl, deadline: 60_000 });
		admin = adminOf(backend);
		ask = asker(backend, dataDir, origin);
		await makeWork(backend, ask);
	}, 240_000);

	afterAll(async () => {
		await backend?.close();
		rmSync(dataDir, { recursive: true, force: true });
		if (engine === 'postgres') {
			const sql = postgres(native!, { max: 1, onnotice: () => undefined });
			await sql.unsafe(`drop database if exists ${scratch} with (force)`);
			await sql.end();
		}
	});

	let n = 0;
	const op = async (who: Persona, kind: string, target: string, payload: object = {}) =>
		(
			await ask(who, 'POST', '/rest/v1/rpc/apply_op', {
				p_op: { op_id: id(`audit ${n++}`), kind, township_id: yunxi, target: id(target), payload }
			})
		).body as { outcome: string; reason?: string };
	const rows = async () => {
		const [row] = await backend.sql<{ n: number }[]>`
			select ((select count(*) from public.events) + (select count(*) from public.refusals))::int as n`;
		return row!.n;
	};

	it('K-02: every act leaves exactly one row, carried out or refused', async () => {
		// What was carried out: each op of the work has one event of its own kind.
		const [applied] = await backend.sql<{ ops: number; once: number; nobody: number }[]>`
			select count(*)::int as ops,
				count(*) filter (where (select count(*) from public.events e where e.op_id = o.op_id and e.action = o.kind) = 1)::int as once,
				count(*) filter (where not exists (select from public.events e where e.op_id = o.op_id and e.action = o.kind
					and e.person_id = o.person_id and e.account_id = o.account_id and e.session_id is not null))::int as nobody
			from public.ops o where o.outcome = 'applied'`;
		expect(applied!.once).toBe(applied!.ops);
		expect(applied!.nobody).toBe(0);
		// What was refused: every kind of op by somebody who may not.
		const kinds = await backend.sql<
			{ kind: string }[]
		>`select kind from private.op_kinds order by 1`;
		const outcomes: Record<string, number> = {};
		const wrong: string[] = [];
		// At what the work made; where nothing is there an op is held, which is no act yet.
		const targets: Record<string, string> = {
			task: 'a',
			step: 'b',
			project: 'p',
			plan: 'q',
			type: 'yunxi',
			calendar: 'yunxi',
			threshold: 'yunxi',
			grade: 'yunxi',
			place: 'baima'
		};
		for (const { kind } of [...kinds, { kind: 'no.such' }, { kind: '' }]) {
			const before = await rows();
			const [what = ''] = kind.split('.');
			const { outcome } = await op('olga', kind, targets[what] ?? what);
			outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
			// What is held is no act yet: it may still be played.
			const more = (await rows()) - before;
			if (more !== (outcome === 'held' ? 0 : 1)) wrong.push(`${kind} ${outcome}: ${more} rows`);
		}
		// Every function that changes something, as it is carried out and as it is refused.
		const photo = (who: string) => ({
			township_id: yunxi,
			id: id(`audit photo ${who}`),
			person: id(`person ${who}`),
			sha256: 'f'.repeat(64),
			pixels_sha256: 'f'.repeat(64),
			format: 'jpeg',
			bytes: 10,
			width: 10,
			height: 10
		});
		const document = (who: string) => ({
			township_id: yunxi,
			person: id(`person ${who}`),
			sha256: '9'.repeat(64),
			name: 'x.pdf',
			type: 'application/pdf',
			bytes: 10
		});
		const invite = (who: string) => ({
			id: id(`audit invited by ${who}`),
			place_id: id('baima'),
			role: 'field',
			person_name: '新人',
			sha256: Buffer.from(who.padEnd(32, '.')).toString('hex')
		});
		const role = (who: string) => ({
			id: id(`audit given by ${who}`),
			person_id: id('person carl'),
			place_id: id('baima'),
			role: 'observer'
		});
		const acts: [string, (who: Persona) => object, Persona, Persona][] = [
			['invite', (w) => ({ p: invite(w) }), 'adam', 'pan'],
			['invitation_revoke', () => ({ p_invitation: id('audit invited by adam') }), 'adam', 'pan'],
			['membership_give', (w) => ({ p: role(w) }), 'adam', 'pan'],
			['membership_end', () => ({ p_membership: id('audit given by adam') }), 'adam', 'pan'],
			['account_switch', () => ({ p_user: id('carl'), p_on: false }), 'adam', 'pan'],
			['session_end', () => ({ p_session: id('session wang') }), 'adam', 'finn'],
			[
				'import_apply',
				(w) => ({
					p: {
						import_id: id(`audit import ${w}`),
						township_id: yunxi,
						title: 'x',
						files: [],
						rows: []
					}
				}),
				'pan',
				'finn'
			],
			[
				'import_undo',
				() => ({ p_township: yunxi, p_import: id('audit import pan') }),
				'pan',
				'finn'
			],
			['export_note', () => ({ p_township: yunxi, p_what: 'export/xlsx' }), 'olga', 'nora'],
			[
				'contact_reveal',
				() => ({ p_township: yunxi, p_plan: id('q'), p_purpose: 'call' }),
				'pan',
				'finn'
			],
			[
				'person_search',
				() => ({ p_township: yunxi, p_name: '无此人', p_phone: '', p_reason: 'asked' }),
				'adam',
				'pan'
			],
			[
				'person_erase',
				(w) => ({
					p_township: yunxi,
					p: { id: id(`audit erased by ${w}`), name: '无此人', phone: '', reason: 'asked' }
				}),
				'adam',
				'pan'
			]
		];
		for (const [name, args, may, mayNot] of acts)
			for (const [who, ok] of [
				[may, true],
				[mayNot, false]
			] as const) {
				const before = await rows();
				const { status, body } = await ask(who, 'POST', `/rest/v1/rpc/${name}`, args(who));
				const more = (await rows()) - before;
				if ((status === 200) !== ok || more !== 1)
					wrong.push(`${who} ${name}: ${status} ${JSON.stringify(body)} ${more} rows`);
			}
		// What the server does for somebody.
		for (const [name, args] of [
			['photo_put', photo],
			['document_put', document]
		] as const)
			for (const [who, ok] of [
				['finn', true],
				['olga', false]
			] as const) {
				const before = await rows();
				const { error } = await admin.rpc(name, { p: args(who) });
				const more = (await rows()) - before;
				if (!error !== ok || more !== 1)
					wrong.push(`${who} ${name}: ${error?.message} ${more} rows`);
			}
		const [bare] = await backend.sql<{ n: number }[]>`
			select count(*)::int as n from public.refusals where account_id is not null and (person_id is null or session_id is null)`;
		expect(wrong).toEqual([]);
		expect(bare!.n).toBe(0);
		console.log(
			`K-02, ${engine}: ${applied!.ops} ops carried out, ${kinds.length + 2} tried without right ${JSON.stringify(outcomes)}, ${acts.length + 2} functions both ways: one row each`
		);
	}, 120_000);

	it('K-02: a transaction that ends before its end leaves neither the act nor its row', async () => {
		const state = async () =>
			(
				await backend.sql<{ s: string }[]>`select (select count(*) from public.tasks) || ' '
					|| (select count(*) from public.events) || ' ' || (select count(*) from public.ops) as s`
			)[0]!.s;
		const before = await state();
		const play = async (tx: Sql) => {
			await tx`select set_config('request.jwt.claims', ${JSON.stringify(claimsOf('finn'))}, true),
				set_config('request.jwt.claim.sub', ${id('finn')}, true)`;
			const [r] = await tx<{ r: { outcome: string } }[]>`select public.apply_op(${tx.json({
				op_id: id(`killed ${n++}`),
				kind: 'task.create',
				township_id: yunxi,
				target: id(`killed ${n}`),
				payload: { village_id: id('baima'), category: 'TRASH' }
			})}) as r`;
			expect(r!.r.outcome).toBe('applied');
		};
		await expect(
			backend.sql.begin(async (begun) => {
				await play(begun as unknown as Sql);
				throw new Error('stop');
			})
		).rejects.toThrow('stop');
		const kinds = ['rolled back'];
		if (engine === 'postgres') {
			// The connection's own process ended by force between the act and its end.
			const alone = postgres(databaseUrl!, { max: 1, onnotice: () => undefined });
			const held = await alone.reserve();
			await held`begin`;
			await play(held as unknown as Sql);
			const [{ pid }] = (await held`select pg_backend_pid() as pid`) as unknown as [
				{ pid: number }
			];
			await backend.sql`select pg_terminate_backend(${pid})`;
			await alone.end({ timeout: 1 }).catch(() => undefined);
			kinds.push('killed');
		}
		expect(await state()).toBe(before);
		console.log(`K-02, ${engine}: ${kinds.join(', ')} in between: neither`);
	});

	it('K-03: whatever a superuser does to the rows is found', async () => {
		const heads = new Heads(path.join(dataDir, 'away', 'heads.jsonl'), admin);
		await heads.write();
		expect(await heads.check(yunxi)).toMatchObject({ lost: [] });
		const known = readFileSync(heads.file, 'utf8').trim().split('\n');
		expect(known.length).toBeGreaterThanOrEqual(3);
		const next = random(seed);
		let tried = 0;
		const missed: string[] = [];
		const verify = async (tx: Sql) => {
			await tx`select set_config('request.jwt.claims', ${JSON.stringify(claimsOf('aud'))}, true),
				set_config('request.jwt.claim.sub', ${id('aud')}, true)`;
			const [row] = await tx<
				{ v: { whole: boolean } }[]
			>`select public.verify_events(${yunxi}) as v`;
			const lost = await tx<{ lost: unknown[] }[]>`
				select public.heads_lost(${tx.json(known.map((line) => JSON.parse(line)))}) as lost`;
			return { whole: row!.v.whole, heads: lost[0]!.lost.length === 0 };
		};
		/** One tampering past all triggers, looked at, and taken back. */
		const tamper = async (
			what: string,
			by: 'chain' | 'heads',
			work: (tx: Sql) => Promise<unknown>
		) => {
			tried++;
			await backend.sql
				.begin(async (begun) => {
					const tx = begun as unknown as Sql;
					await tx`set local session_replication_role = replica`;
					await work(tx);
					const found = await verify(tx);
					if (by === 'chain' ? found.whole : found.heads) missed.push(what);
					throw new Error('take it back');
				})
				.catch((error: Error) => {
					if (error.message !== 'take it back') throw error;
				});
		};
		for (const [table, head, hash] of [
			['events', 'chain_heads', 'event_hash'],
			['refusals', 'refusal_heads', 'refusal_hash']
		] as const) {
			const [{ last }] = (await backend.sql.unsafe(
				`select max(seq)::int as last from public.${table} where township_id = '${yunxi}'`
			)) as unknown as [{ last: number }];
			const some = () => 1 + Math.floor(next() * last);
			const where = (seq: number) => `where township_id = '${yunxi}' and seq = ${seq}`;
			const columns: Record<string, string> = {
				id: 'gen_random_uuid()',
				at: `at + interval '1 microsecond'`,
				person_id: `'${id('person nora')}'`,
				account_id: `'${id('nora')}'`,
				session_id: 'gen_random_uuid()',
				action: `action || 'x'`,
				subject_kind: `subject_kind || 'x'`,
				subject_id: 'gen_random_uuid()',
				op_id: 'gen_random_uuid()',
				prev_hash: `sha256('x')`,
				hash: `sha256('x')`,
				...(table === 'events'
					? { data: `data || '{"x":1}'` }
					: { code: `code || 'x'`, detail: `detail || 'x'` })
			};
			for (const [column, value] of Object.entries(columns))
				for (let i = 0; i < 3; i++) {
					const seq = some();
					await tamper(`${table}.${column} ${seq}`, 'chain', (tx) =>
						tx.unsafe(`update public.${table} set ${column} = ${value} ${where(seq)}`)
					);
				}
			const rehash = `do $$ declare r public.${table}; last bytea := '\\x'; k bigint := 0; begin
				for r in select * from public.${table} where township_id = '${yunxi}' order by seq loop
					k := k + 1; r.prev_hash := last; last := private.${hash}(r);
					update public.${table} set prev_hash = r.prev_hash, hash = last where township_id = '${yunxi}' and seq = r.seq;
				end loop;
				update private.${head} set seq = k, hash = last where township_id = '${yunxi}'; end $$`;
			for (let i = 0; i < 3; i++) {
				const seq = some();
				await tamper(`${table} ${seq} deleted`, 'chain', (tx) =>
					tx.unsafe(`delete from public.${table} ${where(seq)}`)
				);
				await tamper(`${table} ${seq} inserted before`, 'chain', (tx) =>
					tx.unsafe(`update public.${table} set seq = seq + 100000 where township_id = '${yunxi}' and seq >= ${seq};
						update public.${table} set seq = seq - 99999 where township_id = '${yunxi}' and seq > 100000;
						insert into public.${table} select (x).* from (select jsonb_populate_record(null::public.${table}, to_jsonb(t)
							|| jsonb_build_object('seq', ${seq}, 'id', gen_random_uuid())) as x from public.${table} t ${where(seq + 1)}) y;
						update private.${head} set seq = seq + 1 where township_id = '${yunxi}'`)
				);
				const other = seq === last ? 1 : seq + 1;
				await tamper(`${table} ${seq} and ${other} changed places`, 'chain', (tx) =>
					tx.unsafe(`update public.${table} set seq = -1 ${where(seq)};
						update public.${table} set seq = ${seq} ${where(other)};
						update public.${table} set seq = ${other} ${where(-1)}`)
				);
				// Cut, and the head kept apart put back to fit: the chain alone is whole, the heads elsewhere tell.
				await tamper(`${table} cut at ${seq}, head too`, 'heads', (tx) =>
					tx.unsafe(`delete from public.${table} where township_id = '${yunxi}' and seq >= ${seq};
						update private.${head} h set seq = ${seq - 1}, hash = coalesce((select hash from public.${table} ${where(seq - 1)}), '\\x')
						where township_id = '${yunxi}'`)
				);
				await tamper(`${table} ${seq} changed and all written anew`, 'heads', (tx) =>
					tx.unsafe(`update public.${table} set action = 'x' ${where(seq)}; ${rehash}`)
				);
			}
			await tamper(`${table} tail cut`, 'chain', (tx) =>
				tx.unsafe(
					`delete from public.${table} where township_id = '${yunxi}' and seq > ${last - 2}`
				)
			);
			await tamper(`${table} truncated`, 'chain', (tx) => tx.unsafe(`truncate public.${table}`));
			await tamper(`${table} numbers reset`, 'chain', (tx) =>
				tx.unsafe(`update private.${head} set seq = 0, hash = '\\x' where township_id = '${yunxi}'`)
			);
		}
		console.log(
			`K-03, ${engine}: ${tried} tamperings, ${tried - missed.length} found (SEED=${seed})`
		);
		expect(missed).toEqual([]);
		const { body } = await ask('aud', 'POST', '/rest/v1/rpc/verify_events', { p_township: yunxi });
		expect(body).toMatchObject({ whole: true });
		const above = await ask('aud', 'POST', '/rest/v1/rpc/verify_events', { p_township: zero });
		expect(above.body).toMatchObject({ whole: true });
	}, 240_000);

	it('K-04: nobody writes over it, by no verb and by no statement', async () => {
		const fingerprint = async () =>
			(
				await backend.sql<
					{ s: string }[]
				>`select (select md5(string_agg(e::text, '' order by township_id, seq)) from public.events e)
					|| (select md5(string_agg(r::text, '' order by township_id, seq)) from public.refusals r) as s`
			)[0]!.s;
		const before = await fingerprint();
		let tried = 0;
		const open: string[] = [];
		for (const table of ['events', 'refusals', 'ops', 'erasures'])
			for (const who of personas)
				for (const [method, query, body, headers] of [
					['POST', '', { action: 'x' }, {}],
					['POST', '', { township_id: yunxi, seq: 1 }, { Prefer: 'resolution=merge-duplicates' }],
					['PATCH', '?township_id=not.is.null', { action: 'x' }, {}],
					['PUT', '?township_id=not.is.null', { action: 'x' }, {}],
					['DELETE', '?township_id=not.is.null', undefined, {}]
				] as const) {
					tried++;
					const { status } = await ask(who, method, `/rest/v1/${table}${query}`, body, headers);
					if (![400, 401, 403, 404, 405].includes(status))
						open.push(`${who} ${method} ${table}: ${status}`);
				}
		const statements = [
			`update public.events set action = 'x'`,
			`delete from public.events`,
			`truncate public.events`,
			`truncate public.events cascade`,
			`alter table public.events disable trigger all`,
			`drop trigger append_only on public.events`,
			`drop table public.events`,
			`alter table public.events disable row level security`,
			`alter table public.events add column x int`,
			`create or replace function private.guard_append_only() returns trigger language plpgsql as 'begin return new; end'`,
			`create rule r as on insert to public.events do instead nothing`,
			`set session_replication_role = replica`,
			`update public.refusals set code = 'x'`,
			`delete from public.refusals`,
			`truncate public.refusals`,
			`drop table public.refusals`,
			`delete from public.ops`,
			`update private.chain_heads set seq = 0`,
			`delete from private.chain_heads`
		];
		for (const role of ['anon', 'authenticated', 'service_role', 'app_definer'])
			for (const statement of statements) {
				// The functions keep the heads: that is what they are for, and a head alone changes no row.
				if (role === 'app_definer' && statement.startsWith('update private.chain_heads')) continue;
				tried++;
				await backend.sql
					.begin(async (tx) => {
						await tx.unsafe(`set local role ${role}`);
						const result = await tx.unsafe(statement);
						// Without a policy a statement may touch no row and say so.
						if (result.count !== 0) open.push(`${role}: ${statement}`);
						throw new Error('take it back');
					})
					.catch(() => undefined);
			}
		console.log(`K-04, ${engine}: ${tried} tries, ${open.length} got through`);
		expect(open).toEqual([]);
		expect(await fingerprint()).toBe(before);
	}, 120_000);

	it.runIf(engine === 'postgres')(
		'K-05: twenty writers on one chain leave no gap and no fork',
		async () => {
			const seconds = Number(process.env.XT_CHAIN_SECONDS ?? 4);
			const writers = await Promise.all(
				Array.from({ length: 20 }, async () => {
					const sql = postgres(databaseUrl!, { max: 1, onnotice: () => undefined });
					await sql`select set_config('request.jwt.claims', ${JSON.stringify(claimsOf('finn'))}, false),
						set_config('request.jwt.claim.sub', ${id('finn')}, false)`;
					return sql;
				})
			);
			const run = async () => {
				const end = Date.now() + seconds * 1000;
				let done = 0;
				await Promise.all(
					writers.map(async (sql) => {
						while (Date.now() < end) {
							const [r] = await sql<{ r: { outcome: string } }[]>`select public.apply_op(${sql.json(
								{
									op_id: crypto.randomUUID(),
									kind: 'task.create',
									township_id: yunxi,
									target: crypto.randomUUID(),
									payload: { village_id: id('baima'), category: 'TRASH', title: '并发' }
								}
							)}) as r`;
							if (r!.r.outcome !== 'applied') throw new Error(JSON.stringify(r));
							done++;
						}
					})
				);
				return done;
			};
			const [{ def }] = (await backend.sql`
				select pg_get_functiondef('private.log(uuid,text,text,uuid,jsonb,uuid)'::regprocedure) as def`) as unknown as [
				{ def: string }
			];
			const chained = await run();
			// The same work with a log that counts by a sequence and hashes nothing.
			await backend.sql
				.unsafe(`create sequence private.unchained; grant usage on sequence private.unchained to app_definer;
				create table private.unchained_events (like public.events including all);
				grant insert on private.unchained_events to app_definer;
				create or replace function private.log(p_township uuid, p_action text, p_subject_kind text, p_subject uuid, p_data jsonb default '{}', p_op uuid default null)
				returns bigint language plpgsql security definer set search_path = '' as $$
				declare s bigint := nextval('private.unchained');
				begin
					insert into private.unchained_events (township_id, seq, id, person_id, account_id, session_id, action, subject_kind, subject_id, data, op_id, prev_hash, hash)
					values (p_township, s, private.new_id(), private.my_person(), private.me(), private.session_id(), p_action, p_subject_kind, p_subject, p_data, p_op, '\\x', '\\x');
					return s;
				end $$`);
			const unchained = await run();
			await backend.sql.unsafe(
				`drop table private.unchained_events; drop sequence private.unchained; ${def}`
			);
			await Promise.all(writers.map((sql) => sql.end()));
			const [chain] = await backend.sql<{ n: number; last: number; forks: number }[]>`
				select count(*)::int as n, max(seq)::int as last, (count(*) - count(distinct prev_hash))::int as forks
				from public.events where township_id = ${yunxi}`;
			console.log(
				`K-05: 20 writers, ${seconds} s each: ${chained} ops chained, ${unchained} unchained, ratio ${(chained / unchained).toFixed(2)}; ${chain!.n} rows, ${chain!.last - chain!.n} gaps, ${chain!.forks} forks`
			);
			expect(chain).toEqual({ n: chain!.last, last: chain!.last, forks: 0 });
			expect(chained).toBeGreaterThan(20);
			const { body } = await ask('aud', 'POST', '/rest/v1/rpc/verify_events', {
				p_township: yunxi
			});
			expect(body).toMatchObject({ whole: true });
		},
		900_000
	);

	it('K-08: a contact is masked, seen for a purpose, written down and slowed after 30 an hour', async () => {
		await op('pan', 'plan.contact', 'q', {
			legal_person: '钱示例',
			name: '赵示例',
			phone: '13812345678',
			note: '秘书 139-8765-4321'
		});
		const shown = await ask('pan', 'POST', '/rest/v1/rpc/plan_contact', {
			p_township: yunxi,
			p_plan: id('q')
		});
		expect(shown.body).toMatchObject({
			phone: '138****5678',
			note: '秘书 139****4321',
			hidden: true
		});
		for (const who of personas)
			for (const url of [
				'plan_contacts',
				'plan_contacts?select=phone',
				'plans?select=*,plan_contacts(*)'
			])
				expect(
					JSON.stringify((await ask(who, 'GET', `/rest/v1/${url}`)).body),
					`${who} ${url}`
				).not.toMatch(/12345678|87654321/);
		const count = async () =>
			(
				await backend.sql<{ seen: number; refused: number; told: number }[]>`select
					(select count(*) from public.events where action = 'contact.reveal' and person_id = ${id('person pan')} and data ->> 'purpose' = 'visit')::int as seen,
					(select count(*) from public.refusals where action = 'contact.reveal' and person_id = ${id('person pan')} and code = 'slow_down')::int as refused,
					(select count(*) from public.events where action = 'contact.pace')::int as told`
			)[0]!;
		await backend.sql`update private.reveal_pace set looks = '{}', told_at = null`;
		let seen = 0;
		let slowed = 0;
		const look = async () => {
			const { body } = await ask('pan', 'POST', '/rest/v1/rpc/contact_reveal', {
				p_township: yunxi,
				p_plan: id('q'),
				p_purpose: 'visit'
			});
			const answer = body as { phone?: string; reason?: string; wait?: number };
			if (answer.phone === '13812345678') seen++;
			if (answer.reason === 'slow_down' && answer.wait! > 0) slowed++;
		};
		for (let i = 0; i < 200; i++) await look();
		expect([seen, slowed]).toEqual([30, 170]);
		expect(await count()).toEqual({ seen: 30, refused: 170, told: 1 });
		// Two minutes later one more, and no second.
		await backend.sql`update private.reveal_pace set looks = array(select x - interval '2 minutes' from unnest(looks) x)`;
		await look();
		await look();
		expect([seen, slowed]).toEqual([31, 171]);
		const told = await ask('adam', 'POST', '/rest/v1/rpc/audit_page', { p_township: yunxi });
		expect((told.body as { rows: { action: string }[] }).rows.map((r) => r.action)).toEqual([
			'contact.pace'
		]);
		const page = await ask('aud', 'POST', '/rest/v1/rpc/audit_page', {
			p_township: yunxi,
			p: { action: 'contact.reveal', ok: 'true' }
		});
		expect((page.body as { rows: { detail: string }[] }).rows[0]!.detail).toBe('visit');
		expect((await ask('pan', 'GET', '/rest/v1/events?action=eq.contact.reveal')).body).toEqual([]);
		const bad = await ask('pan', 'POST', '/rest/v1/rpc/contact_reveal', {
			p_township: yunxi,
			p_plan: id('q'),
			p_purpose: 'curious'
		});
		expect(bad.status).toBe(403);
		console.log(
			`K-08, ${engine}: 200 looks in a row: ${30} seen, ${170} slowed, 200 rows, the administrator told once`
		);
	}, 120_000);

	it('K-09: a person is found in every kind of trace, taken out, and stays out of a copy that is put back', async () => {
		const name = '孙示范';
		const phone = '13700001234';
		const t = { name, phone };
		const must = async (who: Persona, kind: string, target: string, payload: object) =>
			expect((await op(who, kind, target, payload)).outcome, kind).toBe('applied');
		await must('pan', 'plan.contact', 'q', {
			legal_person: name,
			name,
			phone,
			note: `${name}的秘书`
		});
		await must('pan', 'plan.edit', 'q', { party: `${name}合作社` });
		await must('finn', 'task.create', 'his task', {
			category: 'TRASH',
			title: `${name}家门口`,
			note: `电话 137 0000 1234`,
			place_text: `${name}屋后`,
			village_id: id('baima')
		});
		await must('finn', 'step.block', 'his task', { blocker: 'land', who: name });
		await must('finn', 'topic.propose', 'his topic', { title: `${name}反映的问题`, note: phone });
		await must('pan', 'fund.create', 'his fund', {
			project: id('p'),
			source: 'county',
			planned: 1,
			note: name
		});
		await ask('pan', 'POST', '/rest/v1/rpc/import_apply', {
			p: {
				import_id: id('his import'),
				township_id: yunxi,
				title: `${name}填报`,
				files: [{ name: `${name}.csv`, sha256: '1'.repeat(64) }],
				rows: [
					{
						kind: 'hazards',
						file: `${name}.csv`,
						line: 2,
						data: {
							name: `${name}屋后滑坡`,
							geometry: { type: 'Point', coordinates: [110.81, 32.61] }
						}
					}
				]
			}
		});
		await ask('adam', 'POST', '/rest/v1/rpc/invite', {
			p: {
				id: id('his invitation'),
				place_id: id('baima'),
				role: 'field',
				person_name: name,
				sha256: 'cd'.repeat(32)
			}
		});
		await admin.rpc('audit_refused', {
			p: { what: 'x', code: 'y', detail: `${name} ${phone}`, township: yunxi, account: id('pan') }
		});
		const tables = (
			await backend.sql<
				{ name: string }[]
			>`select format('%I.%I', schemaname, tablename) as name from pg_tables
				where schemaname in ('public', 'private', 'auth') order by 1`
		).map((r) => r.name);
		/** Every row of every table that names him, read past all fences. */
		const hits = async (sql: Sql) => {
			let found = 0;
			for (const table of tables) {
				const [row] = (await sql.unsafe(
					`select count(*)::int as n from ${table} x where x::text like '%${name}%' or x::text ~ '137[- ]?0000[- ]?1234'`
				)) as unknown as [{ n: number }];
				found += row.n;
			}
			return found;
		};
		const before = await hits(backend.sql);
		const snapshot = await backend.snapshot();
		const search = async () =>
			(
				await ask('adam', 'POST', '/rest/v1/rpc/person_search', {
					p_township: yunxi,
					p_name: name,
					p_phone: phone,
					p_reason: 'asked'
				})
			).body as { table: string; column: string; value: string }[];
		const traces = await search();
		const kinds = [...new Set(traces.map((x) => `${x.table}.${x.column}`))];
		expect(kinds.length).toBeGreaterThanOrEqual(12);
		expect(traces.find((x) => x.column === 'phone')?.value).toBe(phone);
		const file = path.join(dataDir, 'tombstones.jsonl');
		const tombstones = new Tombstones(file, backend.secretKey);
		await tombstones.add(id('his erasure'), yunxi, name, phone, null);
		const erased = await ask('adam', 'POST', '/rest/v1/rpc/person_erase', {
			p_township: yunxi,
			p: { id: id('his erasure'), ...t, reason: 'asked' }
		});
		expect(erased.body).toMatchObject({ outcome: 'applied' });
		expect(await hits(backend.sql)).toBe(0);
		expect(await search()).toEqual([]);
		expect(readFileSync(file, 'utf8')).not.toMatch(/孙示范|0000/);
		const stub =
			await backend.sql`select * from public.events where action = 'person.erase' and subject_id = ${id('his erasure')}`;
		expect(stub.length).toBe(1);
		const { body } = await ask('aud', 'POST', '/rest/v1/rpc/verify_events', { p_township: yunxi });
		expect(body).toMatchObject({ whole: true });
		// A row that lost his name and is then changed again is found all the same.
		await backend.sql
			.begin(async (begun) => {
				const tx = begun as unknown as Sql;
				await tx.unsafe(`set local session_replication_role = replica`);
				await tx`update public.events set data = '{}' where township_id = ${yunxi} and subject_id = ${id('his task')} and action = 'task.create'`;
				await tx`select set_config('request.jwt.claims', ${JSON.stringify(claimsOf('aud'))}, true), set_config('request.jwt.claim.sub', ${id('aud')}, true)`;
				const [v] = await tx<
					{ v: { whole: boolean } }[]
				>`select public.verify_events(${yunxi}) as v`;
				expect(v!.v.whole).toBe(false);
				throw new Error('take it back');
			})
			.catch((error: Error) => expect(error.message).toBe('take it back'));
		let again = '';
		if (snapshot) {
			const folder = mkdtempSync(path.join(os.tmpdir(), 'xt-put-back-'));
			mkdirSync(path.join(folder, 'pg'), { mode: 0o700 });
			writeFileSync(path.join(folder, 'copy.tar.gz'), snapshot);
			execFileSync('tar', ['xzf', path.join(folder, 'copy.tar.gz'), '-C', path.join(folder, 'pg')]);
			cpSync(path.join(dataDir, 'secrets.json'), path.join(folder, 'secrets.json'));
			const back = await startEmbedded({ dataDir: folder, origin, deadline: 60_000 });
			try {
				expect(await hits(back.sql)).toBe(before);
				expect(await tombstones.reapply(adminOf(back))).toBe(1);
				expect(await hits(back.sql)).toBe(0);
				expect(await tombstones.reapply(adminOf(back))).toBe(0);
				again = `; in the copy put back ${before} rows, after its start 0`;
			} finally {
				await back.close();
				rmSync(folder, { recursive: true, force: true });
			}
		}
		console.log(
			`K-09, ${engine}: ${traces.length} places of ${kinds.length} kinds in ${before} rows found; after: 0${again}`
		);
	}, 240_000);

	it('K-10: a contact is cleared when its time is over', async () => {
		await op('pan', 'plan.contact', 'q', { name: '周示例', phone: '13912345678' });
		expect((await admin.rpc('contacts_tidy', {})).data).toBe(0);
		const later = chinaDay(731);
		expect((await admin.rpc('contacts_tidy', { p_today: later })).data).toBe(1);
		expect(
			(
				await ask('pan', 'POST', '/rest/v1/rpc/plan_contact', {
					p_township: yunxi,
					p_plan: id('q')
				})
			).body
		).toMatchObject({ name: '', phone: '', hidden: false });
		const gone = await backend.sql`select from public.events where action = 'contact.expire'`;
		console.log(
			`K-10, ${engine}: 1 contact over its time, ${gone.length} cleared and written down`
		);
		expect(gone.length).toBe(1);
	});
});
