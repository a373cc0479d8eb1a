import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rowsOf, type Draft, type ParsedOf } from './draft';
import { readFiles } from './read';

const folder = 'tests/fixtures/import/';
const load = (name: string) => ({
	name: name.replace(/^.*\//, ''),
	bytes: new Uint8Array(readFileSync(folder + name))
});
const text = (name: string, content: string) => ({
	name,
	bytes: new TextEncoder().encode(content)
});
const codes = (d: Draft, severity?: string) =>
	d.problems.filter((p) => !severity || p.severity === severity).map((p) => p.code);
const parsed = <K extends keyof ParsedOf>(d: Draft, i = 0) =>
	d.layers[0]!.rows[i]!.parsed as ParsedOf[K];

describe('files of other programs', () => {
	it.each(readdirSync(folder + 'kml'))('kml/%s gives rows or says why not', async (name) => {
		const d = await readFiles([load(`kml/${name}`)]);
		expect(rowsOf(d).length + d.problems.length).toBeGreaterThan(0);
	});
	it.each(readdirSync(folder + 'gpx'))('gpx/%s gives rows or says why not', async (name) => {
		const d = await readFiles([load(`gpx/${name}`)]);
		expect(rowsOf(d).length + d.problems.length).toBeGreaterThan(0);
	});
	it('reads waypoints and tracks', async () => {
		const d = await readFiles([load('gpx/wpt.gpx'), load('gpx/multitrackgpx.gpx')]);
		expect(d.layers.map((l) => l.name)).toEqual(['wpt', 'trk']);
		expect(codes(d, 'error')).toEqual([]);
	});
	it('reads Shapefiles of mixed case, of a strange projection and with .cpg; refuses broken ones', async () => {
		const d = await readFiles(
			['shp/mixedcase.zip', 'shp/utf.zip', 'shp/badzip.zip', 'shp/noshp.zip'].map(load)
		);
		const [senate, utf] = d.layers;
		expect(senate!.count).toBe(40);
		const [lon, lat] = (
			senate!.rows[0]!.geometry as { coordinates: number[][][][] }
		).coordinates.flat(4) as unknown as number[];
		expect(Math.abs(lon! + 71.5)).toBeLessThan(2);
		expect(Math.abs(lat! - 42)).toBeLessThan(1.5);
		expect(JSON.stringify(utf!.rows)).toMatch(/[^\u0000-\u007f]/); // eslint-disable-line no-control-regex
		expect(d.problems.filter((p) => p.severity === 'error').map((p) => [p.file, p.code])).toEqual([
			['badzip.zip', 'zip_broken'],
			['noshp.zip', 'shp_missing']
		]);
	});
	it('reads a list of villages of two columns', async () => {
		const d = await readFiles([load('hetian-350821106-villages.csv')]);
		expect(d.layers[0]).toMatchObject({ kind: 'villages', count: 31 });
		expect(parsed<'villages'>(d)).toMatchObject({ name: '上街村', code: '350821106201' });
	});
	it('lists what it cannot read, and reads the rest', async () => {
		const d = await readFiles([
			text('a.dxf', '0\nSECTION'),
			text('b.ovobj', '\0x'),
			text('c.docx', 'x'),
			text('.DS_Store', 'x'),
			text('empty.csv', ''),
			text('p.geojson', '{"type":"Point","coordinates":[110,32]}')
		]);
		expect(codes(d)).toEqual([
			'dxf_broken',
			'format_ovital',
			'format_not_read',
			'file_ignored',
			'file_empty'
		]);
		expect(d.layers.length).toBe(1);
	});
});

describe('boundary TXT', () => {
	const expected = JSON.parse(readFileSync(folder + 'boundary-txt/expected.json', 'utf8'));
	it.each([
		['01_standard_gbk.txt', []],
		['02_standard_utf8bom.txt', []],
		['05_no_zone_prefix.txt', ['zone_from_header']],
		['06_header_zone_conflict.txt', ['zone_conflict']],
		['07_area_in_m2.txt', ['area_unit', 'area_unit']],
		['08_plain_numbers_no_J.txt', []],
		['10_old_xian80.txt', ['crs_old_datum']]
	])('%s', async (name, said) => {
		const d = await readFiles([load(`boundary-txt/${name}`)]);
		expect(codes(d).filter((c) => c !== 'axes_swapped')).toEqual(said);
		if (name.startsWith('10')) return;
		const [one, two] = d.layers[0]!.rows;
		expect(one!.parsed).toMatchObject({ name: '一号地块', landMu: 43.2 });
		expect(two!.parsed).toMatchObject({ name: '二号地块', landMu: 15 });
		const rings = (one!.geometry as { coordinates: number[][][][] }).coordinates[0]!;
		expect(rings.length).toBe(2);
		const [lon, lat] = expected.parcels[0].rings_lonlat[0][0];
		expect(rings[0]!.some((p) => Math.abs(p[0]! - lon) + Math.abs(p[1]! - lat) < 1e-7)).toBe(true);
	});
});
