/** `@supabase/lite` as a part of this process: Data API, Auth and Storage over one connection pool. */
import { App } from '@supabase/lite';
import { createPostgresConnection } from '@supabase/lite/postgres';
import { CompiledQuery, type Kysely } from 'kysely';
import type { Options } from 'postgres';
import type { StorageAdapter } from './disk';
import type { Secrets } from './secrets';

export type Pool = { url: string; options: Options<Record<string, never>> };

// Lite hands JSON over as text already; its own serializer would quote it once more (0.10.0).
const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
const types = {
	json: { to: 114, from: [114], serialize: text, parse: JSON.parse },
	jsonb: { to: 3802, from: [3802], serialize: text, parse: JSON.parse }
};

/**
 * Lite writes every error of the database to the console, values and all. What a caller did wrong is told
 * to the caller; our own front door logs the rest in one line.
 */
const toConsole = console.error;
console.error = (...args: unknown[]) => {
	const { name, message } = (args[0] ?? {}) as { name?: string; message?: string };
	if (name === 'PostgresError' || message?.startsWith('Could not find the table')) return;
	toConsole(...args);
};

type On = Kysely<unknown>;
type Asker = {
	auth?: { role?: string; uid?: string; jwt?: unknown };
	storage?: { operation?: unknown };
};
type Request = { method: string; path: string; requestHeaders?: object };

/** Settings of the transaction, all in one statement. */
const set = (on: On, settings: [string, string][]) =>
	on.executeQuery(
		CompiledQuery.raw(
			`select ${settings.map((_, i) => `set_config($${2 * i + 1}, $${2 * i + 2}, true)`).join()}`,
			settings.flat()
		)
	);

/**
 * Lite 0.10.0 tells each transaction who asks and what in eleven statements, two trips to the database's thread
 * each: on busy cores most of the time of a small request. Here they are two statements that set the same.
 */
const briefly = {
	applyJwtSessionContext: async (on: On, { auth, storage }: Asker) => {
		const role = auth?.role || 'anon';
		await set(on, [
			['role', role],
			['request.jwt.claim.sub', String(auth?.uid ?? '')],
			['request.jwt.claim.role', role],
			['storage.operation', String(storage?.operation ?? '')],
			...(auth?.jwt && typeof auth.jwt === 'object'
				? [['request.jwt.claims', JSON.stringify(auth.jwt)] as [string, string]]
				: [])
		]);
	},
	applyRpcRequestGucs: async (on: On, { method, path, requestHeaders = {} }: Request) => {
		await set(on, [
			['response.status', ''],
			['response.headers', ''],
			['request.method', method],
			['request.path', path],
			['request.headers', JSON.stringify(requestHeaders)]
		]);
	}
};

/** One Lite app over `pool`. `signup` makes the inner one that alone can create accounts. */
export function liteApp(
	pool: Pool,
	secrets: Secrets,
	origin: string,
	storage: StorageAdapter,
	signup = false
): App {
	const connection = createPostgresConnection({
		url: pool.url,
		postgresOptions: { ...pool.options, types } as never
	});
	for (const name of Object.keys(briefly))
		if (typeof Reflect.get(connection, name) !== 'function')
			throw new Error(`@supabase/lite has no ${name} any more`);
	Object.assign(connection, briefly);
	const app = new App({
		connection,
		api: {
			enabled: true,
			schemas: ['public'],
			extra_search_path: ['public', 'extensions'],
			max_rows: 1000
		},
		auth: {
			enabled: true,
			jwt_secret: secrets.jwtSecret,
			jwt_expiry: 600,
			publishable_key: secrets.publishableKey,
			secret_key: secrets.secretKey,
			site_url: origin,
			enable_signup: signup,
			minimum_password_length: 10,
			enable_refresh_token_rotation: true,
			email: { enable_signup: signup, enable_confirmations: false }
		},
		storage: { enabled: true },
		studio: { enabled: false },
		options: { server: { admin: false, disableStudio: true, disableFallback: true } }
	} as never) as unknown as App;
	app._storageAdapter = storage;
	return app;
}
