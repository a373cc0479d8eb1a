import { PbfReader } from 'pbf';
import { VectorTile } from '@mapbox/vector-tile';
import { describe, expect, it } from 'vitest';
import { encodeTile, extent, type Mark } from './tile';

/** A point as the database keeps it: 2^24 cells across the world. */
const cell = (lng: number, lat: number): [number, number] => {
	const sin = Math.sin((lat * Math.PI) / 180);
	const y = 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI);
	return [Math.floor(((lng + 180) / 360) * 2 ** 24), Math.floor(y * 2 ** 24)];
};
const [x, y] = cell(110.8, 32.6);
const mark = (more: Partial<Record<number, unknown>> = {}): Mark =>
	Object.assign(
		['id-1', x, y, 'TRASH', 'said', false, '2026-11-01', 'v1', 'spring', 'assigned'],
		more
	) as never;
const read = (z: number, marks: Mark[]) => {
	const [tx, ty] = [Math.floor(x / 2 ** (24 - z)), Math.floor(y / 2 ** (24 - z))];
	const bytes = encodeTile(z, tx, ty, marks, '2026-11-23');
	return { tile: new VectorTile(new PbfReader(bytes)), tx, ty };
};

describe('a tile', () => {
	it.each([8, 12, 16])('puts a task within 3 m or half a tile step at zoom %i', (z) => {
		const { tile, tx, ty } = read(z, [mark()]);
		const { geometry } = tile.layers.tasks!.feature(0).toGeoJSON(tx, ty, z);
		const [lng, lat] = (geometry as unknown as { coordinates: [number, number] }).coordinates;
		const step = 360 / 2 ** z / extent;
		expect(Math.abs(lng - 110.8)).toBeLessThan(Math.max(step, 3e-5));
		expect(Math.abs(lat - 32.6)).toBeLessThan(Math.max(step, 3e-5));
	});
	it('says what look and filters read', () => {
		const [feature] = [read(14, [mark()]).tile.layers.tasks!.feature(0)];
		expect(feature.properties).toEqual({
			id: 'id-1',
			kind: 'task',
			category: 'TRASH',
			state: 'said',
			stage: 'assigned',
			blocked: false,
			overdue: true,
			bad: true,
			due: '2026-11-01',
			village: 'v1',
			campaign: 'spring',
			icon: 'thing|task|said|overdue'
		});
	});
	it('calls only what was said and is late overdue', () => {
		const of = (more: object) => read(14, [mark(more)]).tile.layers.tasks!.feature(0).properties;
		expect(of({ 4: 'done' }).overdue).toBe(false);
		expect(of({ 6: '2026-11-23' }).overdue).toBe(false);
		expect(of({ 6: null }).overdue).toBe(false);
		expect(of({ 5: true }).icon).toBe('thing|task|said|blocked');
	});
	it('is empty, not broken, without tasks', () => {
		expect(read(14, []).tile.layers.tasks?.length ?? 0).toBe(0);
	});
});
