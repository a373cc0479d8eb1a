/**
 * The check of land on PGlite (subdivided shapes, one statement for all layers) against a plain one on PostgreSQL:
 * whole shapes, one union and one intersection a layer, verdicts reckoned here. 1,000 random parcels × 8 layers.
 */
import fc from 'fast-check';
import type { Geometry, Polygon, Position } from 'geojson';
import { describe, expect, it } from 'vitest';
import { native, openEmpty, openEngine } from './engines';

const seed = Number(process.env.SEED ?? 20_261_124);
const parcelsWanted = 1000;

type Layer = { kind: string; rule: string; buffer: number; shapes: Geometry[] };
type Said = { kind: string; verdict: string; overlap: number; length: number };

/** A star about a middle: any number of corners, never crossing itself. */
const star = (x: number, y: number, size: number, turns: number[]): Polygon => {
	const ring = turns.map((r, i): Position => {
		const angle = (i / turns.length) * 2 * Math.PI;
		return [x + Math.cos(angle) * size * r, y + Math.sin(angle) * size * r * 0.84];
	});
	return { type: 'Polygon', coordinates: [[...ring, ring[0]!]] };
};
const lon = fc.double({ min: 110.8, max: 110.83, noNaN: true });
const lat = fc.double({ min: 32.6, max: 32.63, noNaN: true });
const radii = (most: number) =>
	fc.array(fc.double({ min: 0.3, max: 1, noNaN: true }), { minLength: 3, maxLength: most });
const area = (size: number, most: number) =>
	fc
		.tuple(lon, lat, fc.double({ min: size / 4, max: size, noNaN: true }), radii(most))
		.map(([x, y, s, r]): Geometry => star(x, y, s, r));
/** Eastward, so that no line runs back over itself: the app counts such a stretch once. */
const line = fc
	.uniqueArray(fc.tuple(lon, lat), {
		minLength: 2,
		maxLength: 6,
		selector: ([x]) => Math.round(x * 1e3)
	})
	.map((corners): Geometry => ({
		type: 'LineString',
		coordinates: corners.sort(([a], [b]) => a - b)
	}));
const point = fc.tuple(lon, lat).map((coordinates): Geometry => ({ type: 'Point', coordinates }));
const layer = (kind: string, rule: string, of: fc.Arbitrary<Geometry>, n: number, buffer = 0) => ({
	kind,
	rule,
	buffer,
	shapes: fc.sample(of, { seed: seed + kind.length * 7, numRuns: n })
});
const layers: Layer[] = [
	layer('farmland', 'block', area(0.002, 12), 60),
	layer('redline', 'block', area(0.006, 200), 6),
	layer('growth', 'allow', area(0.012, 40), 5),
	layer('forest', 'review', area(0.003, 20), 40),
	layer('hazard', 'review', point, 25, 120),
	layer('powerline', 'review', line, 4, 30),
	layer('landuse', 'inform', area(0.002, 10), 80),
	layer('road', 'inform', line, 12)
];
const parcels = fc.sample(area(0.0015, 16), { seed, numRuns: parcelsWanted });
const text = (value: unknown) => `'${JSON.stringify(value).replaceAll("'", "''")}'`;

/** What the app says, layer by layer. */
async function byApp(): Promise<Said[][]> {
	const engine = await openEngine('embedded');
	try {
		await engine.run(`select tests.act_as('pan')`);
		for (const [n, l] of layers.entries()) {
			const head = { kind: l.kind, name: l.kind, rule: l.rule, sliver_m2: 0, sliver_share: 0 };
			await engine.run(
				`select tests.act_as('pan'); select tests.op('layer.create', 'layer ${n}', ${text({ ...head, ...(l.buffer && { buffer_m: l.buffer }) })})`
			);
			const rows = l.shapes.map((geometry, i) => ({ n: i + 1, geometry }));
			await engine.run(`begin; select tests.act_as('pan');
				select public.layer_put(jsonb_build_object('township_id', tests.id('yunxi'), 'layer', tests.id('layer ${n}'), 'load', tests.id('load ${n}'), 'rows', ${text(rows)}::jsonb));
				select tests.op('layer.switch', 'layer ${n}', jsonb_build_object('load', tests.id('load ${n}'), 'count', ${rows.length})); commit;`);
		}
		const said: Said[][] = [];
		for (const shape of parcels) {
			const [row] = (
				await engine.run(
					`begin; select tests.act_as('pan'); select public.check_shape(tests.id('yunxi'), ${text(shape)}::jsonb) as r; commit;`
				)
			).find((rows) => rows[0] && 'r' in rows[0])!;
			said.push(
				(row!.r as { layers: (Said & { layer: string | null })[] }).layers
					.filter((l) => l.layer !== null)
					.map(({ kind, verdict, overlap, length }) => ({ kind, verdict, overlap, length }))
			);
		}
		return said;
	} finally {
		await engine.close();
	}
}

