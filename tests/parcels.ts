/** Random parcels on the plane of a zone, and how to ask whether they came back. Seeded: a number brings back a failure. */
import type { MultiPolygon, Position } from 'geojson';
import proj4 from 'proj4';

export type Ring = [east: number, north: number][];
/** Corners in metres without zone prefix, rings open, holes after their outer ring. */
export type Drawn = { name: string; zone: number; parts: Ring[][] };

export function random(seed: number) {
	let s = seed >>> 0;
	const next = () => {
		s = (s + 0x6d2b79f5) >>> 0;
		let t = Math.imul(s ^ (s >>> 15), 1 | s);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
	const below = (n: number) => Math.floor(next() * n);
	const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;
	return { next, below, pick, between: (a: number, b: number) => a + (b - a) * next() };
}
export type Random = ReturnType<typeof random>;

export const meridianOf = (zone: number): number => (zone >= 25 ? zone * 3 : zone * 6 - 3);

/** PROJ's own way to the plane (proj4js), so that our series does not check itself. */
export const projOf = (zone: number) =>
	proj4(
		`+proj=tmerc +lat_0=0 +lon_0=${meridianOf(zone)} +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m`
	);

const mm = (v: number) => Math.round(v * 1000) / 1000;

function star(r: Random, x: number, y: number, radius: number): Ring {
	const n = 4 + r.below(9);
	return Array.from({ length: n }, (_, i) => {
		const q = radius * r.between(0.7, 1);
		const a = (2 * Math.PI * i) / n;
		return [mm(x + q * Math.cos(a)), mm(y + q * Math.sin(a))];
	});
}

/** One to four parcels near each other, some with a hole, some in two parts. */
export function drawParcels(r: Random, zone: number): Drawn[] {
	// Inside the zone's own third: beyond it the parcel belongs to its neighbour.
	const [x, y] = projOf(zone).forward([
		// China ends short of the last zone's edge.
		Math.min(meridianOf(zone) + r.between(-1.3, 1.3), 135.9),
		r.between(18.5, 49.5)
	]) as [number, number];
	return Array.from({ length: 1 + r.below(4) }, (_, i) => {
		const radius = r.between(15, 300);
		const cy = y + i * 1000;
		const parts = [[star(r, x, cy, radius)]];
		if (r.next() < 0.4) parts[0]!.push(star(r, x, cy, radius * 0.3));
		if (r.next() < 0.3) parts.push([star(r, x + 1500, cy, radius)]);
		return { name: `第${i + 1}号地块`, zone, parts };
	});
}

export const planeAreaOf = (d: Drawn): number =>
	d.parts.reduce(
		(all, rings) => all + rings.reduce((a, ring, i) => a + (i ? -1 : 1) * shoelace(ring), 0),
		0
	);

function shoelace(ring: Ring): number {
	const [ox, oy] = ring[0]!;
	let twice = 0;
	ring.forEach(([x, y], i) => {
		const [u, v] = ring[(i + 1) % ring.length]!;
		twice += (x - ox) * (v - oy) - (u - ox) * (y - oy);
	});
	return Math.abs(twice) / 2;
}

export const lonLatOf = (d: Drawn): MultiPolygon => {
	const proj = projOf(d.zone);
	const point = (p: Position) => proj.inverse([p[0]!, p[1]!]) as Position;
	return {
		type: 'MultiPolygon',
		coordinates: d.parts.map((part) => part.map((ring) => [...ring, ring[0]!].map((p) => point(p))))
	};
};

/** Metres by which the farthest corner missed; Infinity when a part, a ring or a corner is missing or too many. */
export function missedBy(d: Drawn, back: MultiPolygon): number {
	const proj = projOf(d.zone);
	if (back.coordinates.length !== d.parts.length) return Infinity;
	const read = back.coordinates.map((part) =>
		part.map((ring) => ring.slice(0, -1).map((p) => proj.forward([p[0]!, p[1]!]) as Position))
	);
	let worst = 0;
	for (const part of d.parts) {
		// The part whose corners lie nearest is the same; order and winding are free.
		const found = Math.min(
			...read.map((other) =>
				other.length !== part.length
					? Infinity
					: Math.max(...part.map((ring) => Math.min(...other.map((o) => apart(ring, o)))))
			)
		);
		worst = Math.max(worst, found);
	}
	return worst;
}

function apart(ring: Ring, other: Position[]): number {
	if (ring.length !== other.length) return Infinity;
	return Math.max(
		...ring.map(([x, y]) => Math.min(...other.map((o) => Math.hypot(o[0]! - x, o[1]! - y))))
	);
}
