/** K-11: no endpoint gives one person's places over time. */
import { saysWho } from '../../src/lib/server/engine/notrack';
import type { Backend } from '../../src/lib/server/engine/index';
import { id, type Ask } from './cast';

/** Tables in which a person, a time and a place meet, each looked at: the place is the thing's, never the person's. */
export const reviewed: Record<string, string> = {
	tasks: 'where the rubbish lies; one row a task, who reported it answers for the report',
	steps: 'the village in which a thing lies',
	blockers: 'the village in which a thing lies',
	plans: 'the land of a plan',
	projects: 'the village of a project',
	parcels: 'a piece of land',
	unit_features: 'a facility for visitors',
	check_findings: 'where something was found in a check round that is announced to be one',
	check_visits: 'which village was gone through, once a round; not where the checker was',
	check_rounds: 'the villages of a round',
	handovers: 'the village of a sheet',
	draws: 'the village drawn from',
	imports: 'the township of a file',
	marks: 'drawn on the wall map in a meeting, from a chair',
	casts: 'a place put on the map in a ballot, from a chair',
	photos:
		'without a place; where and when it claims to be from is in photo_claims, for those who check',
	memberships: 'the place of a role, by day',
	invitations: 'the place of a role',
	events: 'what happened to things; the place is the township',
	ops: 'own ops only; the place is the township',
	instructions: 'the village in which the item lies',
	constraint_layers: 'the shapes of a layer; who read the file in',
	feeds: 'the village a calendar is narrowed to; when it was made and ended'
};

/** Functions that take a person, each looked at. */
export const byPerson: Record<string, string> = {
	load_of:
		'how much somebody answers for around a day: titles and due days, no place and no moment',
	photo_known: 'asked by the server: whether an id is this person’s own',
	report_told: 'called by the server: whether a letter went out; nothing is read',
	account_switch: 'an administrator switches an account off: nothing is read'
};

/** Where in the answers of functions a person, a moment and coordinates stand in one object, each looked at. */
export const together: Record<string, string> = {
	'thing .':
		'a task with its own place; who reported it answers for the report, not for where he is'
};

type Table = { table: string; person: string[]; time: boolean; place: boolean };

async function tables(sql: Backend['sql']): Promise<Table[]> {
	return sql<Table[]>`
		select c.relname as "table",
			array_agg(a.attname::text order by a.attnum) filter (where exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'f'
				and k.confrelid = 'public.persons'::regclass and a.attnum = any (k.conkey)) or (a.attname = 'person_id')) as person,
			bool_or(a.atttypid in ('timestamptz'::regtype, 'date'::regtype)) as time,
			bool_or(a.atttypid = 'extensions.geometry'::regtype or a.attname ~ '^(lon|lat|village_id|villages)$'
				or (a.attname = 'place_id') or (a.attname = 'township_id' and c.relname in ('events', 'ops', 'imports'))) as place
		from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
		where n.nspname = 'public' and c.relkind = 'r' and has_table_privilege('authenticated', c.oid, 'SELECT')
		group by c.relname order by 1`;
}

/** What is wrong with the tables and with the door before them; empty: nothing. */
export async function trackedTables(sql: Backend['sql'], ask: Ask): Promise<string[]> {
	const wrong: string[] = [];
	for (const { table, person, time, place } of await tables(sql)) {
		for (const column of person ?? [])
			if (!saysWho(column)) wrong.push(`${table}.${column} says who and the door does not know`);
		if (!person || !time || !place) continue;
		if (!reviewed[table])
			wrong.push(`${table} has person, time and place, and nobody looked at it`);
		if (['memberships', 'invitations', 'ops'].includes(table)) continue;
		const finn = id('person finn');
		for (const column of person)
			for (const query of [
				`${column}=eq.${finn}`,
				`${column}=in.(${finn})`,
				`${column}=not.is.null`,
				`or=(${column}.eq.${finn},${column}.is.null)`,
				`and=(township_id.eq.${id('yunxi')},${column}.eq.${finn})`,
				`not.and=(${column}.neq.${finn})`,
				`order=${column}.asc`
			]) {
				const { status } = await ask('pan', 'GET', `/rest/v1/${table}?${query}`);
				if (status !== 403) wrong.push(`${table}?${query}: ${status}`);
			}
		const { status } = await ask('pan', 'GET', `/rest/v1/${table}?township_id=eq.${id('yunxi')}`);
		if (status !== 200) wrong.push(`${table} by township: ${status}`);
	}
	for (const select of [
		'*,tasks(*)',
		'name,steps!steps_done_by_fkey(done_at,village_id)',
		'*,x:photos(*)'
	]) {
		const { status } = await ask('pan', 'GET', `/rest/v1/persons?select=${select}`);
		if (status !== 403) wrong.push(`persons?select=${select}: ${status}`);
	}
	const { status } = await ask(
		'pan',
		'GET',
		`/rest/v1/tasks?persons.id=eq.${id('person finn')}&select=*,persons(name)&persons.created_by=eq.x`
	);
	if (status !== 403) wrong.push(`tasks by an embedded person: ${status}`);
	return wrong;
}

/** Functions offered that take a person and were not looked at. */
export async function functionsByPerson(sql: Backend['sql']): Promise<string[]> {
	const rows = await sql<{ name: string }[]>`
		select p.proname as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
		where n.nspname = 'public' and (has_function_privilege('authenticated', p.oid, 'EXECUTE') or has_function_privilege('service_role', p.oid, 'EXECUTE'))
			and exists (select from unnest(p.proargnames) a where a ~ 'person|user|who|account')`;
	return rows.map((r) => r.name).filter((name) => !byPerson[name]);
}

const moment = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:/;
const isPoint = (v: unknown): boolean =>
	Array.isArray(v) &&
	v.length === 2 &&
	v.every((n) => typeof n === 'number') &&
	Math.abs((v[0] as number) - 110.8) < 1 &&
	Math.abs((v[1] as number) - 32.6) < 1;

/** Paths of objects in which one of `people` (id or name), a moment and a point stand together. */
export function meetings(value: unknown, people: ReadonlySet<string>, path = ''): string[] {
	if (Array.isArray(value))
		return [...new Set(value.flatMap((v) => meetings(v, people, `${path}[]`)))];
	if (!value || typeof value !== 'object') return [];
	const entries = Object.entries(value);
	const here =
		entries.some(([, v]) => typeof v === 'string' && people.has(v)) &&
		entries.some(([, v]) => typeof v === 'string' && moment.test(v)) &&
		entries.some(
			([k, v]) =>
				isPoint(v) ||
				['lon', 'lat', 'geom'].includes(k) ||
				(v !== null && typeof v === 'object' && 'coordinates' in v)
		);
	return [
		...(here ? [path || '.'] : []),
		...entries.flatMap(([k, v]) => meetings(v, people, `${path}.${k}`))
	];
}
