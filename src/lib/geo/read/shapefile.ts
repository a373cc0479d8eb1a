import { Refused } from '../problems';
import { countFeature, newValues, setValue, type RawLayer, type Source } from '../raw';
import { decode } from '../text';
import { readDbf } from './dbf';
import { readShp } from './shp';

/** The files of one layer, by extension in lower case. */
export type ShapefileParts = Partial<Record<'shp' | 'dbf' | 'prj' | 'cpg', Uint8Array>>;

export const partNames = /\.(shp|dbf|prj|cpg|shx|sbn|sbx|qpj|qix|cst|fix|shp\.xml)$/i;

/** Groups names by layer: the path without its extension, whatever its case. */
export function groupParts(
	files: { name: string; bytes: Uint8Array }[]
): Map<string, ShapefileParts> {
	const groups = new Map<string, ShapefileParts>();
	for (const f of files) {
		const extension = /\.(shp|dbf|prj|cpg)$/i.exec(f.name)?.[1]?.toLowerCase();
		if (!extension) continue;
		const base = f.name.slice(0, -4).toLowerCase();
		const parts = groups.get(base) ?? {};
		parts[extension as keyof ShapefileParts] = f.bytes;
		groups.set(base, parts);
	}
	return groups;
}

/** One layer of a Shapefile in its own coordinates. */
export function readShapefile(name: string, parts: ShapefileParts, source: Source): RawLayer {
	if (!parts.shp) throw new Refused('shp_missing', { name });
	const shapes = readShp(parts.shp, source.budget);
	const layer: RawLayer = { name, columns: [], rows: [], declared: null };
	if (parts.prj?.length) {
		const wkt = decode(parts.prj).text;
		if (wkt.trim()) layer.declared = { wkt };
	}
	const cpg = parts.cpg ? decode(parts.cpg).text : null;
	const table = parts.dbf ? readDbf(parts.dbf, cpg, source.encoding) : null;
	if (!table) source.problems.add('warning', 'dbf_missing', source.file, { layer: name });
	else {
		layer.columns = table.columns;
		layer.encoding = { value: table.encoding, why: table.why };
		if (table.rows.length !== shapes.length)
			source.problems.add('warning', 'dbf_other_count', source.file, {
				layer: name,
				shapes: shapes.length,
				records: table.rows.length
			});
	}
	shapes.forEach((geometry, i) => {
		const record = table?.rows[i];
		if (record === null) return;
		countFeature(source);
		const row = { n: i + 1, values: newValues(), geometry };
		if (record) for (const c of table!.columns) setValue(source, row, c, record[c], name);
		layer.rows.push(row);
	});
	return layer;
}
