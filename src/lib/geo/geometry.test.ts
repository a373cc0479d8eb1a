import { describe, expect, it } from 'vitest';
import type { Draft } from './draft';
import { readFiles } from './read';

const text = (name: string, content: string) => ({
	name,
	bytes: new TextEncoder().encode(content)
});
const codes = (d: Draft, severity?: string) =>
	d.problems.filter((p) => !severity || p.severity === severity).map((p) => p.code);

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
			[{ type: 'Point', coordinates: [Infinity, 2] }, 'coordinate_not_number'],
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
					}).replace('[null,2]', '[1e999,2]')
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
