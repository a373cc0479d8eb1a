import type { Position } from 'geojson';
import type { SharedContent, SharedPoint, SharedShape } from '$lib/domain/shared';
import { fitCamera, project, scaleBar, type Box } from '$lib/map/camera';

/** The map of a shared page as shapes on a sheet; what stands at a point keeps its size when the sheet is enlarged. */
export type ShareSheet = {
	width: number;
	height: number;
	shapes: { shape: SharedShape; d: string; share: number | null }[];
	marks: Placed[];
	/** `dy`: where the name stands, under what lies at the place. */
	villages: (Placed & { dy: number })[];
	scale: { metres: number; px: number };
	/** What the numbers stand for. */
	key: { no: number; point: SharedPoint }[];
};
type Placed = { point: SharedPoint; x: number; y: number; r: number; no: number | null };

const round = (n: number) => Math.round(n * 10) / 10;

/** null: nothing has a place. */
export function shareSheet(content: SharedContent, width = 400): ShareSheet | null {
	const { bounds, shapes, points } = content.map;
	if (!bounds) return null;
	const [w, s, e, n] = bounds;
	const across = (e - w) * Math.cos((((n + s) / 2) * Math.PI) / 180);
	const height = Math.round(width * Math.min(1.05, Math.max(0.62, (n - s) / across)));
	const box: Box = { width, height, padding: { top: 14, right: 14, bottom: 26, left: 14 } };
	const camera = fitCamera(bounds, box, 16);
	const at = (p: Position) => project([p[0] ?? 0, p[1] ?? 0], camera, box);
	const scale = scaleBar(camera, 120);
	const place = (point: SharedPoint, no: number | null): Placed => {
		const [x, y] = at(point.at);
		const r = point.radius ? (point.radius * scale.px) / scale.metres : 0;
		return { point, x: round(x), y: round(y), r: round(r), no };
	};
	const named = points.filter((p) => p.kind !== 'village');
	const key = named.map((point, i) => ({ no: point.no ?? i + 1, point }));
	const shareOf = (name: string) => {
		const tasks = content.villages.find((v) => v.name === name)?.tasks;
		return tasks?.planned ? tasks.proven / tasks.planned : null;
	};
	const marks = apart(key.map(({ no, point }) => place(point, no)));
	/** Names stand under the numbers near them. */
	const under = (v: Placed) =>
		Math.max(
			16,
			...marks
				.filter((k) => Math.abs(k.x - v.x) < 36 && Math.abs(k.y - v.y - 12) < 24)
				.map((k) => k.y - v.y + 25)
		);
	return {
		width,
		height,
		shapes: shapes.map((shape) => ({
			shape,
			d: pathOf(shape.geometry, at),
			share: shape.kind === 'village' ? shareOf(shape.name) : null
		})),
		marks,
		villages: points
			.filter((p) => p.kind === 'village')
			.map((p) => place(p, null))
			.filter((p) => p.x > 0 && p.y > 0 && p.x < width && p.y < height)
			.map((p) => ({ ...p, dy: round(under(p)) })),
		scale,
		key
	};
}

function pathOf(g: SharedShape['geometry'], at: (p: Position) => [number, number]): string {
	const line = (ring: Position[], end: string) =>
		ring.length < 2 ? '' : `M${ring.map((p) => at(p).map(round).join(' ')).join('L')}${end}`;
	switch (g.type) {
		case 'LineString':
			return line(g.coordinates, '');
		case 'MultiLineString':
			return g.coordinates.map((l) => line(l, '')).join('');
		case 'Polygon':
			return g.coordinates.map((r) => line(r, 'Z')).join('');
		case 'MultiPolygon':
			return g.coordinates
				.flat()
				.map((r) => line(r, 'Z'))
				.join('');
		default:
			return '';
	}
}

/** Numbers that would cover each other stand beside each other, as near as there is room. */
function apart(marks: Placed[]): Placed[] {
	const taken: Placed[] = [];
	for (const mark of marks) {
		let spot = mark;
		for (let n = 1; n < 60 && taken.some((t) => near(t, spot)); n++) {
			const turn = n * 2.4;
			const far = 7 * Math.sqrt(n);
			spot = {
				...mark,
				x: round(mark.x + far * Math.cos(turn)),
				y: round(mark.y + far * Math.sin(turn))
			};
		}
		taken.push(spot);
	}
	return taken;
}
const near = (a: Placed, b: Placed) => Math.hypot(a.x - b.x, a.y - b.y) < 23;
