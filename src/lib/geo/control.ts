import { epsgOfZone, zoneOfEpsg } from './crs';
import { fromPlane, toPlane, zoneOf, type Meridian } from './gauss';
import { Refused } from './problems';

/**
 * Old datums (Xi'an 80, Beijing 54) and local systems come to CGCS2000 only through points that are known in
 * both (domain.md E.3 rule 7). What comes out is approximate, however small the residuals are.
 */
export type ControlPoint = {
	name?: string;
	/** In the file's system: easting and northing in metres in either order, or lon/lat in degrees. */
	from: [number, number];
	/** In CGCS2000: easting and northing of a zone in either order, or lon/lat in degrees. */
	to: [number, number];
};
/** `crs` says what `to` is where its eastings carry no zone: 'EPSG:4546'. */
export type Control = { points: ControlPoint[]; crs?: string };

export type ControlFit = {
	/** Two points: a shift. Three and more: shift, turn and scale by least squares. */
	kind: 'shift' | 'similarity';
	/** Metres at the middle of the points. */
	east: number;
	north: number;
	/** Seconds of arc, counter-clockwise, and parts per million. */
	turn: number;
	ppm: number;
	/** What is left over at each point, in metres, and their root mean square. */
	residuals: { name: string; east: number; north: number; metres: number }[];
	rms: number;
};
export type Fitted = {
	fit: ControlFit;
	convert: (xy: readonly number[]) => [number, number];
	/** Metres from the middle of the points, and of the farthest point. */
	farFrom: (xy: readonly number[]) => number;
	reach: number;
};
type Point = [number, number];

const most = 200;
const degrees = ([x, y]: Point) => Math.abs(x) <= 180 && Math.abs(y) <= 180;

/** Throws `Refused` when the points are too few, not numbers, or all in one place. */
export function fitControl(control: Control): Fitted {
	const points = readPoints(control);
	if (points.length < 2) throw new Refused('control_too_few', { count: points.length });
	const zone = zoneFor(control, points);
	const from = points.map((p) => flatten(p.from, zone));
	const to = points.map((p) => flatten(p.to, zone));
	const a = middleOf(from);
	const b = middleOf(to);
	const [cos, sin] = from.length > 2 ? similarity(from, to, a, b) : [1, 0];
	const move = ([x, y]: Point): Point => [
		b[0] + cos * (x - a[0]) - sin * (y - a[1]),
		b[1] + sin * (x - a[0]) + cos * (y - a[1])
	];
	const residuals = points.map((p, i) => {
		const [x, y] = move(from[i]!);
		const [east, north] = [to[i]![0] - x, to[i]![1] - y];
		return { name: p.name ?? String(i + 1), east, north, metres: Math.hypot(east, north) };
	});
	const farFrom = (xy: readonly number[]) => {
		const p = flatten(xy as Point, zone);
		return Math.hypot(p[0] - a[0], p[1] - a[1]);
	};
	return {
		fit: {
			kind: from.length > 2 ? 'similarity' : 'shift',
			east: b[0] - a[0],
			north: b[1] - a[1],
			turn: (Math.atan2(sin, cos) * 648_000) / Math.PI,
			ppm: (Math.hypot(cos, sin) - 1) * 1e6,
			residuals,
			rms: Math.sqrt(residuals.reduce((s, r) => s + r.metres ** 2, 0) / residuals.length)
		},
		convert: (xy) => fromPlane(move(flatten(xy as Point, zone)), zone),
		farFrom,
		reach: Math.max(...points.map((p) => farFrom(p.from)))
	};
}

/** Points come from a form: anything may be in them. */
function readPoints(control: Control): ControlPoint[] {
	const list: unknown = control?.points;
	if (!Array.isArray(list)) throw new Refused('control_too_few', { count: 0 });
	if (list.length > most) throw new Refused('control_too_many', { limit: most });
	const pair = (v: unknown): v is Point =>
		Array.isArray(v) && v.length === 2 && v.every((n) => typeof n === 'number' && isFinite(n));
	return list.map((p: ControlPoint | null, i) => {
		if (!pair(p?.from) || !pair(p?.to)) throw new Refused('control_not_read', { number: i + 1 });
		return { name: String(p.name ?? i + 1).slice(0, 40), from: p.from, to: p.to };
	});
}

/** The plane in which the points are compared, without prefix: told, of the eastings, or of the longitudes. */
function zoneFor(control: Control, points: ControlPoint[]): Meridian {
	const told = /^(?:EPSG:)?(\d{4})$/i.exec(String(control.crs ?? ''))?.[1];
	const known = told ? zoneOfEpsg(Number(told)) : null;
	if (known) return { lon: known.lon, east: 500_000 };
	const { to } = points[0]!;
	if (degrees(to)) return { lon: zoneOf(Math.max(...to)) * 3, east: 500_000 };
	const code = epsgOfZone(Math.floor(Math.max(...to) / 1_000_000), true);
	if (!code) throw new Refused('control_zone_missing');
	return { lon: zoneOfEpsg(Number(code.slice(5)))!.lon, east: 500_000 };
}

/** East and north without prefix; in China the northing is the one between 1.8 and 6 million. */
function flatten([x, y]: Point, zone: Meridian): Point {
	if (degrees([x, y])) return toPlane(x > y ? [x, y] : [y, x], zone);
	const turned = x >= 1_800_000 && x <= 6_000_000 && !(y >= 1_800_000 && y <= 6_000_000);
	return turned ? [y % 1_000_000, x] : [x % 1_000_000, y];
}

const middleOf = (points: Point[]): Point => [
	points.reduce((s, p) => s + p[0], 0) / points.length,
	points.reduce((s, p) => s + p[1], 0) / points.length
];

/** Cosine and sine, both times the scale, that bring `from` onto `to` with the least squares left. */
function similarity(from: Point[], to: Point[], a: Point, b: Point): [number, number] {
	let along = 0;
	let across = 0;
	let size = 0;
	from.forEach((p, i) => {
		const [x, y] = [p[0] - a[0], p[1] - a[1]];
		const [u, v] = [to[i]![0] - b[0], to[i]![1] - b[1]];
		along += x * u + y * v;
		across += x * v - y * u;
		size += x * x + y * y;
	});
	// A turn from points within a few metres of each other would be their noise.
	if (size < 100) throw new Refused('control_same_place');
	return [along / size, across / size];
}
