import type { Geometry, Polygon, Position } from 'geojson';
import { limits } from './limits';
import { Refused } from './problems';
import { assemble, hasNoArea, mendRing, splitLoops, wind } from './rings';
import { crossing } from './sweep';

/** Points still to be counted against the limit, over all files of an import. */
export type Budget = {
	vertices: number;
	features: number;
	cells: number;
	text: number;
	inflated: number;
};

export const newBudget = (): Budget => ({
	vertices: limits.vertices,
	features: limits.features,
	cells: limits.cells,
	text: limits.allText,
	inflated: limits.inflated
});

/** What was done to a geometry, for a note. */
export type Mending = {
	closed: number;
	dropped: number;
	split: number;
	mixed: number;
	outOfChina: boolean;
};
type Convert = (xy: readonly number[]) => [number, number];
const types = {
	Point: 0,
	MultiPoint: 1,
	LineString: 1,
	MultiLineString: 2,
	Polygon: 2,
	MultiPolygon: 3
} as const;

/**
 * A geometry from outside to lon/lat, checked: finite numbers, bounds, ring sizes, closed rings, no crossing,
 * outer rings counter-clockwise. Heights are left out. Throws `Refused` with the code and the place.
 */
export function readGeometry(
	input: unknown,
	convert: Convert,
	budget: Budget,
	mending: Mending
): Geometry | null {
	if (input == null) return null;
	const parts: Geometry[] = [];
	flatten(input, 0, parts);
	const shaped = parts.map((g) => shape(g, convert, budget, mending));
	if (shaped.length <= 1) return shaped[0] ?? null;
	return join(shaped, mending);
}

function flatten(input: unknown, depth: number, out: Geometry[]): void {
	const g = input as Geometry;
	if (typeof g !== 'object' || g === null || typeof g.type !== 'string')
		throw new Refused('geometry_not_read');
	if (g.type !== 'GeometryCollection') {
		if (!(g.type in types) || !Object.hasOwn(types, g.type))
			throw new Refused('geometry_type', { type: String(g.type) });
		out.push(g);
		return;
	}
	if (depth >= limits.depth) throw new Refused('geometry_too_deep', { limit: limits.depth });
	if (!Array.isArray(g.geometries)) throw new Refused('geometry_not_read');
	for (const inner of g.geometries) flatten(inner, depth + 1, out);
}

/** Areas before lines before points: a row has one kind of place. */
function join(parts: Geometry[], mending: Mending): Geometry {
	const of = (...t: string[]) => parts.filter((p) => t.includes(p.type));
	const areas = of('Polygon', 'MultiPolygon') as Polygon[];
	const lines = of('LineString', 'MultiLineString');
	const points = of('Point', 'MultiPoint');
	if ([areas, lines, points].filter((l) => l.length).length > 1) mending.mixed++;
	const all = (list: Geometry[], single: string) => {
		const out: unknown[] = [];
		for (const g of list as Polygon[]) {
			if (g.type === single) out.push(g.coordinates);
			else for (const c of g.coordinates) out.push(c);
		}
		return out as never;
	};
	if (areas.length) return { type: 'MultiPolygon', coordinates: all(areas, 'Polygon') };
	if (lines.length) return { type: 'MultiLineString', coordinates: all(lines, 'LineString') };
	return { type: 'MultiPoint', coordinates: all(points, 'Point') };
}

function shape(g: Geometry, convert: Convert, budget: Budget, mending: Mending): Geometry {
	if (g.type === 'GeometryCollection') throw new Refused('geometry_not_read');
	const point = (p: unknown): Position => readPoint(p, convert, budget, mending);
	const list = (l: unknown): unknown[] => {
		if (!Array.isArray(l)) throw new Refused('geometry_not_read');
		if (l.length > budget.vertices)
			throw new Refused('too_many_vertices', { limit: limits.vertices });
		return l;
	};
	const line = (l: unknown): Position[] => {
		const points = list(l).map(point);
		if (points.length < 2) throw new Refused('line_too_short');
		return points;
	};
	const polygon = (p: unknown): Position[][][] => readPolygon(list(p), list, point, mending);
	switch (g.type) {
		case 'Point':
			return { type: 'Point', coordinates: point(g.coordinates) };
		case 'MultiPoint':
			return { type: 'MultiPoint', coordinates: filled(list(g.coordinates)).map(point) };
		case 'LineString':
			return { type: 'LineString', coordinates: line(g.coordinates) };
		case 'MultiLineString':
			return { type: 'MultiLineString', coordinates: filled(list(g.coordinates)).map(line) };
		case 'Polygon':
			return areaOf(polygon(g.coordinates));
		case 'MultiPolygon':
			return {
				type: 'MultiPolygon',
				coordinates: apart(filled(list(g.coordinates)).flatMap(polygon))
			};
	}
}

