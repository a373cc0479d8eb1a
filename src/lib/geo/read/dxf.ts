import type { Position } from 'geojson';
import { boxOf } from '../geometry';
import { limits } from '../limits';
import { Refused } from '../problems';
import { countFeature, newValues, setValue, type Raw, type RawLayer, type Source } from '../raw';
import { assemble, contains } from '../rings';
import { dxfText, plainDxf } from './dxf-text';

export const isDxf = (head: string): boolean =>
	/^\s*(999\r?\n[^\n]*\r?\n\s*)*0\r?\n\s*SECTION\s*\r?\n\s*2\s*\r?\n/.test(head);

type Entity = { type: string; line: number; pairs: [code: number, value: string][] };
type Line = { points: Position[]; closed: boolean; line: number; owner: string };
type Named = { text: string; at: Position };
type Drawn = {
	areas: Line[];
	lines: Line[];
	points: { at: Position; line: number }[];
	texts: Named[];
};

/** Corners per full circle when an arc is read as a polyline: a chord is off by less than 0.02 % of the radius. */
const fullCircle = 180;

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
	let open: { line: Line; layer: string } | null = null;
	const into = (layer: string): Drawn => {
		let found = drawn.get(layer);
		if (!found) drawn.set(layer, (found = { areas: [], lines: [], points: [], texts: [] }));
		return found;
	};
	const finish = (line: Line, layer: string) => {
		vertices -= line.points.length;
		if (vertices < 0) throw new Refused('too_many_vertices', { limit: limits.vertices });
		const [a, b] = [line.points[0], line.points.at(-1)];
		const meets = line.points.length > 3 && a![0] === b![0] && a![1] === b![1];
		// A flag closes a polyline, not its first point said again.
		if (line.closed && !meets && a) line.points.push(a);
		if (line.points.length > 1) into(layer)[line.closed || meets ? 'areas' : 'lines'].push(line);
	};
	for (const e of entities(text, source)) {
		const layer = plainDxf(last(e, 8) ?? '0').slice(0, 80) || '0';
		const at = (x = 10): Position => [number(e, x), number(e, x + 10)];
		switch (e.type) {
			case 'LWPOLYLINE':
				finish(polyline(e), layer);
				break;
			case 'POLYLINE':
				// A mesh is no boundary.
				if (flags(e) & (16 | 64)) count(left, 'POLYLINE');
				else
					open = {
						layer,
						line: { points: [], closed: (flags(e) & 1) > 0, line: e.line, owner: ownerOf(e) }
					};
				break;
			case 'VERTEX':
				if (!open || flags(e) & 16) break;
				if (open.line.points.length > vertices)
					throw new Refused('too_many_vertices', { limit: limits.vertices });
				open.line.points.push(at());
				break;
			case 'SEQEND':
				if (open) finish(open.line, open.layer);
				open = null;
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

/** The corners of a light polyline; its bulges become chords. */
function polyline(e: Entity): Line {
	const corners: { at: Position; bulge: number }[] = [];
	let x: number | null = null;
	for (const [code, value] of e.pairs) {
		if (code !== 10 && code !== 20 && code !== 42) continue;
		const n = Number(value);
		if (!Number.isFinite(n)) throw new Refused('dxf_broken', { line: e.line });
		if (code === 10) x = n;
		else if (code === 20 && x !== null) {
			corners.push({ at: [x, n], bulge: 0 });
			x = null;
		} else if (code === 42 && corners.length) corners.at(-1)!.bulge = n;
	}
	const closed = (flags(e) & 1) > 0;
	const points: Position[] = [];
	corners.forEach((c, i) => {
		points.push(c.at);
		const next = corners[i + 1]?.at ?? (closed ? corners[0]!.at : null);
		if (c.bulge && next) points.push(...arc(c.at, next, c.bulge));
	});
	return { points, closed, line: e.line, owner: ownerOf(e) };
}

/** Points between the ends of an arc; the bulge is the tangent of a quarter of its angle. */
function arc(a: Position, b: Position, bulge: number): Position[] {
	const angle = 4 * Math.atan(bulge);
	const [dx, dy] = [b[0]! - a[0]!, b[1]! - a[1]!];
	// The centre lies on the bisector, this far from the chord for each unit of it.
	const h = (1 - bulge * bulge) / (4 * bulge);
	const [cx, cy] = [(a[0]! + b[0]!) / 2 - h * dy, (a[1]! + b[1]!) / 2 + h * dx];
	const steps = Math.max(2, Math.ceil((Math.abs(angle) / (2 * Math.PI)) * fullCircle));
	return Array.from({ length: steps - 1 }, (_, i) => {
		const t = (angle * (i + 1)) / steps;
		const [x, y] = [a[0]! - cx, a[1]! - cy];
		return [cx + x * Math.cos(t) - y * Math.sin(t), cy + x * Math.sin(t) + y * Math.cos(t)];
	});
}

/** The entities of the section ENTITIES; everything else is passed over. */
function* entities(text: string, source: Source): Generator<Entity> {
	let section = '';
	let named = false;
	let now: Entity | null = null;
	let seen = source.budget.features;
	let any = false;
	for (const [code, value, line] of pairs(text)) {
		if (code === 0) {
			if (now) yield now;
			now = null;
			named = value === 'SECTION';
			if (value === 'ENDSEC' || value === 'EOF') section = '';
			else if (section === 'ENTITIES') {
				now = { type: value.slice(0, 30), line, pairs: [] };
				// Vertices of old polylines are entities too; they are counted as points.
				if (value !== 'VERTEX' && --seen < 0)
					throw new Refused('too_many_features', { limit: limits.features });
			}
		} else if (code === 2 && named) {
			section = value;
			named = false;
			if (value === 'ENTITIES') any = true;
		} else if (now) {
			if (now.pairs.length > limits.vertices * 4)
				throw new Refused('too_many_vertices', { limit: limits.vertices });
			now.pairs.push([code, value]);
		}
	}
	if (now) yield now;
	if (!any) throw new Refused('dxf_broken', { line: 1 });
}

/** Group code and value, two lines each. A code that is no number is where the file breaks. */
function* pairs(text: string): Generator<[code: number, value: string, line: number]> {
	let at = 0;
	let line = 0;
	const next = (): string | null => {
		if (at >= text.length) return null;
		const end = text.indexOf('\n', at);
		const stop = end < 0 ? text.length : end;
		const out = text.slice(at, stop).replace(/\r$/, '');
		at = stop + 1;
		line++;
		return out;
	};
	for (;;) {
		const code = next();
		if (code === null || (!code.trim() && at >= text.length)) return;
		const value = next();
		const trimmed = code.trim();
		if (!/^-?\d{1,4}$/.test(trimmed) || value === null) throw new Refused('dxf_broken', { line });
		yield [Number(trimmed), value.trim(), line - 1];
	}
}

function layerOf(name: string, d: Drawn, texts: Named[], source: Source): RawLayer {
	const layer: RawLayer = { name, columns: ['名称'], rows: [], declared: null };
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
	for (const p of parts)
		if (p[0]) push(lineOf.get(p[0]) ?? 1, { type: 'Polygon', coordinates: p }, nameIn(p[0], texts));
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
