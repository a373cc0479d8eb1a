import { describe, expect, it } from 'vitest';
import { readFiles } from '$lib/geo/read';
import { batchesOf, columnsIn, glanceAt, shapeRows } from './layerfile';

const square = (x: number, y: number) => ({
	type: 'Polygon',
	coordinates: [
		[
			[x, y],
			[x + 0.001, y],
			[x + 0.001, y + 0.001],
			[x, y + 0.001],
			[x, y]
		]
	]
});
const draftOf = (features: object[]) =>
	readFiles(
		[
			{
				name: 'a.geojson',
				bytes: new TextEncoder().encode(JSON.stringify({ type: 'FeatureCollection', features }))
			}
		],
		{ kind: 'other' }
	);
const feature = (geometry: object, properties: object) => ({
	type: 'Feature',
	properties,
	geometry
});

describe('a file as a constraint layer', () => {
	it('takes class, level and influence from the columns that say so, and numbers the shapes', async () => {
		const draft = await draftOf([
			feature(square(110, 32), { DLBM: '0101', 名称: '坝子', 影响半径: '' }),
			feature(
				{ type: 'Point', coordinates: [110.1, 32.1] },
				{ 名称: '滑坡', 险情等级: '大型', 影响半径: 120 }
			)
		]);
		const { guess } = columnsIn(draft);
		expect(guess).toEqual({ class: 'DLBM', level: '险情等级', buffer: '影响半径' });
		const rows = shapeRows(draft, guess);
		expect(rows.map(({ geometry, ...r }) => ({ ...r, type: geometry.type }))).toEqual([
			{ n: 1, class: '0101', attributes: { 名称: '坝子' }, type: 'Polygon' },
			{ n: 2, level: '大型', buffer_m: 120, attributes: { 名称: '滑坡' }, type: 'Point' }
		]);
		expect(glanceAt(rows, [110.05, 32.05, 110.2, 32.2])).toEqual({
			count: 2,
			areas: 1,
			lines: 0,
			points: 1,
			outside: 1
		});
	});
	it('makes batches that leave nothing out and stay small', () => {
		const rows = Array.from({ length: 1001 }, (_, i) => ({
			n: i + 1,
			geometry: square(110, 32) as never,
			attributes: { a: 'x'.repeat(i % 50) }
		}));
		const batches = [...batchesOf(rows, 400, 20_000)];
		expect(batches.flat().map((r) => r.n)).toEqual(rows.map((r) => r.n));
		for (const b of batches) {
			expect(b.length).toBeLessThanOrEqual(400);
			expect(JSON.stringify(b).length).toBeLessThan(21_000);
		}
		expect([...batchesOf([])]).toEqual([]);
	});
});
