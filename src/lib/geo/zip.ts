import { Inflate } from 'fflate';
import { crc32 } from './crc';
import type { Budget } from './geometry';
import { limits } from './limits';
import { Refused } from './problems';
import { decode } from './text';

/** One file in an archive. */
export type Member = { name: string; bytes: Uint8Array };
type Entry = {
	name: string;
	method: number;
	packed: number;
	size: number;
	crc: number;
	start: number;
	directory: boolean;
};

export const isZip = (b: Uint8Array): boolean =>
	b[0] === 0x50 && b[1] === 0x4b && (b[2] === 3 || b[2] === 5) && (b[3] === 4 || b[3] === 6);

/**
 * The files of a zip that `wanted` names. Every entry is inflated and counted, wanted or not: sizes in a
 * directory lie. Throws `Refused`: too much, overlapping, nested, links, names that lead elsewhere, locked.
 */
export function unzip(
	bytes: Uint8Array,
	budget: Budget,
	wanted: (name: string) => boolean
): Member[] {
	const members: Member[] = [];
	let packed = 0;
	let inflated = 0;
	for (const entry of directory(bytes)) {
		if (
			entry.directory ||
			/(^|\/)(__MACOSX\/|\.DS_Store$|Thumbs\.db$|desktop\.ini$)/i.test(entry.name)
		)
			continue;
		const keep = wanted(entry.name);
		const { total, out } = inflate(bytes, entry, budget, keep);
		packed += entry.packed;
		inflated += total;
		if (inflated > limits.ratioFrom && inflated > packed * limits.ratio)
			throw new Refused('zip_ratio', { name: entry.name, limit: limits.ratio });
		if (keep) members.push({ name: entry.name, bytes: out });
	}
	return members;
}

/** Names in the archive, after the same checks and before anything is inflated. */
export function listZip(bytes: Uint8Array): string[] {
	return directory(bytes).map((e) => e.name);
}

function directory(bytes: Uint8Array): Entry[] {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const end = endOf(view);
	const count = view.getUint16(end + 10, true);
	const size = view.getUint32(end + 12, true);
	let at = view.getUint32(end + 16, true);
	if (count === 0xffff || at === 0xffffffff || size === 0xffffffff) throw new Refused('zip_64');
	if (count > limits.zipEntries)
		throw new Refused('zip_too_many', { count, limit: limits.zipEntries });
	const directoryStart = at;
	const entries: Entry[] = [];
	const spans: [number, number][] = [];
	const names = new Set<string>();
	for (let i = 0; i < count; i++) {
		if (at + 46 > end || view.getUint32(at, true) !== 0x02014b50) throw new Refused('zip_broken');
		const entry = readEntry(bytes, view, at, directoryStart);
		at +=
			46 +
			view.getUint16(at + 28, true) +
			view.getUint16(at + 30, true) +
			view.getUint16(at + 32, true);
		const key = entry.name.toLowerCase();
		if (names.has(key)) throw new Refused('zip_same_name', { name: entry.name });
		names.add(key);
		spans.push([entry.start, entry.start + entry.packed]);
		entries.push(entry);
	}
	// More entries than the count says would never be looked at by us, but by others.
	if (at + 4 <= end && view.getUint32(at, true) === 0x02014b50) throw new Refused('zip_broken');
	spans.sort((a, b) => a[0] - b[0]);
	for (let i = 1; i < spans.length; i++)
		if (spans[i]![0] < spans[i - 1]![1]) throw new Refused('zip_overlap');
	return entries;
}

function endOf(view: DataView): number {
	for (let i = view.byteLength - 22; i >= Math.max(0, view.byteLength - 65_557); i--)
		if (view.getUint32(i, true) === 0x06054b50) return i;
	throw new Refused('zip_broken');
}

function readEntry(bytes: Uint8Array, view: DataView, at: number, directoryStart: number): Entry {
	const flags = view.getUint16(at + 8, true);
	const method = view.getUint16(at + 10, true);
	const packed = view.getUint32(at + 20, true);
	const size = view.getUint32(at + 24, true);
	const local = view.getUint32(at + 42, true);
	const nameLength = view.getUint16(at + 28, true);
	const raw = bytes.subarray(at + 46, at + 46 + nameLength);
	const name = decode(raw, flags & 0x800 ? 'utf-8' : undefined).text;
	whyNotName(name);
	if (flags & 1) throw new Refused('zip_locked', { name });
	if (packed === 0xffffffff || size === 0xffffffff || local === 0xffffffff)
		throw new Refused('zip_64');
	if (method !== 0 && method !== 8) throw new Refused('zip_method', { name });
	// High half of the external attributes: Unix mode. Only plain files and directories.
	const mode = (view.getUint32(at + 38, true) >>> 16) & 0xf000;
	if (mode && mode !== 0x8000 && mode !== 0x4000) throw new Refused('zip_link', { name });
	if (local + 30 > directoryStart || view.getUint32(local, true) !== 0x04034b50)
		throw new Refused('zip_broken');
	const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
	if (start + packed > directoryStart) throw new Refused('zip_overlap');
	return {
		name,
		method,
		packed,
		size,
		crc: view.getUint32(at + 16, true),
		start,
		directory: name.endsWith('/')
	};
}

function whyNotName(name: string): void {
	const path = name.replaceAll('\\', '/');
	if (
		!path ||
		path.length > limits.nameLength ||
		path.startsWith('/') ||
		/^[a-z]:/i.test(path) ||
		path.includes('\0') ||
		path.split('/').includes('..')
	)
		throw new Refused('zip_name', { name });
}

function inflate(bytes: Uint8Array, entry: Entry, budget: Budget, keep: boolean) {
	const packed = bytes.subarray(entry.start, entry.start + entry.packed);
	const chunks: Uint8Array[] = [];
	let total = 0;
	let crc = 0;
	const take = (chunk: Uint8Array) => {
		total += chunk.length;
		budget.inflated -= chunk.length;
		if (budget.inflated < 0)
			throw new Refused('zip_too_large', { limit: limits.inflated / 1024 / 1024 });
		if (total > limits.ratioFrom && total > entry.packed * limits.ratio)
			throw new Refused('zip_ratio', { name: entry.name, limit: limits.ratio });
		if (total > entry.size) throw new Refused('zip_size_lies', { name: entry.name });
		crc = crc32(chunk, crc);
		if (chunks.length === 0 && isZip(chunk) && total > 3) nested(entry.name);
		if (keep || !chunks.length) chunks.push(chunk);
	};
	if (entry.method === 0) take(packed);
	else {
		const stream = new Inflate((chunk) => take(chunk));
		// Small pieces, so that a bomb is noticed after a few megabytes.
		const step = 16 * 1024;
		try {
			for (let i = 0; i < packed.length || i === 0; i += step)
				stream.push(packed.subarray(i, i + step), i + step >= packed.length);
		} catch (error) {
			throw error instanceof Refused ? error : new Refused('zip_broken', { name: entry.name });
		}
	}
	if (total !== entry.size) throw new Refused('zip_size_lies', { name: entry.name });
	if (crc !== entry.crc) throw new Refused('zip_damaged', { name: entry.name });
	return { total, out: keep ? join(chunks, total) : new Uint8Array() };
}

function nested(name: string): never {
	throw new Refused('zip_nested', { name });
}

function join(chunks: Uint8Array[], total: number): Uint8Array {
	if (chunks.length === 1) return chunks[0]!;
	const out = new Uint8Array(total);
	let at = 0;
	for (const c of chunks) {
		out.set(c, at);
		at += c.length;
	}
	return out;
}
