import { error, redirect, type RequestEvent } from '@sveltejs/kit';
import type { Account } from '$lib/domain/account';
import { may, type Right } from '$lib/domain/place';
import { uuid } from '$lib/domain/id';

/** Whoever is signed in; others are sent to sign in and come back. */
export function needAccount(event: Pick<RequestEvent, 'locals' | 'url'>): Account {
	if (event.locals.account) return event.locals.account;
	redirect(303, `/sign-in?to=${encodeURIComponent(event.url.pathname + event.url.search)}`);
}

/** The township of the address, if this person may look at it; one answer for unknown and foreign. */
export function needTownship(
	event: Pick<RequestEvent, 'locals' | 'url'> & { params: { township: string } }
): { account: Account; township: Account['townships'][number] } {
	const account = needAccount(event);
	const township = account.townships.find((t) => t.id === event.params.township);
	if (!township || !uuid.test(event.params.township))
		error(404, { message: 'not_found', code: 'not_found' });
	return { account, township };
}

/** A right for the whole township, kindly asked here and enforced in the database. */
export function needRight(
	account: Account,
	right: Right,
	township: { id: string; districtId: string | null }
): void {
	const chain = [township.id, ...(township.districtId ? [township.districtId] : [])];
	if (!may(account, right, chain)) error(403, { message: 'not_allowed', code: 'not_allowed' });
}

/** A path on this site to return to; anything else leads home (no open redirect). */
export function safePath(to: string | null): string {
	return to && /^\/(?![/\\])/.test(to) && !to.includes('\\') ? to : '/';
}
