import type { DistrictAnswer } from './official';
import type { Level, Membership, Person, Role } from './place';

/** Who is signed in and where they may look. */
export type Account = Omit<Person, 'memberships'> & {
	sessionId: string;
	memberships: (Membership & { place: string; level: Level; townshipId: string | null })[];
	townships: {
		id: string;
		name: string;
		demo: boolean;
		districtId: string | null;
		district: string | null;
		/** The number of its last event. What was read after the account is at least as new. */
		stands: number;
	}[];
	districts: { id: string; name: string }[];
};

/** Does this person look after townships from above? The database asks the same (`my_overseen`). */
export const overseesDistrict = (account: Pick<Account, 'memberships'>): boolean =>
	account.memberships.some(
		(m) =>
			(m.role === 'observer' && (m.level === 'district' || m.level === 'township')) ||
			(m.role === 'planner' && m.level === 'district')
	);

/** Somebody who holds a role in a township. */
export type Colleague = {
	id: string;
	name: string;
	roles: {
		id: string;
		role: Role;
		placeId: string;
		place: string;
		from: string;
		to: string | null;
	}[];
};

export type AccountLine = {
	userId: string;
	personId: string;
	login: string;
	on: boolean;
	sessions: { id: string; device: string; startedAt: string; here: boolean }[];
};

export type Invitation = {
	id: string;
	personName: string;
	role: Role;
	placeId: string;
	createdAt: string;
	expiresAt: string;
	state: 'open' | 'used' | 'revoked' | 'expired';
};

/** Something stuck: who must act and since when. */
export type StuckLine = {
	stepId: string;
	blockerId: string;
	kind: 'task' | 'project' | 'plan';
	thingId: string;
	title: string | null;
	category: string | null;
	step: string;
	village: string | null;
	villageId: string | null;
	blocker: string;
	who: string;
	note: string;
	/** Of the district; empty: nothing. */
	ask: string;
	/** What the district said to it. */
	answers: DistrictAnswer[];
	since: string;
	days: number;
	dueOn: string | null;
};

/** ASVS 6.2: at least ten characters, no rules on kinds, common ones refused. */
export function whyNotPassword(
	password: string,
	login: string
): 'too_short' | 'too_long' | 'too_common' | null {
	if ([...password].length < 10) return 'too_short';
	// bcrypt reads 72 bytes; more would be cut off without a word.
	if (new TextEncoder().encode(password).length > 72) return 'too_long';
	const plain = password.toLowerCase();
	if (plain.includes(login.toLowerCase().split('@')[0] ?? '\0') && login.length > 3)
		return 'too_common';
	if (/^(.{1,4})\1+$/.test(plain) || /^(0?123456789|abcdefghij|qwertyuiop)/.test(plain))
		return 'too_common';
	if (/^(password|woaini|xiangtu|admin)[0-9!@#.]*$/.test(plain)) return 'too_common';
	return null;
}
