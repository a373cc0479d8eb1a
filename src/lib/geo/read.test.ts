import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Draft, ParsedOf, Settings, TaskRow } from './draft';
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
const csv = async (content: string, settings?: Settings) =>
	readFiles([text('台账.csv', content)], settings);
const parsed = <K extends keyof ParsedOf>(d: Draft, i = 0) =>
	d.layers[0]!.rows[i]!.parsed as ParsedOf[K];

describe('files of other programs', () => {
	it.each(readdirSync(folder + 'kml'))('kml/%s gives rows or says why not', async (name) => {
		const d = await readFiles([load(`kml/${name}`)]);
		expect(d.layers.flatMap((l) => l.rows).length + d.problems.length).toBeGreaterThan(0);
	});
	it.each(readdirSync(folder + 'gpx'))('gpx/%s gives rows or says why not', async (name) => {
		const d = await readFiles([load(`gpx/${name}`)]);
		expect(d.layers.flatMap((l) => l.rows).length + d.problems.length).toBeGreaterThan(0);
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
			'format_cad',
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

describe('ledgers', () => {
	const head = '序号,行政村,问题描述,责任人,整改时限,整改情况,是否销号,核查人\n';
	it('believes no acceptance of what is not done, or by the one who did it', async () => {
		const d = await csv(
			head +
				'1,白马村,乱堆,李一,2026-6-1,整改中,是,王二\n2,白马村,乱堆,李一,2026-6-1,已完成,是,李一\n3,白马村,乱堆,李一,2026-6-1,已完成,是,王二\n4,白马村,乱堆,,,,,\n'
		);
		expect(d.layers[0]!.rows.map((r) => (r.parsed as TaskRow).state)).toEqual([
			'said',
			'done',
			'proven',
			'found'
		]);
		expect(codes(d, 'warning')).toEqual(['proven_but_not_done', 'proven_by_own']);
		expect(d.problems.find((p) => p.code === 'proven_by_own')).toMatchObject({
			line: 3,
			column: '核查人'
		});
	});
	it('finds headings under titles, of two lines, and keeps unknown columns', async () => {
		const d = await csv(
			'云溪镇台账（2025年）,,,,,\n序号,行政村,问题描述,坐标,,网格员\n,,,经度,纬度,\n1,白马村 ,户厕损坏,110.75,32.6,张三\n,,合计,,,\n填报人：李四,,,,,\n'
		);
		expect(d.layers[0]!.columns.map((c) => [c.name, c.meaning])).toEqual([
			['序号', 'serial'],
			['行政村', 'village'],
			['问题描述', 'title'],
			['经度', 'lon'],
			['纬度', 'lat'],
			['网格员', null]
		]);
		expect(d.layers[0]!.count).toBe(1);
		expect(d.layers[0]!.rows[0]).toMatchObject({
			n: 4,
			geometry: { type: 'Point', coordinates: [110.75, 32.6] }
		});
	});
	it('reads projected X and Y, swapped columns, and one column of pairs', async () => {
		const xy = await csv('村,问题描述,X,Y\n白马村,乱堆,3608405.335,37481225.459\n');
		expect(
			(xy.layers[0]!.rows[0]!.geometry as { coordinates: number[] }).coordinates[0]
		).toBeCloseTo(110.8, 6);
		expect(xy.layers[0]!.crs).toBe('EPSG:4525');
		const swapped = await csv('村,问题描述,经度,纬度\n白马村,乱堆,32.6,110.8\n');
		expect(swapped.layers[0]!.rows[0]!.geometry).toMatchObject({ coordinates: [110.8, 32.6] });
		expect(codes(swapped)).toContain('coordinate_swapped');
		const pair = await csv('村,问题描述,经纬度\n白马村,乱堆,"110.8, 32.6"\n');
		expect(pair.layers[0]!.rows[0]!.geometry).toMatchObject({ coordinates: [110.8, 32.6] });
	});
	it('asks for the zone, and finds it when the township is known', async () => {
		const content = '村,问题描述,X,Y\n白马村,乱堆,3608405.335,481225.459\n';
		expect(codes(await csv(content), 'error')).toEqual(['zone_missing']);
		const near = await csv(content, { box: [110.7, 32.5, 110.9, 32.7] });
		expect(near.layers[0]!.crs).toBe('EPSG:4546');
		const told = await csv(content, { files: { '台账.csv': { crs: '4546' } } });
		expect(told.layers[0]!.rows[0]!.geometry).toEqual(near.layers[0]!.rows[0]!.geometry);
	});
	it('reads plans and projects', async () => {
		const plans = await csv(
			'项目名称,行政村,建设内容,总投资（元）,用地面积（公顷）,责任单位\n茶园,白马村,种茶,120000,2,农办\n'
		);
		expect(plans.layers[0]!.kind).toBe('plans');
		expect(parsed<'plans'>(plans)).toMatchObject({ name: '茶园', investWan: 12, landMu: 30 });
		const projects = await csv('景区名称,行政村,创建等级,责任人\n古井景区村,古井村,3A级,李一\n');
		expect(projects.layers[0]!.kind).toBe('projects');
		expect(parsed<'projects'>(projects)).toMatchObject({
			targetGrade: 'AAA',
			unitName: '古井景区村'
		});
	});
	it.each(['gb18030', 'utf-16le', 'utf-8'])('reads %s', async (encoding) => {
		const content = '村,问题描述,责任人\n白马村,乱堆乱放,李一\n';
		let bytes = new TextEncoder().encode(content);
		if (encoding === 'utf-16le') bytes = new Uint8Array(Buffer.from('\ufeff' + content, 'utf16le'));
		if (encoding === 'gb18030')
			bytes = new Uint8Array(
				Buffer.from(
					'b4e52ccecacce2c3e8caf62cd4f0c8cec8cb0ab0d7c2edb4e52cc2d2b6d1c2d2b7c52cc0eed2bb0a',
					'hex'
				)
			);
		const d = await readFiles([{ name: 'a.csv', bytes }]);
		expect(parsed<'tasks'>(d)).toMatchObject({
			villageName: '白马村',
			title: '乱堆乱放',
			answers: '李一',
			category: 'HEAP'
		});
	});
	it('reads semicolons, tabs, quotes with line breaks, and telephones as text', async () => {
		const d = await csv('村;问题描述;责任人;联系电话\n白马村;"一堆;\n""草""";李一;013800000000\n');
		expect(d.layers[0]!.rows[0]!.values).toMatchObject({
			问题描述: '一堆;\n"草"',
			联系电话: '013800000000'
		});
	});
});

describe('geometry', () => {
	const area = (ring: number[][]) =>
		text(
			'a.geojson',
			JSON.stringify({
				type: 'Feature',
				properties: { name: '白马村' },
				geometry: { type: 'Polygon', coordinates: [ring] }
			})
		);
	it('closes rings and turns them, and makes villages of many parts', async () => {
		const d = await readFiles([
			area([
				[110, 32],
				[110, 32.1],
				[110.1, 32.1],
				[110.1, 32],
				[110.1, 32]
			])
		]);
		expect(d.layers[0]!.kind).toBe('villages');
		expect(d.layers[0]!.rows[0]!.geometry).toEqual({
			type: 'MultiPolygon',
			coordinates: [
				[
					[
						[110, 32],
						[110.1, 32],
						[110.1, 32.1],
						[110, 32.1],
						[110, 32]
					].map((p) => p)
				]
			]
		});
		expect(codes(d)).toEqual(['rings_closed', 'points_dropped']);
	});
	it('refuses a ring that crosses itself, and shows where', async () => {
		const d = await readFiles([
			area([
				[110, 32],
				[110.1, 32.1],
				[110.1, 32],
				[110, 32.1],
				[110, 32]
			])
		]);
		expect(d.problems[0]).toMatchObject({
			code: 'ring_crosses_itself',
			line: 1,
			values: { lon: '110.050000', lat: '32.050000' }
		});
		expect(d.layers[0]!.rows[0]!.parsed).toBeNull();
	});
	it('takes a ring apart that touches itself in a corner', async () => {
		const d = await readFiles([
			area([
				[110, 32],
				[110.1, 32],
				[110.1, 32.1],
				[110.2, 32.2],
				[110, 32.2],
				[110.1, 32.1],
				[110, 32.1],
				[110, 32]
			])
		]);
		expect(codes(d)).toEqual(['rings_split']);
		expect((d.layers[0]!.rows[0]!.geometry as { coordinates: unknown[] }).coordinates.length).toBe(
			2
		);
	});
	it('finds crossings in long rings quickly, and none where there are none', async () => {
		const round = Array.from({ length: 19_000 }, (_, i) => [
			110 + 0.1 * Math.cos((i / 9500) * Math.PI),
			32 + 0.1 * Math.sin((i / 9500) * Math.PI)
		]);
		const begin = performance.now();
		expect(codes(await readFiles([area(round)]))).toEqual(['rings_closed']);
		// A diagonal comb: every tooth overlaps every other on both axes.
		const comb = Array.from({ length: 9_000 }, (_, i) => {
			const s = i / 90_000;
			return i % 2 ? [110 + s, 32 - s] : [110.2 + s, 32.2 - s];
		});
		comb.push([109.8, 31.8]);
		const d = await readFiles([area(comb)]);
		expect(d.layers.length).toBe(1);
		expect(performance.now() - begin).toBeLessThan(3000);
	});
	it('refuses what is no number, too far, too long, too deep, or nothing', async () => {
		const bad: [unknown, string][] = [
			[{ type: 'Point', coordinates: [1e400, 2] }, 'coordinate_not_number'],
			[{ type: 'Point', coordinates: ['1', 2] }, 'coordinate_not_number'],
			[{ type: 'Point', coordinates: [] }, 'geometry_not_read'],
			[{ type: 'Polygon', coordinates: [] }, 'geometry_empty'],
			[
				{
					type: 'Polygon',
					coordinates: [
						[
							[110, 32],
							[110, 32],
							[110, 32]
						]
					]
				},
				'ring_too_short'
			],
			[{ type: 'constructor', coordinates: [110, 32] }, 'geometry_type'],
			[
				{
					type: 'Polygon',
					coordinates: [Array.from({ length: 20_001 }, (_, i) => [110 + i * 1e-6, 32])]
				},
				'ring_too_long'
			]
		];
		for (const [geometry, code] of bad) {
			const d = await readFiles([
				text(
					'a.geojson',
					JSON.stringify({
						type: 'FeatureCollection',
						features: [
							{ type: 'Feature', properties: {}, geometry },
							{
								type: 'Feature',
								properties: {},
								geometry: { type: 'Point', coordinates: [110, 32] }
							}
						]
					}).replace('[null,2]', '[1e400,2]')
				)
			]);
			expect(codes(d, 'error'), JSON.stringify(geometry).slice(0, 80)).toContain(code);
			expect(d.layers[0]!.count).toBe(2);
		}
		let nested: object = { type: 'Point', coordinates: [110, 32] };
		for (let i = 0; i < 6; i++) nested = { type: 'GeometryCollection', geometries: [nested] };
		expect(codes(await readFiles([text('a.json', JSON.stringify(nested))]))).toContain(
			'geometry_too_deep'
		);
		expect(codes(await readFiles([text('a.json', '['.repeat(200_000))]))).toEqual([
			'json_too_deep'
		]);
		expect(
			codes(await readFiles([text('a.json', '{"type":"FeatureCollection",\n"features":[}')]))
		).toEqual(['json_broken']);
	});
	it('respects a legacy crs, one feature a line, and what the numbers say against it', async () => {
		const f = (c: number[]) => ({
			type: 'Feature',
			properties: { name: 'x' },
			geometry: { type: 'Point', coordinates: c }
		});
		const legacy = await readFiles([
			text(
				'a.geojson',
				JSON.stringify({
					type: 'FeatureCollection',
					crs: { type: 'name', properties: { name: 'urn:ogc:def:crs:EPSG::4525' } },
					features: [f([37481225.459, 3608405.335])]
				})
			)
		]);
		expect(legacy.layers[0]).toMatchObject({ crs: 'EPSG:4525', confidence: 0.95 });
		const lines = await readFiles([
			text('a.ndjson', [f([110, 32]), f([111, 32])].map((x) => JSON.stringify(x)).join('\n'))
		]);
		expect(lines.layers[0]!.count).toBe(2);
		const wrong = await readFiles([
			text(
				'a.geojson',
				JSON.stringify({
					type: 'FeatureCollection',
					crs: { type: 'name', properties: { name: 'EPSG:4490' } },
					features: [f([37481225.459, 3608405.335])]
				})
			)
		]);
		expect(wrong.layers[0]!.crs).toBe('EPSG:4525');
		expect(codes(wrong)).toContain('crs_conflict');
	});
	it('shifts what Ovital wrote, unless told not to', async () => {
		const kml =
			'<kml><Placemark><name>滑坡1</name><Point><coordinates>110.8,32.6</coordinates></Point></Placemark></kml>';
		const at = (d: Draft) =>
			(d.layers[0]!.rows[0]!.geometry as { coordinates: number[] }).coordinates[0]!;
		const d = await readFiles([text('a.ovkml', kml)]);
		expect(d.layers[0]!.crs).toBe('GCJ-02');
		expect(Math.abs(at(d) - 110.8)).toBeGreaterThan(0.003);
		expect(
			at(await readFiles([text('a.ovkml', kml)], { files: { 'a.ovkml': { shift: 'none' } } }))
		).toBe(110.8);
		expect(at(await readFiles([text('a.kml', kml)]))).toBe(110.8);
		expect(
			at(await readFiles([text('a.kml', kml)], { files: { 'a.kml': { shift: 'gcj02' } } }))
		).toBe(at(d));
	});
});
