/** The backend in this process: embedded PGlite, or a PostgreSQL elsewhere; one code path above the socket. */
import { mkdirSync } from 'node:fs';
import { writeFile, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import postgres from 'postgres';
import { care, every, longest, wake } from './care';
import { grantSystemSchemas, makeRoles, migrate, softenLiteGrants } from './boot';
import { fresh, keep } from './cluster';
import { Database } from './database';
import { Disk } from './disk';
import { frontDoor } from './frontdoor';
import { RefusedStart, whyNotStart } from './guard';
import type { Pool } from './lite';
import { lock } from './lock';
import { Realtime } from './realtime';
import { readSecrets } from './secrets';
import { witness } from '../witness';
import { chinaDay } from '../../domain/day';

export type BackendOptions = {
	dataDir: string;
	origin: string;
	databaseUrl?: string | undefined;
	production?: boolean;
	migrationsDir?: string;
	/** Milliseconds one query may take in embedded mode. */
	deadline?: number;
	onProgress?: (step: string, fraction: number) => void;
};

export type Backend = {
	publishableKey: string;
	secretKey: string;
	/** For the server's own supabase-js: no network, no allow-list, the same rights. */
	fetch: typeof fetch;
	/** For requests from outside. */
	handle: (request: Request, address: string) => Promise<Response>;
	/** The owner of the database; for the server itself only. */
	sql: Sql;
	realtime: Realtime;
	createUser: (user: { email: string; password: string; name: string }) => Promise<string>;
	/** Lets queries take longer while `work` runs. */
	relaxed: <T>(ms: number, work: () => Promise<T>) => Promise<T>;
	/** A copy of the whole data folder of the embedded database, gzipped tar. */
	snapshot: () => Promise<Uint8Array | null>;
	/** Once a day such a copy goes into `snapshots/`; seven are kept. */
	keepCopy: () => Promise<void>;
	/** Kept files, for the server itself. */
	disk: Disk;
	restarts: () => number;
	close: () => Promise<void>;
};

type Sql = postgres.Sql;

// fetch_types stays on: without it postgres.js never resolves a reserve() that opens the connection.
const quiet = { prepare: false, onnotice: () => undefined } as const;

export async function startEmbedded(options: BackendOptions): Promise<Backend> {
	mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
	// Several processes may share a PostgreSQL and this folder's secrets; a PGlite never.
	const unlock = options.databaseUrl ? () => undefined : await lock(options.dataDir);
	try {
		return await start(options, unlock);
	} catch (error) {
		// Whoever puts right what was refused may try again in this process.
		unlock();
		throw error;
	}
}

async function start(options: BackendOptions, unlock: () => void): Promise<Backend> {
	const { dataDir, origin, databaseUrl, deadline = 3000, onProgress = () => undefined } = options;
	const secrets = readSecrets(dataDir);
	const reason = whyNotStart({
		secrets,
		origin,
		dataDir,
		production: options.production ?? false,
		allowHttp: process.env.ALLOW_HTTP === '1'
	});
	if (reason) throw new RefusedStart(reason);

	// Read by Lite when it is loaded: its storage is behind a flag.
	process.env.EXPERIMENTAL_STORAGE = '1';
	const { liteApp } = await import('./lite');

	onProgress('open', 0.05);
	const live: { realtime?: Realtime } = {};
	const hear = (channel: string, payload: string) => live.realtime?.hear(channel, payload);
	const pg = path.join(dataDir, 'pg');
	const made = databaseUrl ? null : fresh(pg);
	const database = databaseUrl
		? undefined
		: new Database(
				{ dataDir: pg, ...(made?.loadFrom ? { loadFrom: made.loadFrom } : {}) },
				{ deadline: 120_000, onNotice: hear }
			);
	await database?.open();

	const owner: Sql = database
		? postgres({ ...quiet, socket: () => database.socket('owner'), max: 2 } as never)
		: postgres(databaseUrl!, { ...quiet, max: 3 });
	if (database && made) {
		if (!made.loadFrom) {
			await owner.unsafe(
				'create schema extensions; create extension postgis with schema extensions; checkpoint'
			);
			await keep(await database.dump());
		}
		made.done();
	}
	onProgress('roles', 0.3);
	await makeRoles(owner, databaseUrl ? secrets.apiPassword : null);
	const disk = new Disk(path.join(dataDir, 'files'));
	const ownerPool: Pool = database
		? { url: '', options: { ...quiet, socket: () => database.socket('owner'), max: 1 } as never }
		: { url: databaseUrl!, options: { ...quiet, max: 1 } as never };
	const system = liteApp(ownerPool, secrets, origin, disk);
	await system.ensureSystemSchema();
	await system.connection.close();
	await grantSystemSchemas(owner);
	onProgress('migrations', 0.5);
	await migrate(owner, options.migrationsDir ?? path.resolve('supabase/migrations'), (f) =>
		onProgress('migrations', 0.5 + f * 0.3)
	);

	await softenLiteGrants(owner);

	const apiPool: Pool = database
		? { url: '', options: { ...quiet, socket: () => database.socket('api'), max: 4 } as never }
		: {
				url: asAuthenticator(databaseUrl!, secrets.apiPassword),
				options: {
					...quiet,
					max: 10,
					connection: { statement_timeout: 5000, lock_timeout: 3000 }
				} as never
			};
	const lite = liteApp(apiPool, secrets, origin, disk);
	const maker = liteApp(apiPool, secrets, origin, disk, true);
	await lite.init();
	await maker.init();

	// On its first request Lite would grant ALL to anon and authenticated. It is told that this is done;
	// logged in as an owner of nothing it could not do it either. Our own grants are put once more.
	for (const { connection } of [lite, maker]) Object.assign(connection, { rlsState: 'active' });
	const [audit] =
		await owner`select to_regprocedure('public.audit_refused(jsonb)') is not null as yes`;
	const inside = witness(
		(request) => Promise.resolve(lite.fetch(request, { peerAddress: null })),
		async (refused) => {
			if (audit?.yes) await owner`select public.audit_refused(${owner.json(refused)})`;
		}
	);
	const [any] = await owner<{ name: string }[]>`
		select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where n.nspname = 'public' and c.relkind = 'r' and c.relrowsecurity order by 1 limit 1`;
	if (any) {
		await inside(
			new Request(`${origin}/rest/v1/${any.name}?limit=1`, {
				headers: { apikey: secrets.publishableKey }
			})
		);
	}
	const [known] =
		await owner`select to_regprocedure('private.apply_privileges()') is not null as yes`;
	if (known?.yes) await owner`select private.apply_privileges()`;
	await softenLiteGrants(owner);
	onProgress('ready', 0.95);

	const realtime = new Realtime({
		secrets,
		origin,
		sql: owner,
		// Only where several processes may stand on one database.
		...(databaseUrl && {
			share: (text: string) =>
				void owner`select pg_notify('xiangtu_passing', ${text})`.catch(() => undefined)
		})
	});
	live.realtime = realtime;
	if (!database) {
		await owner.listen('xiangtu_hint', (payload) => hear('xiangtu_hint', payload));
		await owner.listen('xiangtu_kick', (payload) => hear('xiangtu_kick', payload));
		await owner.listen('xiangtu_passing', (payload) => hear('xiangtu_passing', payload));
		realtime.greet();
	}
	// A connection whose statements may take long: it looks after the database beside everybody's work.
	const carer =
		database &&
		postgres({ ...quiet, socket: () => database.socket('owner', longest), max: 1 } as never);
	if (database && carer) {
		await owner.unsafe('listen xiangtu_hint; listen xiangtu_kick');
		database.onReopen = async () => {
			void wake(carer).catch(() => undefined);
			await owner.unsafe('listen xiangtu_hint; listen xiangtu_kick');
		};
		database.deadline = deadline;
	}

	// Several may ask for more time at once.
	const wishes = new Set<{ ms: number }>();
	const backend: Backend = {
		publishableKey: secrets.publishableKey,
		secretKey: secrets.secretKey,
		fetch: (input, init) => inside(new Request(input as Request, init)),
		handle: frontDoor({ fetch: inside }, secrets),
		sql: owner,
		realtime,
		async createUser({ email, password, name }) {
			const response = await maker.fetch(
				new Request(`${origin}/auth/v1/signup`, {
					method: 'POST',
					headers: { apikey: secrets.publishableKey, 'Content-Type': 'application/json' },
					body: JSON.stringify({ email, password, data: { name } })
				}),
				{ peerAddress: null }
			);
			const made = (await response.json()) as {
				id?: string;
				user?: { id: string };
				msg?: string;
				message?: string;
			};
			const id = made.user?.id ?? made.id;
			if (!response.ok || !id)
				throw new Error(`account not made: ${made.msg ?? made.message ?? response.status}`);
			return id;
		},
		async relaxed(ms, work) {
			if (!database) return work();
			const wish = { ms };
			wishes.add(wish);
			const longest = () => Math.max(deadline, ...[...wishes].map((w) => w.ms));
			database.deadline = longest();
			try {
				return await work();
			} finally {
				wishes.delete(wish);
				database.deadline = longest();
			}
		},
		snapshot: async () => (database ? database.dump() : null),
		keepCopy: () => keepCopy(backend, dataDir),
		disk,
		restarts: () => database?.restarts ?? 0,
		async close() {
			clearInterval(caring);
			await cared;
			await carer?.end({ timeout: 2 });
			realtime.close();
			await Promise.allSettled([
				lite.connection.close(),
				maker.connection.close(),
				owner.end({ timeout: 2 })
			]);
			await database?.close();
			unlock();
		}
	};
	let cared: Promise<unknown> = Promise.resolve();
	const look = () => carer && (cared = cared.then(() => care(carer)).catch(() => undefined));
	// The first look, too, waits: after a start everybody comes back at once.
	const caring = carer && setInterval(look, every).unref();
	if (carer) await wake(carer).catch(() => undefined);
	onProgress('ready', 1);
	return backend;
}

function asAuthenticator(url: string, password: string): string {
	const address = new URL(url);
	address.username = 'xiangtu_authenticator';
	address.password = password;
	return address.toString();
}

async function keepCopy(backend: Backend, dataDir: string): Promise<void> {
	const folder = path.join(dataDir, 'snapshots');
	const today = chinaDay();
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	const kept = (await readdir(folder)).sort();
	if (kept.includes(`${today}.tar.gz`)) return;
	const bytes = await backend.snapshot();
	if (!bytes) return;
	await writeFile(path.join(folder, `${today}.tar.gz`), bytes, { mode: 0o600 });
	for (const old of kept.slice(0, -6)) await rm(path.join(folder, old));
}
