import { findPersonal } from './personal';
import type { SharedContent } from './shared';

/** `stop`: does not leave. `look`: leaves when somebody has looked and said so. */
export type Finding = {
	/** The same for the same thing found again. */
	key: string;
	code: FindingCode;
	level: 'stop' | 'look';
	/** Where in the content: `asks.2.text`. */
	where: string;
	/** The words around it, with the number itself covered; for a photo its id. */
	excerpt: string;
	looked: boolean;
};
export const findingCodes = [
	'photo',
	'id',
	'bank',
	'phone',
	'coordinates',
	'coordinate',
	'precise',
	'area',
	'no_review'
] as const;
export type FindingCode = (typeof findingCodes)[number];

const half = (text: string): string =>
	text.replace(/[\uff10-\uff19\uff0e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));
const degrees = /\d{1,3}\.\d{4,}/g;
const metres = /(?<!\d)\d{6,8}\.\d{1,4}(?!\d)/g;
const sexagesimal = /\d{1,3}\s*[°º]\s*\d{1,2}\s*[′'’]\s*\d{1,2}/;

/** Longitude or latitude of the country, as far as a number can say. */
const kindOf = (n: number): 'lon' | 'lat' | null =>
	n >= 73 && n <= 136 ? 'lon' : n >= 3 && n <= 54 ? 'lat' : null;

/** Pairs of coordinates never leave; a single number with four decimals may be something else. */
function findCoordinates(text: string): { code: FindingCode; at: number; end: number }[] {
	const plain = half(text);
	const numbers = [...plain.matchAll(degrees)]
		.map((x) => ({ at: x.index, end: x.index + x[0].length, kind: kindOf(Number(x[0])) }))
		.filter((x) => x.kind);
	const found: { code: FindingCode; at: number; end: number }[] = [];
	for (let i = 0; i < numbers.length; i++) {
		const [a, b] = [numbers[i]!, numbers[i + 1]];
		if (b && b.kind !== a.kind && b.at - a.end <= 12) {
			found.push({ code: 'coordinates', at: a.at, end: b.end });
			i++;
		} else found.push({ code: 'coordinate', at: a.at, end: a.end });
	}
	// Plane coordinates of a corner: northing and easting beside each other.
	const planes = [...plain.matchAll(metres)];
	for (let i = 0; i + 1 < planes.length; i++) {
		const [a, b] = [planes[i]!, planes[i + 1]!];
		if (b.index - a.index - a[0].length > 12) continue;
		found.push({ code: 'coordinates', at: a.index, end: b.index + b[0].length });
		i++;
	}
	const angle = sexagesimal.exec(plain);
	if (angle)
		found.push({ code: 'coordinates', at: angle.index, end: angle.index + angle[0].length });
	return found;
}

/** What is found is covered where it is kept: the list of findings must not hold what may not leave. */
const around = (text: string, at: number, end: number): string =>
	text.slice(Math.max(0, at - 8), at) +
	'•'.repeat(Math.min(6, end - at)) +
	text.slice(end, end + 8);

function* texts(value: unknown, path: string): Generator<[path: string, text: string]> {
	if (typeof value === 'string') yield [path, value];
	else if (Array.isArray(value))
		for (const [i, v] of value.entries()) yield* texts(v, `${path}.${i}`);
	else if (value && typeof value === 'object')
		for (const [name, v] of Object.entries(value))
			if (!skipped.has(name)) yield* texts(v, path ? `${path}.${name}` : name);
}
/** Written by the program, not by people. */
const skipped = new Set(['id', 'geometry', 'bounds', 'at', 'day', 'options', 'timeline']);

/** km² of the box around what is drawn. */
function boxKm2(bounds: readonly [number, number, number, number]): number {
	const [west, south, east, north] = bounds;
	const middle = ((south + north) / 2) * (Math.PI / 180);
	return (east - west) * 111.32 * Math.cos(middle) * ((north - south) * 110.57);
}
const rough = (n: number) => Math.abs(n * 1000 - Math.round(n * 1000)) < 1e-6;
/** Drawn for visitors, whose exact place is public anyway. */
const hidden = new Set(['plan', 'project', 'task', 'decision', 'village']);

/**
 * What must be looked at before this content leaves the house (domain.md E.5). A person's face or a number plate
 * cannot be found by us: each photo is listed and asks for a look.
 */
export function lintShare(content: SharedContent): Finding[] {
	const found: Finding[] = [];
	const add = (code: FindingCode, level: Finding['level'], where: string, excerpt = '') =>
		found.push({ key: `${code}:${where}`, code, level, where, excerpt, looked: false });
	for (const [where, text] of texts(
		{ ...content, photos: content.photos.map((p) => p.title) },
		''
	)) {
		for (const { kind, start, end } of findPersonal(text))
			add(kind, kind === 'phone' ? 'look' : 'stop', `${where}@${start}`, around(text, start, end));
		for (const { code, at, end } of findCoordinates(text))
			add(code, code === 'coordinates' ? 'stop' : 'look', `${where}@${at}`, around(text, at, end));
	}
	for (const [i, p] of content.map.points.entries())
		if (hidden.has(p.kind) && !p.at.every(rough)) add('precise', 'stop', `map.points.${i}`, p.name);
	if (content.map.bounds && boxKm2(content.map.bounds) > 25) add('area', 'look', 'map');
	if (content.map.shapes.some((s) => s.kind === 'village' || s.kind === 'township'))
		add('no_review', 'look', 'map');
	for (const p of content.photos) add('photo', 'look', p.id, p.id);
	return found;
}

/** Findings with what somebody said to have looked at; null while one of them keeps the content from leaving. */
export function settle(found: readonly Finding[], looked: ReadonlySet<string>): Finding[] | null {
	if (found.some((f) => f.level === 'stop' || !looked.has(f.key))) return null;
	return found.map((f) => ({ ...f, looked: true }));
}
