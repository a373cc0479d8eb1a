import { createHash, randomBytes } from 'node:crypto';
import { tryGate } from '$lib/data/accounts';
import type { Db } from '$lib/data/client';
import { openShare, shareSalt } from '$lib/data/shares';
import { deviceOf, isPublicId, passcodeRules, secretOf } from '$lib/domain/share';
import { hashPasscode } from './passcode';

/**
 * What does not open is answered no sooner than this, ms: longer than the work takes, which differs by some
 * milliseconds with what is wrong.
 */
const floor = 400;
/** Failures of one network in an hour before it waits. */
const free = 30;

export type Ask = {
	publicId: string;
	/** The bare code or the whole link. */
	secret: string;
	passcode: string;
	/** The network it comes from. */
	net: string;
	/** The reader's cookie. */
	reader: string;
	userAgent: string;
};
export type Opened = { door: string } | { closed: true } | { wait: number };

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/**
 * The secret for a door of two hours. Whatever is wrong, the same is answered after the same time: nobody finds out
 * which links exist, have ended or have a passcode.
 */
export async function openDoor(admin: Db, ask: Ask): Promise<Opened> {
	const soonest = new Promise((resolve) => setTimeout(resolve, floor));
	const opened = await tryOpen(admin, ask);
	if ('closed' in opened) await soonest;
	return opened;
}

/** The same steps whatever is wrong, without the wait. */
export async function tryOpen(admin: Db, ask: Ask): Promise<Opened> {
	const wait = await tryGate(admin, 'share-net', ask.net, 'ask', free);
	if (wait > 0) return { wait };
	const publicId = isPublicId(ask.publicId) ? ask.publicId : '';
	const passcode = ask.passcode.trim().slice(0, passcodeRules.most);
	const door = randomBytes(32).toString('base64url');
	const salt = await shareSalt(admin, publicId);
	const hashed = await hashPasscode(passcode, salt);
	const { outcome } = await openShare(admin, {
		public_id: publicId,
		sha256: sha256(secretOf(ask.secret) ?? ''),
		passcode: passcode ? hashed : null,
		door: sha256(door),
		// For one link only: readers are not followed from link to link.
		reader: sha256(`${publicId} ${ask.reader}`),
		device: deviceOf(ask.userAgent)
	});
	if (outcome === 'opened') return { door };
	// A page that asks without a passcode first has not failed.
	await tryGate(admin, 'share-net', ask.net, outcome === 'no_passcode' ? 'ask' : 'failed', free);
	return { closed: true };
}
