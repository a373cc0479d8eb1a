import type { Size } from '$lib/features/field/tapmap';

/** Left, top, right, bottom, px. */
export type Box = readonly [number, number, number, number];
type XY = readonly [number, number];
export type Spot = { id: string; name: string; x: number; y: number; reach: number };
export type Named = { x: number; y: number; anchor: 'start' | 'middle' | 'end' };

const letter = 14;
/** About as wide as the browser sets it; a full-width sign is a square. */
export const widthOf = (name: string): number =>
	[...name].reduce((n, c) => n + (c > '\u2e80' ? 1 : 0.58), 0) * letter + 4;

const meet = (a: Box, b: Box) => a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1];

/** Does a line from `a` to `b` touch a box? Each side cuts off what lies beyond it. */
export function crosses([ax, ay]: XY, [bx, by]: XY, [l, t, r, b]: Box): boolean {
	let from = 0;
	let to = 1;
	for (const [way, room] of [
		[ax - bx, ax - l],
		[bx - ax, r - ax],
		[ay - by, ay - t],
		[by - ay, b - ay]
	] as const) {
		if (way === 0) {
			if (room < 0) return false;
		} else if (way < 0) from = Math.max(from, room / way);
		else to = Math.min(to, room / way);
	}
	return from <= to;
}

/** What is drawn already, so that words keep off it. */
export class Room {
	readonly #taken: Box[];
	readonly #lines: readonly (readonly XY[])[];

	constructor(
		private readonly size: Size,
		lines: readonly (readonly XY[])[],
		taken: readonly Box[]
	) {
		this.#lines = lines;
		this.#taken = [...taken];
	}

	/** Takes the box, where it lies on nothing and within the drawing. */
	take(box: Box): boolean {
		const { width, height } = this.size;
		if (box[0] < 2 || box[1] < 2 || box[2] > width - 2 || box[3] > height - 2) return false;
		if (this.#taken.some((t) => meet(t, box))) return false;
		// Lines are as thick as the thickest of them.
		const wide: Box = [box[0] - 3, box[1] - 3, box[2] + 3, box[3] + 3];
		for (const line of this.#lines)
			for (let i = 1; i < line.length; i++) if (crosses(line[i - 1]!, line[i]!, wide)) return false;
		this.#taken.push(box);
		return true;
	}
}

/** Each sign's name below, right, left or above it; those without room on any side stay unsaid. */
export function placeNames(spots: readonly Spot[], room: Room): Map<string, Named> {
	const placed = new Map<string, Named>();
	for (const { id, name, x, y, reach } of spots) {
		const wide = widthOf(name);
		const [near, half] = [reach + 3, wide / 2];
		const sides: [Box, Named][] = [
			[[x - half, y + near, x + half, y + near + 18], { x, y: y + near + 14, anchor: 'middle' }],
			[[x + near, y - 9, x + near + wide, y + 9], { x: x + near + 2, y: y + 5, anchor: 'start' }],
			[[x - near - wide, y - 9, x - near, y + 9], { x: x - near - 2, y: y + 5, anchor: 'end' }],
			[[x - half, y - near - 18, x + half, y - near], { x, y: y - near - 4, anchor: 'middle' }]
		];
		const free = sides.find(([box]) => room.take(box));
		if (free) placed.set(id, free[1]);
	}
	return placed;
}
