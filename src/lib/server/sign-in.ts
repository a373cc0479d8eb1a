import type { RequestEvent } from '@sveltejs/kit';
import { openSession, tryGate } from '$lib/data/accounts';
import { Failure } from '$lib/data/client';
import { auditRefused } from '$lib/data/audit';
import { addressOf } from './address';
import { backend } from './backend';
import { toEmail } from './email';

/** The network a try came from: /24 for IPv4, /64 for IPv6, so that one office is not one address. */
export function subnet(address: string): string {
	const v4 = address.replace(/^::ffff:/, '');
	if (/^\d+\.\d+\.\d+\.\d+$/.test(v4)) return v4.replace(/\.\d+$/, '.0');
	return address.split(':').slice(0, 4).join(':');
}

export type SignInResult = { code?: 'wait' | 'wrong' | 'account_off'; seconds?: number };

/** Password sign-in with limits kept in the database; one answer for an unknown name and a wrong password. */
export async function signIn(
	event: RequestEvent,
	login: string,
	password: string
): Promise<SignInResult> {
	const { admin } = backend();
	const keys: [string, string, number][] = [
		['sign-in', toEmail(login).slice(0, 190), 5],
		['sign-in-net', subnet(addressOf(event)), 30]
	];
	for (const [what, key, free] of keys) {
		const seconds = await tryGate(admin, what, key, 'ask', free);
		if (seconds > 0) return { code: 'wait', seconds };
	}
	const { error } = await event.locals.db.auth.signInWithPassword({
		email: toEmail(login),
		password
	});
	if (error) {
		if (error.status && error.status >= 500) throw new Failure('unavailable', '', 503);
		for (const [what, key, free] of keys) await tryGate(admin, what, key, 'failed', free);
		// Whose account it was, where there is one; never what was typed.
		await auditRefused(admin, { what: 'session.open', code: 'wrong', login: login.slice(0, 120) });
		return { code: 'wrong' };
	}
	const device = (event.request.headers.get('user-agent') ?? '')
		.replace(/[^\x20-\x7e]/g, '')
		.slice(0, 110);
	try {
		event.locals.account = await openSession(event.locals.db, device);
	} catch (failure) {
		await event.locals.db.auth.signOut({ scope: 'local' });
		if (failure instanceof Failure) return { code: 'account_off' };
		throw failure;
	}
	await tryGate(admin, keys[0]![0], keys[0]![1], 'passed');
	return {};
}
