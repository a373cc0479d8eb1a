import { readFileSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { drawParcels, lonLatOf, random } from '../../../tests/parcels';
import { rowsOf, type Problem } from './draft';
import { parcelsOf } from './parcels';
import { readFiles } from './read';
import { toBoundary } from './write/boundary';
import { toDxf } from './write/dxf';
import { toGeoJSON } from './write/geojson';
import { toKML } from './write/kml';
import { parcelTable } from './write/parcel-table';
import { toShapefile } from './write/shapefile';

const messages = (locale: string): Record<string, string> =>
	JSON.parse(readFileSync(`src/lib/i18n/messages/import/${locale}.json`, 'utf8'));
const languages = [messages('zh-CN'), messages('en')];

const seeds = [
	'township',
	'import/kml',
	'import/gpx',
	'import/shp',
	'import/boundary-txt',
	'import/dxf',
	'import/gpkg',
	'import/corners',
	'import'
]
	.flatMap((f) =>
		readdirSync(`tests/fixtures/${f}`, { withFileTypes: true })
			.filter((e) => e.isFile())
			.map((e) => `tests/fixtures/${f}/${e.name}`)
	)
	.filter((f) => !/expected\.json|LICENSE/.test(f))
	.map((f) => ({ name: f.replace(/^.*\//, ''), bytes: new Uint8Array(readFileSync(f)) }));

/** What our own writers give, so that every format is there with holes, parts and Chinese names. */
async function written() {
	const parcels = drawParcels(random(11), 37).map((d) => ({ ...d, geometry: lonLatOf(d) }));
	const table = parcelTable('地块', parcels);
	const text = (t: string) => new TextEncoder().encode(t);
	return [
		{ name: 'own.txt', bytes: toBoundary(parcels) },
		{ name: 'own.zip', bytes: toShapefile(parcels) },
		{ name: 'own.dxf', bytes: toDxf(parcels) },
		{ name: 'own2007.dxf', bytes: toDxf(parcels, { version: 'R2007' }) },
		{ name: 'own.kml', bytes: text(await toKML(table, '名称')) },
		{ name: 'own.geojson', bytes: text(toGeoJSON(table)) }
	];
}

/** Lines lost, doubled, exchanged, or with a number that cannot be. */
function shuffleLines(bytes: Uint8Array, below: (n: number) => number): Uint8Array<ArrayBuffer> {
	const lines = Buffer.from(bytes).toString('latin1').split('\n');
	const at = below(lines.length);
	const other = below(lines.length);
	const how = below(4);
	if (how === 0) lines.splice(at, 1 + below(3));
	else if (how === 1) lines.splice(at, 0, lines[other]!);
	else if (how === 2) [lines[at], lines[other]] = [lines[other]!, lines[at]!];
	else
		lines[at] = lines[at]!.replace(
			/\d+/,
			['NaN', '1e999', '-1', '999999999999', '', '0'][below(6)]!
		);
	return Uint8Array.from(Buffer.from(lines.join('\n'), 'latin1'));
}

/** A problem is of use when it says the file, and in both languages what is wrong, every gap filled. */
function unsaid(p: Problem): string[] {
	const values: Record<string, unknown> = p.values;
	return languages.flatMap((texts) => {
		const text = texts[`problem_${p.code}`];
		if (!text) return [`no message for ${p.code}`];
		const gaps = [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]!);
		return gaps.filter((g) => values[g] === undefined).map((g) => `${p.code} without ${g}`);
	});
}

// E-02 in small; the long run is `FUZZ=20000 vitest run src/lib/geo/fuzz.test.ts`.
it(
	'2,000 damaged files of every format: imported, or refused with place and reason in both languages; no crash, no hang',
	{ timeout: 600_000 },
	async () => {
		const seed = Number(process.env['SEED'] ?? Date.now() % 1e9);
		console.log(`SEED=${seed}`);
		const { next, below } = random(seed);
		const all = [...seeds, ...(await written())];
		const told = { imported: 0, refused: 0 };
		let slowest = 0;
		const count = Number(process.env['FUZZ'] ?? 2000);
		for (let i = 0; i < count; i++) {
			const from = all[i % all.length]!;
			let bytes = Uint8Array.from(from.bytes);
			const how = below(6);
			if (how === 0) bytes = bytes.subarray(0, below(bytes.length));
			else if (how === 1)
				for (let k = below(8); k >= 0; k--) bytes[below(bytes.length)] = below(256);
			else if (how === 2)
				for (let k = Math.ceil(bytes.length * next() * 0.05); k > 0; k--)
					bytes[below(bytes.length)]! ^= 1 << below(8);
			else if (how === 3)
				bytes = Uint8Array.from(
					Buffer.concat([
						bytes.subarray(0, below(bytes.length)),
						bytes.subarray(below(bytes.length))
					])
				);
			else if (how === 4) bytes = shuffleLines(bytes, below);
			else
				bytes = new Uint8Array(
					Buffer.from(new TextDecoder('gb18030').decode(bytes), next() < 0.5 ? 'utf8' : 'utf16le')
				);
			const name = next() < 0.8 ? from.name : all[below(all.length)]!.name;
			const begin = performance.now();
			const what = `SEED=${seed} i=${i} ${from.name} as ${name} how=${how}`;
			const d = await readFiles([{ name, bytes }], {
				kind: next() < 0.5 ? 'other' : undefined,
				box: next() < 0.5 ? [110.7, 32.4, 110.9, 32.8] : undefined
			}).catch((error) => expect.fail(`${what}: ${error.stack}`));
			const { parcels } = parcelsOf(d, [110.7, 32.4, 110.9, 32.8]);
			const took = performance.now() - begin;
			expect(took, what).toBeLessThan(5000);
			slowest = Math.max(slowest, took);
			for (const p of parcels) expect(Number.isFinite(p.squareMetres), what).toBe(true);
			expect(d.problems.flatMap(unsaid), what).toEqual([]);
			const errors = d.problems.filter((p) => p.severity === 'error');
			expect(
				errors.filter((p) => !p.file),
				what
			).toEqual([]);
			told[errors.length ? 'refused' : 'imported']++;
			expect(rowsOf(d).length + d.problems.length, what).toBeGreaterThan(0);
			expect(
				d.problems.filter((p) => p.code === 'file_not_read').map((p) => p.values),
				what
			).toEqual([]);
			JSON.stringify(d);
		}
		console.log(
			`${count} mutations of ${all.length} files: ${told.imported} imported, ${told.refused} with refusals, slowest ${slowest.toFixed(0)} ms`
		);
	}
);
