import { crsOf } from '../crs';
import { limits } from '../limits';
import { Refused } from '../problems';
import {
	countFeature,
	keyOf,
	newValues,
	setValue,
	type Raw,
	type RawLayer,
	type Source
} from '../raw';
import { Sqlite, type Cell, type SqlTable } from './sqlite';
import { readWkb } from './wkb';

/** GeoPackage: one layer a feature table, in its own system. Tiles, views and rasters are left out. */
export function readGpkg(bytes: Uint8Array, source: Source): Raw {
	const db = new Sqlite(bytes);
	const columns = db.table('gpkg_geometry_columns');
	if (!columns) throw new Refused('gpkg_not_gpkg');
	const systems = systemsIn(db);
	const layers: RawLayer[] = [];
	for (const entry of db.read(columns)) {
		const name = text(entry.get('table_name'));
		const table = name ? db.table(name) : undefined;
		// A view has no rows of its own.
		if (!table) continue;
		if (layers.length >= limits.layers)
			throw new Refused('too_many_layers', { count: layers.length + 1, limit: limits.layers });
		const geometry = text(entry.get('column_name'));
		const srs = entry.get('srs_id');
		layers.push(
			layerOf(db, table, geometry, systems.get(typeof srs === 'number' ? srs : -1) ?? null, source)
		);
	}
	return { format: 'gpkg', layers };
}

const text = (cell: Cell | undefined): string => (typeof cell === 'string' ? cell : '');

/** Systems by their number in this file. Undefined ones (-1 and 0) are inferred from the coordinates. */
function systemsIn(db: Sqlite): Map<number, RawLayer['declared']> {
	const out = new Map<number, RawLayer['declared']>();
	const table = db.table('gpkg_spatial_ref_sys');
	if (!table) return out;
	for (const row of db.read(table)) {
		const id = row.get('srs_id');
		if (typeof id !== 'number' || id < 1 || out.size > 10_000) continue;
		const epsg = /^epsg$/i.test(text(row.get('organization')))
			? `EPSG:${row.get('organization_coordsys_id')}`
			: '';
		const crs = epsg ? crsOf(epsg) : null;
		const wkt = text(row.get('definition'));
		if (crs && !('refused' in crs && crs.refused === 'not_known')) out.set(id, { crs: epsg });
		else if (/^\s*(GEOG|PROJ)/i.test(wkt)) out.set(id, { wkt });
	}
	return out;
}

function layerOf(
	db: Sqlite,
	table: SqlTable,
	geometryColumn: string,
	declared: RawLayer['declared'],
	source: Source
): RawLayer {
	const columns = table.columns.filter((c, i) => c !== geometryColumn && i !== table.rowid);
	if (columns.length > limits.columns)
		throw new Refused('too_many_columns', { limit: limits.columns });
	const layer: RawLayer = {
		name: table.name.slice(0, 80),
		columns: columns.map(keyOf),
		rows: [],
		declared
	};
	let left = source.budget.vertices;
	const spend = (n: number) => {
		left -= n;
		if (left < 0) throw new Refused('too_many_vertices', { limit: limits.vertices });
	};
	for (const cells of db.read(table)) {
		countFeature(source);
		const row = { n: layer.rows.length + 1, values: newValues(), geometry: null as unknown };
		const blob = cells.get(geometryColumn);
		try {
			if (blob instanceof Uint8Array) row.geometry = geometryOf(blob, spend);
		} catch (error) {
			if (!(error instanceof Refused) || /^too_/.test(error.code)) throw error;
			// One shape that cannot be read does not take the table with it.
			source.problems.add('error', error.code, source.file, {
				...error.details,
				layer: layer.name,
				line: row.n
			});
		}
		columns.forEach((c, i) => {
			const value = cells.get(c);
			setValue(
				source,
				row,
				layer.columns[i]!,
				value instanceof Uint8Array ? null : value,
				layer.name
			);
		});
		layer.rows.push(row);
	}
	return layer;
}

/** The header of GeoPackage 2.1.3, then well-known binary. */
function geometryOf(blob: Uint8Array, spend: (n: number) => void): unknown {
	if (blob.length < 8 || blob[0] !== 0x47 || blob[1] !== 0x50)
		throw new Refused('geometry_not_read');
	const flags = blob[3]!;
	if (flags & 0x10) return null;
	const envelope = [0, 32, 48, 48, 64][(flags >> 1) & 7];
	if (envelope === undefined) throw new Refused('geometry_not_read');
	return readWkb(blob, 8 + envelope, spend);
}
