import type { Geometry, Position } from 'geojson';
import { sightOf, type Bounds, type Sight, type Size } from '$lib/features/field/tapmap';

export const positionsOf = (g: Geometry): Position[] => {
	switch (g.type) {
		case 'Point':
			return [g.coordinates];
		case 'LineString':
		case 'MultiPoint':
			return g.coordinates;
		case 'Polygon':
		case 'MultiLineString':
			return g.coordinates.flat();
		case 'MultiPolygon':
			return g.coordinates.flat(2);
		case 'GeometryCollection':
			return g.geometries.flatMap(positionsOf);
	}
};

/** The whole of these with room around, at least 400 m across; null where there is nothing to look at. */
export function fitTo(geometries: readonly Geometry[], size: Size, least: number): Sight | null {
	const all = geometries.flatMap(positionsOf);
	if (all.length === 0) return null;
	const lons = all.map((p) => p[0]!);
	const lats = all.map((p) => p[1]!);
	const wide = (low: number, high: number, add: number): [number, number] => {
		// Signs stand on the outermost, so they need some room of their own.
		const more = Math.max(add / 2, (high - low) * 0.06, (0.0036 - (high - low)) / 2);
		return [low - more, high + more];
	};
	const [w, e] = wide(Math.min(...lons), Math.max(...lons), 0.0008);
	const [s, n] = wide(Math.min(...lats), Math.max(...lats), 0.0008);
	const bounds: Bounds = [w, s, e, n];
	return sightOf(bounds, size, least);
}

export const pathOf = (sight: Sight, line: readonly Position[], close = false): string =>
	line
		.map((p, i) => {
			const [x, y] = sight.to(p as [number, number]);
			return `${i ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`;
		})
		.join('') + (close ? 'Z' : '');

/** A round length of at most a fifth of the width, m. */
export const ruler = (sight: Sight, width: number): number =>
	[10_000, 5000, 2000, 1000, 500, 200, 100, 50, 20].find((n) => n * sight.scale < width / 5) ?? 10;

/** All rings of an area, or a line, as one path; points are small discs. */
export function areaPath(sight: Sight, g: Geometry): string {
	switch (g.type) {
		case 'Polygon':
			return g.coordinates.map((ring) => pathOf(sight, ring, true)).join('');
		case 'MultiPolygon':
			return g.coordinates
				.flat()
				.map((ring) => pathOf(sight, ring, true))
				.join('');
		case 'LineString':
			return pathOf(sight, g.coordinates);
		case 'MultiLineString':
			return g.coordinates.map((line) => pathOf(sight, line)).join('');
		case 'Point':
		case 'MultiPoint':
			return positionsOf(g)
				.map((p) => {
					const [x, y] = sight.to(p as [number, number]);
					return `M${x - 5} ${y}a5 5 0 1 0 10 0a5 5 0 1 0 -10 0Z`;
				})
				.join('');
		case 'GeometryCollection':
			return g.geometries.map((one) => areaPath(sight, one)).join('');
	}
}
