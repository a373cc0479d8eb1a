import { fromVectorTileJs } from '@maplibre/vt-pbf';
import type { State } from '$lib/domain/fact';

/** [id, x, y, category, state, blocked, due, village, campaign, stage]; x and y in 2^24 cells of the world. */
export type Mark = [
	string,
	number,
	number,
	string,
	State,
	boolean,
	string | null,
	string | null,
	string,
	string
];

export const extent = 4096;
export const tasksLayer = 'tasks';

/** Properties of a task in a tile: what the map's look and filters read. */
export function properties(
	[id, , , category, state, blocked, due, village, campaign, stage]: Mark,
	today: string
) {
	const overdue = state === 'said' && due !== null && due < today;
	return {
		id,
		kind: 'task',
		category,
		state,
		stage,
		blocked,
		overdue,
		bad: blocked || overdue,
		due: due ?? '',
		village: village ?? '',
		campaign,
		icon: `thing|task|${state}|${blocked ? 'blocked' : overdue ? 'overdue' : ''}`
	};
}

/** A Mapbox Vector Tile of points, straight from the rows. */
export function encodeTile(
	z: number,
	x: number,
	y: number,
	marks: Mark[],
	today: string
): Uint8Array {
	const across = 2 ** (24 - z);
	const within = (n: number, tile: number) => Math.floor(((n - tile * across) * extent) / across);
	return fromVectorTileJs({
		layers: {
			[tasksLayer]: {
				version: 2,
				name: tasksLayer,
				extent,
				length: marks.length,
				feature: (i: number) => {
					const mark = marks[i]!;
					return {
						type: 1,
						extent,
						properties: properties(mark, today),
						loadGeometry: () => [[{ x: within(mark[1], x), y: within(mark[2], y) }]]
					};
				}
			}
		}
	} as never);
}
