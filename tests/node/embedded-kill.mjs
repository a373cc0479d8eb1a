/**
 * I-01 and I-04 by hand: `N=20 node tests/node/embedded-kill.mjs`. A process writes through the embedded
 * engine and prints each number after it was acknowledged; it is killed with -9 at some moment, or ends its
 * database thread with a runaway query. Afterwards every printed number must be there, once, and indexes sound.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const out = path.resolve('node_modules/.cache/xt-embedded-kill');
process.env.XT_WORKERS = out;
process.env.XT_AMCHECK = '1';
const settings = { origin: 'http://localhost:3999', production: false, deadline: 1000 };

if (process.argv[2] === 'write') await write(process.argv[3], process.argv[4] === 'runaway');
else await many(Number(process.env.N ?? 5));

/** @param {string} root @param {boolean} runaway */
async function write(root, runaway) {
	const { startEmbedded } = await import(path.join(out, 'engine.js'));
	const { sql } = await startEmbedded({ ...settings, dataDir: root, migrationsDir: root });
	await sql`create table if not exists public.written (n bigint primary key, body text)`;
	const [{ next }] = await sql`select coalesce(max(n), 0)::int + 1 as next from public.written`;
	process.stdout.write('begin\n');
	if (runaway) setTimeout(() => sql`select pg_sleep(20)`.catch(() => undefined), 300);
	for (let n = next; ; n++) {
		try {
			await sql`insert into public.written values (${n}, ${'x'.repeat(500)})`;
			process.stdout.write(`${n}\n`);
		} catch (error) {
			if (error.code !== '57014') throw error;
		}
	}
}

/** @param {string} root @param {boolean} runaway @returns {Promise<number[]>} */
function round(root, runaway) {
	return new Promise((resolve, reject) => {
		const child = spawn(
			process.execPath,
			[fileURLToPath(import.meta.url), 'write', root, runaway ? 'runaway' : ''],
			{ stdio: ['ignore', 'pipe', 'inherit'] }
		);
		let said = '';
		child.stdout.on('data', (chunk) => {
			if (!said)
				setTimeout(() => child.kill('SIGKILL'), runaway ? 4500 : 300 + Math.random() * 1500);
			said += chunk;
		});
		child.on('exit', (code, signal) => {
			if (signal !== 'SIGKILL') return reject(new Error(`ended by itself: ${code}`));
			resolve(said.split('\n').slice(1, -1).map(Number));
		});
	});
}

/** @param {number} times */
async function many(times) {
	await build({
		configFile: false,
		logLevel: 'error',
		build: {
			ssr: true,
			target: 'node20',
			outDir: out,
			emptyOutDir: true,
			rollupOptions: {
				input: {
					database: 'src/lib/server/engine/database.worker.ts',
					engine: 'src/lib/server/engine/index.ts'
				},
				output: { entryFileNames: '[name].js' }
			}
		}
	});
	const root = mkdtempSync(path.join(os.tmpdir(), 'xt-kill-'));
	const acknowledged = new Set();
	const slowest = { start: 0 };
	for (let n = 0; n < times; n++) {
		const runaway = n % 5 === 4;
		const written = await round(root, runaway);
		for (const number of written) acknowledged.add(number);
		console.log(
			`${n + 1}/${times} ${runaway ? 'runaway, then killed' : 'killed'}: ${written.length} acknowledged`
		);
	}
	const { startEmbedded } = await import(path.join(out, 'engine.js'));
	const began = Date.now();
	const backend = await startEmbedded({
		...settings,
		deadline: 60_000,
		dataDir: root,
		migrationsDir: root
	});
	slowest.start = Date.now() - began;
	const rows =
		await backend.sql`select n::int as n, count(*)::int as times from public.written group by n`;
	const there = new Set(rows.map((r) => r.n));
	const lost = [...acknowledged].filter((n) => !there.has(n));
	const doubled = rows.filter((r) => r.times > 1);
	await backend.sql`reindex table public.written`;
	const amcheck = await backend.sql`create extension if not exists amcheck`
		.then(() => backend.sql`select bt_index_check('public.written_pkey', true)`)
		.then(
			() => 'clean',
			(error) => (/not available/.test(error.message) ? 'not available' : `FAULT ${error.message}`)
		);
	await backend.close();
	rmSync(root, { recursive: true, force: true });
	console.log(
		`${acknowledged.size} acknowledged, ${lost.length} lost, ${doubled.length} doubled; amcheck ${amcheck}; start after the last kill ${slowest.start} ms`
	);
	process.exit(lost.length || doubled.length || amcheck.startsWith('FAULT') ? 1 : 0);
}
