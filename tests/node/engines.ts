/** The database alone, without HTTP: PGlite in this process, or a scratch database on a PostgreSQL. */
import { PGlite } from '@electric-sql/pglite';
import { pgtap } from '@electric-sql/pglite-pgtap';
import { postgis } from '@electric-sql/pglite-postgis';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import postgres from 'postgres';
import { stamp, template } from '../template';

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

async function embedded(loadDataDir?: Blob): Promise<Engine & { dump: () => Promise<Uint8Array> }> {
	const db = await PGlite.create({ extensions: { postgis, pgtap }, loadDataDir });
	// As in database.worker.ts: every error leaves something on PGlite's C stack.
	const stack = (db as unknown as { Module: { ___stack_pointer: WebAssembly.Global } }).Module
		.___stack_pointer;
	const bottom = stack.value as number;
	return {
		run: async (sql) => {
			stack.value = bottom;
			return (await db.exec(sql)).map((r) => r.rows as Record<string, unknown>[]);
		},
		dump: async () => new Uint8Array(await (await db.dumpDataDir('none')).arrayBuffer()),
		close: () => db.close()
	};
}

/** A database of its own, a copy of `from`, gone when it is closed unless it is to stay under a name. */
async function server(url: string, from = 'template1', stays?: string): Promise<Engine> {
	const owner = postgres(url, { max: 1, onnotice: () => undefined });
	const name = stays ?? `xt_${process.pid}_${Math.random().toString(36).slice(2, 8)}`;
	await owner.unsafe(`create database ${name} template ${from}`);
	const at = new URL(url);
	at.pathname = `/${name}`;
	const sql = postgres(at.toString(), { max: 1, onnotice: () => undefined });
	return {
		url: at.toString(),
		run: async (text) => {
			const result = (await sql.unsafe(text)) as unknown as unknown[];
			return (Array.isArray(result[0]) ? result : [result]) as Record<string, unknown>[][];
		},
		close: async () => {
			await sql.end();
			if (!stays) await owner.unsafe(`drop database if exists ${name} with (force)`);
			await owner.end();
		}
	};
}

/** An engine with nothing in it. */
export const openEmpty = (name: 'embedded' | 'postgres'): Promise<Engine> =>
	name === 'embedded' ? embedded() : server(native!);

async function fill(engine: Engine): Promise<void> {
	await engine.run(roles);
	for (const file of sqlFiles('supabase/migrations')) await engine.run(readFileSync(file, 'utf8'));
	await engine.run(readFileSync('supabase/tests/00_cast.sql', 'utf8'));
}

/** The name of a database to copy on the PostgreSQL. */
async function filled(url: string): Promise<string> {
	const owner = postgres(url, { max: 1, onnotice: () => undefined });
	const name = `xt_template_${stamp}`;
	try {
		// Suites at once: the second one waits and finds it.
		await owner`select pg_advisory_lock(hashtext('xt_template'))`;
		const there = await owner<{ name: string }[]>`
			select datname as name from pg_database where datname like 'xt_template_%'`;
		if (there.some((d) => d.name === name)) return name;
		for (const old of there) await owner.unsafe(`drop database ${old.name}`);
		// Under its name only when it is whole.
		const making = await server(url, 'template1', `${name}_making`);
		await fill(making);
		await making.close();
		await owner.unsafe(`alter database ${name}_making rename to ${name}`);
		return name;
	} finally {
		await owner.end();
	}
}

/** An engine with the migrations and the cast of supabase/tests/00_cast.sql. */
export async function openEngine(name: 'embedded' | 'postgres'): Promise<Engine> {
	if (name === 'postgres') return server(native!, await filled(native!));
	const file = await template('memory.tar', async (at) => {
		const engine = await embedded();
		await fill(engine);
		writeFileSync(at, await engine.dump());
		await engine.close();
	});
	return embedded(new Blob([readFileSync(file)]));
}

export const engineNames: ('embedded' | 'postgres')[] = native
	? ['embedded', 'postgres']
	: ['embedded'];
