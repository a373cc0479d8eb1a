import type { Position } from 'geojson';
import { boxOf } from '../geometry';
import { limits } from '../limits';
import { Refused } from '../problems';
import { countFeature, newValues, setValue, type Raw, type RawLayer, type Source } from '../raw';
import { assemble, contains } from '../rings';
import { cornersOf, straightened, type Corner } from './dxf-curves';
import { entities, type Entity } from './dxf-entities';
import { dxfText, plainDxf } from './dxf-text';

export const isDxf = (head: string): boolean =>
	/^\s*(999\r?\n[^\n]*\r?\n\s*)*0\r?\n\s*SECTION\s*\r?\n\s*2\s*\r?\n/.test(head);

type Line = { points: Position[]; closed: boolean; line: number; owner: string };
type Named = { text: string; at: Position };
type Drawn = {
	areas: Line[];
	lines: Line[];
	points: { at: Position; line: number }[];
	texts: Named[];
};

/**
 * A text DXF in drawing units: polylines, lines, points, and texts as the names of the areas they stand in.
 * One layer a DXF layer. Blocks, hatches, arcs and the rest are left out and counted. There is no coordinate
 * system in it: X is east, Y is north, often without a zone (domain.md E.4).
 */
export function readDxf(bytes: Uint8Array, source: Source): Raw {
	const { text, encoding, why } = dxfText(bytes, source.encoding);
	const drawn = new Map<string, Drawn>();
	const left = new Map<string, number>();
	let vertices = source.budget.vertices;
	let open: { entity: Entity; layer: string; corners: Corner[] } | null = null;
	const into = (layer: string): Drawn => {
		let found = drawn.get(layer);
		if (!found) drawn.set(layer, (found = { areas: [], lines: [], points: [], texts: [] }));
		return found;
	};
	const finish = (line: Line, layer: string) => {
		vertices -= line.points.length;
		if (vertices < 0) throw new Refused('too_many_vertices', { limit: limits.vertices });
		const [a, b] = [line.points[0], line.points.at(-1)];
		// Drawn by hand to its beginning: a millimetre apart is closed.
		const meets = line.points.length > 3 && Math.hypot(a![0]! - b![0]!, a![1]! - b![1]!) < 0.001;
		if (meets) line.points[line.points.length - 1] = a!;
		// A flag closes a polyline, not its first point said again.
		if (line.closed && !meets && a) line.points.push(a);
		if (line.points.length > 1) into(layer)[line.closed || meets ? 'areas' : 'lines'].push(line);
	};
	const finishOpen = () => {
		if (open) finish(polyline(open.entity, open.corners), open.layer);
		open = null;
	};
	for (const e of entities(text, source)) {
		if (e.type !== 'VERTEX') finishOpen();
		const layer = plainDxf(last(e, 8) ?? '0').slice(0, 80) || '0';
		const at = (x = 10): Position => [number(e, x), number(e, x + 10)];
		switch (e.type) {
			case 'LWPOLYLINE':
				finish(polyline(e, cornersOf(e)), layer);
				break;
			case 'POLYLINE':
				// A mesh is no boundary.
				if (flags(e) & (16 | 64)) count(left, 'POLYLINE');
				else open = { entity: e, layer, corners: [] };
				break;
			case 'VERTEX':
				if (!open || flags(e) & 16) break;
				if (open.corners.length > vertices)
					throw new Refused('too_many_vertices', { limit: limits.vertices });
				open.corners.push({ at: at(), bulge: Number(last(e, 42) ?? 0) || 0 });
				break;
			case 'SEQEND':
				break;
			case 'LINE':
				finish({ points: [at(), at(11)], closed: false, line: e.line, owner: '' }, layer);
				break;
			case 'POINT':
				if (--vertices < 0) throw new Refused('too_many_vertices', { limit: limits.vertices });
				into(layer).points.push({ at: at(), line: e.line });
				break;
			case 'TEXT':
			case 'MTEXT':
				into(layer).texts.push({ text: plainDxf(last(e, 1) ?? ''), at: at() });
				break;
			default:
				count(left, e.type);
		}
	}
	finishOpen();
	if (left.size)
		source.problems.add('note', 'dxf_left_out', source.file, {
			kinds: [...left]
				.slice(0, 8)
				.map(([k, n]) => `${k} ${n}`)
				.join('、')
		});
	const texts = [...drawn.values()].flatMap((d) => d.texts).slice(0, 5000);
	const layers = [...drawn]
		.map(([name, d]) => layerOf(name, d, texts, source))
		.filter((l) => l.rows.length)
		.map((l) => ({ ...l, encoding: { value: encoding, why } }));
	return { format: 'dxf', layers };
}

