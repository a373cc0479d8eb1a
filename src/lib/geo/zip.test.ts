import { randomBytes } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { crc32 } from './crc';
import { rowsOf } from './draft';
import { readFiles } from './read';

type Entry = {
	name: string | Uint8Array;
	data: Uint8Array;
	size?: number;
	mode?: number;
	flags?: number;
	at?: number;
	crc?: number;
};
const bytes = (text: string) => new TextEncoder().encode(text);
const point = bytes('{"type":"Point","coordinates":[110,32]}');

/** A zip by hand, so that it can lie. */
function zip(
	entries: Entry[],
	{ count = entries.length, before = new Uint8Array() } = {}
): Uint8Array {
	const locals: Uint8Array[] = [before];
	const centrals: Uint8Array[] = [];
	let at = before.length;
	for (const e of entries) {
		const name = typeof e.name === 'string' ? bytes(e.name) : e.name;
		const packed = deflateRawSync(e.data);
		const size = e.size ?? e.data.length;
		const local = new DataView(new ArrayBuffer(30));
		const central = new DataView(new ArrayBuffer(46));
		local.setUint32(0, 0x04034b50, true);
		central.setUint32(0, 0x02014b50, true);
		for (const [v, o] of [
			[local, 4],
			[central, 6]
		] as const) {
			v.setUint16(o, 20, true);
			v.setUint16(o + 2, e.flags ?? 0x800, true);
			v.setUint16(o + 4, 8, true);
			v.setUint32(o + 10, e.crc ?? crc32(e.data), true);
			v.setUint32(o + 14, packed.length, true);
			v.setUint32(o + 18, size, true);
			v.setUint16(o + 22, name.length, true);
		}
		central.setUint16(4, 0x0314, true);
		central.setUint32(38, ((e.mode ?? 0x81a4) << 16) >>> 0, true);
		central.setUint32(42, e.at ?? at, true);
		if (e.at === undefined) {
			locals.push(new Uint8Array(local.buffer), name, packed);
			at += 30 + name.length + packed.length;
		}
		centrals.push(new Uint8Array(central.buffer), name);
	}
	const length = centrals.reduce((n, c) => n + c.length, 0);
	const end = new DataView(new ArrayBuffer(22));
	end.setUint32(0, 0x06054b50, true);
	end.setUint16(8, count, true);
	end.setUint16(10, count, true);
	end.setUint32(12, length, true);
	end.setUint32(16, at, true);
	return Uint8Array.from(Buffer.concat([...locals, ...centrals, new Uint8Array(end.buffer)]));
}
const read = async (b: Uint8Array, name = 'a.zip') => {
	const begin = performance.now();
	const d = await readFiles([{ name, bytes: b }]);
	expect(performance.now() - begin).toBeLessThan(5000);
	return { codes: d.problems.map((p) => p.code), rows: rowsOf(d), draft: d };
};
const good = { name: 'a.geojson', data: point };

describe('zips that mean harm (E-03)', () => {
	it('reads an honest one', async () => expect((await read(zip([good]))).rows.length).toBe(1));
	it.each<[string, () => Uint8Array, string]>([
		['ratio', () => zip([{ name: 'a.txt', data: new Uint8Array(20_000_000) }, good]), 'zip_ratio'],
		[
			'ratio over many small files',
			() =>
				zip(
					Array.from({ length: 150 }, (_, i) => ({
						name: `${i}.txt`,
						data: new Uint8Array(900_000)
					}))
				),
			'zip_ratio'
		],
		[
			'100,000 entries',
			() => zip(Array.from({ length: 1000 }, (_, i) => ({ name: `${i}.txt`, data: point }))),
			'zip_too_many'
		],
		[
			'more entries than it says',
			() => zip([good, { name: 'b.geojson', data: point }], { count: 1 }),
			'zip_broken'
		],
		[
			'nested',
			() => zip([{ name: 'b.zip', data: zip([{ name: 'c.zip', data: zip([good]) }]) }]),
			'zip_nested'
		],
		['overlapping', () => zip([good, { name: 'b.geojson', data: point, at: 0 }]), 'zip_overlap'],
		['zip64', () => zip([{ ...good, size: 0xffffffff }]), 'zip_64'],
		['size too small', () => zip([{ ...good, size: 3 }]), 'zip_size_lies'],
		['size too large', () => zip([{ ...good, size: 3000 }]), 'zip_size_lies'],
		['damaged', () => zip([{ ...good, crc: 1 }]), 'zip_damaged'],
		['..', () => zip([{ name: '../a.geojson', data: point }]), 'zip_name'],
		['.. with backslashes', () => zip([{ name: 'x\\..\\..\\a.geojson', data: point }]), 'zip_name'],
		['absolute', () => zip([{ name: '/etc/a.geojson', data: point }]), 'zip_name'],
		['drive', () => zip([{ name: 'C:\\a.geojson', data: point }]), 'zip_name'],
		['long name', () => zip([{ name: `${'a'.repeat(4000)}.geojson`, data: point }]), 'zip_name'],
		['symlink', () => zip([{ ...good, mode: 0xa1ff }]), 'zip_link'],
		['same name twice', () => zip([good, { name: 'A.geojson', data: point }]), 'zip_same_name'],
		['encrypted', () => zip([{ ...good, flags: 0x801 }]), 'zip_locked'],
		['empty', () => zip([]), 'zip_nothing_inside'],
		['cut off', () => zip([good]).subarray(0, 60), 'zip_broken']
	])('%s', async (_, make, code) => {
		const { codes, rows } = await read(make());
		expect(codes).toContain(code);
		expect(rows).toEqual([]);
	});
	it('counts what is inflated over all files of an import', async () => {
		// Packs 60 times: allowed alone, but not six of 60 MB.
		const noise = Buffer.concat(
			Array.from({ length: 60 }, () => Buffer.concat([randomBytes(16_000), Buffer.alloc(984_000)]))
		);
		const one = zip([{ name: 'a.bin', data: Uint8Array.from(noise) }]);
		const d = await readFiles(
			Array.from({ length: 6 }, (_, i) => ({ name: `${i}.zip`, bytes: one }))
		);
		expect(d.problems.map((p) => p.code)).toContain('zip_too_large');
	});
	it('reads names in GBK', async () => {
		const name = Uint8Array.from([0xb4, 0xe5, 0xbd, 0xe7, ...bytes('.geojson')]);
		expect((await read(zip([{ name, data: point, flags: 0 }]))).draft.layers[0]!.name).toBe('村界');
	});
});
