import { createServerClient } from '@supabase/ssr';
import type { Handle, RequestEvent } from '@sveltejs/kit';
import { readMyAccount } from '$lib/data/accounts';
import { Failure, type Db } from '$lib/data/client';
import { backend } from './backend';
import ws from 'ws';

/** supabase-js under the rights of whoever sent the cookies; scripts of a page cannot read them. */
export function connectAs(event: RequestEvent): Db {
	const { url, publishableKey, fetch } = backend();
	const secure = event.url.protocol === 'https:';
	return createServerClient(url, publishableKey, {
		cookieOptions: {
			name: secure ? '__Host-xt' : 'xt',
			path: '/',
			httpOnly: true,
			sameSite: 'lax',
			secure,
			maxAge: 60 * 60 * 24 * 30
		},
		cookies: {
			getAll: () => event.cookies.getAll(),
			setAll: (cookies) => {
				for (const { name, value, options } of cookies) {
					try {
						event.cookies.set(name, value, {
							...options,
							path: '/',
							httpOnly: true,
							secure,
							sameSite: 'lax'
						});
					} catch {
						// The answer is already on its way; the next request renews the token again.
					}
				}
			}
		},
		global: fetch ? { fetch } : {},
		// supabase-js on Node 20 has no WebSocket of its own.
		realtime: { transport: ws as never }
	}) as unknown as Db;
}

export const connect: Handle = ({ event, resolve }) => {
	event.locals.db = connectAs(event);
	return resolve(event, {
		filterSerializedResponseHeaders: (name) =>
			name === 'content-range' || name === 'x-supabase-api-version'
	});
};

/** Who asks is read from tables on every request: a switched-off account is out at once. */
export const identify: Handle = async ({ event, resolve }) => {
	event.locals.account = null;
	const signedIn = event.cookies.getAll().some((c) => /^(__Host-)?xt(\.\d+)?$/.test(c.name));
	if (signedIn && event.route.id) {
		event.locals.account = await readMyAccount(event.locals.db).catch((failure: unknown) => {
			// Signed out or switched off is an answer; a database that does not answer is a fault.
			if (failure instanceof Failure && [401, 403].includes(failure.status)) return null;
			throw failure;
		});
	}
	return resolve(event);
};
