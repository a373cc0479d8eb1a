/** Our series against PROJ in PostGIS: on PostgreSQL where one is given, in the embedded engine otherwise. */
import { expect, it } from 'vitest';
import { geodesicArea, planeArea } from '../../src/lib/geo/area';
import { crsOf, epsgOfZone, zoneOfEpsg, type Crs } from '../../src/lib/geo/crs';
import { toPlane } from '../../src/lib/geo/gauss';
import { drawParcels, lonLatOf, meridianOf, random } from '../parcels';
import { native, openEmpty } from './engines';

const count = 10_000;

it(`agrees with PROJ within a millimetre at ${count} points, there and back, and areas with the ellipsoid`, async () => {
	const name = native ? 'postgres' : 'embedded';
	const engine = await openEmpty(name);
	try {
		await engine.run('create extension if not exists postgis');
		const [[version]] = (await engine.run('select postgis_proj_version() as proj')) as [
			[{ proj: string }]
		];
		const r = random(Number(process.env.SEED ?? 42));
		const zones = [
			...Array.from({ length: 21 }, (_, i) => 25 + i),
			...Array.from({ length: 11 }, (_, i) => 13 + i)
		];
		const points = Array.from({ length: count }, (_, i) => {
			const zone = zones[i % zones.length]!;
			const epsg = Number(epsgOfZone(zone, i % 2 === 0)!.slice(5));
			const wide = zone >= 25 ? 1.6 : 3.1;
			const at = [meridianOf(zone) + r.between(-wide, wide), r.between(3, 54)];
			return { epsg, at, plane: toPlane(at, zoneOfEpsg(epsg)!) };
		});
		const there = await transform(
			engine.run,
			points.map((p) => [4490, p.epsg, ...p.at])
		);
		const back = await transform(
			engine.run,
			points.map((p) => [p.epsg, 4490, ...p.plane])
		);
		let forth = 0;
		let inverse = 0;
		points.forEach((p, i) => {
			const [x, y] = there[i]!;
			forth = Math.max(forth, Math.hypot(x - p.plane[0], y - p.plane[1]));
			const ours = (crsOf(`EPSG:${p.epsg}`) as Crs).toLonLat(p.plane);
			const [lon, lat] = back[i]!;
			inverse = Math.max(
				inverse,
				Math.hypot((ours[0] - lon) * Math.cos((lat * Math.PI) / 180), ours[1] - lat) * 111_320
			);
		});

		// PostGIS' own geodesic areas, for parcels anywhere in a zone.
		const parcels = Array.from({ length: 300 }, (_, i) => drawParcels(r, 25 + (i % 21))).flat();
		const shapes = parcels.map(lonLatOf);
		const rows = (
			await engine.run(
				`select st_area(st_geomfromgeojson(g)::geography) as m2 from json_array_elements_text('${JSON.stringify(shapes.map((s) => JSON.stringify(s)))}'::json) as g`
			)
		)[0] as { m2: number }[];
		let ellipsoid = 0;
		let explained = 0;
		shapes.forEach((shape, i) => {
			const zone = parcels[i]!.zone;
			ellipsoid = Math.max(ellipsoid, Math.abs(geodesicArea(shape) / Number(rows[i]!.m2) - 1));
			// A plane is k² as large as the ellipsoid, k = 1 + y²/2R² at y metres from the meridian.
			const y = parcels[i]!.parts[0]![0]![0]![0] - 500_000;
			const scale = (1 + y ** 2 / (2 * 6_371_000 ** 2)) ** 2;
			const excess = planeArea(shape, { lon: zone * 3, east: 500_000 }) / Number(rows[i]!.m2);
			explained = Math.max(explained, Math.abs(excess / scale - 1));
			expect(excess, `zone ${zone} y=${y}`).toBeLessThan(1.0007);
		});
		console.log(
			`${name}, PROJ ${version.proj.split(' ')[0]}: ${count} points, forth ${(forth * 1e6).toFixed(2)} µm, back ${(inverse * 1e6).toFixed(2)} µm; ` +
				`${shapes.length} areas: ellipsoid against PostGIS ${(ellipsoid * 1e6).toFixed(2)} ppm, plane against the zone's scale ${(explained * 1e6).toFixed(2)} ppm`
		);
		expect(forth).toBeLessThan(0.001);
		expect(inverse).toBeLessThan(0.001);
		// Ours draws sides straight in longitude and PostGIS along geodesics: millimetres on 600 metres.
		expect(ellipsoid).toBeLessThan(2e-5);
		expect(explained).toBeLessThan(1e-5);
	} finally {
		await engine.close();
	}
});

/** [from, to, x, y] by ST_Transform, in their order. */
async function transform(
	run: (sql: string) => Promise<Record<string, unknown>[][]>,
	list: number[][]
): Promise<[number, number][]> {
	const rows = (
		await run(`select st_x(g) as x, st_y(g) as y from (
			select n, st_transform(st_setsrid(st_makepoint((p->>2)::float8, (p->>3)::float8), (p->>0)::int), (p->>1)::int) as g
			from json_array_elements('${JSON.stringify(list)}'::json) with ordinality as t(p, n)) s order by n`)
	)[0]!;
	return rows.map((r) => [Number(r.x), Number(r.y)]);
}
