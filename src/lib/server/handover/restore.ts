import { createHash } from 'node:crypto';
import type { Member } from './archive';
import { catalogue, dump, quotedTable, speakOf, type Sql, type Table } from './catalogue';
import type { Kept, Manifest } from './manifest';
import { asRefusal, HandoverRefused } from './refusal';
import { linesOf, membersOf, verifyFile } from './verify';

/** What a restore needs of the backend, which must be empty. */
export type Into = {
	sql: Sql;
	relaxed: <T>(ms: number, work: () => Promise<T>) => Promise<T>;
	writeFile: (bucket: string, name: string, bytes: Uint8Array) => Promise<void>;
	removeFile: (bucket: string, name: string) => Promise<void>;
};
export type Restored = { township: { id: string; name: string }; rows: number; files: number };
type Say = (step: 'verify' | 'tables' | 'files' | 'compare', fraction: number) => void;

/**
 * Opens a hand-over file in an empty installation: first everything is verified, then the rows and files are put in
 * and compared with the file once more, all in one transaction. All of it or nothing. Throws `HandoverRefused`.
 *
 * It works as the owner of the database, as migrations do: our own triggers are off for these tables inside this
 * transaction alone (they would count and mark a second time what comes counted and marked); foreign keys,
 * checks and unique keys hold.
 */
export async function restoreTownship(
	into: Into,
	file: string,
	passphrase: string | null,
	say: Say = () => undefined
): Promise<Restored> {
	const { sql } = into;
	const versions = await sql<{ version: string }[]>`
		select version from supabase_migrations.schema_migrations order by version`;
	const [there] = await sql`select from public.places limit 1`;
	if (there) throw new HandoverRefused('not_empty');
	say('verify', 0);
	const { manifest, kept } = await verifyFile(
		file,
		passphrase,
		versions.map((v) => v.version)
	);
	const written: Kept[] = [];
	try {
		await into.relaxed(120_000, () =>
			sql.begin(async (begun) => {
				const tx = begun as unknown as Sql;
				await fill(tx, into, file, passphrase, manifest, kept, written, say);
			})
		);
	} catch (error) {
		for (const k of written) await into.removeFile(k.bucket, k.name).catch(() => undefined);
		throw asRefusal(error);
	}
	const rows = manifest.tables.reduce((n, t) => n + t.rows, 0);
	return { township: manifest.township, rows, files: kept.length };
}

async function fill(
	tx: Sql,
	into: Into,
	file: string,
	passphrase: string | null,
	manifest: Manifest,
	kept: readonly Kept[],
	written: Kept[],
	say: Say
): Promise<void> {
	const { township } = manifest;
	await speakOf(tx, township.id, township.district_id);
	const tables = await catalogue(tx);
	const same = (t: { name: string }) => t.name;
	if (JSON.stringify(tables.map(same)) !== JSON.stringify(manifest.tables.map(same)))
		throw new HandoverRefused('schema_older');
	const places = new Map<string, Kept[]>();
	for (const k of kept) places.set(k.sha256, [...(places.get(k.sha256) ?? []), k]);
	await tx`create temporary table xt_rows (line jsonb not null) on commit drop`;

	// Parts come in the order of the tables; a table is filled by one statement, because some point at themselves.
	let now = 0;
	let fileCount = 0;
	let chained = false;
	const finish = async (upTo: number) => {
		for (; now < upTo; now++) {
			await put(tx, tables[now]!);
			say('tables', (now + 1) / tables.length);
		}
	};
	/** Before the first file is written, the chain of events has to be whole. */
	const filled = async () => {
		if (chained) return;
		await finish(tables.length);
		await compare(tx, tables, manifest, say);
		await chainWhole(tx, manifest);
		chained = true;
	};
	for await (const member of membersOf(file, passphrase)) {
		const table = /^tables\/(.+)\.\d{4,}\.ndjson$/.exec(member.name)?.[1];
		if (table) {
			await finish(tables.findIndex((t) => t.name === table));
			await stage(tx, member);
		} else if (member.name.startsWith('files/')) {
			await filled();
			for (const k of places.get(member.name.slice(6)) ?? []) {
				written.push(k);
				await into.writeFile(k.bucket, k.name, member.bytes);
			}
			say('files', ++fileCount / Math.max(1, places.size));
			// A transaction nobody goes on with is ended after a while; writing big files takes its time.
			if (fileCount % 20 === 0) await tx`select 1`;
		}
	}
	await filled();
	for (let at = 0; at < kept.length; at += 500)
		await tx`insert into storage.objects (bucket_id, name, metadata)
			select f.bucket, f.name, f.metadata
			from jsonb_to_recordset(${JSON.stringify(kept.slice(at, at + 500))}::text::jsonb)
				as f (bucket text, name text, metadata jsonb)
			on conflict (bucket_id, name) do update set metadata = excluded.metadata`;
}

async function stage(tx: Sql, member: Member): Promise<void> {
	await tx`insert into xt_rows (line)
		select value from jsonb_array_elements(${`[${linesOf(member).join(',')}]`}::text::jsonb)`;
}

async function put(tx: Sql, table: Table): Promise<void> {
	const name = quotedTable(table.name);
	const columns = table.columns.map((c) => `"${c.name}"`).join(', ');
	const values = table.columns.map((c) => `r."${c.name}"`).join(', ');
	await tx.unsafe(`alter table ${name} disable trigger user`);
	await tx.unsafe(
		`insert into ${name} (${columns}) select ${values} from xt_rows s, jsonb_populate_record(null::${name}, s.line) r`
	);
	await tx.unsafe(`alter table ${name} enable trigger user`);
	await tx`truncate xt_rows`;
}

/** Every table is read again and must give the file's own bytes. */
async function compare(
	tx: Sql,
	tables: readonly Table[],
	manifest: Manifest,
	say: Say
): Promise<void> {
	for (const [n, table] of tables.entries()) {
		const hash = createHash('sha256');
		for await (const part of dump(tx, table)) hash.update(part.text, 'utf8');
		if (hash.digest('hex') !== manifest.tables[n]!.sha256)
			throw new HandoverRefused('not_the_same', table.name);
		say('compare', (n + 1) / tables.length);
	}
}

async function chainWhole(tx: Sql, { township, chain }: Manifest): Promise<void> {
	const [row] = await tx<{ state: { whole: boolean; broken_at?: number; head?: string } }[]>`
		select private.chain_state(${township.id}) as state`;
	const state = row!.state;
	if (!state.whole) throw new HandoverRefused('chain_broken', String(state.broken_at));
	if (state.head !== chain.head) throw new HandoverRefused('chain_broken', 'head');
}
