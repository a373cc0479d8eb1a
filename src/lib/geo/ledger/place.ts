import type { Meaning, Value } from '../draft';
import { infer, type Inferred } from '../crs';
import type { Problems } from '../problems';
import type { RawLayer } from '../raw';
import { readDegrees, readPair } from './numbers';

/**
 * Gives the rows of a table their raw points from the columns for longitude and latitude, or X and Y; which
 * is which is told by size. Says what it could not read. True when there are such columns.
 */
export function placeRows(
	layer: RawLayer,
	columnOf: (meaning: Meaning) => string | null,
	problems: Problems,
	file: string,
	id: string
): boolean {
	const lon = columnOf('lon');
	const lat = columnOf('lat');
	const pair = columnOf('lonlat');
	if (!(lon && lat) && !pair) return false;
	let without = 0;
	for (const row of layer.rows) {
		const [x, y] = lon && lat ? [row.values[lon] ?? null, row.values[lat] ?? null] : [null, null];
		const both: [Value, Value] | null =
			x !== null || y !== null
				? [x, y]
				: pair && row.values[pair] != null
					? split(row.values[pair])
					: null;
		if (!both) {
			without++;
			continue;
		}
		const [a, b] = both.map(readDegrees);
		if (a == null || b == null) {
			const column = a == null && lon ? lon : (lat ?? pair);
			problems.add('warning', 'coordinate_not_read', file, {
				layer: id,
				line: row.n,
				column,
				value: String((column && row.values[column]) ?? '')
			});
			continue;
		}
		// Zero stands where nobody wrote anything.
		if (a === 0 && b === 0) {
			without++;
			continue;
		}
		row.geometry = {
			type: 'Point',
			coordinates: straight([a, b], () =>
				problems.add('warning', 'coordinate_swapped', file, { layer: id, line: row.n })
			)
		};
	}
	if (without) problems.add('note', 'rows_without_place', file, { layer: id, count: without });
	return true;
}

function split(value: Value): [Value, Value] {
	return readPair(value) ?? [value, null];
}

/** Longitude before latitude, easting before northing, where the numbers leave no doubt. */
function straight([a, b]: [number, number], swapped: () => void): [number, number] {
	const lonLat = a >= 3 && a <= 54 && b >= 73 && b <= 136;
	const guess: Inferred | null = lonLat ? null : infer([a, b, a, b]);
	if (!lonLat && !guess?.swapped) return [a, b];
	// In surveying X is the northing, so planes are turned without a word.
	if (lonLat) swapped();
	return [b, a];
}
