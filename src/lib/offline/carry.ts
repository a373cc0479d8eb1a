import { strToU8, unzipSync, zipSync } from 'fflate';
import { readOp, type Op } from '$lib/domain/op';
import { digest } from './digest';
import { Fault, type Person, type Photo } from './parts';

/**
 * The queue as a file that leaves the device: when the signal does not come, the phone breaks, or its store
 * is about to be emptied. A zip of two parts: `xiangtu.json` says how it is sealed and nothing else,
 * `queue.bin` is a second zip under AES-256-GCM with a key made from a passphrase (PBKDF2-SHA-256). The
 * device's own key cannot leave the device, so the passphrase is shown once and told by mouth.
 *
 * Who may carry what. The server writes an op down as said by whoever sends it, and rules such as "nobody
 * proves own work" look at that person. So a colleague's file must never become the colleague's word:
 * - the own file, on any phone or at the recovery desk after signing in there: everything, under its own op
 *   ids; what had arrived before answers `already`;
 * - another's file: only findings (`task.create` with its photos), because a finding is true whoever brings
 *   it. It is recorded as the carrier's, so without what only the author may decide (who answers, until when).
 *   Everything else (start, do, prove, return …) is left until its author signs in.
 * A carried finding gets ids of its own, made from the old id and the carrier: carrying it twice is the same
 * op, and nothing the carrier is refused can use up the author's id. Its target stays, which the database
 * takes only once; whoever comes second is told `exists_already`.
 */
export type Cargo = {
	township: string;
	by: Person;
	savedAt: number;
	items: { op: Op; addedAt: number; photos: (Omit<Photo, 'bytes'> & Partial<Lost>)[] }[];
};
type Lost = { bytes: ArrayBuffer | null };

export type Carried = {
	/** Whose file it was. */
	of: Person;
	own: boolean;
	ops: Op[];
	/** Not taken: their author must sign in, or a photo was lost. */
	left: Op[];
};

const iterations = 600_000;
const most = { bytes: 400_000_000, entries: 5000 };
const text = new TextDecoder();

/** Sixteen digits in groups: 53 bits behind 600,000 rounds, and every phone can type them. */
export function makePassphrase(): string {
	const digits = Array.from(crypto.getRandomValues(new Uint32Array(16)), (n) => n % 10).join('');
	return digits.replace(/(.{4})(?=.)/g, '$1 ');
}
const plain = (passphrase: string) => passphrase.normalize('NFKC').replace(/\s/g, '');

async function keyOf(passphrase: string, salt: Uint8Array<ArrayBuffer>, rounds: number) {
	if (!globalThis.crypto?.subtle) throw new Fault('no_secure_context');
	const raw = new TextEncoder().encode(plain(passphrase));
	const base = await crypto.subtle.importKey('raw', raw, 'PBKDF2', false, ['deriveKey']);
	return crypto.subtle.deriveKey(
		{ name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds },
		base,
		{ name: 'AES-GCM', length: 256 },
		false,
		['encrypt', 'decrypt']
	);
}

type Manifest = Omit<Cargo, 'items'> & {
	items: {
		op: Op;
		addedAt: number;
		photos: { id: string; type: string; sha256: string | null; file: string | null }[];
	}[];
};

export async function packCargo(cargo: Cargo, passphrase: string): Promise<Blob> {
	const files: Record<string, Uint8Array> = {};
	const items = await Promise.all(
		cargo.items.map(async ({ photos, ...item }) => ({
			...item,
			photos: await Promise.all(
				photos.map(async ({ id, type, bytes }) => {
					const file = bytes ? `photos/${id}` : null;
					if (bytes) files[`photos/${id}`] = new Uint8Array(bytes);
					return { id, type, file, sha256: bytes ? await digest(bytes) : null };
				})
			)
		}))
	);
	const manifest: Manifest = { ...cargo, items };
	// Photos do not shrink; level 0 saves the phone's battery.
	const inner = zipSync(
		{ 'manifest.json': strToU8(JSON.stringify(manifest)), ...files },
		{ level: 0 }
	);
	const salt = crypto.getRandomValues(new Uint8Array(16));
	const iv = crypto.getRandomValues(new Uint8Array(12));
	const key = await keyOf(passphrase, salt, iterations);
	const sealed = await crypto.subtle.encrypt(
		{ name: 'AES-GCM', iv },
		key,
		inner as Uint8Array<ArrayBuffer>
	);
	const head = { format: 'xiangtu-queue', version: 1, iterations, salt: hex(salt), iv: hex(iv) };
	const outer = zipSync(
		{ 'xiangtu.json': strToU8(JSON.stringify(head)), 'queue.bin': new Uint8Array(sealed) },
		{ level: 0 }
	);
	return new Blob([outer as Uint8Array<ArrayBuffer>], { type: 'application/zip' });
}

