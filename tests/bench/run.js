/**
 * `npm run bench`: each figure beside one measured in the same run on the same machine, so that only their
 * ratio matters. Fails when the counts of all villages cost more than 1.5 × as much at 180,000 tasks as at 1,000,
 * and when what a person waits for (`wall.js`) misses its bars. `BENCH=list,counts,ops,
 * map,wall,cheapest,check,session` chooses.
 */
import { createClient } from '@supabase/supabase-js';
import { spawn } from 'node:child_process';
import { createHash, createHmac, randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import ws from 'ws';
import { cheapestRows } from './cheapest.js';
import { check } from './check.js';
import { load } from './load.js';
import { session } from './session.js';
import { wall } from './wall.js';

const chosen = (process.env.BENCH ?? 'list,counts,ops,map,wall,cheapest,check,session').split(',');
const many = Number(process.env.BENCH_TASKS ?? 180_000);
const bar = 1.5;
const origin = 'http://localhost:3999';
const compiled = path.resolve('node_modules/.cache/xiangtu/bench');
/** @type {(() => unknown)[]} */
const cleanUp = [];

/** @typedef {import('../../src/lib/server/engine/index').Backend} Backend */
/** @typedef {{ what: string, ms: string, beside: string, ratio: string }} Line */
/** @type {Line[]} */
const table = [];

/** tests.id() of the cast. @param {string} name */
const id = (name) =>
	createHash('md5')
		.update(`xiangtu:${name}`)
		.digest('hex')
		.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
const claims = {
	sub: id('pan'),
	role: 'authenticated',
	aud: 'authenticated',
	session_id: id('session pan'),
	exp: Math.floor(Date.now() / 1000) + 7200
};

/** @param {number[]} times */
const median = (times) => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? NaN;
/** @param {() => Promise<unknown>} work */
async function time(work) {
	const began = performance.now();
	await work();
	return performance.now() - began;
}
/** Runs the works in turn, so that whatever else the machine does meets all of them. @param {number} runs @param {(() => Promise<number>)[]} works */
async function interleaved(runs, works) {
	for (const work of works) for (let n = 0; n < 3; n++) await work();
	/** @type {number[][]} */
	const times = works.map(() => []);
	for (let n = 0; n < runs; n++)
		for (const [i, work] of works.entries()) times[i]?.push(await work());
	return times.map(median);
}
/** @param {string} what @param {number} ms @param {string} other @param {number} besides */
function put(what, ms, other, besides) {
	const f = (/** @type {number} */ n) => (n >= 100 ? n.toFixed(0) : n.toFixed(2));
	table.push({
		what,
		ms: `${f(ms)} ms`,
		beside: `${other} ${f(besides)} ms`,
		ratio: (ms / besides).toFixed(2)
	});
	const { what: w, ms: m, beside, ratio } = /** @type {Line} */ (table.at(-1));
	console.log(`${w}: ${m}; ${beside}; ratio ${ratio}`);
	return ms / besides;
}

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
	process.env.XT_WORKERS = compiled;
}

/** @param {string} dataDir @returns {Promise<Backend>} */
async function openEngine(dataDir) {
	const { startEmbedded } = await import(pathToFileURL(path.join(compiled, 'engine.js')).href);
	return startEmbedded({ dataDir, origin, deadline: 20_000 });
}

/** A backend whose township has twenty villages and this many tasks. @param {number} tasks */
async function township(tasks) {
	const dataDir = mkdtempSync(path.join(os.tmpdir(), 'xt-bench-'));
	cleanUp.push(() => rmSync(dataDir, { recursive: true, force: true }));
	const backend = await openEngine(dataDir);
	cleanUp.unshift(() => backend.close());
	const { sql } = backend;
	await sql.unsafe(readFileSync('supabase/tests/00_cast.sql', 'utf8'));
	await sql`select tests.village('v' || n, 'yunxi', 110.84 + 0.02 * (n % 6), 32.62 + 0.02 * (n / 6))
		from generate_series(1, 18) n`;
	await backend.relaxed(1_200_000, async () => {
		await load(sql, id('yunxi'), 0, tasks);
		const differing = await sql`select * from private.progress_differences(${id('yunxi')})`;
		if (differing.length) throw new Error('the counts do not fit the steps');
	});
	const { jwtSecret } = JSON.parse(readFileSync(path.join(dataDir, 'secrets.json'), 'utf8'));
	return { backend, jwtSecret };
}

