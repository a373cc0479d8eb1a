import { boxLimit, type Box } from '$lib/domain/photo';

/** Smallest side of a box, as a fraction: less cannot be taken hold of. */
export const least = 0.02;
/** One press of an arrow key. */
const step = 0.02;

const clamp = (n: number, low: number, high: number) => Math.min(high, Math.max(low, n));

/** The box between two corners, inside the picture. */
export function between(ax: number, ay: number, bx: number, by: number): Box {
	const [left, right] = [clamp(Math.min(ax, bx), 0, 1), clamp(Math.max(ax, bx), 0, 1)];
	const [top, bottom] = [clamp(Math.min(ay, by), 0, 1), clamp(Math.max(ay, by), 0, 1)];
	return { x: left, y: top, width: right - left, height: bottom - top };
}

/** Moved, or with `resize` its right lower corner, by an arrow key; null for other keys. */
export function byKey(box: Box, key: string, resize: boolean): Box | null {
	const dx = key === 'ArrowRight' ? step : key === 'ArrowLeft' ? -step : 0;
	const dy = key === 'ArrowDown' ? step : key === 'ArrowUp' ? -step : 0;
	if (!dx && !dy) return null;
	if (resize)
		return {
			...box,
			width: clamp(box.width + dx, least, 1 - box.x),
			height: clamp(box.height + dy, least, 1 - box.y)
		};
	return {
		...box,
		x: clamp(box.x + dx, 0, 1 - box.width),
		y: clamp(box.y + dy, 0, 1 - box.height)
	};
}

/** Boxes to be burnt in, with undo: every change is a new list. */
export class Boxes {
	#past = $state.raw<Box[][]>([]);
	now = $state.raw<readonly Box[]>([]);

	get canUndo(): boolean {
		return this.#past.length > 0;
	}
	get full(): boolean {
		return this.now.length >= boxLimit;
	}
	#set(boxes: Box[]): void {
		this.#past = [...this.#past, [...this.now]];
		this.now = boxes;
	}
	add(box: Box): void {
		if (!this.full && box.width >= least && box.height >= least) this.#set([...this.now, box]);
	}
	replace(index: number, box: Box): void {
		this.#set(this.now.map((b, i) => (i === index ? box : b)));
	}
	remove(index: number): void {
		this.#set(this.now.filter((_, i) => i !== index));
	}
	undo(): void {
		const last = this.#past.at(-1);
		if (!last) return;
		this.now = last;
		this.#past = this.#past.slice(0, -1);
	}
}
