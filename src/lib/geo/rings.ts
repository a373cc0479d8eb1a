import type { Position } from 'geojson';
import { shoelace } from './area';

export type RingFault = 'ring_too_short';
export type Mended = { ring: Position[]; closed: boolean; dropped: number };

/**
 * A ring closed, without points said twice and without spikes; or why it is none. Nothing else is changed:
 * a ring that crosses itself is for a person to mend.
 */
export function mendRing(points: readonly Position[]): Mended | RingFault {
	const ring: Position[] = [];
	for (const p of points) {
		if (ring.length && equal(ring.at(-1)!, p)) continue;
		// Out and straight back along the same line encloses nothing.
		if (ring.length > 1 && equal(ring.at(-2)!, p)) ring.pop();
		else ring.push(p);
	}
	const first = points[0];
	const closed = !!first && points.length > 1 && equal(first, points.at(-1)!);
	while (ring.length > 1 && equal(ring[0]!, ring.at(-1)!)) ring.pop();
	// A spike over the seam.
	while (ring.length > 3 && equal(ring[1]!, ring.at(-1)!)) {
		ring.shift();
		ring.pop();
		ring.unshift(ring.pop()!);
		while (ring.length > 1 && equal(ring[0]!, ring.at(-1)!)) ring.pop();
	}
	if (ring.length < 3) return 'ring_too_short';
	const dropped = points.length - (closed ? 1 : 0) - ring.length;
	ring.push(ring[0]!);
	return { ring, closed, dropped };
}

/** Less than a tenth of a square metre, roughly: 1e-11 square degrees. */
export const hasNoArea = (ring: Position[]): boolean => Math.abs(shoelace(ring)) < 1e-11;

const equal = (a: Position, b: Position): boolean => a[0] === b[0] && a[1] === b[1];

/** The ring turned the given way round. */
export function wind(ring: Position[], counterClockwise: boolean): Position[] {
	return shoelace(ring) > 0 === counterClockwise ? ring : [...ring].reverse();
}

/** Whether a point lies in a closed ring; a point on the edge may be either. */
export function contains(ring: readonly Position[], [x, y]: Position): boolean {
	let inside = false;
	for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
		const [xi, yi] = ring[i]!;
		const [xj, yj] = ring[j]!;
		if (yi! > y! !== yj! > y! && x! < ((xj! - xi!) * (y! - yi!)) / (yj! - yi!) + xi!)
			inside = !inside;
	}
	return inside;
}

/**
 * A closed ring that touches itself in a corner, taken apart there into closed rings that do not. Shapefiles
 * are allowed to write a hole that touches the outline in one go; PostGIS and RFC 7946 are not.
 */
export function splitLoops(ring: Position[]): Position[][] {
	const seen = new Map<string, number>();
	const path: Position[] = [];
	const out: Position[][] = [];
	for (const p of ring.slice(0, -1)) {
		const key = `${p[0]},${p[1]}`;
		const before = seen.get(key);
		if (before !== undefined) {
			const loop = path.splice(before);
			for (const q of loop) seen.delete(`${q[0]},${q[1]}`);
			if (loop.length > 2) out.push([...loop, loop[0]!]);
		}
		seen.set(key, path.length);
		path.push(p);
	}
	if (path.length > 2) out.push([...path, path[0]!]);
	return out.length ? out : [ring];
}

/**
 * Rings in any order and any winding to polygons, by what lies in what (domain.md E.3 rule 4): the outermost
 * is a part, one inside it a hole, one inside the hole a part again.
 */
export function assemble(rings: Position[][]): Position[][][] {
	if (rings.length === 1) return [rings];
	const boxes = rings.map(boxOf);
	const size = rings.map((r) => Math.abs(shoelace(r)));
	const order = rings.map((_, i) => i).sort((i, j) => size[j]! - size[i]!);
	const depth = new Map<number, number>();
	const parts = new Map<number, Position[][]>();
	for (const [rank, i] of order.entries()) {
		const p = rings[i]![0]!;
		const q = rings[i]![1] ?? p;
		// The nearest ring around it is the smallest of the larger ones that hold it.
		let parent = -1;
		for (let k = rank - 1; k >= 0 && parent < 0; k--) {
			const j = order[k]!;
			const [w, s, e, n] = boxes[j]!;
			if (p[0]! < w || p[0]! > e || p[1]! < s || p[1]! > n) continue;
			// The middle of an edge: corners may be shared.
			const middle = [(p[0]! + q[0]!) / 2, (p[1]! + q[1]!) / 2];
			if (contains(rings[j]!, middle)) parent = j;
		}
		const own = parent < 0 ? 0 : depth.get(parent)! + 1;
		depth.set(i, own);
		if (own % 2 === 0) parts.set(i, [rings[i]!]);
		else parts.get(parent)!.push(rings[i]!);
	}
	return [...parts.values()];
}

function boxOf(ring: Position[]): [number, number, number, number] {
	const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
	for (const [x, y] of ring) {
		box[0] = Math.min(box[0], x!);
		box[1] = Math.min(box[1], y!);
		box[2] = Math.max(box[2], x!);
		box[3] = Math.max(box[3], y!);
	}
	return box;
}
