import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { missedBy, planeAreaOf, type Drawn, type Ring } from '../../../tests/parcels';
import { fromPlane } from './gauss';
import { parcelsOf } from './parcels';
import { readFiles } from './read';
import { isCorners, pastedCorners } from './read/corners';
import { limits } from './limits';
import { toBd09, toGcj02 } from './shift';

const folder = 'tests/fixtures/import/';
const load = (name: string) => ({
	name: name.replace(/^.*\//, ''),
	bytes: new Uint8Array(readFileSync(folder + name))
});
const codes = (d: { problems: { code: string }[] }) => d.problems.map((p) => p.code);
const near: [number, number, number, number] = [110.7, 32.4, 110.9, 32.8];

describe('GeoPackage', () => {
	const expected = JSON.parse(readFileSync(folder + 'gpkg/expected.json', 'utf8')) as Record<
		string,
		number[][][][][]
	>;
	const drawn = (coordinates: number[][][][], i: number): Drawn => ({
		name: `第${i + 1}号地块`,
		zone: 37,
		parts: coordinates.map((part) =>
			part.map((ring) => ring.slice(0, -1).map(([x, y]) => [x! % 1_000_000, y!]) as Ring)
		)
	});
	const zone37 = expected['zone37']!.map(drawn);
	const noZone = expected['noZone']!.map(drawn);

	it('three tables by GDAL — with prefix, without, in degrees — give the corners that went in', async () => {
		const d = await readFiles([load('gpkg/parcels.gpkg')], { kind: 'other' });
		expect(d.problems).toEqual([]);
		expect(d.files[0]!.format).toBe('gpkg');
		expect(d.layers.map((l) => [l.name, l.crs, l.count])).toEqual([
			['地块', 'EPSG:4525', 120],
			['无带号', 'EPSG:4546', 40],
			['经纬度', 'EPSG:4490', 40]
		]);
		const { parcels } = parcelsOf(d);
		let worst = 0;
		[...zone37, ...noZone, ...noZone].forEach((e, i) => {
			const p = parcels[i]!;
			worst = Math.max(worst, missedBy(e, p.geometry));
			expect(missedBy(e, p.geometry), `${i}`).toBeLessThan(0.001);
			expect(Math.abs(p.squareMetres / planeAreaOf(e) - 1)).toBeLessThan(1e-4);
			expect(p.stated).toMatchObject({ unit: '亩', said: '亩' });
			expect(p.name).toBe(e.name);
		});
		console.log(`gpkg: ${parcels.length} parcels, corners within ${(worst * 1000).toFixed(3)} mm`);
	});
	it.each(['parcels512.gpkg', 'utf16.gpkg'])('%s: small pages, another encoding', async (name) => {
		const d = await readFiles([load(`gpkg/${name}`)], { kind: 'other' });
		expect(d.problems).toEqual([]);
		const { parcels } = parcelsOf(d);
		expect(parcels.map((p) => p.name)).toEqual(noZone.slice(0, 12).map((e) => e.name));
		noZone
			.slice(0, 12)
			.forEach((e, i) => expect(missedBy(e, parcels[i]!.geometry)).toBeLessThan(0.001));
		const long = d.layers[0]!.rows[3]!.values['备注'];
		expect(long).toBe('字'.repeat(700));
	});
	it('names what is no GeoPackage and what is cut off', async () => {
		const { bytes } = load('gpkg/parcels512.gpkg');
		const cut = await readFiles([{ name: 'a.gpkg', bytes: bytes.slice(0, 20_000) }]);
		expect(cut.problems).toMatchObject([{ code: 'gpkg_broken', severity: 'error' }]);
		const other = bytes.slice();
		const at = Buffer.from(other).indexOf('gpkg_geometry_columns');
		for (let i = at; i >= 0; i = Buffer.from(other).indexOf('gpkg_geometry_columns'))
			other.set(Buffer.from('some_geometry_columns'), i);
		expect(codes(await readFiles([{ name: 'a.gpkg', bytes: other }]))).toEqual(['gpkg_not_gpkg']);
		expect(codes(await readFiles([{ name: 'a.gpkg', bytes: new Uint8Array(200) }]))).toEqual([
			'gpkg_broken'
		]);
	});
});

describe('DXF', () => {
	it.each(['R12.dxf', 'R2000.dxf', 'R2010.dxf'])('%s', async (name) => {
		const d = await readFiles([load(`dxf/${name}`)], { kind: 'other', box: near });
		expect(d.files[0]!.format).toBe('dxf');
		expect(d.files[0]!.guesses.find((g) => g.what === 'encoding')!.value).toBe(
			name === 'R2010.dxf' ? 'utf-8' : 'gb18030'
		);
		expect(d.files[0]!.guesses.filter((g) => g.what === 'crs')).toMatchObject(
			d.layers.map(() => ({ value: 'EPSG:4546', why: 'inside_township' }))
		);
		expect(codes(d)).toEqual(['dxf_left_out', 'dxf_holes']);
		expect(d.problems[0]!.values['kinds']).toMatch(/INSERT 1/);
		expect(d.layers.map((l) => [l.name, l.count])).toEqual([
			['地块', 3],
			['道路', 1],
			['桩点', 2]
		]);
		const { parcels } = parcelsOf(d);
		expect(parcels.map((p) => p.name)).toEqual(['一号地块', '二号 地块', '']);
		const by = (name: string) => parcels.find((p) => p.name === name)!;
		expect(by('一号地块').squareMetres).toBeCloseTo(100 * 100 - 20 * 20, 1);
		expect(by('二号 地块').squareMetres).toBeCloseTo(2500, 1);
		// A circle of two arcs, 50 m radius, as a polygon of 180 corners.
		expect(Math.abs(by('').squareMetres / (Math.PI * 2500) - 1)).toBeLessThan(3e-4);
	});
	it('asks for the zone when nobody knows the township', async () => {
		const d = await readFiles([load('dxf/R2000.dxf')], { kind: 'other' });
		expect(codes(d).filter((c) => c === 'zone_missing').length).toBe(3);
		const told = await readFiles([load('dxf/R2000.dxf')], {
			kind: 'other',
			files: { 'R2000.dxf': { crs: 'EPSG:4525' } }
		});
		expect(parcelsOf(told).parcels[0]!.at[0]).toBeCloseTo(110.8, 1);
	});
	it('closes what ends a millimetre from its beginning, and says what stays open', async () => {
		const line = (points: number[][], flag: number) =>
			`0\nLWPOLYLINE\n8\n红线\n70\n${flag}\n${points.map(([x, y]) => `10\n${x}\n20\n${y}\n`).join('')}`;
		const square = [
			[481200, 3608400],
			[481300, 3608400],
			[481300, 3608500],
			[481200, 3608500]
		];
		const body = line([...square, [481200.0004, 3608400]], 0) + line(square, 0);
		const text = `0\nSECTION\n2\nENTITIES\n${body}0\nENDSEC\n0\nEOF\n`;
		const d = await readFiles([{ name: 'a.dxf', bytes: new TextEncoder().encode(text) }], {
			kind: 'other',
			box: near
		});
		expect(codes(d)).toEqual(['dxf_open']);
		expect(parcelsOf(d).parcels.map((p) => p.mu.toFixed(3))).toEqual(['15.000']);
	});
	it('says the line where it breaks, and what it does not read', async () => {
		const text = new TextDecoder('gb18030').decode(load('dxf/R12.dxf').bytes);
		const read = async (t: string, name = 'a.dxf') =>
			(await readFiles([{ name, bytes: new TextEncoder().encode(t) }], { box: near })).problems;
		const lines = text.split(/\r?\n/);
		const at = lines.findIndex((l) => l === '481200.0');
		lines[at] = 'abc';
		expect(await read(lines.join('\n'))).toMatchObject([{ code: 'dxf_broken', severity: 'error' }]);
		// Half a drawing is none: nothing comes in.
		expect(await read(text.slice(0, text.indexOf('INSERT')))).toMatchObject([
			{ code: 'dxf_broken' }
		]);
		expect(await read('AutoCAD Binary DXF\r\n\x1a\0')).toMatchObject([
			{ code: 'format_binary_dxf' }
		]);
		expect(await read('AC1015\0\0', 'a.dwg')).toMatchObject([{ code: 'format_cad' }]);
	});
	it('holds the limits while it reads', async () => {
		const point = '0\nPOINT\n8\n0\n10\n481200\n20\n3608400\n';
		const file = (body: string) => ({
			name: 'a.dxf',
			bytes: new TextEncoder().encode(`0\nSECTION\n2\nENTITIES\n${body}0\nENDSEC\n0\nEOF\n`)
		});
		const begin = performance.now();
		const many = await readFiles([file(point.repeat(limits.features + 1))]);
		expect(codes(many)).toEqual(['too_many_features']);
		const long = await readFiles([
			file(`0\nLWPOLYLINE\n8\n0\n70\n1\n${'10\n1\n20\n2\n'.repeat(limits.vertices + 1)}`)
		]);
		expect(codes(long)).toEqual(['too_many_vertices']);
		const old = await readFiles([
			file(`0\nPOLYLINE\n8\n0\n70\n1\n${'0\nVERTEX\n10\n1\n20\n2\n'.repeat(limits.vertices + 1)}`)
		]);
		expect(codes(old)).toEqual(['too_many_vertices']);
		expect(performance.now() - begin).toBeLessThan(8000);
	});
});

describe('typed corner points', () => {
	const read = (text: string) => readFiles([pastedCorners(text)], { kind: 'other', box: near });
	const square = [
		[3608400, 481200],
		[3608400, 481300],
		[3608500, 481300],
		[3608500, 481200]
	];
	const say = (line: (n: number, x: number, y: number) => string) =>
		square.map(([x, y], i) => line(i + 1, x!, y!)).join('\n');
	it.each([
		['number X Y', say((n, x, y) => `J${n} ${x}.000 37${y}.000`)],
		['number Y X', say((n, x, y) => `${n}\t37${y}\t${x}`)],
		['X Y number', say((n, x, y) => `${x}, 37${y}, ${n}`)],
		['X Y alone, without zone', say((_, x, y) => `${x}；${y}`)],
		['number ring X Y height', say((n, x, y) => `J${n},1,${x},37${y},512.3`)],
		[
			'a heading, labels, full width',
			'点号 X坐标 Y坐标\n' + say((n, x, y) => `Ｊ${n}，X=${x}，Y=37${y}`)
		],
		['closed', say((n, x, y) => `J${n} ${x} 37${y}`) + '\nJ1 3608400 37481200']
	])('%s', async (_, text) => {
		const d = await read(text);
		expect(d.problems.filter((p) => p.severity === 'error')).toEqual([]);
		expect(d.files[0]!.format).toBe('corners');
		const [p, ...more] = parcelsOf(d, near).parcels;
		expect(more).toEqual([]);
		expect(p!.mu).toBeCloseTo(15, 3);
		expect([p!.corners, p!.kmOutside, p!.at[0].toFixed(1)]).toEqual([4, 0, '110.8']);
	});
	it.each([
		[
			'110.7997289 32.5999515\n110.8018594 32.5999548\n110.8018565 32.6013074\n110.7997259 32.6013041'
		],
		[
			'J1 32.5999515,110.7997289\nJ2 32.5999548,110.8018594\nJ3 32.6013074,110.8018565\nJ4 32.6013041,110.7997259'
		],
		[
			'1 东经110°47′59.024″ 北纬32°35′59.825″\n2 东经110°48′06.694″ 北纬32°35′59.837″\n3 东经110°48′06.683″ 北纬32°36′04.707″\n4 东经110°47′59.013″ 北纬32°36′04.695″'
		],
		[
			'1 110° 47\' 59.024" E 32° 35\' 59.825" N\n2 110° 48\' 06.694" E 32° 35\' 59.837" N\n3 110° 48\' 06.683" E 32° 36\' 04.707" N\n4 110° 47\' 59.013" E 32° 36\' 04.695" N'
		],
		[
			'110-47-59.024 32-35-59.825\n110-48-06.694 32-35-59.837\n110-48-06.683 32-36-04.707\n110-47-59.013 32-36-04.695'
		]
	])('degrees: %s', async (text) => {
		const d = await read(text);
		expect(d.problems.filter((p) => p.severity === 'error')).toEqual([]);
		expect(parcelsOf(d).parcels[0]!.mu).toBeCloseTo(45, 1);
	});
	it('an empty line begins a ring: the hole of the fixture', async () => {
		const d = await readFiles([load('corners/plane.txt'), load('corners/lonlat-dms.txt')], {
			kind: 'other'
		});
		expect(d.files.map((f) => f.format)).toEqual(['corners', 'corners']);
		expect(parcelsOf(d).parcels.map((p) => p.mu.toFixed(1))).toEqual(['43.2', '45.0']);
	});
	it('Ovital’s marks: g is GCJ-02, b is BD-09, and both are approximate', async () => {
		const corners = square.map(([x, y]) => fromPlane([y!, x!], { lon: 111, east: 500_000 }));
		for (const [mark, shift, crs] of [
			['g', toGcj02, 'GCJ-02'],
			['b', toBd09, 'BD-09']
		] as const) {
			const d = await read(
				corners.map((p, i) => `${mark} J${i + 1} ${shift(p).join(' ')} 512`).join('\n')
			);
			const [p] = parcelsOf(d).parcels;
			expect(p).toMatchObject({ crs, approximate: true });
			expect(d.files[0]!.guesses.find((g) => g.what === 'crs')!.why).toBe('ovital');
			const back = p!.geometry.coordinates[0]![0]!;
			for (const [lon, lat] of corners)
				expect(
					Math.min(...back.map((q) => Math.hypot(q[0]! - lon, q[1]! - lat))) * 111_320
				).toBeLessThan(0.01);
		}
	});
	it('an OVKML is taken back from GCJ-02, and the switch leaves it where it is', async () => {
		const ring = square.map(([x, y]) => fromPlane([y!, x!], { lon: 111, east: 500_000 }));
		const coordinates = [...ring, ring[0]!].map(toGcj02).join(' ');
		const bytes = new TextEncoder().encode(
			`<kml><Placemark><name>一号</name><Polygon><outerBoundaryIs><LinearRing><coordinates>${coordinates}</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></kml>`
		);
		const at = async (settings: object) =>
			parcelsOf(await readFiles([{ name: 'a.ovkml', bytes }], { kind: 'other', ...settings }))
				.parcels[0]!;
		const back = await at({});
		expect(back).toMatchObject({ crs: 'GCJ-02', approximate: true, name: '一号' });
		for (const [lon, lat] of ring)
			expect(
				Math.min(
					...back.geometry.coordinates[0]![0]!.map((q) => Math.hypot(q[0]! - lon, q[1]! - lat))
				) * 111_320
			).toBeLessThan(0.01);
		const left = await at({ files: { 'a.ovkml': { shift: 'none' } } });
		expect(left.approximate).toBe(false);
		expect(Math.abs(left.at[0] - back.at[0]) * 111_320).toBeGreaterThan(300);
	});
	it('names the line that is no corner, and takes no table for corners', async () => {
		const d = await read(say((n, x, y) => `J${n} ${x} 37${y}`) + '\nJ5 三六零八 37481200');
		expect(d.problems).toMatchObject([{ code: 'corner_line', line: 5 }]);
		expect(codes(await read('你好\n世界'))).toEqual(['corner_line']);
		expect(codes(await read('J1 3608400 37481200\nJ2 3608400 37481300'))).toEqual([
			'ring_too_short'
		]);
		expect(
			isCorners('村,问题描述,责任人,经度,纬度\n' + '白马村,乱堆,李一,110.8,32.6\n'.repeat(5))
		).toBe(false);
		expect(isCorners('白马滑坡 110.8 32.6\n古井崩塌 110.81 32.61\n云台斜坡 110.82 32.62')).toBe(
			false
		);
		expect(isCorners('点名,经度,纬度\n白马村滑坡,110.8,32.6\n')).toBe(false);
	});
});
