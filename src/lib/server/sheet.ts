import type { Table } from '$lib/geo/write/table';
import { toXLSX } from '$lib/geo/write/xlsx';

/** A table as a workbook to keep, named by its title and the day (ISO). */
export async function sheetAnswer(table: Table, day: string): Promise<Response> {
	const name = encodeURIComponent(`${table.title}_${day}.xlsx`);
	return new Response((await toXLSX(table)) as BodyInit, {
		headers: {
			'Content-Type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
			'Content-Disposition': `attachment; filename*=UTF-8''${name}`,
			'Cache-Control': 'private, no-store'
		}
	});
}
