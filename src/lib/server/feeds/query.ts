import { Answered, problem } from './door';
import { chinaDayOf } from '$lib/domain/day';

/** The most features of one page, and how many without being asked. */
export const maxLimit = 1000;
export const usualLimit = 100;

/** What was asked of a collection, checked: the parameters of 17-069r4 part 7.15, and `after` of our own `next` links. */
export type ItemsQuery = {
	limit: number;
	box?: [number, number, number, number];
	/** Days of the Chinese calendar. */
	from?: string;
	to?: string;
	after?: string;
};

const wrong = (text: string) => new Answered(problem(400, 'InvalidParameterValue', text));

/** Refuses what is not in the API definition, or is there twice. */
export function onlyThese(query: URLSearchParams, known: readonly string[]): void {
	for (const name of query.keys()) {
		if (!known.includes(name)) throw wrong(`Unknown parameter: ${name.slice(0, 60)}`);
		if (query.getAll(name).length > 1) throw wrong(`Given twice: ${name}`);
	}
	const f = query.get('f');
	if (f !== null && f !== 'json') throw wrong('f: only json is offered');
}

function boxOf(text: string): [number, number, number, number] {
	const parts = text.split(',');
	const numbers = parts.map((p) =>
		/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(p) ? +p : NaN
	);
	if ((parts.length !== 4 && parts.length !== 6) || !numbers.every(Number.isFinite))
		throw wrong('bbox: four or six numbers');
	const [w, s, e, n] = (
		parts.length === 4 ? numbers : [numbers[0], numbers[1], numbers[3], numbers[4]]
	) as [number, number, number, number];
	if (Math.abs(w) > 180 || Math.abs(e) > 180 || Math.abs(s) > 90 || Math.abs(n) > 90)
		throw wrong('bbox: longitudes within ±180 and latitudes within ±90');
	if (s > n) throw wrong('bbox: the south is north of the north');
	return [w, s, e, n];
}

/** An RFC 3339 date-time (or full-date) as the day it is in China. */
function dayOf(text: string): string {
	if (/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`)))
		return text === new Date(`${text}T00:00:00Z`).toISOString().slice(0, 10) ? text : bad();
	if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i.test(text)) return bad();
	const at = Date.parse(text.toUpperCase());
	return Number.isNaN(at) ? bad() : chinaDayOf(at);
	function bad(): never {
		throw wrong('datetime: a date-time, or an interval as start/end, ../end or start/..');
	}
}

function timeOf(text: string): { from?: string; to?: string } {
	const parts = text.split('/');
	if (parts.length === 1) return { from: dayOf(text), to: dayOf(text) };
	const [start = '', end = ''] = parts;
	const open = (p: string) => p === '' || p === '..';
	if (parts.length !== 2 || (open(start) && open(end))) dayOf('');
	const from = open(start) ? undefined : dayOf(start);
	const to = open(end) ? undefined : dayOf(end);
	if (from && to && from > to) throw wrong('datetime: the end is before the start');
	return { ...(from && { from }), ...(to && { to }) };
}

export const cursorOf = (key: string | number): string =>
	Buffer.from(String(key)).toString('base64url');

function keyOf(cursor: string): string {
	const key = Buffer.from(cursor, 'base64url').toString('latin1');
	if (!/^[0-9a-f-]{1,36}$/.test(key) || cursorOf(key) !== cursor)
		throw wrong('after: use the next link as it is');
	return key;
}

export function readItemsQuery(query: URLSearchParams): ItemsQuery {
	onlyThese(query, ['limit', 'bbox', 'datetime', 'after', 'f']);
	const limit = query.get('limit');
	if (limit !== null && !/^[1-9]\d{0,8}$/.test(limit))
		throw wrong('limit: a whole number from 1 on');
	const bbox = query.get('bbox');
	const datetime = query.get('datetime');
	const after = query.get('after');
	return {
		// More than the largest page is answered by the largest page.
		limit: Math.min(Number(limit ?? usualLimit), maxLimit),
		...(bbox !== null && { box: boxOf(bbox) }),
		...(datetime !== null && timeOf(datetime)),
		...(after !== null && { after: keyOf(after) })
	};
}
