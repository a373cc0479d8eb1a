import type { FeatureCollection, Geometry } from 'geojson';
import type { Table } from './table';

/** RFC 7946: lon/lat, one feature a row, also of rows without a place. */
export function toGeoJSON(table: Table): string {
	return JSON.stringify({ ...collection(table), name: table.title });
}

export function collection(table: Table): FeatureCollection<Geometry | null> {
	return {
		type: 'FeatureCollection',
		features: table.rows.map((row, i) => ({
			type: 'Feature',
			properties: Object.fromEntries(table.headings.map((h, c) => [h, row[c] ?? null])),
			geometry: table.geometry?.[i] ?? null
		}))
	};
}
