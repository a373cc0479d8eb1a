import type postgres from 'postgres';
import { peopleNamed, tables } from './tables';
import { HandoverRefused } from './refusal';

export type Sql = postgres.Sql;

/** One table as it is handed over. `order` is its primary key, so that two dumps of the same rows are equal. */
export type Table = {
	name: string;
	/** Columns that are stored; geometries go as hexadecimal EWKB, which loses nothing. */
	columns: { name: string; shape: boolean; empty: boolean }[];
	order: string[];
	where: string;
};

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
export const quotedTable = (name: string): string => name.split('.').map(quoted).join('.');

type Column = {
	table: string;
	name: string;
	type: string;
	text: boolean;
	key: number | null;
};
type Link = { from: string; to: string; column: string };

/** Tables that nobody has decided about, and names on the list that are no table. */
export async function unclassified(sql: Sql): Promise<{ unknown: string[]; gone: string[] }> {
	const rows = await sql<{ name: string }[]>`
		select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where n.nspname in ('public', 'private') and c.relkind in ('r', 'p') order by 1`;
	const found = new Set(rows.map((r) => r.name));
	return {
		unknown: [...found].filter((n) => !tables[n]),
		gone: Object.keys(tables).filter((n) => !found.has(n))
	};
}

/** The tables that go along, in an order in which each finds what it points at. */
export async function catalogue(sql: Sql): Promise<Table[]> {
	const { unknown } = await unclassified(sql);
	if (unknown.length) throw new HandoverRefused('unclassified', unknown.join(', '));
	const columns = await sql<Column[]>`
		select n.nspname || '.' || c.relname as table, a.attname as name, t.typname as type,
			t.typcategory = 'S' as text, array_position(k.conkey, a.attnum) as key
		from pg_class c join pg_namespace n on n.oid = c.relnamespace
		join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
		join pg_type t on t.oid = a.atttypid
		left join pg_constraint k on k.conrelid = c.oid and k.contype = 'p'
		where n.nspname in ('public', 'private') and c.relkind in ('r', 'p') order by 1, a.attnum`;
	const links = await sql<Link[]>`
		select n.nspname || '.' || c.relname as from, m.nspname || '.' || d.relname as to,
			(select a.attname from pg_attribute a where a.attrelid = c.oid and a.attnum = k.conkey[1]) as column
		from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
		join pg_class d on d.oid = k.confrelid join pg_namespace m on m.oid = d.relnamespace
		where k.contype = 'f' and n.nspname in ('public', 'private') order by 1, 2, 3`;
	const goes = Object.keys(tables).filter(
		(name) => columns.some((c) => c.table === name) && !isLeft(name)
	);
	return inOrder(goes, links).map((name) => {
		const own = columns.filter((c) => c.table === name);
		const key = own.filter((c) => c.key !== null).sort((a, b) => a.key! - b.key!);
		if (!key.length) throw new HandoverRefused('unclassified', `${name}: no primary key`);
		return {
			name,
			columns: own.map((c) => ({
				name: c.name,
				shape: c.type === 'geometry',
				empty: emptyOf(name).includes(c.name)
			})),
			order: key.map((c) => `${quoted(c.name)}${c.text ? ' collate "C"' : ''}`),
			where: name === 'public.persons' ? peopleOf(goes, links) : whereOf(name)
		};
	});
}

const isLeft = (name: string): boolean => {
	const way = tables[name];
	return typeof way === 'object' && 'left' in way;
};

function emptyOf(name: string): readonly string[] {
	const way = tables[name];
	return typeof way === 'object' && 'empty' in way ? way.empty : [];
}

function whereOf(name: string): string {
	const way = tables[name];
	return typeof way === 'object' && 'where' in way ? way.where : 'township_id = $t';
}

/** Everybody whom a row that goes along speaks of. */
function peopleOf(goes: readonly string[], links: readonly Link[]): string {
	const named = [
		...links
			.filter((l) => l.to === 'public.persons' && goes.includes(l.from))
			.map((l) => [l.from, quoted(l.column)] as const),
		...peopleNamed.filter(([table]) => goes.includes(table))
	];
	return [
		whereOf('public.persons'),
		...named.map(
			([table, column]) =>
				`id in (select ${column} from ${quotedTable(table)} where ${whereOf(table)})`
		)
	].join(' or ');
}

/** By foreign keys, else by name; a table that points at itself is filled by one statement. */
function inOrder(names: readonly string[], links: readonly Link[]): string[] {
	const out: string[] = [];
	const left = [...names].sort();
	while (left.length) {
		const next = left.findIndex(
			(n) => !links.some((l) => l.from === n && l.to !== n && left.includes(l.to))
		);
		if (next < 0) throw new HandoverRefused('unclassified', `circle: ${left.join(', ')}`);
		out.push(...left.splice(next, 1));
	}
	return out;
}

/** The rows of a table as lines of canonical JSON (jsonb's own spelling), ordered by their key. */
export const dumpQuery = (table: Table): string =>
	`select to_jsonb(r)::text as line from (select ${table.columns
		.map((c) => {
			if (c.empty) return `null as ${quoted(c.name)}`;
			return c.shape ? `${quoted(c.name)}::text as ${quoted(c.name)}` : quoted(c.name);
		})
		.join(', ')} from ${quotedTable(table.name)} where ${table.where
		.replaceAll('$t', `current_setting('xt.township')::uuid`)
		.replaceAll(
			'$d',
			`current_setting('xt.district')::uuid`
		)} order by ${table.order.join(', ')}) r`;

/** Says whose rows are meant, and how moments and numbers are spelt, for this transaction. */
export async function speakOf(tx: Sql, township: string, district: string | null): Promise<void> {
	await tx`select set_config('xt.township', ${township}, true),
		set_config('xt.district', ${district ?? '00000000-0000-0000-0000-000000000000'}, true),
		set_config('timezone', 'UTC', true), set_config('datestyle', 'ISO, YMD', true),
		set_config('intervalstyle', 'iso_8601', true), set_config('extra_float_digits', '1', true),
		set_config('bytea_output', 'hex', true)`;
}

/** Bytes of a part of a table, about. */
const partBytes = 1024 * 1024;

/** A table's lines in parts of about a megabyte; the rows of a fetch follow from how long rows are. */
export async function* dump(tx: Sql, table: Table): AsyncGenerator<{ text: string; rows: number }> {
	await tx.unsafe(`declare xt_dump no scroll cursor for ${dumpQuery(table)}`);
	let lines: string[] = [];
	let length = 0;
	let step = 20;
	for (;;) {
		const rows = await tx.unsafe<{ line: string }[]>(`fetch ${step} from xt_dump`);
		let got = 0;
		for (const { line } of rows) {
			lines.push(line);
			got += line.length;
			length += line.length;
			if (length < partBytes) continue;
			yield { text: `${lines.join('\n')}\n`, rows: lines.length };
			lines = [];
			length = 0;
		}
		if (rows.length < step) break;
		step = Math.max(1, Math.min(2000, Math.floor((partBytes * rows.length) / Math.max(1, got))));
	}
	if (lines.length) yield { text: `${lines.join('\n')}\n`, rows: lines.length };
	await tx.unsafe('close xt_dump');
}
