import type { Position } from 'geojson';
import { shoelace } from './area';

export type RingFault = 'ring_too_short' | 'ring_no_area';
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
	// A tenth of a square metre, roughly: 1e-11 square degrees.
	if (Math.abs(shoelace(ring)) < 1e-11) return 'ring_no_area';
	return { ring, closed, dropped };
}

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
 * A point where the closed rings of one polygon cross, or where one touches itself; null when there is none.
 * Sweeps along the axis on which the segments overlap less. PostGIS asks again.
 */
export function crossing(rings: readonly Position[][]): Position | null {
	const total = rings.reduce((sum, r) => sum + r.length - 1, 0);
	const seg = new Float64Array(total * 4);
	const owner = new Int32Array(total);
	const at = new Int32Array(total);
	let k = 0;
	let wide = 0;
	let high = 0;
	rings.forEach((ring, r) => {
		for (let i = 0; i + 1 < ring.length; i++, k++) {
			const [x1, y1] = ring[i]!;
			const [x2, y2] = ring[i + 1]!;
			seg.set([x1!, y1!, x2!, y2!], k * 4);
			owner[k] = r;
			at[k] = i;
			wide += Math.abs(x2! - x1!);
			high += Math.abs(y2! - y1!);
		}
	});
	const u = wide > high ? 1 : 0;
	const lo = (i: number, d: number) => Math.min(seg[i * 4 + d]!, seg[i * 4 + 2 + d]!);
	const hi = (i: number, d: number) => Math.max(seg[i * 4 + d]!, seg[i * 4 + 2 + d]!);
	const order = Array.from({ length: total }, (_, i) => i).sort((i, j) => lo(i, u) - lo(j, u));
	let active: number[] = [];
	for (const i of order) {
		const from = lo(i, u);
		const [low, top] = [lo(i, 1 - u), hi(i, 1 - u)];
		let kept = 0;
		for (const j of active) {
			if (hi(j, u) < from) continue;
			active[kept++] = j;
			if (hi(j, 1 - u) < low || lo(j, 1 - u) > top) continue;
			const own = owner[i] === owner[j];
			const last = rings[owner[i]!]!.length - 2;
			const apart = Math.abs(at[i]! - at[j]!);
			const neighbours = own && (apart === 1 || apart === last);
			const point = neighbours ? null : meet(seg, i * 4, j * 4, own);
			if (point) return point;
		}
		active.length = kept;
		active.push(i);
	}
	active = [];
	return null;
}

/** Where two segments meet; with `touch` an end on the other one counts too. */
function meet(s: Float64Array, i: number, j: number, touch: boolean): Position | null {
	const [ax, ay, bx, by] = [s[i]!, s[i + 1]!, s[i + 2]!, s[i + 3]!];
	const [cx, cy, dx, dy] = [s[j]!, s[j + 1]!, s[j + 2]!, s[j + 3]!];
	const side = (px: number, py: number, qx: number, qy: number, rx: number, ry: number) =>
		Math.sign((qx - px) * (ry - py) - (qy - py) * (rx - px));
	const c = side(ax, ay, bx, by, cx, cy);
	const d = side(ax, ay, bx, by, dx, dy);
	const a = side(cx, cy, dx, dy, ax, ay);
	const b = side(cx, cy, dx, dy, bx, by);
	if (c * d < 0 && a * b < 0) {
		const t =
			((cx - ax) * (dy - cy) - (cy - ay) * (dx - cx)) /
			((bx - ax) * (dy - cy) - (by - ay) * (dx - cx));
		return [ax + t * (bx - ax), ay + t * (by - ay)];
	}
	if (!touch) return null;
	const between = (p: number, q: number, r: number) => Math.min(p, q) <= r && r <= Math.max(p, q);
	if (c === 0 && between(ax, bx, cx) && between(ay, by, cy)) return [cx, cy];
	if (d === 0 && between(ax, bx, dx) && between(ay, by, dy)) return [dx, dy];
	if (a === 0 && between(cx, dx, ax) && between(cy, dy, ay)) return [ax, ay];
	if (b === 0 && between(cx, dx, bx) && between(cy, dy, by)) return [bx, by];
	return null;
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
