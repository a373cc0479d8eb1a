import { building, dev } from '$app/environment';
import { env } from '$env/dynamic/private';
import { env as open } from '$env/dynamic/public';
import { auditRefused, tidyContacts } from '$lib/data/audit';
import { tidyNotices } from '$lib/data/publicnotices';
import type { Db } from '$lib/data/client';
import { createClient } from '@supabase/supabase-js';
import path from 'node:path';
import ws from 'ws';
import { startEmbedded, type Backend } from './engine/index';
import { prepare } from './first-start';
import { Heads } from './heads';
import { Tombstones } from './tombstones';
import { startPostman } from './postman';
import { tell } from './tell';
import { witness, type Refused } from './witness';

/** Where the data is: in this process (embedded or PostgreSQL) or on a Supabase elsewhere. */
export type Gateway = {
	url: string;
	publishableKey: string;
	/** How our own clients ask: in this process, or over the network; what is refused is written down on the way. */
	fetch?: typeof fetch;
	/** Answers /rest/v1 and /auth/v1 from outside. */
	handle?: (request: Request, address: string) => Promise<Response>;
	/** The server's own client, for what nobody signed in can ask: limits, invitations. */
	admin: Db;
	/** Makes an account that can sign in; its rights come from the database alone. */
	createUser: (email: string, password: string, name: string) => Promise<string>;
	/** Lets one long call (an import) take this long. */
	relaxed: <T>(ms: number, work: () => Promise<T>) => Promise<T>;
	embedded?: Backend;
	/** The chains' heads, kept off this machine. */
	heads: Heads;
	/** Who was erased, for copies that are put back. */
	tombstones: Tombstones;
};

let gateway: Gateway | undefined;

export function backend(): Gateway {
	if (!gateway) throw new Error('the backend has not started');
	return gateway;
}

const serverOptions = (fetch?: typeof globalThis.fetch) => ({
	auth: { persistSession: false, autoRefreshToken: false },
	global: fetch ? { fetch } : {},
	realtime: { transport: ws as never }
});

/** Files beside the data: XT_HEADS and XT_TOMBSTONES name others. */
function keepers(admin: Db, key: string) {
	const beside = (name: string) => path.resolve(env.XT_DATA ?? 'data/demo', name);
	return {
		heads: new Heads(env.XT_HEADS ?? beside('heads.jsonl'), admin),
		tombstones: new Tombstones(env.XT_TOMBSTONES ?? beside('tombstones.jsonl'), key)
	};
}

async function onSupabase(url: string): Promise<Gateway> {
	const key = open.PUBLIC_SUPABASE_PUBLISHABLE_KEY;
	const secret = env.SUPABASE_SECRET_KEY;
	if (!key || !secret) {
		throw new Error(
			'PUBLIC_SUPABASE_URL needs PUBLIC_SUPABASE_PUBLISHABLE_KEY and SUPABASE_SECRET_KEY'
		);
	}
	const admin = createClient(url, secret, serverOptions());
	const watched = witness(globalThis.fetch, (refused: Refused) => auditRefused(admin, refused));
	return {
		url,
		fetch: (input, init) => watched(new Request(input as Request, init)),
		...keepers(admin, secret),
		publishableKey: key,
		admin,
		relaxed: (_ms, work) => work(),
		createUser: async (email, password, name) => {
			const { data, error } = await admin.auth.admin.createUser({
				email,
				password,
				email_confirm: true,
				user_metadata: { name }
			});
			if (error) throw error;
			return data.user.id;
		}
	};
}

async function inThisProcess(): Promise<Gateway> {
	const origin = env.ORIGIN ?? 'http://localhost:3000';
	const embedded = await startEmbedded({
		dataDir: env.XT_DATA ?? 'data/demo',
		origin,
		databaseUrl: env.DATABASE_URL,
		production: !dev,
		onProgress: (step, fraction) => tell('progress', { step, fraction })
	});
	const admin = createClient(origin, embedded.secretKey, serverOptions(embedded.fetch));
	return {
		...keepers(admin, embedded.secretKey),
		url: origin,
		publishableKey: embedded.publishableKey,
		fetch: embedded.fetch,
		handle: embedded.handle,
		admin,
		relaxed: embedded.relaxed,
		createUser: (email, password, name) => embedded.createUser({ email, password, name }),
		embedded
	};
}

/** What has to go by its day goes; only then is the day's copy made, so that no copy holds it. */
async function upkeep({ admin, embedded }: Gateway, copy: boolean): Promise<void> {
	await tidyNotices(admin);
	await tidyContacts(admin);
	if (copy) await embedded?.keepCopy();
}

/** Starts whichever backend the environment names; the port opens after it. */
export async function start(): Promise<void> {
	if (building || gateway || env.XT_LAB) return;
	gateway = open.PUBLIC_SUPABASE_URL
		? await onSupabase(open.PUBLIC_SUPABASE_URL)
		: await inThisProcess();
	const { embedded, admin, heads, tombstones, relaxed } = gateway;
	// A copy put back forgets again whom it was told to forget, before anybody reads it.
	await relaxed(600_000, () => tombstones.reapply(admin));
	const hourly = () => void upkeep(gateway!, true).catch(() => undefined);
	setInterval(hourly, 3_600_000).unref();
	// Soon, but after everybody who waited for the start; a copy of everything only with the first hour.
	setTimeout(() => void upkeep(gateway!, false).catch(() => undefined), 60_000).unref();
	if (!embedded) heads.start();
	const stopPostman = startPostman(gateway.admin, env.ORIGIN ?? gateway.url);
	if (!embedded) return;
	// src/start.js holds the HTTP server: it passes upgrades on and closes us at the end.
	Object.assign(globalThis, {
		[Symbol.for('xiangtu.upgrade')]: embedded.realtime.upgrade,
		[Symbol.for('xiangtu.close')]: async () => {
			stopPostman();
			await heads.close();
			await embedded.close();
		}
	});
	await prepare(gateway, {
		demo: env.XT_DEMO !== '0',
		restore: env.XT_RESTORE
			? { file: env.XT_RESTORE, passphrase: env.XT_PASSPHRASE || null }
			: undefined
	});
	// What was carried in from a hand-over file may be older, too.
	if (env.XT_RESTORE) await relaxed(600_000, () => tombstones.reapply(admin));
	heads.start();
}
