/**
 * What suites start from: made once, kept by what it is made of, copied by each. A new database with PostGIS and
 * all migrations takes a core half a minute, a copy of one a few seconds.
 */
import { createHash } from 'node:crypto';
import {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startEmbedded } from '../src/lib/server/engine/index';

const filesIn = (folder: string) => readdirSync(folder).map((f) => path.join(folder, f));
const cache = path.resolve('node_modules/.cache/xiangtu/templates');

/** Another when migrations, the cast, the engine or any package changed. */
export const stamp: string = [
	...filesIn('supabase/migrations'),
	'supabase/tests/00_cast.sql',
	...filesIn('src/lib/server/engine'),
	'package-lock.json'
]
	.reduce((hash, file) => hash.update(file).update(readFileSync(file)), createHash('sha256'))
	.digest('hex')
	.slice(0, 12);

/** The path of the template `name`, made where there is none yet. */
export async function template(name: string, make: (at: string) => Promise<void>): Promise<string> {
	const at = path.join(cache, stamp, name);
	if (existsSync(at)) return at;
	mkdirSync(path.dirname(at), { recursive: true });
	for (const old of readdirSync(cache))
		if (old !== stamp) rmSync(path.join(cache, old), { recursive: true, force: true });
	const making = `${at}.${process.pid}`;
	await make(making);
	// Two suites at once make two; the first one's is taken.
	if (existsSync(at)) rmSync(making, { recursive: true });
	else renameSync(making, at);
	return at;
}

/** A data folder as the program leaves it after its first start; the caller removes it. */
export async function startedFolder(prefix: string): Promise<string> {
	const from = await template('folder', async (dataDir) => {
		const backend = await startEmbedded({ dataDir, origin: 'http://localhost:3999' });
		await backend.close();
	});
	const dataDir = mkdtempSync(path.join(os.tmpdir(), prefix));
	cpSync(from, dataDir, { recursive: true });
	return dataDir;
}
