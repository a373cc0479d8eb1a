import type { PlanPage } from '$lib/domain/plan';
import { toBoundary } from '$lib/geo/write/boundary';
import { toDxf } from '$lib/geo/write/dxf';
import { toGeoJSON } from '$lib/geo/write/geojson';
import { toKML } from '$lib/geo/write/kml';
import { parcelTable } from '$lib/geo/write/parcel-table';
import type { OutParcel } from '$lib/geo/write/plane';
import { toShapefile } from '$lib/geo/write/shapefile';
import { toXLSX } from '$lib/geo/write/xlsx';

export const parcelFormats = ['txt', 'shp', 'dxf', 'kml', 'geojson', 'xlsx'] as const;
export type ParcelFormat = (typeof parcelFormats)[number];
export const isParcelFormat = (word: string): word is ParcelFormat =>
	(parcelFormats as readonly string[]).includes(word);

type Out = { bytes: Uint8Array | string; type: string; ending: string };

/** The parcels that are there now, largest program first: TXT of the land system, CAD, GIS, globe, sheet. */
export async function parcelFile(
	plan: PlanPage,
	township: string,
	format: ParcelFormat
): Promise<Out> {
	const parcels: OutParcel[] = plan.parcels
		.filter((p) => !p.archived)
		.map((p, n) => ({
			name: p.name || `${plan.title}${n + 1}`,
			code: `${plan.code}${plan.code && '-'}${n + 1}`,
			use: plan.plannedUse || plan.category,
			landClass: p.landClass || plan.landClass,
			geometry: p.geometry
		}));
	const title = `${plan.title}地块`;
	switch (format) {
		case 'txt':
			return {
				bytes: toBoundary(parcels, { producer: township, day: plan.today }),
				type: 'text/plain',
				ending: 'txt'
			};
		case 'shp':
			return { bytes: toShapefile(parcels), type: 'application/zip', ending: 'zip' };
		case 'dxf':
			return { bytes: toDxf(parcels), type: 'image/vnd.dxf', ending: 'dxf' };
		case 'kml':
			return {
				bytes: await toKML(parcelTable(title, parcels), '名称'),
				type: 'application/vnd.google-earth.kml+xml',
				ending: 'kml'
			};
		case 'geojson':
			return {
				bytes: toGeoJSON(parcelTable(title, parcels)),
				type: 'application/geo+json',
				ending: 'geojson'
			};
		case 'xlsx':
			return {
				bytes: await toXLSX(parcelTable(title, parcels)),
				type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
				ending: 'xlsx'
			};
	}
}
