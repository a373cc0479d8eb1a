/**
 * A passphrase over a stream: scrypt, then AES-256-GCM in frames of 256 KiB. Each frame's nonce holds its number
 * and whether it is the last, so that frames can be neither cut off, left out, swapped nor added (the STREAM
 * construction of Hoang, Reyhanitabar, Rogaway and Vizár). The head is authenticated with every frame.
 *
 *   head (60): 'XTSEAL1\n' | log2 N, r, p, 0 | salt 16 | nonce 7, 0 | check of the passphrase 16 | check of the head 8
 *   frame:     length of the text, highest bit: the last (4) | text | tag 16
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes, scrypt } from 'node:crypto';
import { Bytes, type Chunks } from './bytes';
import { HandoverRefused } from './refusal';

const magic = Buffer.from('XTSEAL1\n', 'latin1');
export const frameBytes = 256 * 1024;
const headBytes = 60;
/** 128 MB and a third of a second for each guess. */
const usual = 17;
const last = 0x8000_0000;

const sha = (bytes: Uint8Array, n: number) =>
	createHash('sha256').update(bytes).digest().subarray(0, n);

export const isSealed = (head: Uint8Array): boolean =>
	Buffer.compare(head.subarray(0, 8), magic) === 0;

function keysOf(passphrase: string, salt: Uint8Array, log: number, r: number, p: number) {
	return new Promise<{ key: Buffer; check: Buffer }>((resolve, reject) =>
		scrypt(
			passphrase.normalize('NFKC').trim(),
			salt,
			64,
			{ N: 2 ** log, r, p, maxmem: 2 ** log * r * 256 },
			(error, keys) =>
				error
					? reject(error)
					: resolve({ key: keys.subarray(0, 32), check: sha(keys.subarray(32), 16) })
		)
	);
}

function nonceOf(prefix: Uint8Array, n: number, end: boolean): Buffer {
	const nonce = Buffer.alloc(12);
	nonce.set(prefix);
	nonce.writeUInt32BE(n, 7);
	nonce[11] = end ? 1 : 0;
	return nonce;
}

/** `log2N`: what one guess costs; smaller only in tests. */
export async function* sealed(
	source: Chunks,
	passphrase: string,
	log2N = usual
): AsyncGenerator<Uint8Array> {
	const salt = randomBytes(16);
	const prefix = randomBytes(7);
	const { key, check } = await keysOf(passphrase, salt, log2N, 8, 1);
	const start = Buffer.concat([
		magic,
		Buffer.from([log2N, 8, 1, 0]),
		salt,
		prefix,
		Buffer.from([0]),
		check
	]);
	const head = Buffer.concat([start, sha(start, 8)]);
	yield head;
	const bytes = new Bytes(source);
	try {
		for (let n = 0; ; n++) {
			const text = await bytes.take(frameBytes);
			const end = await bytes.atEnd();
			const cipher = createCipheriv('aes-256-gcm', key, nonceOf(prefix, n, end));
			cipher.setAAD(head);
			const length = Buffer.alloc(4);
			length.writeUInt32BE((text.length | (end ? last : 0)) >>> 0);
			yield Buffer.concat([length, cipher.update(text), cipher.final(), cipher.getAuthTag()]);
			if (end) return;
		}
	} finally {
		await bytes.close();
	}
}

/** The bytes that were sealed. Throws `HandoverRefused`: wrong_passphrase, cut, damaged, not_a_handover. */
export async function* unsealed(source: Chunks, passphrase: string): AsyncGenerator<Uint8Array> {
	const bytes = new Bytes(source);
	try {
		yield* frames(bytes, passphrase);
	} finally {
		await bytes.close();
	}
}

async function* frames(bytes: Bytes, passphrase: string): AsyncGenerator<Uint8Array> {
	const head = Buffer.from(await bytes.take(headBytes));
	if (!isSealed(head)) throw new HandoverRefused('not_a_handover');
	if (head.length < headBytes) throw new HandoverRefused('cut');
	if (!head.subarray(52).equals(sha(head.subarray(0, 52), 8))) throw new HandoverRefused('damaged');
	const [log = 0, r = 0, p = 0] = head.subarray(8, 11);
	if (log < 10 || log > 20 || r !== 8 || p !== 1) throw new HandoverRefused('format_newer');
	const prefix = head.subarray(28, 35);
	const { key, check } = await keysOf(passphrase, head.subarray(12, 28), log, r, p);
	if (!check.equals(head.subarray(36, 52))) throw new HandoverRefused('wrong_passphrase');
	for (let n = 0; ; n++) {
		const word = Buffer.from(await bytes.take(4));
		if (word.length < 4) throw new HandoverRefused('cut');
		const end = word.readUInt32BE() >= last;
		const length = word.readUInt32BE() & 0x7fff_ffff;
		if (length > frameBytes || (!end && length !== frameBytes))
			throw new HandoverRefused('damaged');
		const frame = Buffer.from(await bytes.take(length + 16));
		if (frame.length < length + 16) throw new HandoverRefused('cut');
		const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(prefix, n, end));
		decipher.setAAD(head);
		decipher.setAuthTag(frame.subarray(length));
		let text: Buffer;
		try {
			text = Buffer.concat([decipher.update(frame.subarray(0, length)), decipher.final()]);
		} catch {
			throw new HandoverRefused('damaged');
		}
		if (text.length) yield text;
		if (!end) continue;
		if (!(await bytes.atEnd())) throw new HandoverRefused('damaged');
		return;
	}
}
