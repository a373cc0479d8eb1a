import type { Geometry, MultiPolygon, Position } from 'geojson';
import type { Draft, LayerKind } from '$lib/geo/draft';

/** A shape on the sheet: a path for lines and areas, a point for the rest. */
export type PreviewShape = {
	key: string;
	kind: LayerKind;
	/** 'file, line' of the row it comes from. */
	row: { layer: string; n: number };
	outside: boolean;
	d: string | null;
	at: [number, number] | null;
};
export type Preview = {
	width: number;
	height: number;
	existing: string[];
	shapes: PreviewShape[];
	/** How many shapes the draft has, and how many of them lie outside what is known. */
	total: number;
	outside: number;
};

type Box = [number, number, number, number];
const most = 4000;

/** Web Mercator on a unit square (EPSG:3857 scaled): right for looking, never for measuring. */
export function mercator([lon = 0, lat = 0]: Position): [number, number] {
	const s = Math.sin((Math.max(-85, Math.min(85, lat)) * Math.PI) / 180);
	return [lon / 360 + 0.5, 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI)];
}

/** The draft's shapes over the villages that are here already; rows far outside do not shrink the rest. */
export function previewOf(
	draft: Draft,
	villages: readonly MultiPolygon[],
	skip: ReadonlySet<string> = new Set(),
	width = 640,
	maxHeight = 480
): Preview {
	const layers = draft.layers.filter((l) => !skip.has(l.id) && l.kind !== 'other');
	const all = layers.flatMap((layer) =>
		layer.rows.flatMap((row) => (row.geometry ? [{ layer, row, geometry: row.geometry }] : []))
	);
	// Without villages here, the draft's own boundaries are what is known.
	const own = layers
		.filter((l) => l.kind === 'outline' || l.kind === 'villages')
		.flatMap((l) => l.rows.map((r) => r.geometry))
		.filter((g): g is MultiPolygon => g?.type === 'MultiPolygon');
	const known = villages.length ? villages : own;
	const boxes = known.map((g) => boxOf(g));
	const isOutside = (geometry: Geometry, kind: LayerKind) =>
		known.length > 0 &&
		!(villages.length === 0 && (kind === 'outline' || kind === 'villages')) &&
		!positions(geometry).some((p) => known.some((g, i) => inBox(p, boxes[i]!) && covers(g, p)));
	const marked = all.map((a) => ({ ...a, outside: isOutside(a.geometry, a.layer.kind) }));

	const frame = padded(
		known.length
			? union([
					...boxes,
					...marked.filter((a) => near(a.geometry, boxes)).map((a) => boxOf(a.geometry))
				])
			: union(marked.map((a) => boxOf(a.geometry)))
	);
	const [w, n] = mercator([frame[0], frame[3]]);
	const [e, s] = mercator([frame[2], frame[1]]);
	const scale = Math.min(width / (e - w || 1e-9), maxHeight / (s - n || 1e-9));
	const height = Math.max(120, Math.round((s - n) * scale));
	const shift = (width - (e - w) * scale) / 2;
	const place = (p: Position): [number, number] => {
		const [x, y] = mercator(p);
		return [round((x - w) * scale + shift), round((y - n) * scale)];
	};
	const shapes = marked.slice(0, most).map(({ layer, row, geometry, outside }) => ({
		key: `${layer.id} ${row.n}`,
		kind: layer.kind,
		row: { layer: layer.id, n: row.n },
		outside,
		d: geometry.type === 'Point' ? null : pathOf(geometry, place),
		at: geometry.type === 'Point' ? place(geometry.coordinates) : null
	}));
	return {
		width,
		height,
		existing: villages.map((g) => pathOf(g, place)),
		shapes,
		total: marked.length,
		outside: marked.filter((a) => a.outside).length
	};
}

const round = (n: number) => Math.round(n * 10) / 10;

/** Corners closer than half a pixel are one. */
export function pathOf(geometry: Geometry, place: (p: Position) => [number, number]): string {
	return lines(geometry)
		.map(({ points, closed }) => {
			let last: [number, number] | null = null;
			const parts: string[] = [];
			for (const p of points) {
				const at = place(p);
				if (last && Math.abs(at[0] - last[0]) < 0.5 && Math.abs(at[1] - last[1]) < 0.5) continue;
				parts.push(`${last ? 'L' : 'M'}${at[0]} ${at[1]}`);
				last = at;
			}
			return parts.join('') + (closed ? 'Z' : '');
		})
		.join('');
}

function lines(g: Geometry): { points: Position[]; closed: boolean }[] {
	switch (g.type) {
		case 'Polygon':
			return g.coordinates.map((points) => ({ points, closed: true }));
		case 'MultiPolygon':
			return g.coordinates.flat().map((points) => ({ points, closed: true }));
		case 'LineString':
			return [{ points: g.coordinates, closed: false }];
		case 'MultiLineString':
			return g.coordinates.map((points) => ({ points, closed: false }));
		case 'GeometryCollection':
			return g.geometries.flatMap(lines);
		case 'Point':
		case 'MultiPoint':
			return [];
	}
}

/** Points that stand for a shape: itself, or a handful of its corners. */
function positions(g: Geometry): Position[] {
	if (g.type === 'Point') return [g.coordinates];
	if (g.type === 'MultiPoint') return g.coordinates.slice(0, 8);
	return lines(g).flatMap(({ points }) => {
		const every = Math.max(1, Math.floor(points.length / 8));
		return points.filter((_, i) => i % every === 0);
	});
}

function boxOf(g: Geometry): Box {
	const box: Box = [180, 90, -180, -90];
	const points =
		g.type === 'Point'
			? [g.coordinates]
			: g.type === 'MultiPoint'
				? g.coordinates
				: lines(g).flatMap((l) => l.points);
	for (const [lon = 0, lat = 0] of points) {
		box[0] = Math.min(box[0], lon);
		box[1] = Math.min(box[1], lat);
		box[2] = Math.max(box[2], lon);
		box[3] = Math.max(box[3], lat);
	}
	return box;
}
const union = (boxes: Box[]): Box =>
	boxes.reduce<Box>(
		(a, b) => [
			Math.min(a[0], b[0]),
			Math.min(a[1], b[1]),
			Math.max(a[2], b[2]),
			Math.max(a[3], b[3])
		],
		[180, 90, -180, -90]
	);
const padded = ([w, s, e, n]: Box): Box => {
	if (w > e) return [73, 18, 135, 53.5];
	const by = Math.max((e - w) * 0.04, (n - s) * 0.04, 0.002);
	return [w - by, s - by, e + by, n + by];
};
const inBox = ([lon = 0, lat = 0]: Position, [w, s, e, n]: Box) =>
	lon >= w && lon <= e && lat >= s && lat <= n;
/** Within about five kilometres of what is known. */
const near = (g: Geometry, boxes: Box[]) => {
	const [w, s, e, n] = union(boxes);
	const box = boxOf(g);
	return box[0] >= w - 0.05 && box[2] <= e + 0.05 && box[1] >= s - 0.05 && box[3] <= n + 0.05;
};

/** Even-odd rule, holes included. */
export function covers(g: MultiPolygon, [x = 0, y = 0]: Position): boolean {
	let inside = false;
	for (const ring of g.coordinates.flat())
		for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
			const [xi = 0, yi = 0] = ring[i]!;
			const [xj = 0, yj = 0] = ring[j]!;
			if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
		}
	return inside;
}

/** West, south, east, north; null for nothing. */
export const boxOfShapes = (shapes: readonly MultiPolygon[]): Box | null =>
	shapes.length ? union(shapes.map(boxOf)) : null;
