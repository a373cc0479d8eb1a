import type { Geometry } from 'geojson';
import type { ShapeRow } from '$lib/domain/plan';
import type { Draft, Row } from '$lib/geo/draft';
import { boxOf } from '$lib/geo/geometry';

/** What a column of an office's file is for; '' for nothing. */
export type Columns = { class: string; level: string; buffer: string };

const guesses: Record<keyof Columns, RegExp> = {
	class: /^(dlbm|dlmc|地类|地类编码|地类名称|类别|类型|class|type|kind)$/i,
	level: /(等级|级别|险情级|规模|level|grade)/i,
	buffer: /(影响半径|影响范围|半径|缓冲|buffer|radius)/i
};

/** The headings of all layers of a draft, and what each is probably for. */
export function columnsIn(draft: Draft): { names: string[]; guess: Columns } {
	const names = [...new Set(draft.layers.flatMap((l) => l.columns.map((c) => c.name)))];
	const fit = (key: keyof Columns) => names.find((n) => guesses[key].test(n.trim())) ?? '';
	return { names, guess: { class: fit('class'), level: fit('level'), buffer: fit('buffer') } };
}

const simple = (g: Geometry): Geometry[] =>
	g.type === 'GeometryCollection' ? g.geometries.flatMap(simple) : [g];
const text = (row: Row, column: string): string =>
	column ? String(row.values[column] ?? '').trim() : '';

/** A few words of the row, so that a piece can be told from another: short, and below the database's 2 KB. */
function attributesOf(row: Row, taken: readonly string[]): Record<string, string | number> {
	const kept: Record<string, string | number> = {};
	let size = 0;
	for (const [key, value] of Object.entries(row.values)) {
		if (value === null || value === '' || taken.includes(key)) continue;
		const short = typeof value === 'number' ? value : value.slice(0, 60);
		size += key.length * 3 + String(short).length * 3 + 8;
		if (size > 1500 || Object.keys(kept).length >= 8) break;
		kept[key.slice(0, 30)] = short;
	}
	return kept;
}

/** Every shape of a draft as `layer_put` takes it, numbered from 1. */
export function shapeRows(draft: Draft, columns: Columns): ShapeRow[] {
	const taken = Object.values(columns).filter(Boolean);
	const rows: ShapeRow[] = [];
	for (const layer of draft.layers)
		for (const row of layer.rows as Row[])
			for (const geometry of row.geometry ? simple(row.geometry) : []) {
				const metres = Number(text(row, columns.buffer));
				const class_ = text(row, columns.class).slice(0, 20);
				const level = text(row, columns.level).slice(0, 20);
				rows.push({
					n: rows.length + 1,
					geometry,
					...(class_ && { class: class_ }),
					...(level && { level }),
					...(columns.buffer && metres > 0 && metres <= 5000 && { buffer_m: metres }),
					attributes: attributesOf(row, taken)
				});
			}
	return rows;
}

export type Glance = {
	count: number;
	areas: number;
	lines: number;
	points: number;
	/** Shapes that do not touch the township's box. */
	outside: number;
};
export function glanceAt(rows: readonly ShapeRow[], box: readonly number[] | null): Glance {
	const kind = (r: ShapeRow, word: RegExp) => word.test(r.geometry.type);
	const out = (r: ShapeRow) => {
		const own = boxOf([r.geometry]);
		return (
			box && own && (own[2] < box[0]! || own[0] > box[2]! || own[3] < box[1]! || own[1] > box[3]!)
		);
	};
	return {
		count: rows.length,
		areas: rows.filter((r) => kind(r, /Polygon/)).length,
		lines: rows.filter((r) => kind(r, /Line/)).length,
		points: rows.filter((r) => kind(r, /Point/)).length,
		outside: rows.filter(out).length
	};
}

/** Batches of at most `most` rows and about `bytes` of JSON. A row that alone is larger goes alone. */
export function* batchesOf(
	rows: readonly ShapeRow[],
	most = 400,
	bytes = 600_000
): Generator<ShapeRow[]> {
	let batch: ShapeRow[] = [];
	let size = 0;
	for (const row of rows) {
		const long = JSON.stringify(row).length;
		if (batch.length && (batch.length >= most || size + long > bytes)) {
			yield batch;
			[batch, size] = [[], 0];
		}
		batch.push(row);
		size += long;
	}
	if (batch.length) yield batch;
}
