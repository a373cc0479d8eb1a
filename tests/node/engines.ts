/** The database alone, without HTTP: PGlite in this process, or a scratch database on a PostgreSQL. */
import { PGlite } from '@electric-sql/pglite';
import { pgtap } from '@electric-sql/pglite-pgtap';
import { postgis } from '@electric-sql/pglite-postgis';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import postgres from 'postgres';

export type Engine = {
	/** Several statements; the rows of each. */
	run: (sql: string) => Promise<Record<string, unknown>[][]>;
	close: () => Promise<void>;
	/** Where more connections go, on PostgreSQL. */
	url?: string;
};

export const native = process.env.TEST_DATABASE_URL;

export const sqlFiles = (folder: string): string[] =>
	readdirSync(folder)
		.filter((f) => f.endsWith('.sql'))
		.sort()
		.map((f) => path.join(folder, f));

const roles = `do $$ declare r text; begin
	foreach r in array array['anon', 'authenticated', 'service_role'] loop
		if not exists (select from pg_roles where rolname = r) then execute 'create role ' || r || ' nologin'; end if;
	end loop; end $$;`;

async function embedded(): Promise<Engine> {
	const db = await PGlite.create({ extensions: { postgis, pgtap } });
	// As in database.worker.ts: every error leaves something on PGlite's C stack.
	const stack = (db as unknown as { Module: { ___stack_pointer: WebAssembly.Global } }).Module
		.___stack_pointer;
	const bottom = stack.value as number;
	return {
		run: async (sql) => {
			stack.value = bottom;
			return (await db.exec(sql)).map((r) => r.rows as Record<string, unknown>[]);
		},
		close: () => db.close()
	};
}

async function server(url: string): Promise<Engine> {
	const owner = postgres(url, { max: 1, onnotice: () => undefined });
	const scratch = `xt_${process.pid}_${Math.random().toString(36).slice(2, 8)}`;
	await owner.unsafe(`create database ${scratch}`);
	const at = new URL(url);
	at.pathname = `/${scratch}`;
	const sql = postgres(at.toString(), { max: 1, onnotice: () => undefined });
	return {
		url: at.toString(),
		run: async (text) => {
			const result = (await sql.unsafe(text)) as unknown as unknown[];
			return (Array.isArray(result[0]) ? result : [result]) as Record<string, unknown>[][];
		},
		close: async () => {
			await sql.end();
			await owner.unsafe(`drop database if exists ${scratch} with (force)`);
			await owner.end();
		}
	};
}

/** An engine with nothing in it. */
export const openEmpty = (name: 'embedded' | 'postgres'): Promise<Engine> =>
	name === 'embedded' ? embedded() : server(native!);

/** An engine with the migrations and the cast of supabase/tests/00_cast.sql. */
export async function openEngine(name: 'embedded' | 'postgres'): Promise<Engine> {
	const engine = await openEmpty(name);
	await engine.run(roles);
	for (const file of sqlFiles('supabase/migrations')) await engine.run(readFileSync(file, 'utf8'));
	await engine.run(readFileSync('supabase/tests/00_cast.sql', 'utf8'));
	return engine;
}

export const engineNames: ('embedded' | 'postgres')[] = native
	? ['embedded', 'postgres']
	: ['embedded'];
