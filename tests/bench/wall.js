/**
 * What a person waits for, through the built program and a browser: the demo township filled up to 1,000 tasks
 * and to very many, asked in turn in one run. `BENCH_WALL=wait,pan,change` chooses; `BENCH_DIR` keeps the filled
 * folders for the next run. Over 8 KB: one story, told from the first map to the last frame.
 */
import { randomUUID } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { load } from './load.js';

/** @typedef {{ origin: string, end: () => Promise<void> }} Program */
/** @typedef {import('playwright-core').Browser} Browser */
/** @typedef {import('playwright-core').Page} Page */
/** @typedef {{ name: string, at: string, home: string, township: string, context: import('playwright-core').BrowserContext, other: import('playwright-core').BrowserContext, village: { id: string, at: [number, number] } }} Town */
/**
 * @typedef {{
 *   many: number,
 *   put: (what: string, ms: number, other: string, besides: number) => number,
 *   cleanUp: (() => unknown)[],
 *   program: (dataDir: string) => Promise<Program>,
 *   openEngine: (dataDir: string) => Promise<import('../../src/lib/server/engine/index').Backend>,
 *   emptyMap: () => Promise<string>,
 *   browser: () => Promise<Browser>
 * }} Tools
 */

const password = 'yunxi-demo-2026';
const view = { viewport: { width: 1000, height: 700 }, locale: 'zh-CN' };
const rounds = Number(process.env.BENCH_ROUNDS ?? 7);
const parts = (process.env.BENCH_WALL ?? 'wait,pan,change').split(',');
/** A village close by, where every task is drawn, and the whole township. */
const zooms = { village: 14.6, township: 11 };

/** @param {number[]} times @param {number} part */
export const quantile = (times, part) =>
	[...times].sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * part))] ??
	NaN;
/** @param {number[]} times */
export const median = (times) => quantile(times, 0.5);

/** Notes when the drawn map, the live map and the rows were first there; runs before the page's own scripts. */
function watch() {
	const mark = () => document.documentElement?.setAttribute('data-test', '');
	mark();
	document.addEventListener('readystatechange', mark, { once: true });
	/** @type {any} */
	const w = window;
	const look = () => {
		if (!w.live && document.querySelector('[data-map-state="live"]')) w.live = performance.now();
		if (!w.rows && document.querySelector('tr[data-task], [data-stage] [data-task]'))
			// The frame after the one they were first met in.
			requestAnimationFrame(() => (w.rows = performance.now()));
		if (!w.live) requestAnimationFrame(look);
	};
	requestAnimationFrame(look);
}

/** Moves the map by a few px each frame and gives the times between frames. @param {number[]} where */
export function pan([lon, lat, zoom]) {
	/** @type {any} */
	const map = /** @type {any} */ (window).__map;
	// As a person has it: the tests' maps never fade, and so place every sign anew in every frame.
	map._fadeDuration = 200;
	map.jumpTo({ center: [lon, lat], zoom });
	return new Promise((resolve) => {
		map.once('idle', () => {
			/** @type {number[]} */
			const times = [];
			let last = NaN;
			const step = (/** @type {number} */ now) => {
				if (!Number.isNaN(last)) times.push(now - last);
				last = now;
				if (times.length === 60) return resolve(times);
				// There and back, 6 px a frame: tiles come into sight and leave it.
				map.panBy([times.length < 30 ? 6 : -6, times.length % 2 ? 3 : -3], { duration: 0 });
				requestAnimationFrame(step);
			};
			requestAnimationFrame(step);
		});
		map.triggerRepaint();
	});
}

/** @param {boolean} shown */
function showTasks(shown) {
	/** @type {any} */
	const map = /** @type {any} */ (window).__map;
	for (const layer of ['tasks', 'changed'])
		map.setLayoutProperty(layer, 'visibility', shown ? 'visible' : 'none');
}

/** Looks at a village; gives how long it took until its tasks were drawn, and how many. @param {number[]} where */
function near([lon, lat, zoom]) {
	/** @type {any} */
	const map = /** @type {any} */ (window).__map;
	const began = performance.now();
	map.jumpTo({ center: [lon, lat], zoom });
	return new Promise((resolve) => {
		map.once('idle', () =>
			resolve([performance.now() - began, map.queryRenderedFeatures({ layers: ['tasks'] }).length])
		);
	});
}

