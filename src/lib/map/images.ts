import { hatchGap, marks, stateSigns, surfaces, type Mark, type Theme } from './palette';
import type { State } from '$lib/domain/fact';

/** Images of the map by their names: `pattern|hatch2|light`, `mark|hazard|dark|`, `thing|task|said|blocked|light`, `donut|0|4|2|6|bad|light`. */
export const pixelRatio = 2;

function canvas(size: number) {
	const element = document.createElement('canvas');
	element.width = element.height = size * pixelRatio;
	const pen = element.getContext('2d', { willReadFrequently: true })!;
	pen.scale(pixelRatio, pixelRatio);
	return pen;
}
const pixels = (pen: CanvasRenderingContext2D) =>
	pen.getImageData(0, 0, pen.canvas.width, pen.canvas.height);

/** A 24-box sign of `size` px around (x, y), with a halo so that it reads on any fill. */
function sign(
	pen: CanvasRenderingContext2D,
	shape: string,
	colour: string,
	halo: string,
	x: number,
	y: number,
	size: number
) {
	pen.save();
	pen.translate(x - size / 2, y - size / 2);
	pen.scale(size / 24, size / 24);
	const path = new Path2D(shape);
	pen.lineJoin = 'round';
	pen.lineWidth = 6;
	pen.strokeStyle = halo;
	pen.stroke(path);
	pen.fillStyle = halo;
	pen.fill(path, 'nonzero');
	pen.fillStyle = colour;
	pen.fill(path, 'evenodd');
	pen.restore();
}

function pattern(name: string, theme: Theme) {
	if (name === 'unknown') {
		const pen = canvas(10);
		pen.fillStyle = marks.unknown.colour[theme];
		pen.globalAlpha = 0.75;
		for (const [x, y] of [
			[2.5, 2.5],
			[7.5, 7.5]
		] as const) {
			pen.beginPath();
			pen.arc(x, y, 1.25, 0, 7);
			pen.fill();
		}
		return pixels(pen);
	}
	const gap = hatchGap[Number(name.slice(-1)) as 1 | 2 | 3] ?? hatchGap[1];
	const pen = canvas(gap);
	pen.strokeStyle = stateSigns.done.colour[theme];
	pen.globalAlpha = 0.7;
	pen.lineWidth = 1.2;
	for (const shift of [-gap, 0, gap]) {
		pen.beginPath();
		pen.moveTo(shift - 1, gap + 1);
		pen.lineTo(shift + gap + 1, -1);
		pen.stroke();
	}
	return pixels(pen);
}

function thing(kind: string, state: State, trouble: string, theme: Theme) {
	const halo = surfaces.halo[theme];
	const { shape, colour } = stateSigns[state];
	const pen = canvas(34);
	if (kind === 'task') sign(pen, shape, colour[theme], halo, 17, 17, 17);
	else {
		// projects and plans: the same sign on a plate, so that they stand out from tasks by shape too
		pen.fillStyle = surfaces.card[theme];
		pen.strokeStyle = colour[theme];
		pen.lineWidth = 2;
		pen.beginPath();
		if (kind === 'project') pen.arc(17, 17, 13, 0, 7);
		else pen.roundRect(5, 5, 24, 24, 5);
		pen.fill();
		pen.stroke();
		sign(pen, shape, colour[theme], surfaces.card[theme], 17, 17, 14);
	}
	if (trouble) {
		const { shape, colour } = marks[trouble as Mark];
		sign(pen, shape, colour[theme], halo, 26, 8, 11);
	}
	return pixels(pen);
}

function donut(parts: number[], bad: boolean, theme: Theme) {
	const pen = canvas(44);
	const names = ['found', 'said', 'done', 'proven'] as const;
	const all = parts.reduce((a, b) => a + b, 0) || 1;
	pen.beginPath();
	pen.arc(22, 22, 18, 0, 7);
	pen.fillStyle = surfaces.card[theme];
	pen.fill();
	let angle = -Math.PI / 2;
	for (const [i, name] of names.entries()) {
		const to = angle + ((parts[i] ?? 0) / all) * 2 * Math.PI;
		pen.beginPath();
		pen.arc(22, 22, 15, angle, to);
		pen.lineWidth = 5;
		pen.strokeStyle = stateSigns[name].colour[theme];
		if (name === 'done') pen.setLineDash([2, 1.5]);
		pen.stroke();
		pen.setLineDash([]);
		angle = to;
	}
	pen.beginPath();
	pen.arc(22, 22, bad ? 19.8 : 18, 0, 7);
	pen.lineWidth = bad ? 2.6 : 1;
	pen.strokeStyle = bad ? marks.blocked.colour[theme] : surfaces.line[theme];
	pen.stroke();
	return pixels(pen);
}

/** Draws the image of that name, or returns null where the name is not ours. */
export function drawImage(id: string): ImageData | null {
	const parts = id.split('|');
	const [what, first = '', second = '', third = ''] = parts;
	const theme = (what === 'mark' ? second : parts.at(-1)) as Theme;
	if (what === 'pattern') return pattern(first, theme);
	if (what === 'mark') {
		const px = first === 'hazard' ? 22 : third === 'wall' ? 26 : 15;
		const pen = canvas(px);
		const { shape, colour } = marks[first as Mark];
		sign(pen, shape, colour[theme], surfaces.halo[theme], px / 2, px / 2, px - 4);
		return pixels(pen);
	}
	if (what === 'thing') return thing(first, second as State, third, theme);
	if (what === 'donut') return donut(parts.slice(1, 5).map(Number), parts[5] === 'bad', theme);
	return null;
}
