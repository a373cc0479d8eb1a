import type { Position } from 'geojson';
import { crsOf, epsgOfZone, ofPrefix, zonesWithoutPrefix } from '../crs';
import { Refused, type Problems } from '../problems';
import type { RawLayer } from '../raw';

/** The zone number in front of an easting; 0 without one, or where it is no easting of a plane. */
const prefixOf = (east: number): number =>
	east >= 10_000_000 && east < 100_000_000 ? Math.floor(east / 1_000_000) : 0;

/** Which of two numbers is the easting is told by their size (domain.md E.3 rule 2). */
const isNorth = (v: number): boolean => v >= 1_800_000 && v <= 6_000_000;
const isEast = (v: number): boolean => prefixOf(v) > 0 || (v >= 100_000 && v < 1_000_000);

/** Puts easting before northing; true when the file had them the other way round. Says the line it breaks at. */
export function straighten(points: { at: Position; line: number }[]): boolean {
	let turned: boolean | null = null;
	for (const { at, line } of points) {
		const [x, y] = at as [number, number];
		const now: boolean | null =
			isEast(x) && isNorth(y) ? false : isNorth(x) && isEast(y) ? true : null;
		if (now === null) continue;
		turned ??= now;
		if (turned !== now) throw new Refused('boundary_axes_mixed', { line });
	}
	if (turned) for (const { at } of points) at.reverse();
	return turned === true;
}

/** The zone that the eastings of one parcel carry. */
export function prefixIn(points: { at: Position; line: number }[]): number {
	const first = prefixOf(points[0]?.at[0] ?? 0);
	const other = points.find((p) => prefixOf(p.at[0]!) !== first);
	if (other) throw new Refused('boundary_zones_mixed', { line: other.line });
	return first;
}

/** The zone of the header, from its number or its central meridian; as EPSG code without prefix. */
export function zoneInHeader(attributes: Map<string, string>): string | null {
	const number = (key: string) => Number(/\d+(\.\d+)?/.exec(attributes.get(key) ?? '')?.[0]);
	const said = number('带号');
	const six = number('几度分带') === 6;
	const zone = epsgOfZone(said, false);
	if (zone) return zone;
	// Some write the meridian where the number belongs.
	const meridian = [said, number('中央子午线'), number('中央经线')].find(
		(m) => m >= 73 && m <= 136
	);
	if (!meridian) return null;
	return epsgOfZone(six ? (meridian + 3) / 6 : meridian / 3, false);
}

/**
 * What a layer's coordinates are: the prefix wins over the header; without a prefix the header's zone is
 * used, aloud; without either it is asked (rules 3 and 7).
 */
export function declaredBy(
	attributes: Map<string, string>,
	prefix: number,
	problems: Problems,
	file: string
): RawLayer['declared'] {
	const system = attributes.get('坐标系') ?? '';
	if (/80|54|西安|北京/.test(system)) return { crs: system };
	if (/独立|地方|城建|自定义/.test(system)) return { crs: system };
	if (!system) problems.once('warning', 'boundary_no_system', file);
	const header = zoneInHeader(attributes);
	if (prefix) {
		const crs = epsgOfZone(prefix, true);
		// A prefix that is no zone's is for `locate` to refuse.
		if (!crs) return { crs: String(prefix) };
		const conflict = header !== null && ofPrefix(header, true) !== crs;
		if (conflict)
			problems.add('warning', 'zone_conflict', file, {
				header: attributes.get('带号') || header,
				prefix
			});
		return { crs, why: 'zone_prefix', alternatives: conflict ? [ofPrefix(header, true)] : [] };
	}
	if (!header || 'refused' in crsOf(header)) return null;
	problems.add('warning', 'zone_from_header', file, { zone: attributes.get('带号') || header });
	return {
		crs: header,
		why: 'header_zone',
		alternatives: zonesWithoutPrefix.filter((z) => z !== header)
	};
}
