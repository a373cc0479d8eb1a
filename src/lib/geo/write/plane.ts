import type { MultiPolygon, Polygon, Position } from 'geojson';
import { shoelace } from '../area';
import { epsgOfZone, zoneOfEpsg } from '../crs';
import { toPlane, zoneOf, type Meridian } from '../gauss';
import { wind } from '../rings';

/** A parcel on its way out; lon/lat. */
export type OutParcel = {
	name: string;
	code?: string;
	use?: string;
	landClass?: string;
	sheet?: string;
	/** Names its DXF layer; 地块 without. */
	kind?: string;
	geometry: Polygon | MultiPolygon;
};
/** `zone` is 25–45 (3°) or 13–23 (6°); without one it is that of the parcels' middle. */
export type PlaneSettings = { zone?: number; prefix?: boolean };
export type Plane = {
	epsg: string;
	zone: number;
	degrees: 3 | 6;
	prefix: boolean;
	meridian: Meridian;
};

/** The 3° zone in whose middle the parcels lie best. Throws when there is none to choose from. */
export function zoneFor(parcels: readonly OutParcel[]): number {
	let [w, e] = [Infinity, -Infinity];
	for (const p of parcels)
		for (const ring of partsOf(p).flat())
			for (const [lon] of ring) {
				w = Math.min(w, lon!);
				e = Math.max(e, lon!);
			}
	const zone = zoneOf((w + e) / 2);
	if (!epsgOfZone(zone, true)) throw new RangeError('no CGCS2000 zone for these parcels');
	return zone;
}

export function planeFor(parcels: readonly OutParcel[], settings: PlaneSettings = {}): Plane {
	const zone = settings.zone ?? zoneFor(parcels);
	const prefix = settings.prefix ?? true;
	const epsg = epsgOfZone(zone, prefix);
	if (!epsg) throw new RangeError(`no CGCS2000 zone ${zone}`);
	const meridian = zoneOfEpsg(Number(epsg.slice(5)))!;
	return { epsg, zone, degrees: zone <= 23 ? 6 : 3, prefix, meridian };
}

export const partsOf = (p: OutParcel): Position[][][] =>
	p.geometry.type === 'Polygon' ? [p.geometry.coordinates] : p.geometry.coordinates;

/**
 * The parts of a parcel on a plane, rounded, closed; outer rings clockwise from their north-west corner, as
 * boundary points are numbered, holes the other way.
 */
export function drawnParts(p: OutParcel, plane: Plane, decimals = 3): [number, number][][][] {
	const factor = 10 ** decimals;
	const round = (v: number) => Math.round(v * factor) / factor;
	return partsOf(p).map((part) =>
		part.map((ring, i) => {
			const flat = ring.map((q) => toPlane(q, plane.meridian).map(round) as [number, number]);
			return fromNorthWest(wind(flat, i > 0) as [number, number][]);
		})
	);
}

function fromNorthWest(ring: [number, number][]): [number, number][] {
	const open = ring.slice(0, -1);
	let first = 0;
	open.forEach(([x, y], i) => {
		if (y - x > open[first]![1] - open[first]![0]) first = i;
	});
	const turned = [...open.slice(first), ...open.slice(0, first)];
	return [...turned, turned[0]!];
}

/** Area in m² of drawn parts, holes taken out. */
export const drawnArea = (parts: [number, number][][][]): number =>
	parts.reduce(
		(all, rings) => all + rings.reduce((a, r, i) => a + (i ? -1 : 1) * Math.abs(shoelace(r)), 0),
		0
	);

/** ESRI's name and text of the coordinate system, as ArcGIS and Chinese offices have it. */
export function wktOf(plane: Plane): string {
	const { lon, east } = plane.meridian;
	const name = `CGCS2000_${plane.degrees === 3 ? '3_Degree_' : ''}GK_${plane.prefix ? `Zone_${plane.zone}` : `CM_${lon}E`}`;
	return `PROJCS["${name}",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",${east}.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",${lon}.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]`;
}