/** Throws `not_a_box`, `wrong_passphrase` or `box_damaged`. Takes all of it or nothing. */
export async function unpackCargo(file: Blob, passphrase: string): Promise<Cargo> {
	if (file.size > most.bytes) throw new Fault('not_a_box');
	const outer = unzip(new Uint8Array(await file.arrayBuffer()), 'not_a_box');
	const { salt, iv, rounds } = readHead(outer['xiangtu.json']);
	const sealed = outer['queue.bin'];
	if (!sealed) throw new Fault('not_a_box');
	const key = await keyOf(passphrase, salt, rounds);
	const inner = await crypto.subtle
		.decrypt({ name: 'AES-GCM', iv }, key, sealed as Uint8Array<ArrayBuffer>)
		.catch(() => {
			throw new Fault('wrong_passphrase');
		});
	return readCargo(unzip(new Uint8Array(inner), 'box_damaged'));
}

function readHead(part: Uint8Array | undefined) {
	try {
		const head = JSON.parse(text.decode(part)) as Record<string, unknown>;
		const rounds = Number(head.iterations);
		// A file from outside must not make this phone count for an hour, nor make its own seal weak.
		if (head.format !== 'xiangtu-queue' || head.version !== 1 || !(rounds >= 1 && rounds <= 5e6))
			throw new Error('another format');
		return { salt: unhex(head.salt), iv: unhex(head.iv), rounds };
	} catch {
		throw new Fault('not_a_box');
	}
}

async function readCargo(files: Record<string, Uint8Array>): Promise<Cargo> {
	try {
		const { items, ...rest } = JSON.parse(text.decode(files['manifest.json'])) as Manifest;
		return {
			...rest,
			items: await Promise.all(
				items.map(async ({ op, addedAt, photos }) => {
					const read = readOp(op);
					if ('problems' in read || read.op.township_id !== rest.township) throw new Error('no op');
					return {
						op: read.op,
						addedAt,
						photos: await Promise.all(
							photos.map(async ({ id, type, file, sha256 }) => {
								if (!file) return { id, type, bytes: null };
								const bytes = (files[file] as Uint8Array<ArrayBuffer>).slice();
								if ((await digest(bytes)) !== sha256) throw new Error('another sum');
								return { id, type, bytes: bytes.buffer };
							})
						)
					};
				})
			)
		};
	} catch {
		throw new Fault('box_damaged');
	}
}

function unzip(bytes: Uint8Array, otherwise: 'not_a_box' | 'box_damaged') {
	let total = 0;
	let entries = 0;
	try {
		return unzipSync(bytes, {
			filter: (entry) => {
				total += entry.originalSize;
				if (++entries > most.entries || total > most.bytes) throw new Error('too large');
				return true;
			}
		});
	} catch {
		throw new Fault(otherwise);
	}
}

type Taken = { op: Op; photos: Photo[]; carriedFor?: Person };

/** What `me` may send of a file, as it is to be sent; the rest is left to its author. */
export async function underCarrier(
	cargo: Cargo,
	me: Person
): Promise<{ take: Taken[]; left: Op[] }> {
	const take: Taken[] = [];
	const left: Op[] = [];
	for (const { op, photos } of cargo.items) {
		const whole = photos.flatMap(({ id, type, bytes }) => (bytes ? [{ id, type, bytes }] : []));
		if (cargo.by.id === me.id) take.push({ op, photos: whole });
		else if (op.kind !== 'task.create' || whole.length < photos.length) left.push(op);
		else
			take.push({ ...(await asFinding(op as Op<'task.create'>, whole, me)), carriedFor: cargo.by });
	}
	return { take, left };
}

async function asFinding(op: Op<'task.create'>, photos: Photo[], me: Person) {
	const { answers: _, due_on: __, ...payload } = op.payload;
	const renamed = new Map<string, string>();
	for (const id of payload.photos ?? []) renamed.set(id, await anotherId(id, me.id));
	if (payload.photos) payload.photos = payload.photos.map((id) => renamed.get(id)!);
	return {
		op: { ...op, op_id: await anotherId(op.op_id, me.id), payload } as Op,
		photos: photos.map((p) => ({ ...p, id: renamed.get(p.id) ?? p.id }))
	};
}

/** Always the same id from the same id and person; the moment in its head stays, so that it still sorts. */
async function anotherId(id: string, person: string): Promise<string> {
	const hash = await digest(new TextEncoder().encode(`${id} ${person}`));
	if (!hash) throw new Fault('no_secure_context');
	return `${id.slice(0, 13)}-7${hash.slice(0, 3)}-8${hash.slice(3, 6)}-${hash.slice(6, 18)}`;
}

const hex = (bytes: Uint8Array) =>
	Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
function unhex(value: unknown): Uint8Array<ArrayBuffer> {
	if (typeof value !== 'string' || !/^([0-9a-f]{2}){8,64}$/.test(value)) throw new Error('no hex');
	return Uint8Array.from(value.match(/../g)!, (b) => parseInt(b, 16));
}
