import { fromVectorTileJs } from '@maplibre/vt-pbf';
import type { Geometry, Position } from 'geojson';
import type { FeedFeature } from '$lib/domain/feed';
import { extent } from '../tile';

type Point = { x: number; y: number };
type Drawn = { type: 1 | 2 | 3; lines: Point[][] };

/** How far beyond its edge a tile draws, in units of 1/4096 of it. */
export const beyond = 64;

const latOf = (y: number, z: number) =>
	(Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / 2 ** z))) * 180) / Math.PI;
const lonOf = (x: number, z: number) => (x / 2 ** z) * 360 - 180;

/** West, south, east, north of a tile of Web Mercator with what it draws beyond its edge. */
export function tileBox(z: number, x: number, y: number): [number, number, number, number] {
	const more = beyond / extent;
	return [
		Math.max(lonOf(x - more, z), -180),
		latOf(y + 1 + more, z),
		Math.min(lonOf(x + 1 + more, z), 180),
		latOf(y - more, z)
	];
}

/** Twice the area of a ring, positive where it turns as an outer ring of a tile does (y downward). */
const area2 = (ring: Point[]) =>
	ring.reduce((sum, p, i) => {
		const q = ring[(i + 1) % ring.length]!;
		return sum + (p.x * q.y - q.x * p.y);
	}, 0);

/** Geometry of one dimension in the tile's own units; what vanishes at this zoom is left out. */
function drawn(geometry: Geometry, at: (p: Position) => Point): Drawn[] {
	const thin = (points: Position[]) =>
		points.map(at).filter((p, i, all) => !i || p.x !== all[i - 1]!.x || p.y !== all[i - 1]!.y);
	const polygon = (rings: Position[][]): Point[][] => {
		const [outer, ...holes] = rings.map(thin);
		if (!outer || outer.length < 4 || area2(outer) === 0) return [];
		return [outer, ...holes.filter((h) => h.length > 3 && area2(h) !== 0)].map((ring, i) =>
			area2(ring) > 0 === (i === 0) ? ring : [...ring].reverse()
		);
	};
	const some = (type: Drawn['type'], lines: Point[][]): Drawn[] =>
		lines.length ? [{ type, lines }] : [];
	switch (geometry.type) {
		case 'Point':
			return [{ type: 1, lines: [[at(geometry.coordinates)]] }];
		case 'MultiPoint':
			return some(
				1,
				geometry.coordinates.map((p) => [at(p)])
			);
		case 'LineString':
			return some(
				2,
				[thin(geometry.coordinates)].filter((l) => l.length > 1)
			);
		case 'MultiLineString':
			return some(
				2,
				geometry.coordinates.map(thin).filter((l) => l.length > 1)
			);
		case 'Polygon':
			return some(3, polygon(geometry.coordinates));
		case 'MultiPolygon':
			return some(3, geometry.coordinates.flatMap(polygon));
		case 'GeometryCollection':
			return geometry.geometries.flatMap((g) => drawn(g, at));
	}
}

/** Shapes in degrees as a Mapbox Vector Tile with one layer; each tells its id as the property `id`. */
export function encodeShapes(
	[z, x, y]: readonly [number, number, number],
	name: string,
	features: FeedFeature[]
): Uint8Array {
	const at = ([lon = 0, lat = 0]: Position): Point => {
		const sin = Math.sin((lat * Math.PI) / 180);
		return {
			x: Math.round(((lon / 360 + 0.5) * 2 ** z - x) * extent),
			y: Math.round(((0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * 2 ** z - y) * extent)
		};
	};
	const shapes = features.flatMap((f) => {
		const told = Object.entries({ id: f.id, ...f.properties }).filter(([, v]) => v !== null);
		return (f.geometry ? drawn(f.geometry, at) : []).map((d) => ({
			...d,
			properties: Object.fromEntries(told)
		}));
	});
	return fromVectorTileJs({
		layers: {
			[name]: {
				version: 2,
				name,
				extent,
				length: shapes.length,
				feature: (i: number) => {
					const { type, lines, properties } = shapes[i]!;
					return { type, extent, properties, loadGeometry: () => lines };
				}
			}
		}
	} as never);
}
