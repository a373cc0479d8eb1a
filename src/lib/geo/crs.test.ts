import fc from 'fast-check';
import gcoord from 'gcoord';
import proj4 from 'proj4';
import { describe, expect, it } from 'vitest';
import { areaOf, formatHectares, formatMu, geodesicArea, ringArea } from './area';
import { crsOf, infer, type Crs } from './crs';
import { fromPlane, toPlane, zoneOf } from './gauss';
import { fromBd09, fromGcj02, toBd09, toGcj02 } from './shift';
import { crsOfWkt } from './wkt';

const ok = (code: string) => crsOf(code) as Crs;
const china = fc.tuple(
	fc.double({ min: 74, max: 134, noNaN: true }),
	fc.double({ min: 18, max: 53, noNaN: true })
);
const metres = (a: readonly number[], b: readonly number[]) =>
	Math.hypot((a[0]! - b[0]!) * Math.cos((a[1]! * Math.PI) / 180), a[1]! - b[1]!) * 111_320;

describe('coordinate systems', () => {
	it('agrees with the known point of domain.md E.1, with and without zone prefix', () => {
		expect(zoneOf(110.8)).toBe(37);
		for (const [code, east] of [
			['4525', 37481225.459],
			['EPSG:4546', 481225.459]
		] as const) {
			const [lon, lat] = ok(code).toLonLat([east, 3608405.335]);
			expect(lon).toBeCloseTo(110.8, 7);
			expect(lat).toBeCloseTo(32.6, 7);
		}
	});

	it('agrees with proj4 in every zone', () => {
		for (let zone = 25; zone <= 45; zone++) {
			const proj = `+proj=tmerc +lon_0=${zone * 3} +x_0=${zone}500000 +ellps=GRS80`;
			const at = [zone * 3 + 1.4, 30.1];
			const theirs = proj4(proj, at) as number[];
			const ours = toPlane(at, { lon: zone * 3, east: zone * 1e6 + 500_000 });
			expect(Math.hypot(ours[0] - theirs[0]!, ours[1] - theirs[1]!)).toBeLessThan(0.001);
			expect(metres(ok(String(4488 + zone)).toLonLat(ours), at)).toBeLessThan(0.001);
		}
		expect(
			metres(ok('4496').toLonLat(toPlane([106, 30], { lon: 105, east: 18_500_000 })), [106, 30])
		).toBeLessThan(0.001);
		const mercator = proj4('EPSG:3857', [110.8, 32.6]) as number[];
		expect(metres(ok('3857').toLonLat(mercator), [110.8, 32.6])).toBeLessThan(0.001);
	});

	it('comes back from the plane', () => {
		fc.assert(
			fc.property(china, (p) => {
				const zone = { lon: zoneOf(p[0]) * 3, east: 500_000 };
				expect(metres(fromPlane(toPlane(p, zone), zone), p)).toBeLessThan(0.0001);
			})
		);
	});

	it('takes GCJ-02 and BD-09 back to a centimetre', () => {
		fc.assert(
			fc.property(china, (p) => {
				expect(metres(fromGcj02(toGcj02(p)), p)).toBeLessThan(0.01);
				expect(metres(fromBd09(toBd09(p)), p)).toBeLessThan(0.01);
			})
		);
		// Hangzhou 512 m, Beijing 556 m, Chongqing 479 m (domain.md E.1).
		for (const [lon, lat, far] of [
			[120.153, 30.287, 512],
			[116.397, 39.908, 556],
			[106.551, 29.563, 479]
		] as const)
			expect(Math.abs(metres(toGcj02([lon, lat]), [lon, lat]) - far)).toBeLessThan(25);
	});

	it('shifts as gcoord does', () => {
		fc.assert(
			fc.property(china, (p) => {
				const gcj = gcoord.transform([...p], gcoord.WGS84, gcoord.GCJ02);
				const bd = gcoord.transform([...p], gcoord.WGS84, gcoord.BD09);
				expect(metres(toGcj02(p), gcj)).toBeLessThan(0.001);
				expect(metres(toBd09(p), bd)).toBeLessThan(0.001);
			})
		);
	});

	it('refuses old datums and what it does not know', () => {
		for (const code of ['4610', 'EPSG:2361', '2413', '1980西安坐标系'])
			expect(crsOf(code)).toMatchObject({ refused: 'old_datum' });
		for (const code of ['', 'x', 'EPSG:27700', '__proto__', '99999999999'])
			expect(crsOf(code)).toMatchObject({ refused: 'not_known' });
	});

	it('infers from the size of numbers, whatever their order', () => {
		expect(infer([37480000, 3608000, 37482000, 3609000])).toMatchObject({
			crs: 'EPSG:4525',
			swapped: false
		});
		expect(infer([3608000, 37480000, 3609000, 37482000])).toMatchObject({
			crs: 'EPSG:4525',
			swapped: true
		});
		expect(infer([19480000, 3608000, 19482000, 3609000])).toMatchObject({ crs: 'EPSG:4497' });
		expect(infer([480000, 3608000, 482000, 3609000])).toHaveProperty('ask');
		expect(infer([110, 32, 111, 33])).toMatchObject({ crs: 'EPSG:4490', swapped: false });
		expect(infer([32, 110, 33, 111])).toMatchObject({ crs: 'EPSG:4490', swapped: true });
		expect(infer([12334000, 3840000, 12335000, 3841000])).toMatchObject({ crs: 'EPSG:3857' });
		expect(infer([1, 2, 900, 900])).toBeNull();
	});

	it('reads .prj files, and hands strange ones to proj4', async () => {
		const gk = (name: string, datum: string, east: number) =>
			`PROJCS["${name}",GEOGCS["G",DATUM["${datum}",SPHEROID["S",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",${east}],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",111.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]`;
		expect(
			await crsOfWkt(gk('CGCS2000_3_Degree_GK_Zone_37', 'D_China_2000', 37500000))
		).toMatchObject({ id: 'EPSG:4525' });
		expect(
			await crsOfWkt(gk('CGCS2000_3_Degree_GK_CM_111E', 'D_China_2000', 500000))
		).toMatchObject({ id: 'EPSG:4546' });
		expect(
			await crsOfWkt(gk('Xian_1980_3_Degree_GK_Zone_37', 'D_Xian_1980', 37500000))
		).toMatchObject({ refused: 'old_datum' });
		expect(await crsOfWkt('rubbish')).toHaveProperty('refused');
	});
});

describe('areas', () => {
	const zone = { lon: 111, east: 37_500_000 };
	const square = [
		[37481200, 3608400],
		[37481400, 3608400],
		[37481400, 3608550],
		[37481200, 3608550],
		[37481200, 3608400]
	].map((p) => fromPlane(p, zone));
	const hole = [
		[37481260, 3608450],
		[37481300, 3608450],
		[37481300, 3608480],
		[37481260, 3608480],
		[37481260, 3608450]
	].map((p) => fromPlane(p, zone));

	it('are those of the parcel of domain.md E.3: 43.2 mu with its hole', () => {
		expect(ringArea(square)).toBeCloseTo(30_000, 1);
		const shape = { type: 'Polygon' as const, coordinates: [square, hole] };
		expect(areaOf(shape)).toBeCloseTo(28_800, 1);
		expect(geodesicArea(shape)).toBeCloseTo(28_799.722, 0);
		expect(formatMu(areaOf(shape))).toBe('43.2 亩');
		expect(formatMu(0.5)).toBe('0.00 亩');
		expect(formatHectares(areaOf(shape), 'ha', 'en')).toBe('2.9 ha');
	});
});