/** From now on counts every new content of every source, and notes when a task is seen among the changed ones. */
function listen() {
	/** @type {any} */
	const w = window;
	const map = w.__map;
	w.contents = {};
	for (const id of Object.keys(map.getStyle().sources)) {
		const source = map.getSource(id);
		for (const name of ['setData', 'updateData', 'setTiles', 'setUrl', 'reload']) {
			const given = source[name];
			if (typeof given !== 'function') continue;
			source[name] = (/** @type {unknown[]} */ ...all) => {
				w.contents[id] = (w.contents[id] ?? 0) + 1;
				return given.apply(source, all);
			};
		}
	}
}
/** When the task is drawn as it is now, in Date.now() of this machine. @param {string} id */
function shownNow(id) {
	/** @type {any} */
	const map = /** @type {any} */ (window).__map;
	return new Promise((resolve, reject) => {
		const end = setTimeout(() => reject(new Error('the change was not shown')), 20_000);
		const look = () => {
			const drawn = map
				.queryRenderedFeatures({ layers: ['changed'] })
				.some((/** @type {any} */ f) => f.properties.id === id);
			if (!drawn) return void requestAnimationFrame(look);
			clearTimeout(end);
			resolve(Date.now());
		};
		look();
	});
}

/** @param {Browser} browser @param {string} at @param {string} login */
export async function signedIn(browser, at, login) {
	const context = await browser.newContext(view);
	await context.addInitScript(watch);
	const page = await context.newPage();
	await page.goto(`${at}/sign-in`);
	await page.locator('input[name=login]').fill(login);
	await page.locator('input[name=password]').fill(password);
	await page.locator('form button[type=submit]').first().click();
	await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
	await page.waitForSelector('[data-map-state="live"]', { timeout: 120_000 });
	const home = page.url();
	await page.close();
	return { context, home };
}

/** Two data folders of the demo township, one with 1,000 tasks, one with many. @param {Tools} tools */
async function towns({ many, cleanUp, program, openEngine }) {
	const kept = process.env.BENCH_DIR;
	const made = kept ?? mkdtempSync(path.join(os.tmpdir(), 'xt-bench-'));
	if (!kept) cleanUp.push(() => rmSync(made, { recursive: true, force: true }));
	const first = path.join(made, 'few');
	if (!existsSync(first)) await (await program(first)).end();
	/** @type {{ name: string, dataDir: string, township: string, village: { id: string, at: [number, number] } }[]} */
	const towns = [];
	for (const [name, tasks] of /** @type {const} */ ([
		['many', many],
		['few', 1000]
	])) {
		const dataDir = path.join(made, name);
		if (!existsSync(dataDir)) cpSync(first, dataDir, { recursive: true });
		const backend = await openEngine(dataDir);
		const { sql } = backend;
		const [here] =
			await sql`select t.township_id as id, count(*)::int as n from tasks t group by 1 order by 2 desc limit 1`;
		await backend.relaxed(1_200_000, () => load(sql, here?.id, here?.n, tasks));
		const [village] = await sql`select v.id, extensions.st_x(g.at) as x, extensions.st_y(g.at) as y
			from places v cross join lateral (select coalesce(v.label, extensions.st_centroid(v.geom)) as at) g
			where v.township_id = ${here?.id} and v.level = 'village' and v.archived_at is null order by v.code nulls last, v.name limit 1`;
		await backend.close();
		towns.push({
			name,
			dataDir,
			township: here?.id,
			village: { id: village?.id, at: [village?.x, village?.y] }
		});
	}
	return towns;
}

