/** `@supabase/lite` as a part of this process: Data API, Auth and Storage over one connection pool. */
import { App } from '@supabase/lite';
import { createPostgresConnection } from '@supabase/lite/postgres';
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
