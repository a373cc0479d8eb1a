import { error } from '@sveltejs/kit';
import { useQuota } from '$lib/data/accounts';
import { readWallMap } from '$lib/data/wallmap';
import { readView } from '$lib/domain/view';
import { exportTable } from '$lib/server/export';
import { needTownship } from '$lib/server/guards';
import { toCSV } from '$lib/geo/write/csv';
import { toGeoJSON } from '$lib/geo/write/geojson';
import { toKML } from '$lib/geo/write/kml';
import type { Table } from '$lib/geo/write/table';
import { toXLSX } from '$lib/geo/write/xlsx';
import type { RequestHandler } from './$types';

const formats: Record<
	string,
	{ type: string; write: (t: Table) => Promise<Uint8Array | string> | string }
> = {
	xlsx: {
		type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
		write: (t) => toXLSX(t)
	},
	csv: { type: 'text/csv; charset=utf-8', write: toCSV },
	geojson: { type: 'application/geo+json', write: toGeoJSON },
	kml: { type: 'application/vnd.google-earth.kml+xml', write: (t) => toKML(t) }
};

/** What the view of the address shows, as a file that offices and other programs open. */
export const GET: RequestHandler = async (event) => {
	const { township } = needTownship(event);
	const format = formats[event.params.format];
	if (!format) error(404, { message: 'not_found', code: 'not_found' });
	if (!(await useQuota(event.locals.db, 'export', 60)))
		error(429, { message: 'too_many', code: 'too_many' });
	const view = readView(event.url.searchParams);
	const map = await readWallMap(event.locals.db, township.id, view.day, 50_000);
	if (!map) error(404, { message: 'not_found', code: 'not_found' });
	const table = exportTable(map, view);
	const bytes = await format.write(table);
	const name = encodeURIComponent(`${table.title}_${map.day}.${event.params.format}`);
	return new Response(bytes as BodyInit, {
		headers: {
			'Content-Type': format.type,
			'Content-Disposition': `attachment; filename*=UTF-8''${name}`,
			'Cache-Control': 'private, no-store'
		}
	});
};
