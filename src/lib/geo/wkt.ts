import type { Crs, NoCrs } from './crs';
import { crsOf, zoneOfEpsg } from './crs';
import { fromPlane } from './gauss';

/**
 * A .prj file to a coordinate system. Gauss–Krüger and UTM on CGCS2000 or WGS84 are read here; anything
 * else goes to proj4, which is loaded only then.
 */
export async function crsOfWkt(wkt: string): Promise<Crs | NoCrs> {
	const text = wkt.trim().slice(0, 8000);
	const name = /^\s*\w+\s*\[\s*"([^"]*)"/.exec(text)?.[1] ?? '';
	if (/xi.?an|西安|beijing|北京|krass?ow?sk|IAG_?(19)?75/i.test(text))
		return { id: name.slice(0, 60) || 'prj', refused: 'old_datum' };
	const projected = /PROJ(CS|CRS)\s*\[/i.test(text);
	const ours = /cgcs_?2000|china_(geodetic_coordinate_system_)?2000|wgs_?(19)?84/i.test(text);
	if (!projected && /GEOG(CS|CRS)\s*\[/i.test(text) && ours)
		return crsOf(/wgs_?(19)?84/i.test(text) ? '4326' : '4490');
	if (projected && ours && /gauss_kruger|transverse_mercator|TM/i.test(text)) {
		const m = {
			lon: parameter(text, 'central_meridian|longitude_of_(natural_)?origin'),
			east: parameter(text, 'false_easting'),
			north: parameter(text, 'false_northing', 0),
			scale: parameter(text, 'scale_factor(_at_natural_origin)?', 1)
		};
		const origin = parameter(text, 'latitude_of_(natural_)?origin', 0);
		const metres = /UNIT\s*\[\s*"met(re|er)/i.test(text);
		if (Number.isFinite(m.lon) && Number.isFinite(m.east) && origin === 0 && metres)
			return {
				id: epsgOf(m) ?? (name.slice(0, 60) || 'prj'),
				geographic: false,
				toLonLat: (xy) => fromPlane(xy, m)
			};
	}
	return byProj4(text, name);
}

function parameter(text: string, name: string, otherwise = NaN): number {
	const found = new RegExp(`PARAMETER\\s*\\[\\s*"(?:${name})"\\s*,\\s*(-?[\\d.eE+]+)`, 'i').exec(
		text
	);
	return found ? Number(found.at(-1)) : otherwise;
}

function epsgOf(m: { lon: number; east: number; north: number; scale: number }): string | null {
	if (m.scale !== 1 || m.north !== 0) return null;
	// Three degrees before six: the longitude alone cannot tell them apart, the numbers are the same.
	for (let epsg = 4513; epsg <= 4554; epsg++) {
		const zone = zoneOfEpsg(epsg)!;
		if (zone.lon === m.lon && zone.east === m.east) return `EPSG:${epsg}`;
	}
	for (let epsg = 4491; epsg <= 4512; epsg++) {
		const zone = zoneOfEpsg(epsg)!;
		if (zone.lon === m.lon && zone.east === m.east) return `EPSG:${epsg}`;
	}
	return null;
}

async function byProj4(text: string, name: string): Promise<Crs | NoCrs> {
	const id = name.slice(0, 60) || 'prj';
	try {
		const { default: proj4 } = await import('proj4');
		const convert = proj4(text);
		const geographic = /^\s*GEOG/i.test(text);
		const crs: Crs = {
			id,
			geographic,
			toLonLat: (xy) => convert.inverse([xy[0]!, xy[1]!]) as [number, number]
		};
		return crs;
	} catch {
		return { id, refused: 'not_known' };
	}
}
