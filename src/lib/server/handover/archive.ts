/**
 * A zip written and read from its beginning to its end, one member after the other, so that neither needs to hold
 * more than one. With the 64-bit directory where it is needed. Reading checks every byte: contents by CRC (and,
 * above this, by SHA-256), the directory by building it anew from what was read.
 */
import { promisify } from 'node:util';
import { deflateRaw, inflateRawSync } from 'node:zlib';
import { crc32 } from '$lib/geo/crc';
import { Bytes, type Chunks } from './bytes';
import { HandoverRefused } from './refusal';

export type Member = { name: string; bytes: Uint8Array };

/** Of one member, inflated: what a part of a table or a file kept here can be. */
const most = 256 * 1024 * 1024;
/** 1 January 2020: the archive says in words when it was made. */
const day = (40 << 9) | (1 << 5) | 1;

type Entry = {
	name: Buffer;
	method: number;
	crc: number;
	packed: number;
	size: number;
	at: number;
};

function localHead(e: Entry): Buffer {
	const b = Buffer.alloc(30);
	b.writeUInt32LE(0x04034b50, 0);
	b.writeUInt16LE(20, 4);
	b.writeUInt16LE(0x800, 6);
	b.writeUInt16LE(e.method, 8);
	b.writeUInt16LE(day, 12);
	b.writeUInt32LE(e.crc, 14);
	b.writeUInt32LE(e.packed, 18);
	b.writeUInt32LE(e.size, 22);
	b.writeUInt16LE(e.name.length, 26);
	return Buffer.concat([b, e.name]);
}

function centralHead(e: Entry): Buffer {
	const far = e.at >= 0xffff_ffff;
	const b = Buffer.alloc(46);
	b.writeUInt32LE(0x02014b50, 0);
	b.writeUInt16LE(far ? 45 : 20, 4);
	b.writeUInt16LE(far ? 45 : 20, 6);
	b.writeUInt16LE(0x800, 8);
	b.writeUInt16LE(e.method, 10);
	b.writeUInt16LE(day, 14);
	b.writeUInt32LE(e.crc, 16);
	b.writeUInt32LE(e.packed, 20);
	b.writeUInt32LE(e.size, 24);
	b.writeUInt16LE(e.name.length, 28);
	b.writeUInt16LE(far ? 12 : 0, 30);
	b.writeUInt32LE(far ? 0xffff_ffff : e.at, 42);
	if (!far) return Buffer.concat([b, e.name]);
	const extra = Buffer.alloc(12);
	extra.writeUInt16LE(1, 0);
	extra.writeUInt16LE(8, 2);
	extra.writeBigUInt64LE(BigInt(e.at), 4);
	return Buffer.concat([b, e.name, extra]);
}

/** The directory of these members, beginning at byte `at`. */
function* directory(entries: readonly Entry[], at: number): Generator<Buffer> {
	let size = 0;
	for (const e of entries) {
		const head = centralHead(e);
		size += head.length;
		yield head;
	}
	const wide = entries.length >= 0xffff || at + size >= 0xffff_ffff;
	if (wide) {
		const b = Buffer.alloc(76);
		b.writeUInt32LE(0x06064b50, 0);
		b.writeBigUInt64LE(44n, 4);
		b.writeUInt16LE(45, 12);
		b.writeUInt16LE(45, 14);
		b.writeBigUInt64LE(BigInt(entries.length), 24);
		b.writeBigUInt64LE(BigInt(entries.length), 32);
		b.writeBigUInt64LE(BigInt(size), 40);
		b.writeBigUInt64LE(BigInt(at), 48);
		b.writeUInt32LE(0x07064b50, 56);
		b.writeBigUInt64LE(BigInt(at + size), 64);
		b.writeUInt32LE(1, 72);
		yield b;
	}
	const count = wide ? 0xffff : entries.length;
	const b = Buffer.alloc(22);
	b.writeUInt32LE(0x06054b50, 0);
	b.writeUInt16LE(count, 8);
	b.writeUInt16LE(count, 10);
	b.writeUInt32LE(wide ? 0xffff_ffff : size, 12);
	b.writeUInt32LE(wide ? 0xffff_ffff : at, 16);
	yield b;
}

const packs = promisify(deflateRaw);

/** The archive's bytes. Photos and office files are packed already and stored as they are. */
export async function* writeArchive(members: AsyncIterable<Member>): AsyncGenerator<Uint8Array> {
	const entries: Entry[] = [];
	let at = 0;
	for await (const { name, bytes } of members) {
		const packed = /json$/.test(name) ? await packs(bytes) : bytes;
		const entry: Entry = {
			name: Buffer.from(name, 'utf8'),
			method: packed === bytes ? 0 : 8,
			crc: crc32(bytes),
			packed: packed.length,
			size: bytes.length,
			at
		};
		const head = localHead(entry);
		yield head;
		if (packed.length) yield packed;
		at += head.length + packed.length;
		entries.push(entry);
	}
	yield* directory(entries, at);
}

/** The members in order. Throws `HandoverRefused`: cut, damaged, not_a_handover. */
export async function* readArchive(source: Chunks): AsyncGenerator<Member> {
	const bytes = new Bytes(source);
	try {
		yield* membersOf(bytes);
	} finally {
		await bytes.close();
	}
}

async function* membersOf(bytes: Bytes): AsyncGenerator<Member> {
	const entries: Entry[] = [];
	let at = 0;
	const take = async (n: number): Promise<Buffer> => {
		const got = Buffer.from(await bytes.take(n));
		if (got.length < n) throw new HandoverRefused('cut');
		return got;
	};
	for (;;) {
		const mark = await take(4);
		const signature = mark.readUInt32LE();
		if (signature !== 0x04034b50) {
			if (!entries.length) throw new HandoverRefused('not_a_handover');
			let rest = mark;
			for (const piece of directory(entries, at)) {
				const found = Buffer.concat([rest, await take(piece.length - rest.length)]);
				if (!found.equals(piece)) throw new HandoverRefused('damaged', 'directory');
				rest = Buffer.alloc(0);
			}
			if (!(await bytes.atEnd())) throw new HandoverRefused('damaged', 'directory');
			return;
		}
		const head = Buffer.concat([mark, await take(26)]);
		const nameLength = head.readUInt16LE(26);
		const entry: Entry = {
			name: await take(nameLength),
			method: head.readUInt16LE(8),
			crc: head.readUInt32LE(14),
			packed: head.readUInt32LE(18),
			size: head.readUInt32LE(22),
			at
		};
		const name = entry.name.toString('utf8');
		if (
			!localHead(entry).equals(Buffer.concat([head, entry.name])) ||
			(entry.method !== 0 && entry.method !== 8) ||
			entry.size > most ||
			entry.packed > most
		)
			throw new HandoverRefused('damaged', name.slice(0, 80));
		const packed = await take(entry.packed);
		let out: Uint8Array;
		try {
			out = entry.method
				? inflateRawSync(packed, { maxOutputLength: Math.max(1, entry.size) })
				: packed;
		} catch {
			throw new HandoverRefused('damaged', name.slice(0, 80));
		}
		if (out.length !== entry.size || crc32(out) !== entry.crc)
			throw new HandoverRefused('damaged', name.slice(0, 80));
		at += 30 + nameLength + entry.packed;
		entries.push(entry);
		yield { name, bytes: out };
	}
}
