import { fromPlane, type Meridian } from './gauss';
import { fromBd09, fromGcj02 } from './shift';

/**
 * Coordinate systems as Chinese offices use them (domain.md E.1). CGCS2000 and WGS84 are taken as equal,
 * which holds to a metre. `toLonLat` takes [x, y] = [east, north] or [lon, lat], whatever order EPSG names.
 */
export type Crs = {
	/** 'EPSG:4525', 'GCJ-02', 'BD-09' or the name in a .prj. */
	id: string;
	toLonLat: (xy: readonly number[]) => [number, number];
	geographic: boolean;
};

/** Why a system is not converted: old datums need local parameters that are not public. */
export type NoCrs = { id: string; refused: 'old_datum' | 'not_known' };

const same = (xy: readonly number[]): [number, number] => [xy[0]!, xy[1]!];
const plane = (id: string, m: Meridian): Crs => ({
	id,
	geographic: false,
	toLonLat: (xy) => fromPlane(xy, m)
});

export function crsOf(code: string): Crs | NoCrs {
	const c = code.trim().toLowerCase();
	if (/^gcj-?0?2$|^mars$|^高德$|^火星/.test(c))
		return { id: 'GCJ-02', geographic: true, toLonLat: fromGcj02 };
	if (/^bd-?0?9(ll)?$|^百度$/.test(c)) return { id: 'BD-09', geographic: true, toLonLat: fromBd09 };
	if (/^wgs-?84$|crs84$/.test(c)) return { id: 'EPSG:4326', geographic: true, toLonLat: same };
	if (/^cgcs-?2000$/.test(c)) return { id: 'EPSG:4490', geographic: true, toLonLat: same };
	if (/xian|西安|beijing|北京|^(19)?(80|54)[^\d]/.test(c))
		return { id: code.slice(0, 60), refused: 'old_datum' };
	const digits = /^(?:epsg:|(?:urn|http).*epsg.*[:/])?(\d{4,6})$/.exec(c)?.[1];
	if (!digits) return { id: code.slice(0, 60), refused: 'not_known' };
	return byEpsg(Number(digits));
}

function byEpsg(epsg: number): Crs | NoCrs {
	const id = `EPSG:${epsg}`;
	if (epsg === 4326 || epsg === 4490 || epsg === 4979 || epsg === 4480)
		return { id, geographic: true, toLonLat: same };
	if (epsg === 3857 || epsg === 900913 || epsg === 102100)
		return { id: 'EPSG:3857', geographic: false, toLonLat: fromWebMercator };
	const zone = zoneOfEpsg(epsg);
	if (zone) return plane(id, zone);
	if (epsg >= 32601 && epsg <= 32660)
		return plane(id, { lon: (epsg - 32600) * 6 - 183, east: 500_000, scale: 0.9996 });
	if (isOld(epsg)) return { id, refused: 'old_datum' };
	return { id, refused: 'not_known' };
}

/** Central meridian and false easting of a CGCS2000 zone, null for anything else. */
export function zoneOfEpsg(epsg: number): Meridian | null {
	if (epsg >= 4513 && epsg <= 4533) return three(epsg - 4488, true);
	if (epsg >= 4534 && epsg <= 4554) return three(epsg - 4509, false);
	if (epsg >= 4491 && epsg <= 4501) return six(epsg - 4478, true);
	if (epsg >= 4502 && epsg <= 4512) return six(epsg - 4489, false);
	return null;
}

/** EPSG code of a CGCS2000 zone by its number: 13–23 are six degrees wide, 25–45 three; null for others. */
export function epsgOfZone(zone: number, prefix: boolean): string | null {
	if (!Number.isInteger(zone)) return null;
	if (zone >= 25 && zone <= 45) return `EPSG:${(prefix ? 4488 : 4509) + zone}`;
	if (zone >= 13 && zone <= 23) return `EPSG:${(prefix ? 4478 : 4489) + zone}`;
	return null;
}

/** The same zone with its number in front of the easting or without; anything else stays. */
export function ofPrefix(id: string, prefix: boolean): string {
	const zone = zoneOfEpsg(Number(id.slice(5)));
	if (!zone) return id;
	const three = Number(id.slice(5)) >= 4513;
	return epsgOfZone(three ? zone.lon / 3 : (zone.lon + 3) / 6, prefix)!;
}

