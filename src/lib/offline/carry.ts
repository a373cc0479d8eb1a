import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { readOp, type Op, type OpKind } from '$lib/domain/op';
import type { Item, NewPhoto, Store } from './outbox';
import { sha256 } from './vault';

/**
 * A queue as one file, for a phone that gets no signal: a colleague's phone or the office carries it in.
 * The file is AES-256-GCM under a code of ten digits that is shown once and said by mouth (PBKDF2-SHA-256,
 * 600,000 rounds): a lost memory card shows nothing, and the mail program in between learns nothing.
 */
const magic = strToU8('XTQ1');
const rounds = 600_000;

/**
 * What somebody else may bring in: findings and photos, recorded under the carrier's own account. Who did a
 * thing and who accepted it is said by that person alone, or the rule "never your own work" would be worth
 * nothing: such ops stay in the file until their author signs in at the desk.
 */
export const carriable: ReadonlySet<OpKind> = new Set([
	'task.create',
	'step.photo',
	'step.evidence'
]);

export type Cargo = {
	townshipId: string;
	/** Who filled the queue, and what they are called, for the desk. */
	personId: string;
	name: string;
	savedAt: string;
	items: (Pick<Item, 'op' | 'addedAt'> & {
		photos: (Omit<NewPhoto, 'bytes'> & { size: number })[];
	})[];
};

export class BadCargo extends Error {
	constructor(readonly code: 'not_a_queue' | 'wrong_code' | 'damaged' | 'other_township') {
		super(code);
	}
}

export const newCode = (): string =>
	Array.from(crypto.getRandomValues(new Uint32Array(10)), (n) => n % 10).join('');

async function keyOf(code: string, salt: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
	const typed = strToU8(code.replace(/\D/g, '')) as Uint8Array<ArrayBuffer>;
	const base = await crypto.subtle.importKey('raw', typed, 'PBKDF2', false, ['deriveKey']);
	return crypto.subtle.deriveKey(
		{ name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds },
		base,
		{ name: 'AES-GCM', length: 256 },
		false,
		['encrypt', 'decrypt']
	);
}

/** The whole queue with its photos; nothing leaves the device's own box by saving it. */
export async function pack(
	store: Store,
	about: Pick<Cargo, 'townshipId' | 'personId' | 'name' | 'savedAt'>,
	code: string
): Promise<Uint8Array<ArrayBuffer>> {
	const files: Record<string, Uint8Array> = {};
	const items: Cargo['items'] = [];
	for (const item of await store.items()) {
		for (const photo of item.photos) {
			const bytes = photo.sent ? null : await store.photo(photo.id);
			if (bytes) files[`photos/${photo.id}`] = new Uint8Array(bytes);
		}
		items.push({ op: item.op, addedAt: item.addedAt, photos: item.photos });
	}
	files['queue.json'] = strToU8(JSON.stringify({ ...about, items } satisfies Cargo));
	const salt = crypto.getRandomValues(new Uint8Array(16));
	const iv = crypto.getRandomValues(new Uint8Array(12));
	const zipped = zipSync(files, { level: 0 }) as Uint8Array<ArrayBuffer>;
	const data = await crypto.subtle.encrypt(
		{ name: 'AES-GCM', iv },
		await keyOf(code, salt),
		zipped
	);
	const out = new Uint8Array(magic.length + 28 + data.byteLength);
	out.set(magic);
	out.set(salt, 4);
	out.set(iv, 20);
	out.set(new Uint8Array(data), 32);
	return out;
}

/** Reads a saved queue; every op is parsed again and every photo's hash compared. */
export async function unpack(
	file: Uint8Array<ArrayBuffer>,
	code: string,
	townshipId: string
): Promise<{ cargo: Cargo; photos: Map<string, NewPhoto> }> {
	if (file.length < 48 || magic.some((b, i) => file[i] !== b)) throw new BadCargo('not_a_queue');
	const key = await keyOf(code, file.slice(4, 20));
	let zipped: ArrayBuffer;
	try {
		zipped = await crypto.subtle.decrypt(
			{ name: 'AES-GCM', iv: file.slice(20, 32) },
			key,
			file.slice(32)
		);
	} catch {
		// GCM does not tell a wrong code from a changed byte.
		throw new BadCargo('wrong_code');
	}
	const files = unzipSync(new Uint8Array(zipped));
	const cargo = JSON.parse(strFromU8(files['queue.json'] ?? strToU8('null'))) as Cargo | null;
	if (!cargo || !Array.isArray(cargo.items)) throw new BadCargo('damaged');
	if (cargo.townshipId !== townshipId) throw new BadCargo('other_township');
	const photos = new Map<string, NewPhoto>();
	for (const item of cargo.items) {
		if ('problems' in readOp(item.op)) throw new BadCargo('damaged');
		for (const photo of item.photos) {
			const bytes = files[`photos/${photo.id}`];
			if (!bytes) continue;
			const own = bytes.slice().buffer;
			if ((await sha256(own)) !== photo.sha256) throw new BadCargo('damaged');
			photos.set(photo.id, { id: photo.id, type: photo.type, sha256: photo.sha256, bytes: own });
		}
	}
	return { cargo, photos };
}

/** Which ops of a cargo this person may send: all of their own, of others what says nothing about work done. */
export function mayCarry(
	cargo: Cargo,
	personId: string
): { yes: Cargo['items']; no: Cargo['items'] } {
	const mine = cargo.personId === personId;
	const yes = cargo.items.filter((i) => mine || carriable.has((i.op as Op).kind));
	return { yes, no: cargo.items.filter((i) => !yes.includes(i)) };
}
