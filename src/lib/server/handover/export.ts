import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { writeArchive, type Member } from './archive';
import { catalogue, dump, speakOf, type Sql } from './catalogue';
import { formatNumber, type About, type Kept, type Manifest } from './manifest';
import { asRefusal } from './refusal';
import { sealed } from './seal';

/** What an export needs of the backend. */
export type From = {
	sql: Sql;
	/** Lets one query take longer. */
	relaxed: <T>(ms: number, work: () => Promise<T>) => Promise<T>;
	readFile: (bucket: string, name: string) => Promise<Uint8Array>;
};

export type Exported = {
	file: string;
	bytes: number;
	/** Of the whole file, to be written down beside it. */
	sha256: string;
	rows: number;
	tables: number;
	files: number;
	missing: string[];
};
export type Progress = (step: 'tables' | 'files' | 'done', fraction: number) => void;

const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const json = (value: unknown) => Buffer.from(JSON.stringify(value, null, '\t'), 'utf8');

type Object = { bucket: string; name: string; metadata: unknown };

/** The members of the archive; the tables are read in one transaction, so that all of them are of one moment. */
async function* members(
	from: From,
	townshipId: string,
	onProgress: Progress,
	tell: (manifest: Manifest) => void
): AsyncGenerator<Member> {
	const tables: Manifest['tables'] = [];
	let about!: About;
	let chain!: Manifest['chain'];
	let objects: Object[];
	const connection = await from.sql.reserve();
	let open = true;
	try {
		await connection.unsafe('begin transaction isolation level repeatable read read only');
		const tx = connection as unknown as Sql;
		const [town] = await tx<{ name: string; district_id: string | null }[]>`
			select name, parent_id as district_id from public.places where id = ${townshipId} and level = 'township'`;
		await speakOf(tx, townshipId, town!.district_id);
		const versions = await tx<{ version: string }[]>`
			select version from supabase_migrations.schema_migrations order by version`;
		about = {
			program: 'xiangtu',
			format: formatNumber,
			made_at: new Date().toISOString(),
			migrations: versions.map((v) => v.version),
			township: { id: townshipId, ...town! }
		};
		yield { name: 'about.json', bytes: json(about) };
		const list = await catalogue(tx);
		for (const [n, table] of list.entries()) {
			const all = createHash('sha256');
			const parts: Manifest['tables'][number]['parts'] = [];
			let rows = 0;
			for await (const part of dump(tx, table)) {
				const bytes = Buffer.from(part.text, 'utf8');
				const name = `tables/${table.name}.${String(parts.length + 1).padStart(4, '0')}.ndjson`;
				all.update(bytes);
				rows += part.rows;
				parts.push({ name, sha256: sha(bytes) });
				yield { name, bytes };
			}
			tables.push({ name: table.name, rows, sha256: all.digest('hex'), parts });
			onProgress('tables', (n + 1) / list.length);
		}
		const [head] = await tx<{ count: string; head: string }[]>`
			select seq::text as count, encode(hash, 'hex') as head from private.chain_heads where township_id = ${townshipId}`;
		chain = { count: Number(head?.count ?? 0), head: head?.head ?? '' };
		objects = await tx<Object[]>`
			select bucket_id as bucket, name, metadata from storage.objects
			where starts_with(name, ${`${townshipId}/`}) order by bucket_id collate "C", name collate "C"`;
		await connection.unsafe('commit');
		open = false;
	} finally {
		// Also where whoever writes the file stopped reading.
		if (open) await connection.unsafe('rollback').catch(() => undefined);
		connection.release();
	}

	const kept: Kept[] = [];
	const missing: string[] = [];
	const sent = new Set<string>();
	let total = 0;
	for (const [n, o] of objects.entries()) {
		onProgress('files', n / objects.length);
		const bytes = await from.readFile(o.bucket, o.name).catch(() => null);
		const own = bytes && sha(bytes);
		// A photo's and a document's name say which bytes they are: others are not handed on as if they were.
		const said = saidHash(o);
		if (!bytes || !own || (said && said !== own)) {
			missing.push(`${o.bucket}/${o.name}`);
			continue;
		}
		kept.push({ ...o, sha256: own, bytes: bytes.length });
		if (sent.has(own)) continue;
		sent.add(own);
		total += bytes.length;
		yield { name: `files/${own}`, bytes };
	}
	const list: Manifest['files']['list'] = [];
	for (let at = 0; at < kept.length; at += 5000) {
		const name = `list/files.${String(list.length + 1).padStart(4, '0')}.ndjson`;
		const lines = kept.slice(at, at + 5000).map((k) => `${JSON.stringify(k)}\n`);
		const bytes = Buffer.from(lines.join(''), 'utf8');
		list.push({ name, sha256: sha(bytes) });
		yield { name, bytes };
	}
	const manifest: Manifest = {
		...about,
		tables,
		files: { count: kept.length, bytes: total, list, missing },
		chain
	};
	tell(manifest);
	yield { name: 'manifest.json', bytes: json(manifest) };
}

/** The SHA-256 that a file's own name promises; re-encoded photos promise none. */
export function saidHash({ bucket, name }: { bucket: string; name: string }): string | null {
	const parts = name.split('/');
	const hash = bucket === 'photos' ? (parts[3] === 'original' ? parts[2] : null) : parts.at(-1);
	return hash && /^[0-9a-f]{64}$/.test(hash) ? hash : null;
}

/**
 * Writes the whole township into `file` (which must not exist), readable by its owner alone. With a passphrase it
 * is sealed. What could not be written to its end is taken away again. Throws `HandoverRefused`.
 */
export async function exportTownship(
	from: From,
	townshipId: string,
	file: string,
	passphrase: string | null,
	onProgress: Progress = () => undefined,
	log2N?: number
): Promise<Exported> {
	let manifest: Manifest | undefined;
	const hash = createHash('sha256');
	let bytes = 0;
	const handle = await open(file, 'wx', 0o600);
	try {
		const archive = writeArchive(
			members(from, townshipId, onProgress, (made) => (manifest = made))
		);
		const out = passphrase === null ? archive : sealed(archive, passphrase, log2N);
		await from.relaxed(60_000, async () => {
			for await (const chunk of out) {
				hash.update(chunk);
				bytes += chunk.length;
				await handle.writeFile(chunk);
			}
		});
		await handle.sync();
	} catch (error) {
		await handle.close().catch(() => undefined);
		await rm(file, { force: true });
		throw asRefusal(error);
	}
	await handle.close();
	onProgress('done', 1);
	return {
		file,
		bytes,
		sha256: hash.digest('hex'),
		rows: manifest!.tables.reduce((n, t) => n + t.rows, 0),
		tables: manifest!.tables.length,
		files: manifest!.files.count,
		missing: manifest!.files.missing
	};
}
