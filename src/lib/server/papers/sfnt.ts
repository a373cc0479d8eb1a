import { closeSync, openSync, readSync } from 'node:fs';

/** One face of a font file: its names in every language and which letters it can draw. */
export type Face = { path: string; families: string[]; covers: (codePoint: number) => boolean };

/**
 * The faces of a TTF, OTF, TTC or OTC file, [] when it is none. Reads the tables it needs and no outlines:
 * a CJK collection is tens of megabytes. OpenType 1.9: name, cmap formats 4 and 12.
 */
export function readFaces(path: string): Face[] {
	const file = openSync(path, 'r');
	try {
		const head = at(file, 0, 12);
		const offsets =
			head.toString('latin1', 0, 4) === 'ttcf'
				? words(at(file, 12, head.readUInt32BE(8) * 4))
				: [0];
		return offsets.map((offset) => readFace(path, file, offset)).filter((f) => f !== null);
	} catch (error) {
		if (error instanceof RangeError) return [];
		throw error;
	} finally {
		closeSync(file);
	}
}

function readFace(path: string, file: number, offset: number): Face | null {
	const head = at(file, offset, 12);
	if (![0x00010000, 0x4f54544f, 0x74727565].includes(head.readUInt32BE(0))) return null;
	const tables = at(file, offset + 12, head.readUInt16BE(4) * 16);
	const table = (tag: string): { start: number; length: number } | null => {
		for (let i = 0; i < tables.length; i += 16)
			if (tables.toString('latin1', i, i + 4) === tag)
				return { start: tables.readUInt32BE(i + 8), length: tables.readUInt32BE(i + 12) };
		return null;
	};
	const names = table('name');
	const cmap = table('cmap');
	if (!names || !cmap) return null;
	let covers: Face['covers'] | undefined;
	return {
		path,
		families: readFamilies(at(file, names.start, names.length)),
		covers: (codePoint) => (covers ??= coverage(path, cmap))(codePoint)
	};
}

/** Bytes of the file; throws a RangeError where it ends too soon or a length is absurd. */
function at(file: number, start: number, length: number): Buffer {
	if (length > 8 * 1024 * 1024) throw new RangeError('font table too long');
	const out = Buffer.alloc(length);
	if (readSync(file, out, 0, length, start) < length) throw new RangeError('font file ends');
	return out;
}

const words = (b: Buffer): number[] =>
	Array.from({ length: b.length / 4 }, (_, i) => b.readUInt32BE(i * 4));

/** Family (1) and typographic family (16), Unicode names only. */
function readFamilies(b: Buffer): string[] {
	const found = new Set<string>();
	const strings = b.readUInt16BE(4);
	for (let i = 0; i < b.readUInt16BE(2); i++) {
		const r = 6 + i * 12;
		const platform = b.readUInt16BE(r);
		const id = b.readUInt16BE(r + 6);
		if ((id !== 1 && id !== 16) || (platform !== 0 && platform !== 3)) continue;
		const start = strings + b.readUInt16BE(r + 10);
		const raw = b.subarray(start, start + b.readUInt16BE(r + 8));
		found.add(new TextDecoder('utf-16be').decode(raw));
	}
	return [...found];
}

function coverage(path: string, table: { start: number; length: number }): Face['covers'] {
	const file = openSync(path, 'r');
	try {
		const b = at(file, table.start, table.length);
		const parts = Array.from({ length: b.readUInt16BE(2) }, (_, i) => b.readUInt32BE(8 + i * 8));
		const of = (format: number) => parts.find((p) => b.readUInt16BE(p) === format);
		const [full, basic] = [of(12), of(4)];
		if (full !== undefined) return groups(b, full);
		return basic === undefined ? () => false : segments(b, basic);
	} finally {
		closeSync(file);
	}
}

function groups(b: Buffer, p: number): Face['covers'] {
	const count = b.readUInt32BE(p + 12);
	return (code) => {
		let [low, high] = [0, count - 1];
		while (low <= high) {
			const middle = (low + high) >> 1;
			const g = p + 16 + middle * 12;
			if (code < b.readUInt32BE(g)) high = middle - 1;
			else if (code > b.readUInt32BE(g + 4)) low = middle + 1;
			else return true;
		}
		return false;
	};
}

function segments(b: Buffer, p: number): Face['covers'] {
	const twice = b.readUInt16BE(p + 6);
	const [ends, starts] = [p + 14, p + 16 + twice];
	const [deltas, ranges] = [starts + twice, starts + twice * 2];
	return (code) => {
		if (code > 0xffff) return false;
		for (let i = 0; i < twice; i += 2) {
			if (code > b.readUInt16BE(ends + i)) continue;
			const start = b.readUInt16BE(starts + i);
			if (code < start) return false;
			const range = b.readUInt16BE(ranges + i);
			if (range === 0) return ((code + b.readUInt16BE(deltas + i)) & 0xffff) !== 0;
			const glyph = ranges + i + range + (code - start) * 2;
			return glyph + 2 <= b.length && b.readUInt16BE(glyph) !== 0;
		}
		return false;
	};
}
