import type { MultiPolygon, Polygon, Position } from 'geojson';
import { toPlane, zoneOf, type Meridian } from './gauss';

/** 15 mu are a hectare: 1 mu = 666.67 m². */
export const squareMetresPerMu = 10_000 / 15;

/** Area of a ring in m² on the plane of its own 3° Gauss–Krüger zone; never negative. */
export function ringArea(ring: readonly Position[]): number {
	if (ring.length < 4) return 0;
	const lons = ring.map((p) => p[0]!);
	const middle =
		(lons.reduce((a, b) => Math.min(a, b)) + lons.reduce((a, b) => Math.max(a, b))) / 2;
	const zone = { lon: zoneOf(middle) * 3, east: 0 };
	return Math.abs(shoelace(ring.map((p) => toPlane(p, zone))));
}

/** Area in m², holes taken out. */
export function areaOf(shape: Polygon | MultiPolygon): number {
	return sum(shape, ringArea);
}

/** Area in m² on one given plane, holes taken out: what a bureau prints for a parcel in its zone. */
export function planeArea(shape: Polygon | MultiPolygon, zone: Meridian): number {
	return sum(shape, (ring) => Math.abs(shoelace(ring.map((p) => toPlane(p, zone)))));
}

/**
 * Area in m² on the ellipsoid, by an equal-area projection: differs from the plane of the zone by up to
 * 0.05 % at its edge. For checking, not for stating.
 */
export function geodesicArea(shape: Polygon | MultiPolygon): number {
	return sum(shape, (ring) => Math.abs(shoelace(ring.map(equalArea))));
}

function sum(shape: Polygon | MultiPolygon, area: (ring: Position[]) => number): number {
	const parts = shape.type === 'Polygon' ? [shape.coordinates] : shape.coordinates;
	return parts.reduce(
		(all, [outer, ...holes]) =>
			all + (outer ? area(outer) : 0) - holes.reduce((h, ring) => h + area(ring), 0),
		0
	);
}

/** Signed area; positive counter-clockwise. Relative to the first point, which keeps the digits. */
export function shoelace(points: readonly (readonly number[])[]): number {
	const [ox, oy] = points[0] ?? [0, 0];
	let twice = 0;
	for (let i = 0; i < points.length; i++) {
		const p = points[i]!;
		const q = points[(i + 1) % points.length]!;
		twice += (p[0]! - ox!) * (q[1]! - oy!) - (q[0]! - ox!) * (p[1]! - oy!);
	}
	return twice / 2;
}

const a = 6378137;
const e2 = (1 / 298.257222101) * (2 - 1 / 298.257222101);
const e = Math.sqrt(e2);

/** Lambert's cylindrical equal-area projection of the ellipsoid. */
function equalArea([lon, lat]: Position): [number, number] {
	const s = Math.sin((lat! * Math.PI) / 180);
	const q = (1 - e2) * (s / (1 - e2 * s * s) + Math.atanh(e * s) / e);
	return [(a * lon! * Math.PI) / 180, (a * q) / 2];
}

/** '43.2 亩', '1,234 亩': a decimal below a thousand, none above. Give the unit in the page's language. */
export function formatMu(squareMetres: number, unit = '亩', locale = 'zh-CN'): string {
	return `${rounded(squareMetres / squareMetresPerMu, locale)} ${unit}`;
}

export function formatHectares(squareMetres: number, unit = '公顷', locale = 'zh-CN'): string {
	return `${rounded(squareMetres / 10_000, locale)} ${unit}`;
}

function rounded(value: number, locale: string): string {
	const digits = value >= 1000 ? 0 : value >= 1 ? 1 : 2;
	return value.toLocaleString(locale, {
		minimumFractionDigits: digits,
		maximumFractionDigits: digits
	});
}
