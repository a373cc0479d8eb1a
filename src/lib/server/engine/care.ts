/**
 * The work of autovacuum, which PGlite lacks. Without statistics the planner takes every table for nearly empty:
 * a phone's day of 540 tasks took 370–600 ms on a fresh township and 110 ms after ANALYZE.
 */
import type { Sql } from 'postgres';

/** Milliseconds between two looks; a look at a database at rest is one query over some hundred rows of counters. */
export const every = 20_000;
/** Milliseconds that vacuuming one table may take. */
export const longest = 120_000;

/**
 * Vacuums and analyzes what autovacuum would by its default thresholds (PostgreSQL manual, "The Autovacuum Daemon":
 * 50 rows and a tenth changed, or 50 and a fifth dead), one table a statement so that others get their turn between.
 * @param sql the owner's connection, on which a statement may take `longest`
 * @returns the tables that were done, `schema.name`
 */
export async function care(sql: Sql): Promise<string[]> {
	// PGlite keeps its counters to itself until it is asked for them.
	await sql`select pg_stat_force_next_flush()`;
	const due = await sql<{ name: string; dead: boolean }[]>`
		select format('%I.%I', s.schemaname, s.relname) as name,
			s.n_dead_tup > 50 + 0.2 * greatest(c.reltuples, 0) as dead
		from pg_stat_all_tables s join pg_class c on c.oid = s.relid
		where c.relkind = 'r' and c.relpersistence = 'p'
			and (s.n_dead_tup > 50 + 0.2 * greatest(c.reltuples, 0)
				-- ANALYZE passes over what it writes itself.
				or (c.oid <> 'pg_catalog.pg_statistic'::regclass and (
					s.n_mod_since_analyze > 50 + 0.1 * greatest(c.reltuples, 0)
					-- Counters do not outlive a crash; a table never looked at shows it elsewhere too.
					or (c.reltuples < 0 and pg_relation_size(c.oid) > 0))))
		order by s.n_mod_since_analyze desc, name`;
	for (const { name, dead } of due)
		await sql.unsafe(dead ? `vacuum (analyze) ${name}` : `analyze ${name}`);
	return due.map(({ name }) => name);
}

/**
 * Opens PROJ's tables in a new database thread: the first `ST_Transform` takes 0.5–2 s, the first of each further
 * zone some 0.2 s more, and whoever asked for it would be cut at the deadline. Zones are those of the townships' places.
 */
export async function wake(sql: Sql): Promise<void> {
	const [known] = await sql`select to_regprocedure('private.area_of(extensions.geometry)') as yes`;
	if (!known?.yes) return;
	await sql`
		select private.area_of(extensions.st_expand(p.at, 0.01)), extensions.st_area(extensions.st_expand(p.at, 0.01)::extensions.geography)
		from (
			select distinct on (round(extensions.st_x(label) / 3)) label as at from public.places where label is not null
			union all select extensions.st_setsrid(extensions.st_makepoint(108, 34), 4326)
		) p`;
}
