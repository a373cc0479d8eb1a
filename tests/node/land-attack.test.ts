/**
 * E-04 for land: rings of 300 and 2,000 random corners, which cross themselves thousands of times, sent as a check, a
 * parcel, a tool's question, a scenario's move and a layer's shape. Each is refused, and meanwhile nobody else waits.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startEmbedded, type Backend } from '../../src/lib/server/engine/index';
import { asker, id, type Ask } from '../rights/cast';
import { startedFolder } from '../template';

const origin = 'http://localhost:3998';
let dataDir: string;
let backend: Backend;
let ask: Ask;
let next = 7;
const random = () => {
	next = (Math.imul(next, 1_103_515_245) + 12_345) >>> 0;
	return (next >>> 8) / 2 ** 24;
};
const tangle = (corners: number) => {
	const ring = Array.from({ length: corners }, () => [
		110.8 + random() * 0.004,
		32.6 + random() * 0.004
	]);
	return { type: 'Polygon', coordinates: [[...ring, ring[0]!]] };
};
const yunxi = id('yunxi');
const op = (kind: string, target: string, payload: object) => ({
	p_op: { op_id: randomUUID(), kind, township_id: yunxi, target, payload }
});
const rpc = (who: 'pan' | 'lei', name: string, body: object) =>
	ask(who, 'POST', `/rest/v1/rpc/${name}`, body);

beforeAll(async () => {
	dataDir = await startedFolder('xt-attack-');
	backend = await startEmbedded({ dataDir, origin });
	ask = asker(backend, dataDir, origin);
	await backend.sql.unsafe(readFileSync('supabase/tests/00_cast.sql', 'utf8'));
	for (const [kind, target, payload] of [
		['plan.create', id('p'), { title: '甲' }],
		['scheme.create', id('s'), { title: '谋划', plans: [id('p')] }],
		['scenario.create', id('c'), { scheme: id('s'), title: '方案' }],
		['layer.create', id('l'), { kind: 'farmland', name: '农田' }]
	] as const)
		expect((await rpc('pan', 'apply_op', op(kind, target, payload))).body).toMatchObject({
			outcome: 'applied'
		});
}, 240_000);
afterAll(async () => {
	await backend?.close();
	if (dataDir) rmSync(dataDir, { recursive: true, force: true });
});

/** The longest anybody else waited while `work` went on. */
async function longestWait(work: Promise<unknown>): Promise<number> {
	let over = false;
	let longest = 0;
	const done = work.finally(() => (over = true));
	do {
		const began = performance.now();
		const { status } = await ask('lei', 'GET', '/rest/v1/places?select=id&limit=1');
		expect(status).toBe(200);
		longest = Math.max(longest, performance.now() - began);
		await new Promise((turn) => setTimeout(turn, 20));
	} while (!over);
	await done;
	return longest;
}

it.each([300, 2000])(
	'a tangle of %i corners is refused, and nobody else waits',
	async (corners) => {
		const geometry = tangle(corners);
		const collection = { type: 'GeometryCollection', geometries: [geometry] };
		const tries: Record<string, () => ReturnType<typeof rpc>> = {
			check: () => rpc('pan', 'check_shape', { p_township: yunxi, p_geometry: geometry }),
			parcel: () =>
				rpc('pan', 'apply_op', op('parcel.create', randomUUID(), { plan: id('p'), geometry })),
			tool: () =>
				rpc('pan', 'land_tool', { p_township: yunxi, p: { do: 'buffer', geometry, metres: 10 } }),
			move: () =>
				rpc(
					'pan',
					'apply_op',
					op('scenario.move', id('c'), {
						move: { type: 'reshape', item: id('p'), parcels: [{ id: randomUUID() }] },
						geometry: collection
					})
				),
			layer: () =>
				rpc('pan', 'layer_put', {
					p: { township_id: yunxi, layer: id('l'), load: randomUUID(), rows: [{ n: 1, geometry }] }
				})
		};
		for (const [name, attack] of Object.entries(tries)) {
			const began = performance.now();
			const asked = attack();
			const waited = await longestWait(asked);
			const { status, body } = await asked;
			const took = performance.now() - began;
			console.log(
				`${corners} corners, ${name}: ${took.toFixed(0)} ms, others waited ${waited.toFixed(0)} ms`
			);
			const refused = status >= 400 || (body as { outcome?: string }).outcome === 'refused';
			expect(refused, `${name}: ${JSON.stringify(body).slice(0, 200)}`).toBe(true);
			expect(waited, name).toBeLessThan(3500);
		}
		// Nothing is half there.
		expect((await ask('pan', 'GET', '/rest/v1/parcels?select=id')).body).toEqual([]);
		expect((await ask('pan', 'GET', '/rest/v1/constraint_shapes?select=n')).body).toEqual([]);
		expect((await ask('pan', 'GET', '/rest/v1/scenario_moves?select=n')).body).toEqual([]);
	},
	120_000
);
