import type { Position } from 'geojson';
import { infer } from '../crs';
import { boxOf } from '../geometry';
import { readDegrees } from '../ledger/numbers';
import { limits } from '../limits';
import { Refused } from '../problems';
import { newValues, setValue, type Raw, type RawLayer, type RawRow, type Source } from '../raw';
import { assemble } from '../rings';
import { decode } from '../text';

type Line = { line: number; cells: string[] };
type Block = Line[];

// An angle with its marks is one cell, whatever blanks stand in it: 110° 48′ 00.5″ E.
const angle =
	/(?:[NE]|东经|北纬)?\s*\d{1,3}\s*[°º˚度]\s*(?:\d{1,2}(?:\.\d+)?\s*['′’‘´`分]\s*(?:\d{1,2}(?:\.\d+)?\s*(?:["″”“秒]|''|′′|’’)?)?)?\s*[NE]?/gi;

/** Characters of one line; the pattern above looks at each blank again. */
const longest = 400;

/** Cells of a typed line: parted by commas, semicolons, tabs or blanks. */
function cellsOf(text: string): string[] {
	return text
		.normalize('NFKC')
		.replace(angle, (a) => ` ${a.replace(/\s+/g, '')} `)
		.replace(/(东经|北纬|经度|纬度|[XY])\s*[:=]\s*/gi, ' ')
		.split(/[\s,;、|]+/)
		.filter(Boolean);
}

const valueOf = (cell: string | undefined): number | null =>
	cell === undefined ? null : readDegrees(cell);

/** Two numbers that can be a place together, in either order. */
const isPlace = (a: number | null, b: number | null): boolean =>
	a !== null &&
	b !== null &&
	(a > 3 || b > 3) &&
	Math.max(a, b) > 72 &&
	infer([a, b, a, b], true) !== null;

/**
 * Which two columns hold the coordinates, by the first line that has some: a number of the corner and of the
 * ring may stand before, heights and remarks behind, the number also last.
 */
function columnsIn(cells: string[]): [number, number] | null {
	for (const i of [1, 0, 2, 3])
		if (isPlace(valueOf(cells[i]), valueOf(cells[i + 1])) && cells.length > i + 1)
			return [i, i + 1];
	return null;
}

const cornerName = /^(界址点)?[a-z]{0,4}[-_]?\d{1,6}$/i;

/** Whether a text is nothing but corner points: at least three lines, all but a heading with a place. */
export function isCorners(text: string): boolean {
	const lines = text.split(/\r\n?|\n/).filter((l) => l.trim());
	if (lines.length < 3 || lines.some((l) => l.length > longest)) return false;
	const cells = lines.slice(0, 200).map(cellsOf);
	const places = cells.filter((c) => c.length <= 8 && columnsIn(c)).length;
	// A list of named places has the same shape: corners have numbers for names.
	const numbered = cells.filter((c) => columnsIn(c)?.[0] === 0 || cornerName.test(c[0]!)).length;
	// A table has headings that say so; here none may be lost.
	return (
		places >= 3 &&
		numbered >= cells.length - 2 &&
		places >= cells.length - 2 &&
		!/[\u4e00-\u9fff]{2}.*,.*[\u4e00-\u9fff]{2}.*,/.test(lines[0]!)
	);
}

/**
 * Corner points as typed or pasted: number, X and Y in any order, or lon/lat in degrees or degree, minute and
 * second. An empty line, a ring's own closing point or another ring number begins the next ring.
 */
export function readCorners(bytes: Uint8Array, source: Source): Raw {
	const { text, encoding, why } = decode(bytes, source.encoding);
	const blocks: Block[] = [[]];
	let left = source.budget.vertices;
	let columns: [number, number] | null = null;
	for (const [i, raw] of text.split(/\r\n?|\n/).entries()) {
		if (raw.length > longest) throw new Refused('corner_line', { line: i + 1 });
		const cells = cellsOf(raw);
		if (!cells.length) {
			if (blocks.at(-1)!.length) blocks.push([]);
			continue;
		}
		if (--left < 0) throw new Refused('too_many_vertices', { limit: limits.vertices });
		if (!columns) {
			columns = columnsIn(cells);
			// What stands above the first corner is a heading.
			if (!columns && i > 3) throw new Refused('corner_line', { line: i + 1 });
			if (!columns) continue;
		}
		const [a, b] = columns.map((c) => valueOf(cells[c]));
		if (a == null || b == null || !isPlace(a, b)) throw new Refused('corner_line', { line: i + 1 });
		blocks.at(-1)!.push({ line: i + 1, cells });
	}
	if (!columns) throw new Refused('corner_line', { line: 1 });
	// Ovital puts g before GCJ-02 and b before BD-09 (domain.md E.4).
	const mark = blocks[0]?.[0]?.cells[0]?.toLowerCase();
	const shifted = columns[0] === 2 && (mark === 'g' ? 'GCJ-02' : mark === 'b' && 'BD-09');
	const rings = blocks.flatMap((b) => ringsOf(b, columns!));
	const points = rings.flat();
	// Any order is right here, so that turning them is nothing to warn of.
	const box = boxOf([{ coordinates: points.map((p) => p.at) }]);
	if (box && infer(box, true)?.swapped) for (const p of points) p.at.reverse();
	const layer: RawLayer = {
		name: source.file.replace(/^.*\//, '').replace(/\.[^.]*$/, '') || '界址点',
		columns: ['名称', '界址点数'],
		rows: [],
		declared: shifted ? { crs: shifted, why: 'ovital', alternatives: ['EPSG:4490'] } : null,
		surveyed: true,
		encoding: { value: encoding, why }
	};
	const row: RawRow = { n: points[0]!.line, values: newValues(), geometry: null };
	const lines = rings.map((r) => r.map((p) => p.at));
	const filled = lines.filter((r) => r.length > 2);
	row.geometry = filled.length
		? { type: 'MultiPolygon', coordinates: assemble(filled) }
		: { type: 'Polygon', coordinates: lines };
	setValue(source, row, '名称', layer.name, layer.name);
	setValue(
		source,
		row,
		'界址点数',
		lines.reduce((n, r) => n + r.length, 0),
		layer.name
	);
	layer.rows.push(row);
	return { format: 'corners', layers: [layer] };
}

function ringsOf(block: Block, [x, y]: [number, number]): { at: Position; line: number }[][] {
	const rings: { at: Position; line: number }[][] = [];
	let name = '';
	let closed = true;
	for (const { line, cells } of block) {
		const at = [valueOf(cells[x])!, valueOf(cells[y])!];
		// Number and ring before the coordinates, as in a boundary file.
		const ring = x === 2 && /^\d{1,4}$/.test(cells[1]!) ? cells[1]! : '1';
		if (closed || ring !== name) rings.push([]);
		name = ring;
		const now = rings.at(-1)!;
		now.push({ at, line });
		closed = now.length > 3 && now[0]!.at[0] === at[0] && now[0]!.at[1] === at[1];
	}
	return rings;
}

/** Pasted text as a file for `readFiles`; the name says that it is corners and no table. */
export const pastedCorners = (
	text: string,
	name = '界址点'
): { name: string; bytes: Uint8Array } => ({
	name: `${name.replaceAll(/[/\\.]/g, ' ').slice(0, 80)}.corners`,
	bytes: new TextEncoder().encode(text)
});
