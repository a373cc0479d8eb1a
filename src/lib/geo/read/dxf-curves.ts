import type { Position } from 'geojson';
import { limits } from '../limits';
import { Refused } from '../problems';
import type { Entity } from './dxf-entities';

/** A corner, and how far the side after it is bent: the tangent of a quarter of its angle. */
export type Corner = { at: Position; bulge: number };

/** Corners per full circle when an arc is read as a polyline: areas are off by less than 0.03 %. */
const fullCircle = 180;

/** The corners of a light polyline. */
export function cornersOf(e: Entity): Corner[] {
	const corners: Corner[] = [];
	let x: number | null = null;
	for (const [code, value] of e.pairs) {
		if (code !== 10 && code !== 20 && code !== 42) continue;
		const n = Number(value);
		if (!Number.isFinite(n)) throw new Refused('dxf_broken', { line: e.line });
		if (code === 10) x = n;
		else if (code === 20 && x !== null) {
			corners.push({ at: [x, n], bulge: 0 });
			x = null;
		} else if (code === 42 && corners.length) corners.at(-1)!.bulge = n;
	}
	return corners;
}

/** The points of a polyline, its bent sides as chords. */
export function straightened(corners: readonly Corner[], closed: boolean): Position[] {
	const points: Position[] = [];
	corners.forEach((c, i) => {
		points.push(c.at);
		const next = corners[i + 1]?.at ?? (closed ? corners[0]!.at : null);
		if (c.bulge && next) points.push(...arc(c.at, next, c.bulge));
		if (points.length > limits.vertices)
			throw new Refused('too_many_vertices', { limit: limits.vertices });
	});
	return points;
}

/** Points between the ends of an arc; the bulge is the tangent of a quarter of its angle. */
function arc(a: Position, b: Position, bulge: number): Position[] {
	const angle = 4 * Math.atan(bulge);
	const [dx, dy] = [b[0]! - a[0]!, b[1]! - a[1]!];
	// The centre lies on the bisector, this far from the chord for each unit of it.
	const h = (1 - bulge * bulge) / (4 * bulge);
	const [cx, cy] = [(a[0]! + b[0]!) / 2 - h * dy, (a[1]! + b[1]!) / 2 + h * dx];
	const steps = Math.max(2, Math.ceil((Math.abs(angle) / (2 * Math.PI)) * fullCircle));
	return Array.from({ length: steps - 1 }, (_, i) => {
		const t = (angle * (i + 1)) / steps;
		const [x, y] = [a[0]! - cx, a[1]! - cy];
		return [cx + x * Math.cos(t) - y * Math.sin(t), cy + x * Math.sin(t) + y * Math.cos(t)];
	});
}
