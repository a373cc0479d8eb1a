import { expect, test } from 'vitest';
import { metres } from '$lib/domain/fieldplace';
import { Sight } from './tapmap';

const size = { width: 358, height: 250 };
const sight = new Sight([110, 30], 0.05, size, 0.01);

test('a place goes to the screen and back', () => {
	const at: [number, number] = [110.0123, 29.9876];
	const back = sight.from(sight.to(at));
	expect(metres(at, back)).toBeLessThan(0.01);
});

test('zooming keeps what is under the fingers, panning moves it with them', () => {
	const under = sight.from([100, 60]);
	const near = sight.zoom(3, [100, 60]);
	const [x, y] = near.to(under);
	expect(x).toBeCloseTo(100, 1);
	// The cosine of the middle's latitude changes with the middle: under a pixel.
	expect(Math.abs(y - 60)).toBeLessThan(1);
	const [px, py] = sight.pan(30, -20).to(under);
	expect(px).toBeCloseTo(130, 0);
	expect(py).toBeCloseTo(40, 0);
});

test('it stops at 20 cm a pixel and at the whole township', () => {
	expect(sight.zoom(1e9, [0, 0]).scale).toBe(5);
	expect(sight.zoom(1e-9, [0, 0]).scale).toBe(0.01);
});
