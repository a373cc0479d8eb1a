/**
 * Who may see and do what, as a black box over HTTP: every table × persona × verb, every column write, every
 * function; after real traffic and after restarts; on the embedded engine and, where TEST_DATABASE_URL names
 * one, on PostgreSQL. The reviewed expectations are the CSV files beside this one.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ways } from '../../src/lib/domain/move';
import { rightsOf, type Right, type Role } from '../../src/lib/domain/place';
import { startEmbedded, type Backend } from '../../src/lib/server/engine/index';
import {
	asker,
	claimsOf,
	id,
	makeWork,
	mint,
	personas,
	reviewed,
	square,
	type Ask,
	type Persona
} from './cast';
import { functionsByPerson, meetings, together, trackedTables } from './no-track';
import { feedCalls } from './work-feeds';

const origin = 'http://localhost:3999';
const tables = reviewed('tables.csv');
const functions = reviewed('rpc.csv');
const native = process.env.TEST_DATABASE_URL;
if (!native) console.log('rights on PostgreSQL: skipped, TEST_DATABASE_URL is not set');

/** A valid value of a type, so that the refusal is about rights and not about the value. */
const valueOf = (type: string): unknown => {
	if (type === 'uuid') return id('y');
	if (/int|numeric|double|real/.test(type)) return 7;
	if (type === 'boolean') return true;
	if (type === 'date') return '2020-01-01';
	if (type.startsWith('timestamp')) return '2020-01-01T00:00:00Z';
	if (type === 'jsonb') return {};
	return /text|char/.test(type) ? 'x' : null;
};

type Column = { table: string; column: string; type: string };

