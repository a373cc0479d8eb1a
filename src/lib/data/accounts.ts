import type { Account, AccountLine, Colleague, Invitation } from '$lib/domain/account';
import type { Role } from '$lib/domain/place';
import { call, toFailure, type Db } from './client';

/** Who is signed in; null when nobody is, the account is off or the session ended. */
export function readMyAccount(db: Db): Promise<Account | null> {
	return call<Account | null>(db, 'my_account');
}

export function readPeople(db: Db, placeId: string): Promise<Colleague[]> {
	return call<Colleague[]>(db, 'people_of', { p_place: placeId });
}

export function openSession(db: Db, device: string): Promise<Account> {
	return call<Account>(db, 'session_open', { p_device: device });
}

export function endSession(db: Db, sessionId: string | null): Promise<{ outcome: string }> {
	return call(db, 'session_end', { p_session: sessionId });
}

export function switchAccount(db: Db, userId: string, on: boolean): Promise<{ outcome: string }> {
	return call(db, 'account_switch', { p_user: userId, p_on: on });
}

export function giveMembership(
	db: Db,
	m: { id: string; person_id: string; place_id: string; role: Role; from?: string; to?: string }
): Promise<{ outcome: string }> {
	return call(db, 'membership_give', { p: m });
}

export function endMembership(db: Db, id: string): Promise<{ outcome: string }> {
	return call(db, 'membership_end', { p_membership: id });
}

/** `sha256` is of the secret in the link; the secret itself is shown once and never stored. */
export function invite(
	db: Db,
	i: {
		id: string;
		place_id: string;
		role: Role;
		person_name: string;
		person_id?: string;
		sha256: string;
	}
): Promise<{ outcome: string }> {
	return call(db, 'invite', { p: i });
}

export function revokeInvitation(db: Db, id: string): Promise<{ outcome: string }> {
	return call(db, 'invitation_revoke', { p_invitation: id });
}

/** Asked by the server itself (`admin`), before anybody is signed in. */
export function peekInvitation(
	admin: Db,
	secret: string
): Promise<{ personName: string; role: Role; place: string } | null> {
	return call(admin, 'invitation_peek', { p_secret: secret });
}

export function acceptInvitation(
	db: Db,
	secret: string,
	login: string
): Promise<{ outcome: string }> {
	return call(db, 'invitation_accept', { p_secret: secret, p_login: login });
}

export function createTownship(
	db: Db,
	t: { id: string; name: string; code: string; district_id: string }
): Promise<{ outcome: string; id: string }> {
	return call(db, 'township_create', { p: t });
}

/** Seconds to wait before this key may try again; 0: now. Asked by the server itself. */
export function tryGate(
	admin: Db,
	what: string,
	key: string,
	event: 'ask' | 'failed' | 'passed',
	free = 5
): Promise<number> {
	return call<number>(admin, 'try_gate', {
		p_what: what,
		p_key: key,
		p_event: event,
		p_free: free
	});
}

export function useQuota(db: Db, what: string, perHour: number): Promise<boolean> {
	return call<boolean>(db, 'use_quota', { p_what: what, p_per_hour: perHour });
}

/** Accounts, their open sessions and the invitations that this administrator may see. */
export async function readAccounts(
	db: Db,
	personIds: string[],
	mySession: string
): Promise<{ accounts: AccountLine[]; invitations: Invitation[] }> {
	const [accounts, invitations] = await Promise.all([
		db
			.from('accounts')
			.select(
				'user_id, person_id, login, ended_at, account_sessions(id, device, started_at, ended_at, expires_at)'
			)
			.in('person_id', personIds)
			.order('login'),
		db
			.from('invitations')
			.select('id, person_name, role, place_id, created_at, expires_at, used_at, revoked_at')
			.order('created_at', { ascending: false })
			.limit(50)
	]);
	if (accounts.error) throw toFailure(accounts.error, accounts.status);
	if (invitations.error) throw toFailure(invitations.error, invitations.status);
	const now = new Date().toISOString();
	return {
		accounts: accounts.data.map((a) => ({
			userId: a.user_id,
			personId: a.person_id,
			login: a.login,
			on: a.ended_at === null,
			sessions: a.account_sessions
				.filter((s) => s.ended_at === null && Date.parse(s.expires_at) > Date.now())
				.map((s) => ({
					id: s.id,
					device: s.device,
					startedAt: s.started_at,
					here: s.id === mySession
				}))
		})),
		invitations: invitations.data.map((i) => ({
			id: i.id,
			personName: i.person_name,
			role: i.role,
			placeId: i.place_id,
			createdAt: i.created_at,
			expiresAt: i.expires_at,
			state: i.used_at
				? 'used'
				: i.revoked_at
					? 'revoked'
					: Date.parse(i.expires_at) < Date.parse(now)
						? 'expired'
						: 'open'
		}))
	};
}
