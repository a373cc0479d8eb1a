import type { Position } from 'geojson';
import type { Budget } from '../geometry';
import { limits } from '../limits';
import { Refused } from '../problems';
import { assemble } from '../rings';

/**
 * The geometries of a .shp, null for empty records; heights and measures are left out. Rings become parts
 * and holes by what lies in what, because their winding is often wrong. Throws `Refused` when damaged.
 */
export function readShp(bytes: Uint8Array, budget: Budget): unknown[] {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	if (bytes.length < 100 || view.getInt32(0) !== 9994) throw new Refused('shp_broken');
	const out: unknown[] = [];
	let left = budget.vertices;
	const spend = (n: number) => {
		left -= n;
		if (left < 0) throw new Refused('too_many_vertices', { limit: limits.vertices });
	};
	let at = 100;
	while (at + 12 <= bytes.length) {
		const length = view.getInt32(at + 4) * 2;
		if (length < 4 || at + 8 + length > bytes.length)
			throw new Refused('shp_broken', { line: out.length + 1 });
		out.push(
			shape(new DataView(view.buffer, view.byteOffset + at + 8, length), spend, out.length + 1)
		);
		if (out.length > limits.features)
			throw new Refused('too_many_features', { limit: limits.features });
		at += 8 + length;
	}
	return out;
}

function shape(v: DataView, spend: (n: number) => void, line: number): unknown {
	const type = v.getInt32(0, true);
	const broken = () => new Refused('shp_broken', { line });
	const point = (at: number): Position => [v.getFloat64(at, true), v.getFloat64(at + 8, true)];
	if (type === 0) return null;
	if (type === 1 || type === 11 || type === 21) {
		if (v.byteLength < 20) throw broken();
		return { type: 'Point', coordinates: point(4) };
	}
	if (type === 8 || type === 18 || type === 28) {
		if (v.byteLength < 40) throw broken();
		const n = v.getInt32(36, true);
		if (n < 0 || v.byteLength < 40 + n * 16) throw broken();
		spend(n);
		if (!n) return null;
		return {
			type: 'MultiPoint',
			coordinates: Array.from({ length: n }, (_, i) => point(40 + i * 16))
		};
	}
	if (![3, 5, 13, 15, 23, 25].includes(type)) throw new Refused('shp_type', { type, line });
	if (v.byteLength < 44) throw broken();
	const parts = v.getInt32(36, true);
	const points = v.getInt32(40, true);
	const first = 44 + parts * 4;
	if (parts < 0 || points < 0 || v.byteLength < first + points * 16) throw broken();
	spend(points);
	const lines: Position[][] = [];
	for (let p = 0; p < parts; p++) {
		const from = v.getInt32(44 + p * 4, true);
		const to = p + 1 < parts ? v.getInt32(48 + p * 4, true) : points;
		if (from < 0 || to < from || to > points) throw broken();
		const part: Position[] = [];
		for (let i = from; i < to; i++) part.push(point(first + i * 16));
		if (part.length) lines.push(part);
	}
	if (!lines.length) return null;
	if (type % 10 === 3)
		return lines.length === 1
			? { type: 'LineString', coordinates: lines[0] }
			: { type: 'MultiLineString', coordinates: lines };
	if (lines.length > 2000) throw new Refused('too_many_rings', { line, limit: 2000 });
	const polygons = assemble(lines);
	return polygons.length === 1
		? { type: 'Polygon', coordinates: polygons[0] }
		: { type: 'MultiPolygon', coordinates: polygons };
}
