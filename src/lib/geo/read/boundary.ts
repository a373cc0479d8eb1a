import type { Position } from 'geojson';
import { areaOf } from '../area';
import { crsOf } from '../crs';
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
import { decode } from '../text';

export const isBoundary = (text: string): boolean =>
	/^\s*\[[^\]{}"]*[\u4e00-\u9fff][^\]{}"]*\]\s*\r?$/m.test(text) && /坐标|属性描述/.test(text);
export const statedArea = '用地面积（公顷）';

/** The boundary TXT of the land pre-approval system; grammar and rules in domain.md E.3. */
export function readBoundary(bytes: Uint8Array, source: Source): Raw {
	const { text, encoding, why } = decode(bytes, source.encoding);
	const attributes = new Map<string, string>();
	const parcels: { line: number; head: string[]; rings: Map<string, Position[]> }[] = [];
	let section = '';
	let fullWidth = false;
	for (const [i, raw] of text.split(/\r?\n/).entries()) {
		if (/，/.test(raw)) fullWidth = true;
		const line = raw.replaceAll('，', ',').trim();
		const name = /^\[(.*)\]$/.exec(line)?.[1];
		if (name !== undefined) section = name;
		else if (!line) continue;
		else if (section !== '地块坐标') {
			const at = line.indexOf('=');
			if (at > 0) attributes.set(line.slice(0, at).trim(), line.slice(at + 1).trim());
		} else if (line.endsWith('@'))
			parcels.push({ line: i + 1, head: line.split(','), rings: new Map() });
		else {
			const cells = line.split(',').map((c) => c.trim());
			const now = parcels.at(-1);
			const [north, east] = [Number(cells[2]), Number(cells[3])];
			if (
				!now ||
				cells.length < 4 ||
				!Number.isFinite(north) ||
				!Number.isFinite(east) ||
				!cells[2] ||
				!cells[3]
			)
				throw new Refused('boundary_line', { line: i + 1 });
			const ring = now.rings.get(cells[1]!) ?? [];
			ring.push([east, north]);
			if (--source.budget.vertices < 0)
				throw new Refused('too_many_vertices', { limit: limits.vertices });
			now.rings.set(cells[1]!, ring);
		}
	}
	if (!parcels.length) throw new Refused('boundary_empty');
	if (fullWidth) source.problems.add('note', 'full_width_commas', source.file);
	source.budget.vertices += parcels.reduce(
		(n, p) => n + [...p.rings.values()].reduce((m, r) => m + r.length, 0),
		0
	);
	const layer: RawLayer = {
		name: '地块坐标',
		kind: 'plans',
		columns: ['编号', '名称', statedArea, '图形', '图幅', '用途', '地类编码'],
		rows: [],
		declared: declaredBy(attributes, parcels, source),
		table: { title: [], units: { [statedArea]: '公顷' }, why: 'format' },
		encoding: { value: encoding, why }
	};
	for (const p of parcels) {
		countFeature(source);
		const row: RawRow = { n: p.line, values: newValues(), geometry: shapeOf(p.rings) };
		const [, area, id, name, kind, sheet, use, code] = p.head;
		[id, name, Number(area) || area, kind, sheet, use, code?.replace('@', '')].forEach((v, i) =>
			setValue(source, row, layer.columns[i]!, v, layer.name)
		);
		row.values['名称'] ??= `地块${layer.rows.length + 1}`;
		layer.rows.push(row);
	}
	return { format: 'boundary', layers: [layer] };
}

function shapeOf(rings: Map<string, Position[]>) {
	const filled = [...rings.values()].filter((r) => r.length > 2);
	if (!filled.length) return null;
	return { type: 'MultiPolygon', coordinates: assemble(filled) };
}

/** The prefix of the easting wins over the header's zone; without a prefix the header's is used, aloud. */
function declaredBy(
	attributes: Map<string, string>,
	parcels: { rings: Map<string, Position[]> }[],
	source: Source
) {
	const system = attributes.get('坐标系') ?? '';
	if (/80|54|西安|北京/.test(system)) return { crs: system };
	const zone = Number(attributes.get('带号'));
	const six = attributes.get('几度分带') === '6';
	const point = parcels[0]?.rings.values().next().value?.[0];
	const prefix = Math.floor(Math.max(...(point ?? [0])) / 1_000_000);
	if (prefix >= 13) {
		if (zone && zone !== prefix)
			source.problems.add('warning', 'zone_conflict', source.file, { header: zone, prefix });
		return null;
	}
	if (!zone) return null;
	const crs = `EPSG:${six ? 4489 + zone : 4509 + zone}`;
	if ('refused' in crsOf(crs)) return null;
	source.problems.add('warning', 'zone_from_header', source.file, { zone });
	return { crs };
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
	const units = { 公顷: 10_000, 平方米: 1, 亩: 10_000 / 15 };
	const fit = Object.entries(units).find(([, m2]) => Math.abs((stated * m2) / drawn - 1) <= 0.01);
	const column = statedArea;
	if (!fit) {
		problems.add('warning', 'area_differs', file, {
			layer,
			line: row.n,
			column,
			stated,
			drawn: (drawn / 10_000).toFixed(4)
		});
		return null;
	}
	if (fit[0] !== '公顷')
		problems.add('warning', 'area_unit', file, { layer, line: row.n, column, unit: fit[0] });
	return Math.round(((stated * fit[1]) / (10_000 / 15)) * 1e4) / 1e4;
}
