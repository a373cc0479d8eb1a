/**
 * supabase/tests on PGlite and, where TEST_DATABASE_URL names one, on PostgreSQL: roles, migrations and cast
 * once an engine, then each file as one test in its own transaction.
 */
import { PGlite } from '@electric-sql/pglite';
import { pgtap } from '@electric-sql/pglite-pgtap';
import { postgis } from '@electric-sql/pglite-postgis';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const native = process.env.TEST_DATABASE_URL;
if (!native) console.log('pgTAP on PostgreSQL: skipped, TEST_DATABASE_URL is not set');

const sqlFiles = (folder: string) =>
	readdirSync(folder)
		.filter((f) => f.endsWith('.sql'))
		.sort()
		.map((f) => path.join(folder, f));
const roles = `do $$ declare r text; begin
	foreach r in array array['anon', 'authenticated', 'service_role'] loop
		if not exists (select from pg_roles where rolname = r) then execute 'create role ' || r || ' nologin'; end if;
	end loop; end $$;`;

type Engine = { run: (sql: string) => Promise<string[]>; close: () => Promise<void> };

/** Every text in every row of every statement, which is where TAP lines are. */
const texts = (results: { rows?: unknown[] }[] | unknown[][]): string[] =>
	results
		.flatMap((r) => ('rows' in r ? (r.rows ?? []) : (r as unknown[])))
		.flatMap((row) => Object.values(row as object))
		.filter((v): v is string => typeof v === 'string');

async function embedded(): Promise<Engine> {
	const db = await PGlite.create({ extensions: { postgis, pgtap } });
	return { run: async (sql) => texts(await db.exec(sql)), close: () => db.close() };
}

async function server(url: string): Promise<Engine> {
	const owner = postgres(url, { max: 1, onnotice: () => undefined });
	const scratch = `xt_tap_${process.pid}`;
	await owner.unsafe(`create database ${scratch}`);
	const at = new URL(url);
	at.pathname = `/${scratch}`;
	const sql = postgres(at.toString(), { max: 1, onnotice: () => undefined });
	return {
		run: async (text) => {
			const result = (await sql.unsafe(text)) as unknown as unknown[];
			return texts(Array.isArray(result[0]) ? (result as unknown[][]) : [result]);
		},
		close: async () => {
			await sql.end();
			await owner.unsafe(`drop database if exists ${scratch} with (force)`);
			await owner.end();
		}
	};
}

describe.each(native ? ['embedded', 'postgres'] : ['embedded'])('database, %s', (name) => {
	let engine: Engine;

	beforeAll(async () => {
		engine = name === 'embedded' ? await embedded() : await server(native!);
		await engine.run(roles);
		for (const file of sqlFiles('supabase/migrations'))
			await engine.run(readFileSync(file, 'utf8'));
		await engine.run(readFileSync('supabase/tests/00_cast.sql', 'utf8'));
	}, 120_000);
	afterAll(() => engine?.close());

	it.each(sqlFiles('supabase/tests').filter((f) => !f.includes('00_cast')))('%s', async (file) => {
		const lines = await engine.run(readFileSync(file, 'utf8')).catch(async (error: unknown) => {
			await engine.run('rollback');
			throw error;
		});
		const planned = Number(/^1\.\.(\d+)$/.exec(lines.find((l) => /^1\.\.\d+$/.test(l)) ?? '')?.[1]);
		expect(
			lines
				.filter(
					(l) => /^(not ok|# Looks like)/.test(l) || (l.startsWith('#') && !l.startsWith('# Looks'))
				)
				.join('\n')
		).toBe('');
		expect(lines.filter((l) => l.startsWith('ok ')).length).toBe(planned);
		expect(planned).toBeGreaterThan(0);
	});
});
