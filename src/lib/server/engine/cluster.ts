/**
 * A new data folder: initdb and PostGIS take most of a first start. The result is the same for everybody and
 * holds nothing of anybody, so it is kept beside the packages it was made from and unpacked the next time.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

const version = (name: string) =>
	(JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')) as { version: string })
		.version;

function packed(): string {
	const made = ['@electric-sql/pglite', '@electric-sql/pglite-postgis'].map(version).join('-');
	return path.resolve(`node_modules/.cache/xiangtu/cluster-${made}.tar.gz`);
}

export type Fresh = { loadFrom?: string; done: () => void };

/** What a folder without a database needs; null when it has one. One whose making was cut off is made again. */
export function fresh(pg: string): Fresh | null {
	const making = `${pg}.making`;
	if (existsSync(making)) rmSync(pg, { recursive: true, force: true });
	if (existsSync(path.join(pg, 'PG_VERSION'))) return null;
	writeFileSync(making, '', { mode: 0o600 });
	const done = () => rmSync(making, { force: true });
	return existsSync(packed()) ? { loadFrom: packed(), done } : { done };
}

/** Keeps a cluster that holds PostGIS and nothing else; where packages cannot be written, nothing is kept. */
export async function keep(bytes: Uint8Array): Promise<void> {
	const file = packed();
	const half = `${file}.${process.pid}`;
	await mkdir(path.dirname(file), { recursive: true })
		.then(() => writeFile(half, bytes))
		.then(() => rename(half, file))
		.catch(() => undefined);
}
