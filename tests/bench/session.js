/**
 * A planning session: how soon a change by one is read by nine others, beside a bare websocket that tells the same
 * number of bytes to nine; and what thirty cursors at 10 Hz cost whoever pans the map. `BENCH=session npm run bench`.
 */
import { createClient } from '@supabase/supabase-js';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import ws, { WebSocketServer } from 'ws';
import { median, pan, quantile, signedIn } from './wall.js';

const changes = Number(process.env.BENCH_ROUNDS ?? 40);
const others = 9;
const cursors = 30;

/** @param {Pick<import('./wall.js').Tools, 'put' | 'cleanUp' | 'program' | 'browser'>} tools @returns {Promise<boolean>} */
export async function session({ put, cleanUp, program, browser: launch }) {
	const dataDir = mkdtempSync(path.join(os.tmpdir(), 'xt-bench-'));
	cleanUp.push(() => rmSync(dataDir, { recursive: true, force: true }));
	const { origin, end } = await program(dataDir);
	cleanUp.unshift(end);
	const browser = await launch();
	cleanUp.unshift(() => browser.close());
	const { publishableKey } = JSON.parse(readFileSync(path.join(dataDir, 'secrets.json'), 'utf8'));
	const planner = await signedIn(browser, origin, 'planner');
	const mayor = await signedIn(browser, origin, 'mayor');
	const township = new URL(planner.home).pathname.split('/')[2] ?? '';

	/** @param {typeof planner} who */
	async function hands({ context }) {
		const cookie = (await context.cookies()).map((c) => `${c.name}=${c.value}`).join('; ');
		const answer = await fetch(`${origin}/live/token`, { headers: { cookie } });
		const { token } = /** @type {{ token: string }} */ (await answer.json());
		const rest = async (/** @type {string} */ at, /** @type {object | null} */ body) =>
			(
				await fetch(`${origin}/rest/v1/${at}`, {
					method: body ? 'POST' : 'GET',
					headers: {
						apikey: publishableKey,
						Authorization: `Bearer ${token}`,
						'Content-Type': 'application/json'
					},
					...(body && { body: JSON.stringify(body) })
				})
			).json();
		const play = async (
			/** @type {string} */ kind,
			/** @type {string} */ target,
			/** @type {object} */ payload
		) => {
			const answer = await fetch(`${origin}/t/${township}/op`, {
				method: 'POST',
				headers: { cookie, origin, 'Content-Type': 'application/json' },
				body: JSON.stringify({
					op_id: randomUUID(),
					kind,
					township_id: township,
					target,
					payload
				})
			});
			const { outcome } = /** @type {{ outcome: string }} */ (await answer.json());
			if (outcome !== 'applied') throw new Error(`${kind}: ${outcome}`);
		};
		return { token, rest, play };
	}
	const [one, other] = [await hands(planner), await hands(mayor)];
	const [meeting] = await one.rest('meetings?state=eq.planned&select=id', null);
	if (!meeting) throw new Error('the demo has no planned meeting');
	await one.play('meeting.open', meeting.id, {});

	/** @param {string} token @param {string} topic */
	async function join(token, topic) {
		const client = createClient(origin, publishableKey, {
			accessToken: async () => token,
			auth: { persistSession: false, autoRefreshToken: false },
			realtime: { transport: /** @type {any} */ (ws) }
		});
		cleanUp.unshift(() => client.realtime.disconnect());
		await client.realtime.setAuth();
		return client.channel(topic, { config: { private: true } });
	}
	/** @param {import('@supabase/supabase-js').RealtimeChannel} channel */
	const joined = (channel) =>
		new Promise((resolve, reject) =>
			channel.subscribe((status) => (status === 'SUBSCRIBED' ? resolve(null) : reject(status)))
		);

	// ── a change by one, read by nine ──
	/** @type {Map<string, { began: number, seen: number[], done: () => void }>} */
	const waiting = new Map();
	let bytes = 0;
	for (let n = 0; n < others; n++) {
		const channel = await join(other.token, `township:${township}`);
		channel.on('broadcast', { event: 'hint' }, async ({ payload }) => {
			const change = waiting.get(payload.id);
			if (!change) return;
			bytes = JSON.stringify(payload).length + 120;
			const room = await other.rest('rpc/meeting_room', {
				p_township: township,
				p_meeting: meeting.id
			});
			if (!room.marks.some((/** @type {{ id: string }} */ x) => x.id === payload.id)) return;
			change.seen.push(performance.now() - change.began);
			if (change.seen.length === others) change.done();
		});
		await joined(channel);
	}
	const echo = new WebSocketServer({ port: 0 });
	cleanUp.unshift(() => echo.close());
	echo.on('connection', (socket) =>
		socket.on('message', (data) => {
			for (const c of echo.clients) if (c !== socket) c.send(String(data));
		})
	);
	const { port } = /** @type {import('node:net').AddressInfo} */ (echo.address());
	const sockets = await Promise.all(
		Array.from(
			{ length: others + 1 },
			() =>
				/** @type {Promise<ws>} */ (
					new Promise((resolve) => {
						const s = new ws(`ws://127.0.0.1:${port}`);
						s.on('open', () => resolve(s));
					})
				)
		)
	);
	/** @type {{ seen: number[], done: () => void, began: number }} */
	let bare = { seen: [], done: () => undefined, began: 0 };
	for (const s of sockets.slice(1))
		s.on('message', () => {
			bare.seen.push(performance.now() - bare.began);
			if (bare.seen.length === others) bare.done();
		});
	/** @type {number[]} */
	const seen = [];
	/** @type {number[]} */
	const echoed = [];
	for (let n = -3; n < changes; n++) {
		const id = randomUUID();
		const change = /** @type {Promise<number[]>} */ (
			new Promise((resolve) => {
				/** @type {number[]} */
				const all = [];
				waiting.set(id, { began: performance.now(), seen: all, done: () => resolve(all) });
			})
		);
		await one.play('mark.add', id, { meeting: meeting.id, mark: 'note', text: `标注${n}` });
		const times = await change;
		waiting.delete(id);
		const plain = /** @type {Promise<number[]>} */ (
			new Promise((resolve) => {
				/** @type {number[]} */
				const all = [];
				bare = { began: performance.now(), seen: all, done: () => resolve(all) };
			})
		);
		sockets[0]?.send('x'.repeat(bytes));
		const told = await plain;
		if (n >= 0) {
			seen.push(...times);
			echoed.push(...told);
		}
	}
	for (const [name, part] of /** @type {const} */ ([
		['median', 0.5],
		['p95', 0.95]
	]))
		put(
			`a change stored and read by nine others, ${name}`,
			quantile(seen, part),
			`bare echo of ${bytes} bytes to nine`,
			quantile(echoed, part)
		);

	// ── thirty cursors ──
	const page = await mayor.context.newPage();
	await page.goto(`${origin}/t/${township}/meetings/${meeting.id}/room`);
	await page.waitForFunction(() => 'live' in window, null, { timeout: 120_000 });
	await page.waitForSelector('[data-room="joined"]');
	// Nobody may hold more than twenty sockets.
	const tokens = [one.token];
	for (const login of ['field', 'village', 'contact']) {
		const guest = await signedIn(browser, origin, login);
		const [me] = await (await hands(guest)).rest('accounts?select=person_id', null);
		await one.play('meeting.seat', randomUUID(), {
			meeting: meeting.id,
			person: me?.person_id,
			part: 'attending'
		});
		tokens.push((await hands(guest)).token);
	}
	/** @type {{ channel: import("@supabase/supabase-js").RealtimeChannel, tab: string }[]} */
	const hearts = [];
	for (let n = 0; n < cursors; n++) {
		const channel = await join(tokens[n % tokens.length] ?? '', `meeting:${meeting.id}`);
		await joined(channel);
		const tab = randomUUID();
		await channel.track({ tab, presents: 0, wall: false, open: null });
		hearts.push({ channel, tab });
	}
	const { lng, lat } = await page.evaluate(() => {
		const { lng, lat } = /** @type {any} */ (window).__map.getCenter();
		return { lng, lat };
	});
	let beating = false;
	let turn = 0;
	const beat = setInterval(() => {
		if (!beating) return;
		turn++;
		for (const [n, { channel, tab }] of hearts.entries())
			void channel.send({
				type: 'broadcast',
				event: 'cursor',
				payload: {
					tab,
					at: [lng + 0.03 * Math.sin(turn / 9 + n), lat + 0.03 * Math.cos(turn / 7 + n)]
				}
			});
	}, 100);
	cleanUp.unshift(() => clearInterval(beat));
	beating = true;
	await page.waitForFunction((n) => document.querySelectorAll('.cursor').length >= n, cursors);
	const renders = await page.evaluate(
		() =>
			new Promise((resolve) => {
				const map = /** @type {any} */ (window).__map;
				map.once('idle', () => {
					let n = 0;
					const count = () => n++;
					map.on('render', count);
					setTimeout(() => (map.off('render', count), resolve(n)), 5000);
				});
				map.triggerRepaint();
			})
	);
	console.log(`${cursors} cursors at 10 Hz for 5 s: ${renders} renders of the map`);
	/** @type {Record<'with' | 'without', number[]>} */
	const frames = { with: [], without: [] };
	for (let n = 0; n < 4; n++)
		for (const how of /** @type {const} */ (['with', 'without'])) {
			beating = how === 'with';
			await new Promise((r) => setTimeout(r, 300));
			frames[how].push(...(await page.evaluate(pan, [lng, lat, 12])));
		}
	const ratio = put(
		`frame while panning under ${cursors} cursors at 10 Hz`,
		median(frames.with),
		'the same without',
		median(frames.without)
	);
	if (renders !== 0) console.error('cursors made the map render');
	if (ratio > 1.15) console.error('cursors cost the panning more than 1.15 ×');
	return renders === 0 && ratio <= 1.15;
}
