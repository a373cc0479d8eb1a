import type { Position } from 'geojson';
import { areaOf } from '../area';
import { limits } from '../limits';
import { Refused, type Problems } from '../problems';
import {
	countFeature,
	newValues,
	setValue,
	type Raw,
	type RawLayer,
	type RawRow,
	type Source
} from '../raw';
import { assemble } from '../rings';
import { compareStated } from '../stated';
import { decode } from '../text';
import { declaredBy, prefixIn, straighten } from './boundary-zone';

export const isBoundary = (text: string): boolean =>
	/^\s*[[［【][^\]{}"]*[\u4e00-\u9fff][^\]{}"]*[\]］】]\s*\r?$/m.test(text) &&
	/坐标|属性描述/.test(text);
export const statedArea = '用地面积（公顷）';

type Point = { at: Position; line: number };
type Ring = { name: string; points: Point[]; closed: boolean };
type Parcel = { line: number; head: string[]; rings: Ring[] };

/** The boundary TXT of the land pre-approval system; grammar and rules in domain.md E.3. */
export function readBoundary(bytes: Uint8Array, source: Source): Raw {
	const { text, encoding, why } = decode(bytes, source.encoding);
	const { attributes, parcels } = readLines(text, source);
	if (!parcels.length) throw new Refused('boundary_empty');
	// A township may lie in two zones: each is a layer, because a layer has one coordinate system.
	const layers = new Map<number, RawLayer>();
	let swapped = 0;
	for (const [i, p] of parcels.entries()) {
		countFeature(source);
		const points = p.rings.flatMap((r) => r.points);
		if (straighten(points) && !swapped++)
			source.problems.add('warning', 'axes_swapped', source.file, { line: p.line });
		const prefix = prefixIn(points);
		let layer = layers.get(prefix);
		if (!layer) {
			const name = layers.size ? `地块坐标 ${prefix || ''}`.trim() : '地块坐标';
			layer = newLayer(name, { value: encoding, why }, attributes);
			layer.declared = declaredBy(attributes, prefix, source.problems, source.file);
			layers.set(prefix, layer);
		}
		layer.rows.push(rowOf(p, i, layer, source));
	}
	return { format: 'boundary', layers: [...layers.values()] };
}

const newLayer = (
	name: string,
	encoding: RawLayer['encoding'],
	attributes: Map<string, string>
): RawLayer => ({
	name,
	kind: 'plans',
	columns: ['编号', '名称', statedArea, '图形', '图幅', '用途', '地类编码', '附加'],
	rows: [],
	declared: null,
	table: { title: [], units: { [statedArea]: '公顷' }, why: 'format' },
	encoding,
	about: [...attributes].slice(0, 60).map(([k, v]) => [k.slice(0, 60), v.slice(0, 200)])
});

function readLines(text: string, source: Source) {
	const attributes = new Map<string, string>();
	const parcels: Parcel[] = [];
	let section = '';
	let fullWidth = false;
	let left = source.budget.vertices;
	for (const [i, raw] of text.split(/\r\n?|\n/).entries()) {
		if (/[，＠＝]/.test(raw)) fullWidth = true;
		const line = raw.replaceAll('，', ',').replaceAll('＠', '@').replaceAll('＝', '=').trim();
		if (!line) continue;
		const name = /^[[［【](.*)[\]］】]$/.exec(line)?.[1]?.trim();
		if (name !== undefined) section = name;
		else if (section !== '地块坐标') {
			const at = line.indexOf('=');
			// Unknown keys are kept: local variants are many.
			if (at > 0) attributes.set(line.slice(0, at).trim(), line.slice(at + 1).trim());
		} else if (line.endsWith('@'))
			parcels.push({ line: i + 1, head: line.split(',').map((c) => c.trim()), rings: [] });
		else {
			if (--left < 0) throw new Refused('too_many_vertices', { limit: limits.vertices });
			takePoint(line, i + 1, parcels.at(-1));
		}
	}
	if (fullWidth) source.problems.add('warning', 'full_width_commas', source.file);
	return { attributes, parcels };
}

