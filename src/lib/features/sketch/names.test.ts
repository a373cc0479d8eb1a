import { expect, test } from 'vitest';
import { crosses, placeNames, Room, type Box } from './names';

const size = { width: 400, height: 300 };
const spot = (id: string, x: number, y: number) => ({ id, name: '古渡口', x, y, reach: 14 });
const side = (spots: ReturnType<typeof spot>[], lines: [number, number][][], taken: Box[] = []) =>
	[...placeNames(spots, new Room(size, lines, taken))].map(([id, { anchor, y }]) => [
		id,
		anchor,
		y > spots.find((s) => s.id === id)!.y + 10
	]);

test('a name stands below its sign, beside a line that runs there', () => {
	expect(side([spot('a', 200, 150)], [])).toEqual([['a', 'middle', true]]);
	const down: [number, number][] = [
		[200, 0],
		[200, 300]
	];
	expect(side([spot('a', 200, 150)], [down])).toEqual([['a', 'start', false]]);
	expect(side([spot('a', 200, 150)], [down], [[215, 100, 400, 200]])).toEqual([
		['a', 'end', false]
	]);
});

test('a name without room on any side, or beyond the edge, is not said', () => {
	expect(side([spot('a', 200, 150)], [], [[100, 100, 300, 200]])).toEqual([]);
	// At the bottom right the side to the left is free.
	expect(side([spot('a', 395, 295)], [])).toEqual([]);
	expect(side([spot('a', 380, 285)], [])).toEqual([['a', 'end', false]]);
});

test('names keep off each other; the first has the choice', () => {
	const [first, second] = side([spot('a', 200, 150), spot('b', 200, 182)], []);
	expect(first).toEqual(['a', 'middle', true]);
	expect(second).toEqual(['b', 'middle', true]);
	expect(side([spot('a', 200, 150), spot('b', 230, 150)], [])).toEqual([
		['a', 'middle', true],
		['b', 'start', false]
	]);
});

test('a line through a box is known though both its ends lie outside', () => {
	const box: Box = [10, 10, 20, 20];
	expect(crosses([0, 0], [30, 30], box)).toBe(true);
	expect(crosses([15, 0], [15, 30], box)).toBe(true);
	expect(crosses([0, 25], [30, 25], box)).toBe(false);
	expect(crosses([0, 15], [5, 15], box)).toBe(false);
	expect(crosses([0, 18], [18, 40], box)).toBe(false);
});
