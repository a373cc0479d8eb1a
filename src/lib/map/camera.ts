import type { MultiPolygon, Position } from 'geojson';
import type { WallMap } from '$lib/domain/wallmap';

/** The same Web Mercator as MapLibre: the world is 512 · 2^zoom px wide. North is always up. */
export type Camera = { center: [number, number]; zoom: number };
export type Padding = { top: number; right: number; bottom: number; left: number };
export type Box = { width: number; height: number; padding: Padding };
/** West, south, east, north in degrees. */
export type Bounds = [number, number, number, number];

export const evenly = (px: number): Padding => ({ top: px, right: px, bottom: px, left: px });
const world = (zoom: number) => 512 * 2 ** zoom;
const east = (lng: number) => (lng + 180) / 360;
const south = (lat: number) => {
	const sin = Math.sin((Math.max(-85.05, Math.min(85.05, lat)) * Math.PI) / 180);
	return 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI);
};
const latitude = (y: number) => (Math.atan(Math.sinh((0.5 - y) * 2 * Math.PI)) * 180) / Math.PI;

/** Where the camera's centre lies in the box: the middle of what the padding leaves free. */
function middle({ width, height, padding }: Box): [number, number] {
	return [(padding.left + width - padding.right) / 2, (padding.top + height - padding.bottom) / 2];
}

export function project(
	[lng, lat]: readonly [number, number],
	camera: Camera,
	box: Box
): [number, number] {
	const size = world(camera.zoom);
	const [mx, my] = middle(box);
	return [
		(east(lng) - east(camera.center[0])) * size + mx,
		(south(lat) - south(camera.center[1])) * size + my
	];
}

export function unproject(
	[x, y]: readonly [number, number],
	camera: Camera,
	box: Box
): [number, number] {
	const size = world(camera.zoom);
	const [mx, my] = middle(box);
	return [
		((x - mx) / size + east(camera.center[0])) * 360 - 180,
		latitude((y - my) / size + south(camera.center[1]))
	];
}

/** The camera that shows all of the bounds inside the padding. */
export function fitCamera(
	[w, s, e, n]: Bounds,
	{ width, height, padding }: Box,
	maxZoom = 17
): Camera {
	const free = [
		Math.max(40, width - padding.left - padding.right),
		Math.max(40, height - padding.top - padding.bottom)
	] as const;
	const across = Math.max(east(e) - east(w), 1e-9);
	const down = Math.max(south(s) - south(n), 1e-9);
	const zoom = Math.min(Math.log2(Math.min(free[0] / across, free[1] / down) / 512), maxZoom);
	return { center: [(w + e) / 2, latitude((south(s) + south(n)) / 2)], zoom };
}

/** Zoom by `by` levels around a point of the box, as wheel and pinch do. */
export function zoomAround(
	camera: Camera,
	box: Box,
	at: readonly [number, number],
	by: number
): Camera {
	const zoom = Math.max(6, Math.min(18, camera.zoom + by));
	const fixed = unproject(at, camera, box);
	const moved = project(fixed, { ...camera, zoom }, box);
	return panned({ ...camera, zoom }, box, moved[0] - at[0], moved[1] - at[1]);
}

/** The camera after the eye moved by so many px, right and down. */
export function panned(camera: Camera, box: Box, dx: number, dy: number): Camera {
	const [mx, my] = middle(box);
	return { ...camera, center: unproject([mx + dx, my + dy], camera, box) };
}

export function boundsOf(points: Iterable<Position>): Bounds | null {
	let found: Bounds | null = null;
	for (const [x, y] of points) {
		if (x === undefined || y === undefined) continue;
		found = found
			? [Math.min(found[0], x), Math.min(found[1], y), Math.max(found[2], x), Math.max(found[3], y)]
			: [x, y, x, y];
	}
	return found;
}

export function* corners(shape: MultiPolygon | null): Iterable<Position> {
	for (const polygon of shape?.coordinates ?? []) for (const ring of polygon) yield* ring;
}

/** Everything worth seeing: villages and outline; where there are none, the things and hazards. */
export function boundsOfMap(map: WallMap): Bounds {
	function* all() {
		yield* corners(map.township.shape);
		for (const v of map.villages) {
			yield* corners(v.shape);
			if (v.label) yield v.label;
		}
	}
	function* loose() {
		for (const t of map.things) if (t.at) yield t.at;
		for (const h of map.hazards) yield h.at;
	}
	return boundsOf(all()) ?? boundsOf(loose()) ?? [73.5, 18, 135, 53.5];
}

/** Below this zoom a crowd of tasks is told by the villages' colours; above it each stands for itself. */
export function thingsFrom(map: WallMap, fit: Camera): number {
	const placed = map.things.filter((t) => t.kind === 'task' && t.at).length;
	return placed <= 60 ? 0 : Math.min(14, fit.zoom + 0.7);
}

/** A scale bar of a round length that is at most `widest` px long. */
export function scaleBar(camera: Camera, widest = 140): { metres: number; px: number } {
	const perPx =
		(Math.cos((camera.center[1] * Math.PI) / 180) * 2 * Math.PI * 6378137) / world(camera.zoom);
	const power = 10 ** Math.floor(Math.log10(perPx * widest));
	const metres = ([5, 2, 1].find((k) => k * power <= perPx * widest) ?? 1) * power;
	return { metres, px: metres / perPx };
}
