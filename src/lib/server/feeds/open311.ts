import { readSpots } from '$lib/data/feeds';
import type { Db } from '$lib/data/client';
import type { Spot } from '$lib/domain/feed';
import { taskKinds, type TaskKind } from '$lib/domain/task';
import { uuid } from '$lib/domain/id';
import { json } from './door';
import { chinaDayOf } from '$lib/domain/day';

/** The reading half of Open311 GeoReport v2, in JSON: kinds, states, days and rough places of public cleanup spots. */
type Asked = { admin: Db; address: string; township: string; query: URLSearchParams };

/** GeoReport's own shape of an error. */
const problem = (code: number, description: string, more: Record<string, string> = {}) =>
	json([{ code, description }], 'application/json', code, more);

const at = (day: string) => `${day}T00:00:00+08:00`;

const service = (code: TaskKind) => ({
	service_code: code,
	service_name: taskKinds[code].zh,
	description: taskKinds[code].en,
	metadata: false,
	type: 'realtime',
	keywords: '',
	group: '农村环境整治'
});

/** Closed is what was accepted by somebody else; what is only reported done is still open. */
const request = (s: Spot) => ({
	service_request_id: s.id,
	status: s.state === 'proven' ? 'closed' : 'open',
	status_notes: { found: '发现', said: '说了', done: '干了', proven: '成了', dropped: '' }[s.state],
	service_name: taskKinds[s.category].zh,
	service_code: s.category,
	description: null,
	agency_responsible: null,
	service_notice: null,
	requested_datetime: at(s.found),
	updated_datetime: at(s.changed),
	expected_datetime: s.due && at(s.due),
	address: null,
	address_id: null,
	zipcode: null,
	lat: s.lat,
	long: s.lon,
	media_url: null
});

const dayMs = 86_400_000;

/** The query as the database takes it, or what is wrong with it. */
function read(query: URLSearchParams, now: number): object | string {
	const known = [
		'service_request_id',
		'service_code',
		'start_date',
		'end_date',
		'status',
		'page',
		'page_size',
		'jurisdiction_id'
	];
	for (const name of query.keys())
		if (!known.includes(name)) return `unknown parameter ${name.slice(0, 60)}`;
	const list = (name: string) =>
		query
			.get(name)
			?.split(',')
			.map((x) => x.trim());
	const ids = list('service_request_id');
	if (ids) return ids.length <= 50 ? { ids } : 'at most 50 ids';
	const whole = (name: string, usual: number) => {
		const text = query.get(name);
		return text === null ? usual : /^[1-9]\d{0,5}$/.test(text) ? Number(text) : NaN;
	};
	const page = whole('page', 1);
	const size = whole('page_size', 50);
	if (!page || !size) return 'page and page_size are whole numbers from 1 on';
	const moment = (name: string, usual: number) =>
		query.has(name) ? Date.parse(query.get(name)!) : usual;
	const end = moment('end_date', now);
	// As GeoReport has it: 90 days where nothing else is asked, and never more.
	const start = moment('start_date', end - 90 * dayMs);
	if (Number.isNaN(start) || Number.isNaN(end)) return 'start_date and end_date are W3C date-times';
	if (end < start || end - start > 90 * dayMs) return 'at most 90 days';
	const status = query.get('status');
	if (status !== null && status !== 'open' && status !== 'closed')
		return 'status is open or closed';
	const code = list('service_code');
	const limit = Math.min(size, 200);
	return {
		...(code && { code }),
		...(status && { status }),
		from: chinaDayOf(start),
		to: chinaDayOf(end),
		limit,
		skip: (page - 1) * limit
	};
}

/** `path`: what follows `/open311/<township>/v2`. One answer where nothing is public and where there is no township. */
export async function open311Answer(asked: Asked, path: string): Promise<Response> {
	const nothing = () => problem(404, 'nothing is here');
	const { admin, address, township, query } = asked;
	if (!uuid.test(township)) return nothing();
	const one = /^requests\/([0-9a-f]{24})\.json$/.exec(path)?.[1];
	const ask =
		path === 'services.json'
			? {}
			: path === 'requests.json'
				? read(query, Date.now())
				: { ids: [one] };
	if (path !== 'services.json' && path !== 'requests.json' && !one) return nothing();
	const found = await readSpots(admin, township, address, typeof ask === 'string' ? {} : ask);
	if (!found) return nothing();
	if (found.many) return problem(429, 'too many requests', { 'Retry-After': '600' });
	if (typeof ask === 'string') return problem(400, ask);
	if (path === 'services.json') return json(found.kinds.map(service));
	const rows = (found.rows ?? []).map(request);
	return one && !rows.length ? nothing() : json(rows);
}