describe.each(native ? ['embedded', 'postgres'] : ['embedded'])('rights, %s', (engine) => {
	let dataDir: string;
	let databaseUrl: string | undefined;
	let backend: Backend;
	let ask: Ask;
	let columns: Column[] = [];
	let cells = 0;
	const scratch = `xt_rights_${process.pid}`;

	const open = async () => {
		backend = await startEmbedded({ dataDir, origin, databaseUrl, deadline: 20_000 });
		ask = asker(backend, dataDir, origin);
	};

	beforeAll(async () => {
		dataDir = mkdtempSync(path.join(os.tmpdir(), 'xt-rights-'));
		if (engine === 'postgres') {
			const sql = postgres(native!, { max: 1, onnotice: () => undefined });
			await sql.unsafe(`create database ${scratch}`);
			await sql.end();
			const url = new URL(native!);
			url.pathname = `/${scratch}`;
			databaseUrl = url.toString();
		}
		await open();
		await makeWork(backend, ask);
		columns = await backend.sql<Column[]>`
			select c.table_name as table, c.column_name as column, c.data_type as type
			from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
			where c.table_schema = 'public' and t.table_type = 'BASE TABLE' order by 1, 2`;
	}, 180_000);

	afterAll(async () => {
		console.log(`rights, ${engine}: ${cells} cells`);
		await backend?.close();
		rmSync(dataDir, { recursive: true, force: true });
		if (engine === 'postgres') {
			const sql = postgres(native!, { max: 1, onnotice: () => undefined });
			await sql.unsafe(`drop database if exists ${scratch} with (force)`);
			await sql.end();
		}
	});

	/** Every row of every table, so that "nothing changed" means nothing. */
	const fingerprint = async (): Promise<string> => {
		const sums: string[] = [];
		for (const table of tables.keys()) {
			const [row] = await backend.sql.unsafe(
				`select count(*)::text || ':' || coalesce(md5(string_agg(md5(t::text), '' order by md5(t::text))), '') as sum from public."${table}" t`
			);
			sums.push(`${table} ${String(row?.sum)}`);
		}
		return sums.join('\n');
	};

	it('names every table and every function', async () => {
		const found = await backend.sql<{ name: string }[]>`
			select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
			where n.nspname = 'public' and c.relkind in ('r', 'p', 'v', 'm') order by 1`;
		expect(found.map((t) => t.name)).toEqual([...tables.keys()].sort());
		const procs = await backend.sql<{ name: string }[]>`
			select distinct p.proname as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
			where n.nspname = 'public' order by 1`;
		expect(procs.map((p) => p.name)).toEqual([...functions.keys()].sort());
	});

	it('says the same as the domain: which role may do what, which fact may follow which', async () => {
		const rights = await backend.sql<
			{ role: Role; right: Right }[]
		>`select role, "right" from private.role_rights`;
		const ofDomain = Object.entries(rightsOf).flatMap(([role, list]) =>
			list.map((r) => `${role} ${r}`)
		);
		expect(rights.map((r) => `${r.role} ${r.right}`).sort()).toEqual(ofDomain.sort());
		const found = await backend.sql<{ row: string }[]>`
			select concat_ws(' ', verb, from_stage, to_stage, "right", coalesce(needs, '-'), array_to_string(kinds, ',')) as row
			from public.step_transitions`;
		const ofPaper = ways.flatMap((w) =>
			w.from.flatMap((from) =>
				(w.to ?? [from]).map((to) =>
					[w.verb, from, to, w.right, w.needs ?? '-', w.kinds.join(',')].join(' ')
				)
			)
		);
		expect(found.map((r) => r.row).sort()).toEqual(ofPaper.sort());
	});

	it('shows each persona the tables of the reviewed list and no row of another township', async () => {
		const wrong: string[] = [];
		for (const [table, sees] of tables) {
			for (const who of personas) {
				const { status, body } = await ask(who, 'GET', `/rest/v1/${table}?limit=200`);
				cells++;
				const rows = Array.isArray(body) ? (body as Record<string, unknown>[]) : [];
				const ofYunxi = rows.filter(
					(r) =>
						table.endsWith('_transitions') ||
						JSON.stringify(r).includes(id('yunxi')) ||
						['persons', 'accounts', 'account_sessions', 'memberships', 'ops'].includes(table)
				);
				const own =
					['persons', 'accounts', 'account_sessions', 'memberships'].includes(table) &&
					['nora', 'otto', 'loner', 'past'].includes(who);
				if (status >= 500) wrong.push(`${who} ${table}: ${status}`);
				if (own) {
					if (
						rows.some(
							(r) =>
								JSON.stringify(r).includes(id('person finn')) ||
								JSON.stringify(r).includes(id('finn'))
						)
					)
						wrong.push(`${who} sees finn in ${table}`);
				} else if (sees.includes(who) !== ofYunxi.length > 0)
					wrong.push(`${who} ${table}: ${status}, ${ofYunxi.length} rows`);
			}
		}
		expect(wrong).toEqual([]);
	});

	it('lets nobody insert, update, delete or upsert by hand, row or column', async () => {
		const before = await fingerprint();
		const wrong: string[] = [];
		for (const table of tables.keys()) {
			const of = columns.filter((c) => c.table === table);
			const key = of.some((c) => c.column === 'id') ? 'id' : of[0]!.column;
			const filter = `?${key}=not.is.null`;
			const keyValue = valueOf(of.find((c) => c.column === key)!.type);
			for (const who of personas) {
				const tries: [string, string, unknown, Record<string, string>?][] = [
					['POST', `/rest/v1/${table}`, Object.fromEntries(of.map((c) => [c.column, null]))],
					['PATCH', `/rest/v1/${table}${filter}`, { [key]: keyValue }],
					['DELETE', `/rest/v1/${table}${filter}`, undefined],
					[
						'POST',
						`/rest/v1/${table}`,
						{ [key]: keyValue },
						{ Prefer: 'resolution=merge-duplicates,return=representation' }
					]
				];
				for (const [method, url, body, headers] of tries) {
					const { status } = await ask(who, method, url, body, headers);
					cells++;
					if (![401, 403, 404, 405].includes(status))
						wrong.push(`${who} ${method} ${url}: ${status}`);
				}
			}
			for (const { column, type } of of) {
				const { status } = await ask('pan', 'PATCH', `/rest/v1/${table}${filter}`, {
					[column]: valueOf(type)
				});
				cells++;
				if (![401, 403].includes(status)) wrong.push(`pan PATCH ${table}.${column}: ${status}`);
			}
		}
		expect(wrong).toEqual([]);
		expect(await fingerprint()).toBe(before);
	});

	it('answers each function only for those of the reviewed list', async () => {
		const yunxi = id('yunxi');
		const args: Record<string, (who: Persona) => Record<string, unknown>> = {
			apply_op: (who) => ({
				p_op: {
					op_id: id(`rpc ${who} ${engine}`),
					kind: 'task.create',
					township_id: yunxi,
					target: id(`rpc task ${who}`),
					payload: { village_id: id('baima'), category: 'TRASH' }
				}
			}),
			import_apply: (who) => ({
				p: { import_id: id(`rpc import ${who}`), township_id: yunxi, files: [], rows: [] }
			}),
			import_undo: () => ({ p_township: yunxi, p_import: id('rpc import pan') }),
			progress_on: () => ({ p_township: yunxi, p_day: '2099-01-01' }),
			wall_map: () => ({ p_township: yunxi }),
			things_on: () => ({ p_township: yunxi }),
			task_page: () => ({ p_township: yunxi }),
			thing: () => ({ p_township: yunxi, p_kind: 'task', p_id: id('a') }),
			notices_page: () => ({ p_township: yunxi }),
			notice_page: () => ({ p_township: yunxi, p_notice: id('notice') }),
			notice_public: () => ({ p_public: '0123456789' }),
			notice_object: () => ({ p: { public_id: '0123456789', text: 'x' } }),
			notice_receipt: () => ({ p_public: '0123456789', p_receipt: 'x' }),
			stuck: () => ({ p_township: yunxi }),
			people_of: () => ({ p_place: yunxi }),
			my_account: () => ({}),
			verify_events: () => ({ p_township: yunxi }),
			session_open: () => ({ p_device: 'test' }),
			session_end: () => ({ p_session: id('session past nobody') }),
			account_switch: () => ({ p_user: id('carl'), p_on: false }),
			membership_give: (who) => ({
				p: {
					id: id(`given by ${who}`),
					person_id: id('person carl'),
					place_id: id('baima'),
					role: 'observer'
				}
			}),
			membership_end: () => ({ p_membership: id('given by adam') }),
			invite: (who) => ({
				p: {
					id: id(`invited by ${who}`),
					place_id: id('baima'),
					role: 'field',
					person_name: 'x',
					sha256: Buffer.from(who.padEnd(32, '.')).toString('hex')
				}
			}),
			invitation_revoke: () => ({ p_invitation: id('invited by adam') }),
			invitation_accept: () => ({ p_secret: 'guess', p_login: 'x' }),
			township_create: (who) => ({
				p: { id: id(`township of ${who}`), name: 'x', district_id: id('district') }
			}),
			suggest: () => ({ p_township: yunxi, p_village: id('baima'), p_category: 'TRASH' }),
			task_types: () => ({ p_township: yunxi }),
			task_list: () => ({ p_township: yunxi }),
			task_counts: () => ({ p_township: yunxi }),
			task_tile: () => ({ p_township: yunxi, p_z: 10, p_x: 827, p_y: 412 }),
			tasks_near: () => ({ p_township: yunxi, p_lon: 110.81, p_lat: 32.61 }),
			place_history: () => ({ p_township: yunxi, p_task: id('a') }),
			field_day: () => ({ p_township: yunxi }),
			reminders: () => ({ p_township: yunxi }),
			handovers: () => ({ p_township: yunxi }),
			handover: () => ({ p_township: yunxi, p_id: id('handover') }),
			draws: () => ({ p_township: yunxi }),
			draw: () => ({ p_township: yunxi, p_id: id('draw') }),
			rounds: () => ({ p_township: yunxi }),
			round_of: () => ({ p_township: yunxi, p_id: id('round') }),
			report: () => ({ p_township: yunxi, p_from: '2026-11-16', p_to: '2026-11-22' }),
			report_rows: () => ({
				p_township: yunxi,
				p_from: '2026-11-16',
				p_to: '2026-11-22',
				p_kind: 'task',
				p_figure: 'found'
			}),
			report_subscription: () => ({ p_township: yunxi }),
			report_photos: () => ({ p_township: yunxi, p_ids: [id('photo')] }),
			report_claim: () => ({}),
			report_told: (who) => ({
				p_township: yunxi,
				p_person: id(`person ${who}`),
				p_from: '2026-11-16',
				p_ok: true
			}),
			use_quota: () => ({ p_what: 'x', p_per_hour: 10 }),
			photo_file: () => ({ p_township: yunxi, p_photo: id('photo'), p_use: 'small' }),
			photo_known: (who) => ({
				p_township: yunxi,
				p_id: id('photo'),
				p_person: id(`person ${who}`)
			}),
			photo_put: (who) => ({
				p: {
					township_id: yunxi,
					id: id(`photo of ${who}`),
					person: id(`person ${who}`),
					sha256: 'c'.repeat(64),
					pixels_sha256: 'c'.repeat(64),
					format: 'jpeg',
					bytes: 10,
					width: 10,
					height: 10
				}
			}),
			standards_of: () => ({ p_township: yunxi }),
			standard_page: () => ({ p_township: yunxi, p_standard: id('standard') }),
			calendar_of: () => ({ p_township: yunxi, p_year: 2026 }),
			score_log: () => ({ p_township: yunxi, p_project: id('p'), p_item: '1.1' }),
			exhibits_of: () => ({ p_township: yunxi, p_unit: id('unit') }),
			project_page: () => ({ p_township: yunxi, p_project: id('p') }),
			project_marks: () => ({ p_township: yunxi, p_day: null }),
			projects_page: () => ({ p_township: yunxi }),
			document_file: () => ({ p_township: yunxi, p_exhibit: id('exhibit') }),
			document_put: (who) => ({
				p: {
					township_id: yunxi,
					person: id(`person ${who}`),
					sha256: 'd'.repeat(64),
					name: 'x.pdf',
					type: 'application/pdf',
					bytes: 10
				}
			}),
			instructions_page: () => ({ p_township: yunxi }),
			instructions_on: () => ({ p_township: yunxi, p_kind: 'project', p_id: id('p') }),
			district_look: () => ({}),
			district_page: () => ({ p_since: null }),
			share_answer: (who) => ({
				p_public_id: 'aaaaaaaaaa',
				p_door: 'x',
				p: { do: 'leave', id: id(`answer of ${who}`) }
			}),
			share_answers: () => ({ p_public_id: 'aaaaaaaaaa', p_door: 'x' }),
			shares_page: () => ({ p_township: yunxi }),
			share_seal: (who) => ({
				p: {
					township_id: yunxi,
					person: id(`person ${who}`),
					id: id(`seal of ${who}`),
					sha256: Buffer.from(who.padEnd(32, '.')).toString('hex')
				}
			}),
			share_salt: () => ({ p_public_id: 'aaaaaaaaaa' }),
			share_open: () => ({ p: { public_id: 'aaaaaaaaaa', sha256: 'a'.repeat(64) } }),
			share_read: () => ({ p_public_id: 'aaaaaaaaaa', p_door: 'x' }),
			share_photo: () => ({ p_public_id: 'aaaaaaaaaa', p_door: 'x', p_photo: id('photo') }),
			share_card: () => ({ p_public_id: 'aaaaaaaaaa' }),
			handover_begin: () => ({ p: { township_id: yunxi, sealed: true } }),
			meetings_page: () => ({ p_township: yunxi }),
			meeting_room: () => ({ p_township: yunxi, p_meeting: id('meeting') }),
			load_of: () => ({ p_township: yunxi, p_person: id('person finn'), p_due: '2026-12-01' }),
			share_preview: () => ({
				p_township: yunxi,
				// Not a single thing: its empty list of others would look like nothing.
				p_kind: 'township',
				p_subject: yunxi,
				p_options: {}
			}),
			plan_page: () => ({ p_township: yunxi, p_plan: id('q') }),
			plans_page: () => ({ p_township: yunxi }),
			plan_contact: () => ({ p_township: yunxi, p_plan: id('q') }),
			scheme_page: () => ({ p_township: yunxi, p_scheme: id('scheme') }),
			layers_page: () => ({ p_township: yunxi }),
			layer_shapes: () => ({
				p_township: yunxi,
				p_layer: id('layer'),
				p_west: 110,
				p_south: 32,
				p_east: 111,
				p_north: 33,
				p_limit: 10
			}),
			layer_put: (who) => ({
				p: {
					township_id: yunxi,
					layer: id('layer'),
					load: id(`load of ${who}`),
					rows: [{ n: 1, geometry: square }]
				}
			}),
			layer_tidy: () => ({ p_township: yunxi }),
			checks_of: () => ({ p_township: yunxi, p_subject: id('q') }),
			check_page: () => ({ p_township: yunxi, p_check: id('check') }),
			check_shape: () => ({ p_township: yunxi, p_geometry: square }),
			land_tool: () => ({ p_township: yunxi, p: { do: 'buffer', geometry: square, metres: 5 } }),
			check_parcels: () => ({ p_township: yunxi, p_parcels: [id('parcel')] }),
			find_sites: () => ({ p_township: yunxi, p: { of: 'parcels', min_mu: 1 } }),
			audit_page: () => ({ p_township: yunxi, p: {} }),
			audit_refused: () => ({ p: { what: 'x', code: 'y' } }),
			chain_heads: () => ({}),
			heads_lost: () => ({ p: [] }),
			export_note: () => ({ p_township: yunxi, p_what: 'x' }),
			contact_reveal: () => ({ p_township: yunxi, p_plan: id('q'), p_purpose: 'call' }),
			contacts_tidy: () => ({}),
			notices_tidy: () => ({}),
			person_search: () => ({
				p_township: yunxi,
				p_name: '桥头',
				p_phone: '',
				p_reason: 'asked'
			}),
			person_erase: (who) => ({
				p_township: yunxi,
				p: { id: id(`erased by ${who}`), name: '无此人', phone: '', reason: 'asked' }
			}),
			erasures_lost: () => ({ p: [] }),
			erasure_texts: () => ({ p_township: yunxi, p_after: 0 }),
			erasure_again: () => ({ p_township: yunxi, p: { id: id('again'), name: '桥头' } }),
			invitation_peek: () => ({ p_secret: 'guess' }),
			try_gate: () => ({ p_what: 'x', p_key: 'y', p_event: 'ask' }),
			...feedCalls
		};
		const nothing = (body: unknown): boolean =>
			body === null ||
			(Array.isArray(body) && body.length === 0) ||
			(typeof body === 'object' &&
				((body as { things?: unknown[] }).things?.length === 0 ||
					(body as { outcome?: string }).outcome === 'refused' ||
					(body as { outcome?: string }).outcome === 'already')) ||
			body === false;
		const wrong: string[] = [];
		const people = new Set(personas.flatMap((p) => [p, id(`person ${p}`)]));
		const found: string[] = [];
		for (const [name, allowed] of functions) {
			// Who administers must go first: later callers find what he made.
			for (const who of [...personas].sort(
				(a, b) => Number(allowed.includes(b)) - Number(allowed.includes(a))
			)) {
				const { status, body } = await ask(who, 'POST', `/rest/v1/rpc/${name}`, args[name]!(who));
				cells++;
				const did = status === 200 && !nothing(body);
				if (who === 'pan') found.push(...meetings(body, people).map((at) => `${name} ${at}`));
				if (status >= 500) wrong.push(`${who} ${name}: ${status} ${JSON.stringify(body)}`);
				else if (did !== allowed.includes(who))
					wrong.push(`${who} ${name}: ${status} ${JSON.stringify(body).slice(0, 120)}`);
			}
		}
		expect(wrong).toEqual([]);
		// K-11: where person, moment and point stand together was looked at, place by place.
		expect(found.filter((at) => !together[at])).toEqual([]);
	});

	it('gives nobody one person’s places over time (K-11)', async () => {
		expect(await trackedTables(backend.sql, ask)).toEqual([]);
		expect(await functionsByPerson(backend.sql)).toEqual([]);
	});

	it('has no way around: other schemas, sideways embedding, plans, keys in addresses, foreign tokens', async () => {
		const closed: [Persona, string, Record<string, string>?][] = [
			...(['auth', 'private', 'storage', 'pg_catalog', 'extensions'].map((s) => [
				'pan',
				'/rest/v1/places',
				{ 'Accept-Profile': s }
			]) as [Persona, string, Record<string, string>][]),
			['pan', '/rest/v1/places', { Accept: 'application/vnd.pgrst.plan+json' }],
			['pan', '/rest/v1/'],
			['pan', '/rest/v1/secrets'],
			['pan', '/rest/v1/users'],
			['pan', '/rest/v1/role_rights'],
			['pan', '/rest/v1/places?apikey=x'],
			['pan', '/'],
			['pan', '/_system/info'],
			['pan', '/_system/config'],
			['pan', '/storage/v1/bucket'],
			['pan', '/auth/v1/admin/users'],
			['pan', '/auth/v1/settings'],
			['pan', '/static/index.js']
		];
		for (const [who, url, headers] of closed) {
			const { status } = await ask(who, 'GET', url, undefined, headers);
			cells++;
			expect(
				[400, 403, 404, 405, 406],
				`${url} ${JSON.stringify(headers ?? {})} → ${status}`
			).toContain(status);
		}
		for (const url of [
			'/auth/v1/signup',
			'/auth/v1/otp',
			'/auth/v1/recover',
			'/auth/v1/token?grant_type=password',
			'/auth/v1/magiclink',
			'/auth/v1/invite'
		]) {
			const { status } = await ask('anon', 'POST', url, {
				email: 'a@b.cn',
				password: 'long enough 123'
			});
			expect([403, 404], `${url} → ${status}`).toContain(status);
		}
		const sideways = await ask(
			'nora',
			'GET',
			'/rest/v1/persons?select=*,memberships!memberships_person_id_fkey(*),accounts(*)'
		);
		expect(JSON.stringify(sideways.body)).not.toContain(id('person finn'));
		const wrongSecret = 'another secret that is long enough to be one';
		const { readFileSync } = await import('node:fs');
		const { jwtSecret } = JSON.parse(readFileSync(path.join(dataDir, 'secrets.json'), 'utf8')) as {
			jwtSecret: string;
		};
		const good = claimsOf('pan');
		const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(good)).toString('base64url')}.`;
		const bad = [
			none,
			mint(wrongSecret, good),
			mint('dev-secret-change-me', good),
			mint(jwtSecret, { ...good, exp: 1 }),
			mint(jwtSecret, { ...good, role: 'service_role' }),
			mint(jwtSecret, { ...good, role: 'postgres' }),
			mint(jwtSecret, { ...good, role: undefined }),
			mint(jwtSecret, { ...good, aud: 'other' }),
			mint(jwtSecret, { ...good, nbf: good.exp }),
			mint(jwtSecret, good, { alg: 'HS512' }),
			mint(jwtSecret, { ...good, pad: 'x'.repeat(8000) }),
			'a.b.c',
			'x'
		];
		for (const token of bad) {
			const { status, body } = await ask({ token }, 'GET', '/rest/v1/tasks');
			cells++;
			expect(status, `${token.slice(0, 40)} ${JSON.stringify(body).slice(0, 80)}`).toBe(401);
		}
	});

	it('ends at once: a switched-off account, an ended session, a role that is over', async () => {
		const sees = async (who: Persona) =>
			((await ask(who, 'GET', '/rest/v1/tasks?limit=1')).body as unknown[]).length;
		expect(await sees('wang')).toBe(1);
		await ask('adam', 'POST', '/rest/v1/rpc/account_switch', { p_user: id('wang'), p_on: false });
		expect(await sees('wang')).toBe(0);
		expect(await sees('lei')).toBe(1);
		await ask('lei', 'POST', '/rest/v1/rpc/session_end', {});
		expect(await sees('lei')).toBe(0);
		expect((await ask('lei', 'POST', '/rest/v1/rpc/session_open', { p_device: 'x' })).status).toBe(
			403
		);
		expect(await sees('ines')).toBe(1);
		await ask('adam', 'POST', '/rest/v1/rpc/membership_end', {
			p_membership: id('membership ines')
		});
		expect(await sees('ines')).toBe(0);
	});

	it('has the same privileges after traffic and after three restarts', async () => {
		const privileges = async () => {
			const rows = await backend.sql<{ line: string }[]>`
				select r.role || ' ' || c.relname || ' ' || string_agg(p.privilege, ',' order by p.privilege) as line
				from pg_class c join pg_namespace n on n.oid = c.relnamespace
				cross join unnest(array['anon', 'authenticated', 'service_role']) r(role)
				cross join unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) p(privilege)
				where n.nspname in ('public', 'private') and c.relkind in ('r', 'v') and has_table_privilege(r.role, c.oid, p.privilege)
				group by r.role, c.relname order by 1`;
			const procs = await backend.sql<{ line: string }[]>`
				select r.role || ' ' || p.proname || '()' as line from pg_proc p join pg_namespace n on n.oid = p.pronamespace
				cross join unnest(array['anon', 'service_role', 'authenticated']) r(role)
				where n.nspname = 'public' and has_function_privilege(r.role, p.oid, 'EXECUTE') order by 1`;
			return [...rows, ...procs].map((r) => r.line);
		};
		const expected = [
			...[...tables.keys()].map((t) => `authenticated ${t} SELECT`),
			'authenticated role_rights SELECT'
		].sort();
		for (let boot = 1; boot <= 3; boot++) {
			for (let i = 0; i < 20; i++)
				await ask(i % 2 ? 'pan' : 'anon', 'GET', '/rest/v1/places?limit=1');
			const now = await privileges();
			expect(now.filter((l) => !l.endsWith('()')).sort(), `boot ${boot}`).toEqual(expected);
			expect(now.filter((l) => l.startsWith('anon') && l.endsWith('()'))).toEqual([]);
			expect(now.filter((l) => l.startsWith('service_role') && l.endsWith('()'))).toEqual([
				'service_role audit_refused()',
				'service_role chain_heads()',
				'service_role contacts_tidy()',
				'service_role document_put()',
				'service_role erasure_again()',
				'service_role erasure_texts()',
				'service_role erasures_lost()',
				'service_role feed_read()',
				'service_role heads_lost()',
				'service_role invitation_peek()',
				'service_role notice_object()',
				'service_role notice_public()',
				'service_role notice_receipt()',
				'service_role notices_tidy()',
				'service_role open311_read()',
				'service_role photo_known()',
				'service_role photo_put()',
				'service_role report_claim()',
				'service_role report_photos()',
				'service_role report_told()',
				'service_role share_answer()',
				'service_role share_answers()',
				'service_role share_card()',
				'service_role share_open()',
				'service_role share_photo()',
				'service_role share_read()',
				'service_role share_salt()',
				'service_role share_seal()',
				'service_role try_gate()'
			]);
			await backend.close();
			await open();
		}
		const scratchTable = await backend.sql
			.unsafe('create table public.a_new_table (id int primary key); select 1')
			.then(() => ask('pan', 'GET', '/rest/v1/a_new_table'));
		expect([401, 403, 404]).toContain(scratchTable.status);
	}, 120_000);
});
