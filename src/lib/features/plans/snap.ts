import type { MultiPolygon, Polygon, Position } from 'geojson';
import type { Sight } from '$lib/features/field/tapmap';

type XY = [number, number];
/** Rings that a corner may snap to. */
export const ringsOf = (shapes: readonly (Polygon | MultiPolygon | null)[]): Position[][] =>
	shapes.flatMap((s) => (!s ? [] : s.type === 'Polygon' ? s.coordinates : s.coordinates.flat()));

/**
 * The nearest corner within `reach` px, else the nearest place on an edge, else where the finger is: neighbours then
 * share their boundary exactly instead of leaving slivers.
 */
export function snapTo(at: XY, rings: readonly Position[][], sight: Sight, reach = 12): XY {
	const [x, y] = sight.to(at);
	let best: { at: XY; far: number } | null = null;
	let edge: { at: XY; far: number } | null = null;
	for (const ring of rings)
		for (let i = 0; i < ring.length; i++) {
			const p = ring[i] as XY;
			const [px, py] = sight.to(p);
			const far = Math.hypot(px - x, py - y);
			if (far <= reach && (!best || far < best.far)) best = { at: p, far };
			const q = ring[i + 1] as XY | undefined;
			if (!q) continue;
			const [qx, qy] = sight.to(q);
			const long = (qx - px) ** 2 + (qy - py) ** 2;
			const k = long
				? Math.min(1, Math.max(0, ((x - px) * (qx - px) + (y - py) * (qy - py)) / long))
				: 0;
			const off = Math.hypot(px + k * (qx - px) - x, py + k * (qy - py) - y);
			if (off <= reach && (!edge || off < edge.far))
				edge = { at: [p[0] + k * (q[0] - p[0]), p[1] + k * (q[1] - p[1])], far: off };
		}
	return best?.at ?? edge?.at ?? at;
}
