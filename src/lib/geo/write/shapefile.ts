import { zipSync } from 'fflate';
import { toDbf, type DbfField } from './dbf';
import { encodeGb18030, isGbk } from './gb18030';
import {
	drawnArea,
	drawnParts,
	planeFor,
	wktOf,
	type OutParcel,
	type PlaneSettings
} from './plane';

export type ShapefileSettings = PlaneSettings & {
	encoding?: 'gbk' | 'utf-8';
	/** Name of the files in the zip. */
	name?: string;
};

// Three characters a heading: ten bytes are all a name may have, and a character is three in UTF-8.
const fields: DbfField[] = [
	{ name: '编号', type: 'C', length: 40 },
	{ name: '名称', type: 'C', length: 240 },
	{ name: '用途', type: 'C', length: 120 },
	{ name: '地类', type: 'C', length: 40 },
	{ name: '面积亩', type: 'N', length: 16, decimals: 4 },
	{ name: '公顷数', type: 'N', length: 16, decimals: 6 }
];

/** A zip of .shp, .shx, .dbf, .prj and .cpg in metres of the zone; the libraries for it break Chinese. */
export function toShapefile(
	parcels: readonly OutParcel[],
	settings: ShapefileSettings = {}
): Uint8Array {
	const plane = planeFor(parcels, settings);
	// A rare character that GBK does not hold would be lost on programs that know no more.
	const texts = parcels.map((p) => `${p.code ?? ''}${p.name}${p.use ?? ''}${p.landClass ?? ''}`);
	const gbk = settings.encoding !== 'utf-8' && [...texts.join('')].every(isGbk);
	const utf8 = new TextEncoder();
	// A tenth of a millimetre: areas agree, and equal corners stay equal.
	const drawn = parcels.map((p) => drawnParts(p, plane, 4));
	const { shp, shx } = shapes(drawn.map((parts) => parts.flat()));
	const rows = parcels.map((p, i) => {
		const area = drawnArea(drawn[i]!);
		const code = p.code || String(i + 1);
		return [code, p.name, p.use ?? null, p.landClass ?? null, (area * 15) / 10_000, area / 10_000];
	});
	const dbf = toDbf(fields, rows, gbk ? encodeGb18030 : (t) => utf8.encode(t), gbk ? 0x4d : 0);
	const name = settings.name ?? 'parcels';
	const zip = zipSync(
		{
			[`${name}.shp`]: shp,
			[`${name}.shx`]: shx,
			[`${name}.dbf`]: dbf,
			[`${name}.prj`]: utf8.encode(wktOf(plane)),
			[`${name}.cpg`]: utf8.encode(gbk ? 'GBK' : 'UTF-8')
		},
		{ level: 6, mtime: new Date(2000, 0, 1) }
	);
	return zip;
}

type Ring = [number, number][];

function shapes(records: Ring[][]): { shp: Uint8Array<ArrayBuffer>; shx: Uint8Array<ArrayBuffer> } {
	const sizes = records.map((r) => 44 + r.length * 4 + r.reduce((n, x) => n + x.length, 0) * 16);
	const shp = new DataView(new ArrayBuffer(100 + sizes.reduce((n, s) => n + 8 + s, 0)));
	const shx = new DataView(new ArrayBuffer(100 + records.length * 8));
	for (const v of [shp, shx]) head(v, boxOf(records.flat()));
	let at = 100;
	records.forEach((rings, i) => {
		const words = sizes[i]! / 2;
		shx.setInt32(100 + i * 8, at / 2);
		shx.setInt32(104 + i * 8, words);
		shp.setInt32(at, i + 1);
		shp.setInt32(at + 4, words);
		shp.setInt32(at + 8, 5, true);
		boxOf(rings).forEach((v, k) => shp.setFloat64(at + 12 + k * 8, v, true));
		shp.setInt32(at + 44, rings.length, true);
		shp.setInt32(
			at + 48,
			rings.reduce((n, r) => n + r.length, 0),
			true
		);
		let point = 0;
		let to = at + 52 + rings.length * 4;
		rings.forEach((ring, r) => {
			shp.setInt32(at + 52 + r * 4, point, true);
			point += ring.length;
			for (const [x, y] of ring) {
				shp.setFloat64(to, x, true);
				shp.setFloat64(to + 8, y, true);
				to += 16;
			}
		});
		at += 8 + sizes[i]!;
	});
	return { shp: new Uint8Array(shp.buffer), shx: new Uint8Array(shx.buffer) };
}

function head(v: DataView<ArrayBuffer>, box: number[]): void {
	v.setInt32(0, 9994);
	v.setInt32(24, v.byteLength / 2);
	v.setInt32(28, 1000, true);
	v.setInt32(32, 5, true);
	box.forEach((n, k) => v.setFloat64(36 + k * 8, n, true));
}

function boxOf(rings: Ring[]): [number, number, number, number] {
	const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
	for (const [x, y] of rings.flat())
		[box[0], box[1], box[2], box[3]] = [
			Math.min(box[0], x),
			Math.min(box[1], y),
			Math.max(box[2], x),
			Math.max(box[3], y)
		];
	return rings.length ? box : [0, 0, 0, 0];
}