/** One read as the planner on the owner's connection, without HTTP. `inner`: without the transaction around it. @param {Backend} backend @param {string} query */
async function direct(backend, query, inner = false) {
	let within = NaN;
	const whole = await time(() =>
		backend.sql.begin(async (/** @type {any} */ tx) => {
			await tx`select set_config('request.jwt.claims', ${JSON.stringify(claims)}, true),
				set_config('request.jwt.claim.sub', ${claims.sub}, true), set_config('role', 'authenticated', true)`;
			within = await time(() => tx.unsafe(query));
		})
	);
	return inner ? within : whole;
}

/** @param {{ backend: Backend, jwtSecret: string }} town */
function clientOf({ backend, jwtSecret }) {
	const part = (/** @type {object} */ value) =>
		Buffer.from(JSON.stringify(value)).toString('base64url');
	const body = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
	const token = `${body}.${createHmac('sha256', jwtSecret).update(body).digest('base64url')}`;
	return createClient(origin, backend.publishableKey, {
		global: { fetch: backend.fetch },
		accessToken: async () => token,
		realtime: { transport: /** @type {any} */ (ws) }
	});
}

/** @template {{ error: unknown, data: unknown }} T @param {PromiseLike<T>} asked */
async function answered(asked) {
	const { error, data } = await asked;
	if (error) throw new Error(JSON.stringify(error));
	return data;
}

async function database() {
	const yunxi = id('yunxi');
	/** @param {object} filter */
	const list = (filter, limit = 100) =>
		`select public.task_list('${yunxi}', '${JSON.stringify(filter)}', null, ${limit})`;
	const board = () =>
		[
			`select public.task_counts('${yunxi}', '{}')`,
			...['found', 'assigned', 'reported', 'proven'].map((stage) => list({ stage: [stage] }, 30))
		].join(';');
	/** The tile over the middle of 白马's village, as `x, y`. @param {number} z */
	const tileAt = (z) => {
		const [lon, lat] = [110.81, 32.61];
		const sin = Math.sin((lat * Math.PI) / 180);
		const y = 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI);
		return `${Math.floor((lon / 360 + 0.5) * 2 ** z)}, ${Math.floor(y * 2 ** z)}`;
	};
	const began = performance.now();
	const small = await township(1000);
	if (chosen.includes('list')) {
		const client = clientOf(small);
		const page = `select * from public.task_page('${yunxi}')`;
		const [http = NaN, sql = NaN] = await interleaved(60, [
			() => time(() => answered(client.rpc('task_page', { p_township: yunxi }))),
			() => direct(small.backend, page)
		]);
		put('list of 100 tasks with rights, supabase-js through HTTP', http, 'same SQL alone', sql);
	}
	if (chosen.includes('ops')) {
		const client = clientOf(small);
		const payload = { category: 'TRASH', village_id: id('baima') };
		const op = () => ({
			op_id: randomUUID(),
			kind: 'task.create',
			township_id: yunxi,
			target: randomUUID(),
			payload
		});
		const [http = NaN, sql = NaN, bare = NaN] = await interleaved(60, [
			() => time(() => answered(client.rpc('apply_op', { p_op: op() }))),
			() => direct(small.backend, `select public.apply_op('${JSON.stringify(op())}')`),
			() => time(() => small.backend.sql`select 1`)
		]);
		put('apply_op task.create through HTTP', http, 'select 1', bare);
		put('apply_op task.create, SQL alone', sql, 'select 1', bare);
	}
	if (!chosen.includes('counts')) return true;
	const fresh = await township(1000);
	const large = await township(many);
	console.log(`two townships made in ${((performance.now() - began) / 1000).toFixed(0)} s`);
	let good = true;
	for (const [name, query, runs] of /** @type {const} */ ([
		[
			'progress_on, every village',
			`select * from public.progress_on('${yunxi}', current_date)`,
			60
		],
		[
			'progress_on 100 days ago',
			`select * from public.progress_on('${yunxi}', current_date - 100)`,
			60
		],
		['wall_map', `select public.wall_map('${yunxi}')`, 40],
		[
			'things_on(600), what comes with the map',
			`select public.things_on('${yunxi}', null, 600)`,
			12
		],
		['task_page', `select * from public.task_page('${yunxi}')`, 30],
		['first list of the desk', list({}), 20],
		['filter by village and stage', list({ village: [id('baima')], stage: ['assigned'] }), 20],
		['filter overdue', list({ overdue: true, sort: 'due' }), 20],
		['search 垃圾', list({ q: '垃圾' }), 12],
		['search a number that is rare', list({ q: '旱厕未改777' }), 12],
		['board: counts and four columns', board(), 12],
		[
			'tile of the whole township, z11',
			`select public.task_tile('${yunxi}', 11, ${tileAt(11)})`,
			12
		],
		['tile of a village, z14', `select public.task_tile('${yunxi}', 14, ${tileAt(14)})`, 12]
	])) {
		const [more = NaN, few = NaN] = await interleaved(runs, [
			() => direct(large.backend, query, true),
			() => direct(fresh.backend, query, true)
		]);
		const ratio = put(`${name} at ${many} tasks`, more, 'at 1000', few);
		if (name.startsWith('progress_on')) good &&= ratio <= bar;
	}
	return good;
}

