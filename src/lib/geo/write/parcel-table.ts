import type { MultiPolygon, Polygon } from 'geojson';
import { areaOf, squareMetresPerMu } from '../area';
import type { OutParcel } from './plane';
import type { Table } from './table';

/** Parcels for KML, GeoJSON, XLSX and CSV; hand 名称 to `toKML` as the name. Areas on the plane of the zone. */
export function parcelTable(title: string, parcels: readonly OutParcel[]): Table {
	const mu = (shape: Polygon | MultiPolygon) =>
		Math.round((areaOf(shape) / squareMetresPerMu) * 1e4) / 1e4;
	return {
		title,
		headings: ['编号', '名称', '用途', '地类编码', '用地面积（亩）'],
		rows: parcels.map((p, i) => [
			p.code || i + 1,
			p.name,
			p.use || null,
			p.landClass || null,
			mu(p.geometry)
		]),
		geometry: parcels.map((p) => p.geometry)
	};
}