const count = (map: Map<string, number>, key: string) => map.set(key, (map.get(key) ?? 0) + 1);
const last = (e: Entity, code: number) => e.pairs.findLast(([c]) => c === code)?.[1];
const flags = (e: Entity): number => Number(last(e, 70) ?? 0) || 0;
/** Our own writer says whose ring it is, so that parts and holes come together again. */
const ownerOf = (e: Entity): string => {
	const i = e.pairs.findIndex(([c, v]) => c === 1001 && v === 'XIANGTU');
	return i < 0 ? '' : plainDxf(e.pairs[i + 1]?.[1] ?? '');
};

function number(e: Entity, code: number): number {
	const value = Number(last(e, code));
	if (!Number.isFinite(value)) throw new Refused('dxf_broken', { line: e.line });
	return value;
}

function polyline(e: Entity, corners: readonly Corner[]): Line {
	const closed = (flags(e) & 1) > 0;
	return { points: straightened(corners, closed), closed, line: e.line, owner: ownerOf(e) };
}

function layerOf(name: string, d: Drawn, texts: Named[], source: Source): RawLayer {
	const layer: RawLayer = { name, columns: ['名称'], rows: [], declared: null, surveyed: true };
	const push = (line: number, geometry: unknown, label: string) => {
		countFeature(source);
		const row = { n: line, values: newValues(), geometry };
		setValue(source, row, '名称', label, name);
		layer.rows.push(row);
	};
	const owners = new Map<string, Line[]>();
	for (const a of d.areas) if (a.owner) owners.set(a.owner, [...(owners.get(a.owner) ?? []), a]);
	for (const [owner, lines] of owners)
		push(
			lines[0]!.line,
			multi(assemble(lines.map((l) => l.points))),
			owner.replace(/^[^ ]* ?/, '')
		);
	const loose = d.areas.filter((a) => !a.owner);
	if (loose.length > 2000) throw new Refused('too_many_rings', { limit: 2000 });
	const parts = assemble(loose.map((l) => l.points));
	const holes = parts.reduce((n, p) => n + p.length - 1, 0);
	if (holes) source.problems.add('note', 'dxf_holes', source.file, { layer: name, count: holes });
	const lineOf = new Map(loose.map((l) => [l.points, l.line]));
	// As they were drawn, not by size.
	const placed = parts.flatMap((p) => (p[0] ? [{ p, line: lineOf.get(p[0]) ?? 1 }] : []));
	for (const { p, line } of placed.sort((a, b) => a.line - b.line))
		push(line, { type: 'Polygon', coordinates: p }, nameIn(p[0]!, texts));
	const ends = d.lines.filter((l) => l.points.length > 2).length;
	if (ends) source.problems.add('warning', 'dxf_open', source.file, { layer: name, count: ends });
	for (const l of d.lines) push(l.line, { type: 'LineString', coordinates: l.points }, '');
	for (const p of d.points) push(p.line, { type: 'Point', coordinates: p.at }, '');
	return layer;
}

/** The first text inside a ring; the box is asked first, because there may be thousands of each. */
function nameIn(ring: Position[], texts: Named[]): string {
	const [w, s, e, n] = boxOf([{ coordinates: ring }]) ?? [0, 0, 0, 0];
	const inBox = ([x, y]: Position) => x! >= w && x! <= e && y! >= s && y! <= n;
	return texts.find((t) => t.text && inBox(t.at) && contains(ring, t.at))?.text ?? '';
}

const multi = (coordinates: Position[][][]) => ({ type: 'MultiPolygon', coordinates });
