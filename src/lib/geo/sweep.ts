import type { Position } from 'geojson';

/** Directions to sweep along; the one on which the segments overlap least is taken. */
const directions = [
	[1, 0],
	[0, 1],
	[1, 1],
	[1, -1]
] as const;

/**
 * A point where the closed rings of one polygon cross, or where one touches itself; null when there is none.
 * A sweep with two boxes a segment: fast for boundaries, bounded by the ring limit for anything. PostGIS
 * asks again.
 */
export function crossing(rings: readonly Position[][]): Position | null {
	const total = rings.reduce((sum, r) => sum + r.length - 1, 0);
	const seg = new Float64Array(total * 4);
	const owner = new Int32Array(total);
	const at = new Int32Array(total);
	let k = 0;
	rings.forEach((ring, r) => {
		for (let i = 0; i + 1 < ring.length; i++, k++) {
			seg.set([ring[i]![0]!, ring[i]![1]!, ring[i + 1]![0]!, ring[i + 1]![1]!], k * 4);
			owner[k] = r;
			at[k] = i;
		}
	});
	const [dx, dy] = bestOf(seg);
	const [lo, hi] = extent(seg, dx, dy);
	const [low, top] = extent(seg, -dy, dx);
	const order = Uint32Array.from({ length: total }, (_, i) => i).sort((i, j) => lo[i]! - lo[j]!);
	const active = new Uint32Array(total);
	let count = 0;
	for (const i of order) {
		let kept = 0;
		for (let a = 0; a < count; a++) {
			const j = active[a]!;
			if (hi[j]! < lo[i]!) continue;
			active[kept++] = j;
			if (top[j]! < low[i]! || low[j]! > top[i]!) continue;
			const own = owner[i] === owner[j];
			const apart = Math.abs(at[i]! - at[j]!);
			if (own && (apart === 1 || apart === rings[owner[i]!]!.length - 2)) continue;
			const point = meet(seg, i * 4, j * 4, own);
			if (point) return point;
		}
		active[kept] = i;
		count = kept + 1;
	}
	return null;
}

function bestOf(seg: Float64Array): readonly [number, number] {
	let best: readonly [number, number] = directions[0];
	let least = Infinity;
	for (const [dx, dy] of directions) {
		let sum = 0;
		for (let i = 0; i < seg.length; i += 4)
			sum += Math.abs((seg[i + 2]! - seg[i]!) * dx + (seg[i + 3]! - seg[i + 1]!) * dy);
		sum /= Math.hypot(dx, dy);
		if (sum < least) [least, best] = [sum, [dx, dy]];
	}
	return best;
}

function extent(seg: Float64Array, dx: number, dy: number): [Float64Array, Float64Array] {
	const lo = new Float64Array(seg.length / 4);
	const hi = new Float64Array(seg.length / 4);
	for (let i = 0; i < lo.length; i++) {
		const p = seg[i * 4]! * dx + seg[i * 4 + 1]! * dy;
		const q = seg[i * 4 + 2]! * dx + seg[i * 4 + 3]! * dy;
		lo[i] = Math.min(p, q);
		hi[i] = Math.max(p, q);
	}
	return [lo, hi];
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
