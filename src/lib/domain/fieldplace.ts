import type { MultiPolygon, Polygon, Position } from 'geojson';
import type { FieldDay, FieldTask, FieldVillage } from './field';

type LonLat = readonly [number, number];

/** Metres between two points of lon/lat on a sphere of 6,371,008.8 m: good to 0.5 %. */
export function metres(a: LonLat, b: LonLat): number {
	const rad = Math.PI / 180;
	const h =
		Math.sin(((b[1] - a[1]) * rad) / 2) ** 2 +
		Math.cos(a[1] * rad) * Math.cos(b[1] * rad) * Math.sin(((b[0] - a[0]) * rad) / 2) ** 2;
	return 2 * 6_371_008.8 * Math.asin(Math.sqrt(Math.min(1, h)));
}

/** Whether a point lies in a shape, by the even-odd rule over all rings (holes are rings too). */
export function inside(shape: Polygon | MultiPolygon, [x, y]: LonLat): boolean {
	const rings = shape.type === 'Polygon' ? shape.coordinates : shape.coordinates.flat();
	let odd = false;
	for (const ring of rings)
		for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
			const [xi, yi] = ring[i] as Position as [number, number];
			const [xj, yj] = ring[j] as Position as [number, number];
			if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) odd = !odd;
		}
	return odd;
}

/** The village a point lies in; the shapes on the phone are simplified, the server decides in the end. */
export const villageAt = (villages: readonly FieldVillage[], at: LonLat): FieldVillage | null =>
	villages.find((v) => v.shape && inside(v.shape, at)) ?? null;

export type Near = { task: FieldTask; metres: number; again: boolean };

/** The same kind of problem within `reach` metres: open ones, and settled ones that may have come back. */
export function sameNear(day: FieldDay, category: string, at: LonLat, reach = 50): Near[] {
	const look = (tasks: FieldTask[], again: boolean) =>
		tasks.flatMap((task) => {
			if (task.category !== category || !task.at || task.state === 'dropped') return [];
			const far = metres(at, task.at);
			return far <= reach ? [{ task, metres: far, again }] : [];
		});
	return [...look(day.tasks.filter(open), false), ...look(settled(day), true)].sort(
		(a, b) => Number(a.again) - Number(b.again) || a.metres - b.metres
	);
}

const open = (t: FieldTask) => t.state !== 'proven' && t.state !== 'dropped';
const settled = (day: FieldDay) => {
	const seen = new Set<string>();
	return [...day.tasks, ...day.recent].filter((t) => {
		if (t.state !== 'proven' || seen.has(t.id)) return false;
		seen.add(t.id);
		return true;
	});
};
