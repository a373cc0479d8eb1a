/** Roles, system schemas and migrations, brought up to date by the owner before anybody is served. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type postgres from 'postgres';

type Sql = postgres.Sql;

/** The roles that Supabase has and PostgreSQL has not; and one that owns nothing, for the Data API. */
export async function makeRoles(sql: Sql, apiPassword: string | null): Promise<void> {
	await sql.unsafe(`do $$
		begin
			if not exists (select from pg_roles where rolname = 'anon') then create role anon nologin; end if;
			if not exists (select from pg_roles where rolname = 'authenticated') then create role authenticated nologin; end if;
			if not exists (select from pg_roles where rolname = 'service_role') then create role service_role nologin bypassrls; end if;
			if not exists (select from pg_roles where rolname = 'xiangtu_authenticator') then create role xiangtu_authenticator; end if;
		end $$;
		grant anon, authenticated, service_role to xiangtu_authenticator;`);
	if (apiPassword)
		await sql.unsafe(
			`alter role xiangtu_authenticator login password '${apiPassword.replaceAll("'", "''")}'`
		);
}

/**
 * Lite's own schemas are its to read and write: sign-in and files go through them. What it may NOT do is
 * own them, or its GRANT ALL to anon and authenticated on the first request would take effect.
 */
export async function grantSystemSchemas(sql: Sql): Promise<void> {
	for (const schema of ['auth', 'storage']) {
		const [exists] = await sql`select 1 from pg_namespace where nspname = ${schema}`;
		if (!exists) continue;
		await sql.unsafe(`
			grant usage on schema ${schema} to xiangtu_authenticator;
			grant select, insert, update, delete on all tables in schema ${schema} to xiangtu_authenticator;
			grant usage, select on all sequences in schema ${schema} to xiangtu_authenticator;
			revoke all on all tables in schema ${schema} from anon, authenticated;`);
		// Lite turns row level security on for its own tables; its own role must still see the rows.
		const tables = await sql<{ name: string }[]>`
			select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
			where n.nspname = ${schema} and c.relkind = 'r' and c.relrowsecurity
				and not exists (select from pg_policies p where p.schemaname = ${schema} and p.tablename = c.relname and p.policyname = 'the server itself')`;
		for (const { name } of tables) {
			await sql.unsafe(
				`create policy "the server itself" on ${schema}."${name}" for all to xiangtu_authenticator using (current_user = 'xiangtu_authenticator') with check (current_user = 'xiangtu_authenticator')`
			);
		}
	}
	const [storage] = await sql`select 1 from pg_namespace where nspname = 'storage'`;
	if (storage) {
		await sql.unsafe(`grant usage on schema storage to service_role, anon, authenticated;
			grant select, insert, update, delete on all tables in schema storage to service_role;`);
	}
	await sql
		.unsafe(`grant usage on schema auth to anon, authenticated, service_role`)
		.catch(() => undefined);
}

/** Applies what is new in `folder`, each file in one transaction, recorded as the Supabase CLI records it. */
export async function migrate(
	sql: Sql,
	folder: string,
	onProgress: (fraction: number) => void
): Promise<string[]> {
	await sql.unsafe(`create schema if not exists supabase_migrations;
		create table if not exists supabase_migrations.schema_migrations (version text primary key, statements text[], name text);`);
	const rows = await sql<
		{ version: string }[]
	>`select version from supabase_migrations.schema_migrations`;
	const done = new Set(rows.map((r) => r.version));
	const files = readdirSync(folder)
		.filter((f) => /^\d+_.+\.sql$/.test(f))
		.sort();
	const applied: string[] = [];
	for (const [n, file] of files.entries()) {
		const [, version, name] = /^(\d+)_(.+)\.sql$/.exec(file)!;
		if (done.has(version!)) continue;
		const text = readFileSync(path.join(folder, file), 'utf8');
		await sql.begin(async (begun) => {
			const tx = begun as unknown as Sql;
			await tx.unsafe(text);
			await tx`insert into supabase_migrations.schema_migrations (version, name, statements)
				values (${version!}, ${name!}, array[${text}]::text[])`;
		});
		applied.push(file);
		onProgress((n + 1) / files.length);
	}
	return applied;
}

/**
 * A GRANT by somebody without any right on a table is an error, by somebody with a small one a warning that
 * changes nothing: so Lite's first request, which grants ALL in every schema with row level security, passes.
 */
export async function softenLiteGrants(sql: Sql): Promise<void> {
	const schemas = await sql<{ name: string }[]>`
		select distinct n.nspname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relrowsecurity`;
	for (const { name } of schemas) {
		await sql.unsafe(
			`grant usage on schema "${name}" to xiangtu_authenticator; grant references on all tables in schema "${name}" to xiangtu_authenticator`
		);
	}
}