/**
 * A zone that a person chose, for eastings with its number, with another's or with none: only the last six
 * digits are measured, what stands before them is what somebody believed.
 */
export function anyPrefix(crs: Crs): Crs {
	const zone = zoneOfEpsg(Number(crs.id.slice(5)));
	if (!zone) return crs;
	return {
		...crs,
		toLonLat: ([x, y]) => fromPlane([x! % 1_000_000, y!], { lon: zone.lon, east: 500_000 })
	};
}

const three = (zone: number, prefix: boolean): Meridian => ({
	lon: zone * 3,
	east: (prefix ? zone * 1_000_000 : 0) + 500_000
});
const six = (zone: number, prefix: boolean): Meridian => ({
	lon: zone * 6 - 3,
	east: (prefix ? zone * 1_000_000 : 0) + 500_000
});

const isOld = (epsg: number): boolean =>
	epsg === 4610 ||
	epsg === 4214 ||
	(epsg >= 2327 && epsg <= 2390) ||
	(epsg >= 2401 && epsg <= 2442) ||
	(epsg >= 21413 && epsg <= 21483);

function fromWebMercator(xy: readonly number[]): [number, number] {
	const r = 6378137;
	return [
		(xy[0]! / r) * (180 / Math.PI),
		(2 * Math.atan(Math.exp(xy[1]! / r)) - Math.PI / 2) * (180 / Math.PI)
	];
}

/** The 21 three-degree zones without prefix, for asking which it is. */
export const zonesWithoutPrefix = Array.from({ length: 21 }, (_, i) => `EPSG:${4534 + i}`);

export type Box = [west: number, south: number, east: number, north: number];
export type Inferred =
	| { crs: string; why: string; alternatives: string[]; swapped: boolean }
	| { ask: string[]; swapped: boolean; why: string };

/**
 * What numbers without a declared system must be, by their size (domain.md E.3). `box` is that of the raw
 * coordinates; `surveyed` is true of drawings and corner lists, which are never in Web Mercator. Null when no
 * system fits.
 */
export function infer([w, s, e, n]: Box, surveyed = false): Inferred | null {
	const inside = (lo: number, hi: number, min: number, max: number) => lo >= min && hi <= max;
	// Latitudes first: in China a longitude is above 73 and a latitude below 54.
	if (inside(w, e, 3, 54) && inside(s, n, 73, 136)) return lonLat(true);
	if (inside(w, e, -180, 180) && inside(s, n, -90, 90)) return lonLat(false);
	const north = (lo: number, hi: number) => inside(lo, hi, 1_800_000, 6_000_000);
	for (const swapped of [false, true]) {
		const [x0, x1, y0, y1] = swapped ? [s, n, w, e] : [w, e, s, n];
		if (!north(y0, y1)) continue;
		const zone = Math.floor(x0 / 1_000_000);
		if (zone === Math.floor(x1 / 1_000_000)) {
			if (zone >= 25 && zone <= 45)
				return { crs: `EPSG:${4488 + zone}`, why: 'zone_prefix', alternatives: [], swapped };
			if (zone >= (surveyed ? 13 : 16) && zone <= 23)
				return { crs: `EPSG:${4478 + zone}`, why: 'zone_prefix', alternatives: [], swapped };
		}
		if (inside(x0, x1, 100_000, 900_000))
			return { ask: zonesWithoutPrefix, why: 'zone_missing', swapped };
	}
	if (inside(w, e, 8_000_000, 15_200_000) && inside(s, n, 300_000, 7_300_000)) {
		// In the far west a six-degree zone has numbers of the same size.
		const zone = epsgOfZone(Math.floor(w / 1_000_000), true);
		const alternatives = zone && north(s, n) ? [zone] : [];
		return { crs: 'EPSG:3857', why: 'magnitude', alternatives, swapped: false };
	}
	return null;
}

const lonLat = (swapped: boolean): Inferred => ({
	crs: 'EPSG:4490',
	why: 'magnitude',
	alternatives: ['EPSG:4326', 'GCJ-02', 'BD-09'],
	swapped
});
