/**
 * I-01: a process writes through apply_op as fast as it can and prints each op that was acknowledged; it is
 * killed with -9 at a random moment; the folder is opened again and looked at. By hand:
 * `KILLS=20 SEED=1 node tests/node/kill.js`.
 */
import { spawn } from 'node:child_process';
import { createHash, createHmac, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

const origin = 'http://localhost:3999';
const abreast = 4;
/** The engine as a process of its own runs it, beside the database's thread; not in build/, which every build empties. */
const compiled = path.resolve('node_modules/.cache/xiangtu/kill');

/** tests.id() of the cast. @param {string} name */
const id = (name) =>
	createHash('md5')
		.update(`xiangtu:${name}`)
		.digest('hex')
		.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');

/** @typedef {import('../../src/lib/server/engine/index').Backend} Backend */
/** @typedef {{ op: string, task: string }} Op */

async function compile() {
	const { build } = await import('vite');
	await build({
		configFile: false,
		logLevel: 'error',
		build: {
			ssr: true,
			target: 'node20',
			outDir: compiled,
			emptyOutDir: true,
			rollupOptions: {
				input: {
					engine: 'src/lib/server/engine/index.ts',
					database: 'src/lib/server/engine/database.worker.ts'
				},
				output: { entryFileNames: '[name].js' }
			}
		}
	});
}

/** @param {string} dataDir @returns {Promise<Backend>} */
async function open(dataDir) {
	process.env.XT_WORKERS = compiled;
	const { startEmbedded } = await import(pathToFileURL(path.join(compiled, 'engine.js')).href);
	return startEmbedded({ dataDir, origin, deadline: 20_000 });
}

/** Calls a function of the Data API as the planner of the cast. @param {Backend} backend @param {string} dataDir */
function asPlanner(backend, dataDir) {
	const { jwtSecret } = JSON.parse(readFileSync(path.join(dataDir, 'secrets.json'), 'utf8'));
	const part = (/** @type {object} */ value) =>
		Buffer.from(JSON.stringify(value)).toString('base64url');
	const body = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({
		sub: id('pan'),
		role: 'authenticated',
		aud: 'authenticated',
		session_id: id('session pan'),
		exp: Math.floor(Date.now() / 1000) + 3600
	})}`;
	const token = `${body}.${createHmac('sha256', jwtSecret).update(body).digest('base64url')}`;
	return async (/** @type {string} */ name, /** @type {object} */ args) => {
		const answer = await backend.fetch(`${origin}/rest/v1/rpc/${name}`, {
			method: 'POST',
			headers: {
				apikey: backend.publishableKey,
				authorization: `Bearer ${token}`,
				'content-type': 'application/json'
			},
			body: JSON.stringify(args)
		});
		return answer.json();
	};
}

/** @param {Op} op */
const create = ({ op, task }) => ({
	p_op: {
		op_id: op,
		kind: 'task.create',
		township_id: id('yunxi'),
		target: task,
		payload: { category: 'TRASH', village_id: id('baima'), title: task }
	}
});

/** The child: `+` before it sends, `=` once it was acknowledged; written to the pipe at once. */
async function write(/** @type {string} */ dataDir) {
	const backend = await open(dataDir);
	const call = asPlanner(backend, dataDir);
	writeSync(1, 'ready\n');
	const writer = async () => {
		for (;;) {
			const op = { op: randomUUID(), task: randomUUID() };
			writeSync(1, `+ ${op.op} ${op.task}\n`);
			const { outcome } = await call('apply_op', create(op));
			if (outcome !== 'applied') throw new Error(`not applied: ${outcome}`);
			writeSync(1, `= ${op.op} ${op.task}\n`);
		}
	};
	await Promise.all(Array.from({ length: abreast }, writer));
}

/** One life of the child. @param {string} dataDir @param {number} ms @returns {Promise<{ sent: Op[], told: Op[] }>} */
function life(dataDir, ms) {
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, [fileURLToPath(import.meta.url), 'write', dataDir], {
			stdio: ['ignore', 'pipe', 'pipe']
		});
		let said = '';
		let wrong = '';
		let dying = false;
		child.stderr.on('data', (chunk) => (wrong += chunk));
		child.stdout.on('data', (chunk) => {
			said += chunk;
			if (dying || !said.includes('ready\n')) return;
			dying = true;
			setTimeout(() => child.kill('SIGKILL'), ms);
		});
		child.once('close', (code, signal) => {
			if (signal !== 'SIGKILL') return reject(new Error(`ended by itself (${code}): ${wrong}`));
			const lines = said.split('\n').slice(0, -1);
			/** @param {string} mark */
			const marked = (mark) =>
				lines
					.filter((line) => line.startsWith(mark))
					.map((line) => ({ op: line.split(' ')[1] ?? '', task: line.split(' ')[2] ?? '' }));
			resolve({ sent: marked('+'), told: marked('=') });
		});
	});
}

/** Small and repeatable (mulberry32). @param {number} seed */
function dice(seed) {
	let a = seed >>> 0;
	return () => {
		a = (a + 0x6d2b79f5) | 0;
		let t = Math.imul(a ^ (a >>> 15), 1 | a);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
	};
}

/**
 * Kills `kills` times and gives what was found.
 * @param {{ kills: number, seed: number, say?: (line: string) => void }} options
 */
export async function run({ kills, seed, say = () => undefined }) {
	await compile();
	const dataDir = mkdtempSync(path.join(os.tmpdir(), 'xt-kill-'));
	const random = dice(seed);
	const found = { kills, seed, acknowledged: 0, inDoubt: 0, inDoubtKept: 0, slowestOpening: 0 };
	/** @type {string[]} */
	const wrong = [];
	/** @type {Op[]} */
	const told = [];
	try {
		const first = await open(dataDir);
		await first.sql.unsafe(readFileSync('supabase/tests/00_cast.sql', 'utf8'));
		await first.close();
		for (let n = 1; n <= kills; n++) {
			const ms = Math.round(500 + 1500 * random());
			const lived = await life(dataDir, ms);
			told.push(...lived.told);
			const began = Date.now();
			const backend = await open(dataDir);
			const opening = Date.now() - began;
			found.slowestOpening = Math.max(found.slowestOpening, opening);
			const faults = await look(backend, dataDir, told, lived, found);
			await backend.close();
			wrong.push(...faults.map((fault) => `kill ${n}: ${fault}`));
			say(
				`${n}/${kills} killed after ${ms} ms: ${lived.told.length} acknowledged, ` +
					`opened in ${opening} ms${faults.length ? `, WRONG: ${faults.join('; ')}` : ''}`
			);
		}
	} finally {
		rmSync(dataDir, { recursive: true, force: true });
	}
	found.acknowledged = told.length;
	return { ...found, wrong };
}

/**
 * Everything that may be wrong in a folder that was opened again.
 * @param {Backend} backend @param {string} dataDir @param {Op[]} told
 * @param {{ sent: Op[], told: Op[] }} lived @param {{ inDoubt: number, inDoubtKept: number }} found
 */
async function look(backend, dataDir, told, lived, found) {
	const { sql } = backend;
	/** @type {string[]} */
	const faults = [];
	const yunxi = id('yunxi');
	const [ops, tasks, steps, events] = await Promise.all([
		sql`select op_id as id, result ->> 'id' as task from public.ops where outcome = 'applied'`,
		sql`select id from public.tasks`,
		sql`select thing_id as id from public.steps`,
		sql`select op_id as id, subject_id as task from public.events where action = 'task.create'`
	]);
	/** @param {string} what @param {readonly { id?: string }[]} rows @param {string[]} wanted */
	const once = (what, rows, wanted) => {
		const times = new Map();
		for (const row of rows) times.set(row.id, (times.get(row.id) ?? 0) + 1);
		const lost = wanted.filter((one) => !times.has(one)).length;
		const doubled = [...times.values()].filter((n) => n > 1).length;
		if (lost) faults.push(`${lost} acknowledged not in ${what}`);
		if (doubled) faults.push(`${doubled} doubled in ${what}`);
	};
	once(
		'ops',
		ops,
		told.map((t) => t.op)
	);
	once(
		'events',
		events,
		told.map((t) => t.op)
	);
	once(
		'tasks',
		tasks,
		told.map((t) => t.task)
	);
	once(
		'steps',
		steps,
		told.map((t) => t.task)
	);
	// A transaction is there as a whole or not at all, acknowledged or not.
	if (new Set([ops.length, tasks.length, steps.length, events.length]).size !== 1)
		faults.push(
			`halves: ${ops.length} ops, ${tasks.length} tasks, ${steps.length} steps, ${events.length} events`
		);
	const differing = await sql`select * from private.progress_differences(${yunxi})`;
	if (differing.length) faults.push(`${differing.length} counts differ`);
	const call = asPlanner(backend, dataDir);
	const chain = await call('verify_events', { p_township: yunxi });
	if (!chain.whole) faults.push(`the chain is broken: ${JSON.stringify(chain)}`);
	// What indexes say must be what the table says.
	await sql.unsafe(
		'set enable_indexscan = off; set enable_bitmapscan = off; set enable_indexonlyscan = off'
	);
	const [slow] =
		await sql`select count(*)::int as n from public.tasks where township_id = ${yunxi}`;
	await sql.unsafe('reset enable_indexscan; reset enable_bitmapscan; reset enable_indexonlyscan');
	await sql.unsafe('set enable_seqscan = off');
	const [fast] =
		await sql`select count(*)::int as n from public.tasks where township_id = ${yunxi}`;
	await sql.unsafe('reset enable_seqscan');
	if (slow?.n !== fast?.n) faults.push(`index ${fast?.n}, table ${slow?.n}`);
	// A device sends again what it never heard of: applied once, whichever way it went.
	const heard = new Set(lived.told.map((t) => t.op));
	const doubt = lived.sent.filter((s) => !heard.has(s.op));
	found.inDoubt += doubt.length;
	for (const op of [...doubt, ...lived.told.slice(-2)]) {
		const { outcome } = await call('apply_op', create(op));
		if (outcome === 'already' && !heard.has(op.op)) found.inDoubtKept++;
		if (outcome !== 'already' && (heard.has(op.op) || outcome !== 'applied'))
			faults.push(`sent again: ${outcome}`);
	}
	told.push(...doubt);
	return faults;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	if (process.argv[2] === 'write') {
		await write(process.argv[3] ?? '');
	} else {
		const seed = Number(process.env.SEED ?? Date.now() % 1e9);
		const result = await run({
			kills: Number(process.env.KILLS ?? 3),
			seed,
			say: (line) => console.log(line)
		});
		console.log(JSON.stringify(result));
		process.exit(result.wrong.length ? 1 : 0);
	}
}