function areaOf(parts: Position[][][]): Geometry {
	return parts.length === 1
		? { type: 'Polygon', coordinates: parts[0]! }
		: { type: 'MultiPolygon', coordinates: parts };
}

/** Parts that run into each other are no area either. Long ones are left to PostGIS, which asks again. */
function apart(parts: Position[][][]): Position[][][] {
	const rings = parts.flat();
	if (parts.length < 2 || rings.reduce((n, r) => n + r.length, 0) > limits.ring) return parts;
	const at = crossing(rings);
	if (at) throw new Refused('parts_cross', { lon: at[0]!.toFixed(6), lat: at[1]!.toFixed(6) });
	return parts;
}

function filled(list: unknown[]): unknown[] {
	if (!list.length) throw new Refused('geometry_empty');
	return list;
}

/** One polygon; several when its rings touch themselves and have to be taken apart. */
function readPolygon(
	rings: unknown[],
	list: (l: unknown) => unknown[],
	point: (p: unknown) => Position,
	mending: Mending
): Position[][][] {
	const mended: Position[][] = [];
	filled(rings).forEach((r, i) => {
		const raw = list(r);
		if (raw.length > limits.ring) throw new Refused('ring_too_long', { limit: limits.ring });
		const result = mendRing(raw.map(point));
		if (typeof result === 'string') {
			// A hole without area is nothing; an outline without area is no area.
			if (i === 0) throw new Refused(result);
			return;
		}
		if (!result.closed) mending.closed++;
		mending.dropped += result.dropped;
		if (i === 0 || !hasNoArea(result.ring)) mended.push(result.ring);
	});
	const loops = mended.flatMap(splitLoops);
	const at = crossing(loops);
	if (at)
		throw new Refused('ring_crosses_itself', { lon: at[0]!.toFixed(6), lat: at[1]!.toFixed(6) });
	// Asked last: the halves of an eight cancel out.
	if (hasNoArea(loops[0]!)) throw new Refused('ring_no_area');
	if (loops.length > mended.length) mending.split++;
	const parts =
		loops.length > mended.length ? assemble(loops.filter((l) => !hasNoArea(l))) : [mended];
	return parts.map((p) => p.map((ring, i) => wind(ring, i === 0)));
}

function readPoint(p: unknown, convert: Convert, budget: Budget, mending: Mending): Position {
	if (!Array.isArray(p) || p.length < 2) throw new Refused('geometry_not_read');
	const [x, y] = p;
	if (!Number.isFinite(x) || !Number.isFinite(y)) throw new Refused('coordinate_not_number');
	if (--budget.vertices < 0) throw new Refused('too_many_vertices', { limit: limits.vertices });
	const [lon, lat] = convert([x, y]);
	if (!Number.isFinite(lon) || !Number.isFinite(lat) || Math.abs(lon) > 180 || Math.abs(lat) > 90)
		throw new Refused('coordinate_out_of_bounds', { x, y });
	if (lon < 73 || lon > 136 || lat < 3 || lat > 54) mending.outOfChina = true;
	// A tenth of a millimetre: more digits are noise, and equal points must stay equal.
	return [Math.round(lon * 1e9) / 1e9, Math.round(lat * 1e9) / 1e9];
}

/** Calls with every point of a raw geometry until `seen` gives false. Bounded by the nesting of JSON. */
export function eachPoint(geometry: unknown, seen: (x: number, y: number) => void): void {
	const walk = (c: unknown): void => {
		if (!Array.isArray(c)) return;
		if (typeof c[0] === 'number' && typeof c[1] === 'number') seen(c[0], c[1]);
		else for (const inner of c) walk(inner);
	};
	const g = geometry as { coordinates?: unknown; geometries?: unknown } | null;
	if (!g || typeof g !== 'object') return;
	walk(g.coordinates);
	if (Array.isArray(g.geometries)) for (const inner of g.geometries) eachPoint(inner, seen);
}

/** Box of raw geometries, null when there is no finite point. */
export function boxOf(geometries: Iterable<unknown>): [number, number, number, number] | null {
	const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
	for (const g of geometries)
		eachPoint(g, (x, y) => {
			if (!Number.isFinite(x) || !Number.isFinite(y)) return;
			box[0] = Math.min(box[0], x);
			box[1] = Math.min(box[1], y);
			box[2] = Math.max(box[2], x);
			box[3] = Math.max(box[3], y);
		});
	return box[0] <= box[2] ? box : null;
}