/** The plain way: no cut shapes, no window, no sums of pieces. */
async function plainly(): Promise<(Said & { whole: number })[][]> {
	const engine = await openEmpty('postgres');
	try {
		await engine.run(`create extension postgis; create table shapes (kind text, g geometry);
			create table parcels (n integer, g geometry);`);
		for (const l of layers)
			for (const shape of l.shapes) {
				const g = `st_setsrid(st_geomfromgeojson(${text(shape)}), 4326)`;
				const grown = l.buffer
					? `st_transform(st_buffer(st_transform(${g}, 4546), ${l.buffer}), 4326)`
					: g;
				await engine.run(`insert into shapes values ('${l.kind}', ${grown})`);
			}
		for (const [n, shape] of parcels.entries())
			await engine.run(
				`insert into parcels values (${n}, st_setsrid(st_geomfromgeojson(${text(shape)}), 4326))`
			);
		const rows = (
			await engine.run(`with layers as (select kind, st_union(g) filter (where st_dimension(g) = 2) as g from shapes group by kind),
				lines as (select p.n, s.kind, sum(st_length(st_transform(st_intersection(s.g, p.g), 4546))) as l
					from parcels p join shapes s on st_dimension(s.g) = 1 and st_intersects(s.g, p.g) group by 1, 2)
				select p.n, l.kind, st_area(st_transform(p.g, 4546)) as whole,
					coalesce(st_area(st_transform(st_collectionextract(st_intersection(l.g, p.g), 3), 4546)), 0) as overlap, coalesce(x.l, 0) as length
				from parcels p cross join layers l left join lines x on x.n = p.n and x.kind = l.kind order by p.n`)
		).at(-1)! as { n: number; kind: string; whole: number; overlap: number; length: number }[];
		const said: (Said & { whole: number })[][] = parcels.map(() => []);
		for (const { n, kind, whole, overlap, length } of rows) {
			const { rule } = layers.find((l) => l.kind === kind)!;
			const touched = overlap > 0 || length > 0;
			const verdict =
				rule === 'allow'
					? whole - overlap > 0.005
						? 'yellow'
						: 'green'
					: !touched
						? 'green'
						: { block: 'red', review: 'yellow', inform: 'info' }[rule]!;
			said[n]!.push({ kind, verdict, overlap, length, whole });
		}
		return said;
	} finally {
		await engine.close();
	}
}

describe.skipIf(!native)('the check of land', () => {
	it(`says of ${parcelsWanted} random parcels × ${layers.length} layers what a plain reckoning says`, async () => {
		console.log(`check: SEED=${seed}`);
		const [app, plain] = [await byApp(), await plainly()];
		const seen = new Map<string, number>();
		const wrong: string[] = [];
		for (const [n, list] of plain.entries()) {
			expect(app[n]).toHaveLength(layers.length);
			for (const want of list) {
				const got = app[n]!.find((s) => s.kind === want.kind)!;
				seen.set(want.verdict, (seen.get(want.verdict) ?? 0) + 1);
				// Where a shape was cut it has more corners, and edges straight in degrees bow in the zone's plane:
				// some hundredths of a square metre. Closer to a brink than that either answer is right.
				const near = 0.05 + want.overlap * 1e-5;
				const off =
					Math.abs(want.overlap - got.overlap) > near ||
					Math.abs(want.length - got.length) > 0.02 + want.length * 1e-5;
				const brink =
					want.kind === 'growth'
						? Math.abs(want.whole - want.overlap) < near
						: want.overlap < near && want.length < near;
				const other = got.verdict !== want.verdict && !brink;
				if (off || other) wrong.push(`${n} ${JSON.stringify(want)} ${JSON.stringify(got)}`);
			}
		}
		console.log(`check: ${[...seen].map(([v, n]) => `${v} ${n}`).join(', ')}`);
		expect(wrong).toEqual([]);
		for (const verdict of ['red', 'yellow', 'info', 'green'])
			expect(seen.get(verdict)).toBeGreaterThan(100);
	}, 240_000);
});
if (!native) console.log('check of land against PostgreSQL: skipped, TEST_DATABASE_URL is not set');