/** Serves an empty map: the same MapLibre, no source, no layer. @returns {Promise<string>} */
function emptyMap() {
	const dist = path.resolve('node_modules/maplibre-gl/dist');
	const page = `<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="/maplibre-gl.css">
		<style>html, body, #map { height: 100%; margin: 0 }</style><div id="map"></div>
		<script type="module">
			import { Map, setWorkerUrl } from '/maplibre-gl.mjs';
			setWorkerUrl('/maplibre-gl-worker.mjs');
			const map = new Map({ container: 'map', style: { version: 8, sources: {}, layers: [] },
				center: [110.8, 32.6], zoom: 10, attributionControl: false, fadeDuration: 0 });
			window.__map = map;
			map.once('idle', () => (window.drawn = performance.now()));
		</script>`;
	const server = createServer((request, answer) => {
		const file = path.join(dist, path.basename(request.url ?? ''));
		if (request.url === '/') answer.setHeader('content-type', 'text/html').end(page);
		else if (/\.(mjs|css)$/.test(file) && existsSync(file))
			answer
				.setHeader('content-type', file.endsWith('css') ? 'text/css' : 'text/javascript')
				.end(readFileSync(file));
		else answer.writeHead(404).end();
	});
	cleanUp.unshift(
		() => server.closeAllConnections(),
		() => server.close()
	);
	return new Promise((resolve) =>
		server.listen(0, '127.0.0.1', () => {
			const at = server.address();
			resolve(`http://127.0.0.1:${typeof at === 'object' ? at?.port : at}/`);
		})
	);
}

/** The built program with the demo township in this folder. @param {string} dataDir */
async function program(dataDir) {
	const port = await new Promise((resolve) => {
		const probe = createServer().listen(0, '127.0.0.1', () => {
			const at = probe.address();
			probe.close(() => resolve(typeof at === 'object' ? at?.port : at));
		});
	});
	const at = `http://localhost:${port}`;
	const { XT_WORKERS: _, ...env } = process.env;
	const child = spawn(process.execPath, ['src/start.js'], {
		env: {
			...env,
			PORT: String(port),
			ORIGIN: at,
			XT_DATA: dataDir,
			XT_DEMO: '1',
			XT_NO_BUILD: process.env.XT_NO_BUILD ?? '1'
		},
		stdio: ['ignore', 'pipe', 'pipe']
	});
	let said = '';
	child.stdout.on('data', (chunk) => (said += chunk));
	child.stderr.on('data', (chunk) => (said += chunk));
	const ended = new Promise((resolve) => child.once('exit', resolve));
	const end = async () => {
		child.kill();
		await ended;
	};
	for (const limit = Date.now() + 180_000; ;) {
		const up = await fetch(`${at}/sign-in`).then(
			(r) => r.ok,
			() => false
		);
		if (up) return { origin: at, end };
		if (child.exitCode !== null || Date.now() > limit) {
			await end();
			throw new Error(`not started:\n${said}`);
		}
		await new Promise((r) => setTimeout(r, 300));
	}
}

async function chromium() {
	const { chromium } = await import('playwright-core');
	return chromium.launch({
		executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
		// As in playwright.config.ts.
		args: [
			'--no-sandbox',
			'--disable-quic',
			'--no-first-run',
			'--disable-background-networking',
			'--disable-component-update',
			'--disable-sync',
			'--hide-scrollbars',
			'--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1',
			'--use-angle=swiftshader',
			'--enable-unsafe-swiftshader',
			'--ignore-gpu-blocklist'
		]
	});
}