/** `J1,1,X,Y`; the ring is left out by some. A ring that has closed ends, whatever number follows. */
function takePoint(line: string, number: number, parcel: Parcel | undefined): void {
	const cells = line.normalize('NFKC').split(',');
	const [ringName, x, y] =
		cells.length > 3
			? [cells[1]!.trim(), cells[2]!, cells[3]!]
			: ['1', cells[1] ?? '', cells[2] ?? ''];
	const [north, east] = [x, y].map((c) => (c.trim() ? Number(c) : NaN)) as [number, number];
	if (!parcel || !Number.isFinite(north) || !Number.isFinite(east))
		throw new Refused('boundary_line', { line: number });
	let ring = parcel.rings.findLast((r) => r.name === ringName);
	if (!ring || ring.closed)
		parcel.rings.push((ring = { name: ringName, points: [], closed: false }));
	ring.points.push({ at: [east, north], line: number });
	const first = ring.points[0]!.at;
	ring.closed = ring.points.length > 3 && first[0] === east && first[1] === north;
}

function rowOf(p: Parcel, i: number, layer: RawLayer, source: Source): RawRow {
	const row: RawRow = { n: p.line, values: newValues(), geometry: shapeOf(p) };
	const head = p.head.slice(0, -1);
	const [count, area, id, name, kind, sheet, use, code, ...extra] = head;
	const cells = [id, name, Number(area) || area, kind, sheet, use, code];
	cells.push(extra.some(Boolean) ? extra.join(',') : '');
	cells.forEach((v, c) => setValue(source, row, layer.columns[c]!, v, layer.name));
	row.values['名称'] ??= `地块${i + 1}`;
	// Some count the closing point, some do not.
	const points = p.rings.reduce((n, r) => n + r.points.length, 0);
	const open = points - p.rings.filter((r) => r.closed).length;
	const said = Number(count);
	if (count && Number.isFinite(said) && said !== points && said !== open)
		source.problems.add('warning', 'boundary_count', source.file, {
			layer: layer.name,
			line: p.line,
			stated: said,
			found: points
		});
	return row;
}

function shapeOf(p: Parcel) {
	const lines = p.rings.map((r) => r.points.map((q) => q.at));
	if (p.head[4] === '点' && lines.length) return { type: 'MultiPoint', coordinates: lines.flat() };
	if (p.head[4] === '线' && lines.length) return { type: 'MultiLineString', coordinates: lines };
	const filled = lines.filter((r) => r.length > 2);
	// Too few corners are refused with the line of the parcel, not passed over.
	if (!filled.length) return lines.length ? { type: 'Polygon', coordinates: lines } : null;
	return { type: 'MultiPolygon', coordinates: assemble(filled) };
}

/**
 * Land in mu from the area a boundary file states, by the unit that fits what is drawn. Warns when the unit
 * is not hectares, or when no unit fits within 1 %.
 */
export function statedLand(
	row: { n: number; values: Record<string, string | number | null>; geometry: unknown },
	problems: Problems,
	file: string,
	layer: string
): number | null {
	const stated = row.values[statedArea];
	const shape = row.geometry as Parameters<typeof areaOf>[0] | null;
	if (typeof stated !== 'number' || !stated || !shape || !/Polygon/.test(shape.type)) return null;
	const drawn = areaOf(shape);
	const { unit, squareMetres } = compareStated(stated, '公顷', drawn);
	const column = statedArea;
	if (!unit) {
		problems.add('warning', 'area_differs', file, {
			layer,
			line: row.n,
			column,
			stated,
			drawn: (drawn / 10_000).toFixed(4)
		});
		return null;
	}
	if (unit !== '公顷')
		problems.add('warning', 'area_unit', file, { layer, line: row.n, column, unit });
	return Math.round((squareMetres / (10_000 / 15)) * 1e4) / 1e4;
}
