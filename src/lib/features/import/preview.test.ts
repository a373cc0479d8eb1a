import type { MultiPolygon } from 'geojson';
import { expect, test } from 'vitest';
import type { Draft, Layer } from '$lib/geo/draft';
import { covers, mercator, previewOf } from './preview';

const square = (w: number, s: number, size: number): MultiPolygon => ({
	type: 'MultiPolygon',
	coordinates: [
		[
			[
				[w, s],
				[w + size, s],
				[w + size, s + size],
				[w, s + size],
				[w, s]
			]
		]
	]
});
const draft = (kind: Layer['kind'], ...geometries: unknown[]): Draft => ({
	files: [],
	problems: [],
	layers: [
		{
			id: 'l',
			file: 'f',
			name: 'l',
			kind,
			rows: geometries.map((geometry, n) => ({ n, geometry, values: {}, parsed: {} }))
		} as unknown as Layer
	]
});
const point = (lon: number, lat: number) => ({ type: 'Point', coordinates: [lon, lat] });

test('the middle of the world is the middle of the square', () => {
	expect(mercator([0, 0])).toEqual([0.5, 0.5]);
	expect(mercator([180, 0])[0]).toBe(1);
});

test('a hole is outside', () => {
	const holed = square(0, 0, 4);
	holed.coordinates[0]!.push(square(1, 1, 2).coordinates[0]![0]!);
	expect([covers(holed, [0.5, 0.5]), covers(holed, [2, 2])]).toEqual([true, false]);
});

test('rows outside the known villages are marked and do not shrink the map', () => {
	const villages = [square(106, 30, 0.1)];
	const seen = previewOf(
		draft('hazards', point(106.05, 30.05), point(106.12, 30.05), point(87, 43)),
		villages
	);
	expect(seen.shapes.map((s) => s.outside)).toEqual([false, true, true]);
	expect(seen.outside).toBe(2);
	const [x, y] = seen.shapes[0]!.at!;
	expect(x).toBeGreaterThan(0);
	expect(x).toBeLessThan(seen.width);
	expect(y).toBeLessThan(seen.height);
	expect(seen.shapes[2]!.at![0]).toBeLessThan(0);
});

test('first boundaries have nothing to lie outside of', () => {
	const seen = previewOf(draft('villages', square(106, 30, 0.1), square(106.1, 30, 0.1)), []);
	expect(seen.outside).toBe(0);
	expect(seen.shapes[0]!.d).toMatch(/^M.*Z$/);
});

test('nothing to show is an empty sheet, not an error', () => {
	expect(previewOf(draft('tasks', null), [])).toMatchObject({ shapes: [], total: 0, existing: [] });
});
