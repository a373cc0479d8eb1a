import type { MultiPolygon, Polygon, Position } from 'geojson';
import type { FieldDay } from '$lib/domain/field';
import { inside } from '$lib/domain/fieldplace';

type XY = [number, number];
export type Size = { width: number; height: number };
/** Villages to know one's way by. */
export type Ground = {
	villages: readonly {
		id: string;
		name: string;
		shape: Polygon | MultiPolygon | null;
		label: XY | null;
	}[];
};

/**
 * Plane sight of a township: local metres in equal cylindrical projection about its middle (true to
 * 0.1 % over 30 km), scale in px a metre. Values, so that a move makes a new one.
 */
export class Sight {
	constructor(
		private readonly middle: XY,
		readonly scale: number,
		private readonly size: Size,
		private readonly least: number
	) {}

	private get cos(): number {
		return Math.cos((this.middle[1] * Math.PI) / 180);
	}
	to([lon, lat]: readonly [number, number]): XY {
		return [
			(lon - this.middle[0]) * 111_320 * this.cos * this.scale + this.size.width / 2,
			(this.middle[1] - lat) * 111_320 * this.scale + this.size.height / 2
		];
	}
	from([x, y]: readonly [number, number]): XY {
		return [
			this.middle[0] + (x - this.size.width / 2) / (111_320 * this.cos * this.scale),
			this.middle[1] - (y - this.size.height / 2) / (111_320 * this.scale)
		];
	}
	pan(dx: number, dy: number): Sight {
		const { width, height } = this.size;
		return new Sight(
			this.from([width / 2 - dx, height / 2 - dy]),
			this.scale,
			this.size,
			this.least
		);
	}
	/** Keeps the point under the fingers where it is; from the whole township to 20 cm a pixel. */
	zoom(by: number, about: XY): Sight {
		const scale = Math.min(5, Math.max(this.least, this.scale * by));
		const k = scale / this.scale;
		const { width, height } = this.size;
		return new Sight(
			this.from([about[0] + (width / 2 - about[0]) / k, about[1] + (height / 2 - about[1]) / k]),
			scale,
			this.size,
			this.least
		);
	}
}

const ringsOf = (shape: Polygon | MultiPolygon): Position[][] =>
	shape.type === 'Polygon' ? shape.coordinates : shape.coordinates.flat();

/** West, south, east, north. */
export type Bounds = [number, number, number, number];
export function boundsOf(shapes: (Polygon | MultiPolygon | null)[]): Bounds | null {
	const b: Bounds = [Infinity, Infinity, -Infinity, -Infinity];
	for (const shape of shapes)
		for (const ring of shape ? ringsOf(shape) : [])
			for (const [x = 0, y = 0] of ring) {
				b[0] = Math.min(b[0], x);
				b[1] = Math.min(b[1], y);
				b[2] = Math.max(b[2], x);
				b[3] = Math.max(b[3], y);
			}
	return Number.isFinite(b[0]) ? b : null;
}

export function sightOf([w, s, e, n]: Bounds, size: Size, least?: number): Sight {
	const middle: XY = [(w + e) / 2, (s + n) / 2];
	const cos = Math.cos((middle[1] * Math.PI) / 180);
	const scale = Math.min(
		(size.width - 24) / Math.max(50, (e - w) * 111_320 * cos),
		(size.height - 24) / Math.max(50, (n - s) * 111_320)
	);
	return new Sight(middle, scale, size, least ?? scale);
}

/** Opens on what is nearest to the question: the place set, the phone, the village, the township. */
export function fitTo(
	day: FieldDay,
	village: string | null,
	at: XY | null,
	here: XY | null,
	size: Size
): Sight {
	const all = boundsOf([day.township.shape, ...day.villages.map((v) => v.shape)]);
	if (!all) {
		const [x, y] = at ?? here ?? [110, 32];
		return sightOf([x - 0.05, y - 0.05, x + 0.05, y + 0.05], size);
	}
	const whole = sightOf(all, size);
	// All of the township stays within reach of the minus button.
	const least = whole.scale;
	if (at) {
		const far = here && inBounds(all, here) ? here : at;
		const pad = 0.002;
		return sightOf(
			[
				Math.min(at[0], far[0]) - pad,
				Math.min(at[1], far[1]) - pad,
				Math.max(at[0], far[0]) + pad,
				Math.max(at[1], far[1]) + pad
			],
			size,
			least
		);
	}
	const home = village
		? day.villages.find((v) => v.id === village)
		: here && day.villages.find((v) => v.shape && inside(v.shape, here));
	const bounds = home ? boundsOf([home.shape]) : null;
	return bounds ? sightOf(bounds, size, least) : whole;
}

const inBounds = ([w, s, e, n]: Bounds, [x, y]: XY) => x >= w && x <= e && y >= s && y <= n;

/** Paths and names as they lie in this sight; names that would lie on another are left out. */
export function drawVillages(day: Ground, sight: Sight, size: Size) {
	const shapes = day.villages.flatMap((v) => {
		if (!v.shape) return [];
		const d = ringsOf(v.shape)
			.map(
				(ring) =>
					`M${ring
						.map((p) => {
							const [x, y] = sight.to(p as XY);
							return `${x.toFixed(1)} ${y.toFixed(1)}`;
						})
						.join('L')}Z`
			)
			.join('');
		return [{ id: v.id, d }];
	});
	const taken: XY[] = [];
	const labels = day.villages.flatMap((v) => {
		if (!v.label) return [];
		const [x, y] = sight.to(v.label);
		const free =
			x > 20 &&
			x < size.width - 20 &&
			y > 10 &&
			y < size.height - 10 &&
			taken.every(([a, b]) => Math.abs(a - x) > 46 || Math.abs(b - y) > 17);
		if (free) taken.push([x, y]);
		return free ? [{ id: v.id, name: v.name, x, y }] : [];
	});
	return { shapes, labels };
}