/** From the start of navigation to the first choropleth, beside a page with the same MapLibre and nothing on it. */
async function map() {
	const dataDir = mkdtempSync(path.join(os.tmpdir(), 'xt-bench-'));
	cleanUp.push(() => rmSync(dataDir, { recursive: true, force: true }));
	const empty = await emptyMap();
	const { origin: at, end } = await program(dataDir);
	cleanUp.unshift(end);
	const browser = await chromium();
	cleanUp.unshift(() => browser.close());
	const context = await browser.newContext({
		viewport: { width: 1000, height: 700 },
		locale: 'zh-CN'
	});
	await context.addInitScript(() => {
		const mark = () => document.documentElement?.setAttribute('data-test', '');
		mark();
		document.addEventListener('readystatechange', mark, { once: true });
		/** @type {any} */
		const w = window;
		const look = () => {
			// The drawing that comes with the page, then the live map after its first idle.
			if (!w.painted && document.querySelector('[data-map-state] svg path'))
				w.painted = performance.now();
			if (!w.drawn && document.querySelector('[data-map-state="live"]'))
				w.drawn = performance.now();
			if (!w.drawn) requestAnimationFrame(look);
		};
		requestAnimationFrame(look);
	});
	let page = await context.newPage();
	await page.goto(`${at}/sign-in`);
	await page.locator('input[name=login]').fill('planner');
	await page.locator('input[name=password]').fill('yunxi-demo-2026');
	await page.locator('form button[type=submit]').first().click();
	await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
	await page.waitForSelector('[data-map-state="live"]', { timeout: 60_000 });
	const home = page.url();
	await page.close();
	/** @param {string} url @returns {Promise<{ painted: number, drawn: number }>} */
	const look = async (url) => {
		page = await context.newPage();
		await page.goto(url);
		await page.waitForFunction(() => 'drawn' in window, null, { timeout: 60_000 });
		const seen = await page.evaluate(() => {
			/** @type {any} */
			const { painted = NaN, drawn } = window;
			return { painted, drawn };
		});
		await page.close();
		return seen;
	};
	/** @type {Record<'drawn' | 'painted' | 'bare', number[]>} */
	const times = { drawn: [], painted: [], bare: [] };
	await look(empty);
	for (let n = 0; n < 5; n++) {
		const wall = await look(home);
		times.drawn.push(wall.drawn);
		times.painted.push(wall.painted);
		times.bare.push((await look(empty)).drawn);
	}
	put(
		'first choropleth, drawn by the server',
		median(times.painted),
		'empty map',
		median(times.bare)
	);
	put('choropleth live, first idle', median(times.drawn), 'empty map', median(times.bare));
}

const [cpu] = os.cpus();
console.log(
	`${os.cpus().length} × ${cpu?.model.trim()}, node ${process.version}, ${process.platform}, load ${os.loadavg()[0]?.toFixed(1)}`
);
let good = true;
try {
	if (chosen.some((part) => part !== 'map' && part !== 'cheapest')) await compile();
	if (chosen.some((part) => ['list', 'counts', 'ops'].includes(part))) good = await database();
	if (!good) console.error(`progress_on costs more than ${bar} × at ${many} tasks`);
	// The browser shares the cores: it starts when the databases are gone.
	for (const end of cleanUp.splice(0)) await end();
	if (chosen.includes('map') || chosen.includes('wall'))
		console.log('maps are drawn by SwiftShader, in software: read their ratios, not their ms');
	if (chosen.includes('map')) await map();
	for (const end of cleanUp.splice(0)) await end();
	if (chosen.includes('wall')) {
		const tools = { many, put, cleanUp, program, openEngine, emptyMap, browser: chromium };
		good = (await wall(tools)) && good;
	}
	if (chosen.includes('check')) {
		const tools = { township, direct, interleaved, time, put, id };
		good = (await check(tools)) && good;
	}
	for (const end of cleanUp.splice(0)) await end();
	if (chosen.includes('session'))
		good = (await session({ put, cleanUp, program, browser: chromium })) && good;
	for (const end of cleanUp.splice(0)) await end();
	if (chosen.includes('cheapest'))
		for (const { what, ms, beside } of await cheapestRows()) put(what, ms, '20 items', beside);
} finally {
	for (const end of cleanUp.splice(0)) await end();
}
console.table(table);
process.exit(good ? 0 : 1);