/** @param {Tools} tools @returns {Promise<boolean>} whether every bar was kept */
export async function wall(tools) {
	const { put, many, cleanUp, program, emptyMap } = tools;
	const began = performance.now();
	const folders = await towns(tools);
	console.log(
		`demo township with 1,000 and with ${many} tasks in ${((performance.now() - began) / 1000).toFixed(0)} s`
	);
	const browser = await tools.browser();
	cleanUp.unshift(() => browser.close());
	/** @type {Town[]} */
	const both = [];
	for (const { name, dataDir, township, village } of folders) {
		const { origin, end } = await program(dataDir);
		cleanUp.unshift(end);
		const { context, home } = await signedIn(browser, origin, 'planner');
		const { context: other } = await signedIn(browser, origin, 'mayor');
		both.push({ name, at: origin, home, township, context, other, village });
	}
	const [large, small] = /** @type {[Town, Town]} */ (both);
	/** @type {string[]} */
	const missed = [];
	/** @param {string} what @param {number} more @param {number} few @param {number} bar */
	const compare = (what, more, few, bar, beside = 'at 1000') => {
		const ratio = put(`${what} at ${many} tasks`, more, beside, few);
		if (!(ratio <= bar)) missed.push(`${what}: ${ratio.toFixed(2)} × is more than ${bar} ×`);
	};

	/** @type {Record<string, Record<string, number[]>>} */
	const times = {};
	/** @param {string} what @param {string} town @param {number} ms */
	const note = (what, town, ms) => ((times[what] ??= {})[town] ??= []).push(ms);

	/** First map and a village looked at. @param {Town} town */
	async function firstMap({ context, home, name, village }) {
		const page = await context.newPage();
		await page.goto(home);
		await page.waitForFunction(() => 'live' in window, null, { timeout: 120_000 });
		note('first map, live', name, await page.evaluate(() => /** @type {any} */ (window).live));
		const [ms = NaN, n = 0] = /** @type {number[]} */ (
			await page.evaluate(near, [...village.at, zooms.village])
		);
		if (!n) throw new Error(`no task is drawn at ${zooms.village}`);
		note(`points of a village drawn`, name, ms);
		await page.close();
	}
	const desk = /** @type {const} */ ([
		['first list', () => ''],
		[
			'filter by village and stage',
			(/** @type {Town} */ { village }) => `?village=${village.id}&stage=assigned`
		],
		['search 垃圾', () => '?q=垃圾'],
		['search a number that is rare', () => '?q=旱厕未改7'],
		['board', () => '?as=board']
	]);
	/** @param {Town} town @param {string} what @param {string} query */
	async function deskPage({ context, at, township, name }, what, query) {
		const page = await context.newPage();
		await page.goto(`${at}/t/${township}/tasks${query}`, { waitUntil: 'load' });
		await page.waitForFunction(() => 'rows' in window, null, { timeout: 120_000 });
		const [answer = NaN, rows = NaN] = await page.evaluate(() => {
			const [entry] = performance.getEntriesByType('navigation');
			const { responseEnd, loadEventEnd } = /** @type {PerformanceNavigationTiming} */ (entry);
			return [responseEnd, Math.max(loadEventEnd, /** @type {any} */ (window).rows)];
		});
		note(`${what}, answer`, name, answer);
		note(`${what}, page shown`, name, rows);
		await page.close();
	}
	async function wait() {
		for (let round = -1; round < rounds; round++) {
			// The first round warms both up.
			if (round === 0) for (const what of Object.keys(times)) delete times[what];
			for (const town of both) await firstMap(town);
			for (const [what, query] of desk)
				for (const town of both) await deskPage(town, what, query(town));
		}
		for (const [what, of] of Object.entries(times))
			compare(what, median(of.many ?? []), median(of.few ?? []), 2);
	}

	/**
	 * Panning, beside the same map without its tasks, and beside a MapLibre with nothing on it on a canvas of the
	 * same size: the difference of these two is what villages and names cost, whose areas a software renderer fills
	 * pixel by pixel.
	 */
	async function panning() {
		const bare = await (await browser.newContext(view)).newPage();
		const url = await emptyMap();
		/** @type {Record<string, number[]>} */
		const frames = {};
		for (let round = 0; round < Math.min(rounds, 3); round++)
			for (const town of both) {
				const page = await town.context.newPage();
				await page.goto(town.home);
				await page.waitForFunction(() => 'live' in window, null, { timeout: 120_000 });
				const size = await page.evaluate(() => {
					const { clientWidth: width, clientHeight: height } = /** @type {any} */ (
						window
					).__map.getContainer();
					return { width, height };
				});
				await bare.setViewportSize(size);
				for (const [how, zoom] of Object.entries(zooms)) {
					const where = [...town.village.at, zoom];
					await page.bringToFront();
					(frames[`${how} ${town.name}`] ??= []).push(...(await page.evaluate(pan, where)));
					await page.evaluate(showTasks, false);
					(frames[`${how} none`] ??= []).push(...(await page.evaluate(pan, where)));
					await page.evaluate(showTasks, true);
					await bare.bringToFront();
					if (bare.url() !== url) {
						await bare.goto(url);
						await bare.waitForFunction(() => 'drawn' in window);
					}
					(frames[`${how} empty`] ??= []).push(...(await bare.evaluate(pan, where)));
				}
				await page.close();
			}
		await bare.close();
		for (const how of Object.keys(zooms)) {
			const of = (/** @type {string} */ who) => frames[`${how} ${who}`] ?? [];
			const none = median(of('none'));
			const name = `frame while panning a ${how}`;
			compare(`${name}, median,`, median(of('many')), none, 1.5, 'without tasks');
			put(
				`${name}, p95, at ${many} tasks`,
				quantile(of('many'), 0.95),
				'without tasks',
				quantile(of('none'), 0.95)
			);
			put(`${name}, median, at 1000 tasks`, median(of('few')), 'without tasks', none);
			put(
				`${name}, median, without tasks`,
				none,
				'MapLibre with nothing on it',
				median(of('empty'))
			);
			put(
				`${name}, median, at ${many} tasks`,
				median(of('many')),
				'MapLibre with nothing on it',
				median(of('empty'))
			);
		}
	}

	/** Somebody else hands a task over; this map is open at the task's village. */
	async function change() {
		/** @type {Record<string, number[]>} */
		const shown = {};
		for (const town of both) {
			const { context, other, at, township, home, name } = town;
			const found = await (
				await other.request.get(`${at}/t/${township}/tasks/rows?stage=found&limit=40`)
			).json();
			const rows = found.rows.filter((/** @type {any} */ r) => r.at).slice(0, 5);
			const page = await context.newPage();
			let tiles = 0;
			await page.goto(home);
			await page.waitForFunction(() => 'live' in window, null, { timeout: 120_000 });
			await page.evaluate(near, [...rows[0].at, zooms.village]);
			await page.evaluate(listen);
			for (const row of rows) {
				await page.evaluate(near, [...row.at, zooms.village]);
				const before = await page.evaluate(() => ({ .../** @type {any} */ (window).contents }));
				tiles = 0;
				const count = (/** @type {import('playwright-core').Request} */ r) =>
					void (/\/tiles\//.test(r.url()) && tiles++);
				page.on('request', count);
				const seen = page.evaluate(shownNow, row.id);
				const sent = Date.now();
				const answer = await other.request.post(`${at}/t/${township}/op`, {
					headers: { origin: at },
					data: {
						op_id: randomUUID(),
						kind: 'step.say',
						township_id: township,
						target: row.id,
						base_version: row.version,
						payload: {},
						device_time: new Date().toISOString()
					}
				});
				const { outcome } = await answer.json();
				if (outcome !== 'applied') throw new Error(`the change was ${outcome}`);
				(shown[name] ??= []).push((await seen) - sent);
				page.off('request', count);
				const after = await page.evaluate(() => ({ .../** @type {any} */ (window).contents }));
				const given = Object.fromEntries(
					Object.entries(after)
						.map(([id, n]) => [id, n - (before[id] ?? 0)])
						.filter(([, n]) => n)
				);
				console.log(
					`a change by another person, ${name}: new content ${JSON.stringify(given)}, tiles asked for ${tiles}`
				);
				// Tasks as tiles, boundaries, names: all there was before stays as it is.
				for (const big of ['tasks', 'things', 'villages', 'township'])
					if (given[big]) missed.push(`a change gave ${given[big]} × new content to ${big}`);
			}
			await page.close();
		}
		put(
			`change by another person shown at ${many} tasks`,
			median(shown[large.name] ?? []),
			'at 1000',
			median(shown[small.name] ?? [])
		);
	}

	if (parts.includes('wait')) await wait();
	if (parts.includes('pan')) await panning();
	if (parts.includes('change')) await change();
	for (const line of missed) console.error(line);
	return missed.length === 0;
}
