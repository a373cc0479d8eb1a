import type { LineString, Position } from 'geojson';
import type { Feature, FeatureKind } from './project';
import type { Standard } from './standard';

/**
 * What is missing by place: a kind that nobody drew (`codes`: items that ask for it); an entrance without a sign
 * beside it; `metres` of a route too far from a toilet.
 */
export type Gap =
	| { kind: 'missing'; feature: FeatureKind; codes: string[] }
	| { kind: 'unsigned'; entrance: string; at: Position; metres: number }
	| { kind: 'far'; route: string; metres: number; parts: Position[][] };

/** What every rated place has, whichever standard is followed. */
const always: readonly FeatureKind[] = ['entrance', 'parking', 'toilet', 'sign', 'safety'];
/** How far from an entrance a sign still speaks for it, m. */
export const signReach = 100;

/** How far the nearest toilet may be from any point of a route, m: a walk of some seven minutes. */
export const toiletReach = 500;
/** Distance at this scale: the earth's radius times the angle, latitude shortened; right to 0.3 % over a few km. */
const metresPerDegree = 111_320;

export function metresBetween(a: Position, b: Position): number {
	const shorten = Math.cos((((a[1]! + b[1]!) / 2) * Math.PI) / 180);
	return Math.hypot((a[0]! - b[0]!) * shorten, a[1]! - b[1]!) * metresPerDegree;
}

/** A route in pieces of at most 25 m, in order. */
function pieces(route: LineString): [Position, Position][] {
	return route.coordinates.slice(1).flatMap((to, i) => {
		const from = route.coordinates[i]!;
		const n = Math.max(1, Math.ceil(metresBetween(from, to) / 25));
		const at = (k: number): Position => [
			from[0]! + ((to[0]! - from[0]!) * k) / n,
			from[1]! + ((to[1]! - from[1]!) * k) / n
		];
		const corners = Array.from({ length: n + 1 }, (_, k) => at(k));
		return corners.slice(1).map((to, k): [Position, Position] => [corners[k]!, to]);
	});
}

const same = (a: Position, b: Position): boolean => a[0] === b[0] && a[1] === b[1];

const middle = (f: Feature): Position => {
	const all = (
		f.geometry.type === 'Point'
			? [f.geometry.coordinates]
			: f.geometry.type === 'LineString'
				? f.geometry.coordinates
				: f.geometry.type === 'Polygon'
					? f.geometry.coordinates[0]!
					: []
	) as Position[];
	const sum = all.reduce((s, p) => [s[0]! + p[0]!, s[1]! + p[1]!], [0, 0]);
	return [sum[0]! / all.length, sum[1]! / all.length];
};

/** An empty place without a standard has no gaps: nobody has said yet what it is to be. */
export function gapsOf(features: readonly Feature[], standard: Standard | null): Gap[] {
	const there = new Set(features.map((f) => f.kind));
	const asked = new Map<FeatureKind, string[]>(
		features.length || standard ? always.map((kind) => [kind, []]) : []
	);
	for (const item of standard?.sections.flatMap((s) => s.items) ?? [])
		for (const kind of item.features ?? [])
			asked.set(kind, [...(asked.get(kind) ?? []), item.code]);
	const missing: Gap[] = [...asked]
		.filter(([kind]) => !there.has(kind))
		.map(([feature, codes]) => ({ kind: 'missing', feature, codes }));
	const placesOf = (kind: FeatureKind) => features.filter((f) => f.kind === kind).map(middle);
	const signs = placesOf('sign');
	const unsigned = features.flatMap((entrance): Gap[] => {
		// Where there is no sign at all, that is said once.
		if (entrance.kind !== 'entrance' || signs.length === 0) return [];
		const at = middle(entrance);
		const metres = Math.round(Math.min(...signs.map((s) => metresBetween(s, at))));
		return metres > signReach ? [{ kind: 'unsigned', entrance: entrance.name, at, metres }] : [];
	});
	const toilets = placesOf('toilet');
	const far = features.flatMap((route): Gap[] => {
		if (route.kind !== 'route' || route.geometry.type !== 'LineString') return [];
		const parts: Position[][] = [];
		let metres = 0;
		for (const [from, to] of pieces(route.geometry)) {
			const at: Position = [(from[0]! + to[0]!) / 2, (from[1]! + to[1]!) / 2];
			if (toilets.some((t) => metresBetween(t, at) <= toiletReach)) continue;
			metres += metresBetween(from, to);
			const last = parts.at(-1);
			if (last && same(last.at(-1)!, from)) last.push(to);
			else parts.push([from, to]);
		}
		return metres >= 1
			? [{ kind: 'far', route: route.name, metres: Math.round(metres), parts }]
			: [];
	});
	return [...missing, ...unsigned, ...far];
}
