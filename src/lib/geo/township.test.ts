import { readFileSync } from 'node:fs';
import { describe, expect, it, beforeAll } from 'vitest';
import { areaOf } from './area';
import type { Draft, Layer, TaskRow } from './draft';
import { readFiles } from './read';

const folder = 'tests/fixtures/township/';
const load = (name: string) => ({ name, bytes: new Uint8Array(readFileSync(folder + name)) });
const expected = JSON.parse(readFileSync(folder + 'expected.json', 'utf8'));

describe('the folder of a township as its office would send it', () => {
	let draft: Draft;
	const layer = (kind: string) => draft.layers.find((l) => l.kind === kind) as Layer;
	beforeAll(async () => {
		draft = await readFiles(
			['ledger.xlsx', 'villages_gbk.zip', 'outline.geojson', 'hazards.kml'].map(load)
		);
	});

	it('has no errors and survives JSON', () => {
		expect(draft.problems.filter((p) => p.severity === 'error')).toEqual([]);
		expect(JSON.parse(JSON.stringify(draft))).toEqual(draft);
		expect(draft.files.map((f) => f.format)).toEqual(['xlsx', 'shapefile', 'geojson', 'kml']);
		expect(draft.files.every((f) => /^[0-9a-f]{64}$/.test(f.sha256))).toBe(true);
	});

	it('holds sixteen villages of a GBK Shapefile without .cpg in zone 37', () => {
		const villages = layer('villages');
		expect(villages.count).toBe(expected.villages);
		expect(villages.crs).toBe('EPSG:4525');
		expect(villages.rows.map((r) => (r.parsed as { name: string }).name).sort()).toEqual(
			Object.keys(expected.byVillage).sort()
		);
		expect(villages.rows.every((r) => r.geometry?.type === 'MultiPolygon')).toBe(true);
		expect(villages.rows[0]!.parsed).toMatchObject({ code: '420325110201' });
		const km2 = villages.rows.reduce((sum, r) => sum + areaOf(r.geometry as never), 0) / 1e6;
		// The generator's figure is rounded from another projection: 0.06 % apart.
		expect(Math.abs(km2 / expected.area_km2 - 1)).toBeLessThan(0.001);
		expect(draft.files[1]!.guesses.find((g) => g.what === 'encoding')).toMatchObject({
			value: 'gb18030',
			why: 'not_utf8'
		});
	});

	it('holds one outline and eighteen hazards with their households', () => {
		expect(layer('outline').rows[0]!.parsed).toMatchObject({ name: '云溪镇' });
		const hazards = layer('hazards');
		expect(hazards.count).toBe(18);
		expect(hazards.rows[0]!.parsed).toMatchObject({
			name: '云台村滑坡1号',
			type: '滑坡',
			households: 7
		});
	});

	it('counts the ledger as it was generated', () => {
		const tasks = layer('tasks');
		const rows = tasks.rows.map((r) => r.parsed as TaskRow);
		const count = (list: TaskRow[]) => ({
			found: list.length,
			done: list.filter((r) => r.done).length,
			proven: list.filter((r) => r.proven).length
		});
		expect(count(rows)).toEqual({
			found: expected.found,
			done: expected.done,
			proven: expected.proven
		});
		for (const [name, counts] of Object.entries(expected.byVillage))
			expect(count(rows.filter((r) => r.villageName === name))).toEqual(counts);
		expect(tasks.rows.filter((r) => !r.geometry).length).toBe(expected.noPlace);
		expect(draft.problems.filter((p) => p.code === 'day_not_read').length).toBe(expected.badDate);
		expect(rows.filter((r) => !r.dueOn).length).toBe(0);
		expect(rows.filter((r) => !r.done).every((r) => r.state === 'said')).toBe(true);
		expect(rows.filter((r) => r.category === 'OTHER')).toEqual([]);
	});

	it('reads degrees, minutes and seconds, and keeps what looks like a formula as text', () => {
		const tasks = layer('tasks');
		const row = tasks.rows.find((r) => r.n === 6)!;
		const [lon, lat] = (row.geometry as { coordinates: number[] }).coordinates;
		expect(lon).toBeCloseTo(110 + 45 / 60 + 11.65 / 3600, 7);
		expect(lat).toBeCloseTo(32 + 37 / 60 + 42.4 / 3600, 7);
		expect(tasks.rows.filter((r) => (r.parsed as TaskRow).note === '=HYPERLINK("x")').length).toBe(
			25
		);
	});

	it('takes the year of the title and says so', () => {
		expect(draft.files[0]!.guesses.find((g) => g.what === 'year')).toMatchObject({
			value: '2026',
			why: 'title'
		});
		expect(draft.problems.find((p) => p.code === 'year_guessed')).toMatchObject({
			values: { year: 2026 }
		});
	});

	it('can be overruled', async () => {
		const id = layer('tasks').id;
		const again = await readFiles([load('ledger.xlsx')], {
			layers: { [id]: { year: 2024, columns: { 备注: '' } } }
		});
		const row = again.layers[0]!.rows.find((r) => r.values['整改时限'] === '6月7日')!
			.parsed as TaskRow;
		expect(row.dueOn).toBe('2024-06-07');
		expect(again.layers[0]!.rows.every((r) => (r.parsed as TaskRow).note === '')).toBe(true);
		expect(
			(await readFiles([load('ledger.xlsx')], { layers: { [id]: { skip: true } } })).layers
		).toEqual([]);
	});

	it('reads the same Shapefile as loose files of a dropped folder', async () => {
		const { unzipSync } = await import('fflate');
		const parts = unzipSync(load('villages_gbk.zip').bytes);
		const files = Object.entries(parts).map(([name, bytes]) => ({ name: `云溪镇/${name}`, bytes }));
		const loose = await readFiles(files);
		expect(loose.problems.filter((p) => p.severity !== 'note')).toEqual([]);
		expect(loose.layers[0]!.count).toBe(16);
		expect(loose.files.map((f) => f.format)).toEqual(files.map(() => 'shapefile'));
	});

	it('finds the zone of a Shapefile without .prj by its numbers, and asks when they do not tell', async () => {
		const { unzipSync } = await import('fflate');
		const parts = unzipSync(load('villages_gbk.zip').bytes);
		const files = Object.entries(parts)
			.filter(([n]) => !n.endsWith('.prj'))
			.map(([name, bytes]) => ({ name, bytes }));
		const draft = await readFiles(files);
		expect(draft.layers[0]!.crs).toBe('EPSG:4525');
		expect(draft.files.flatMap((f) => f.guesses).find((g) => g.what === 'crs')).toMatchObject({
			why: 'zone_prefix'
		});
	});
});
