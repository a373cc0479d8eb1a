import type { Table } from './table';
import { clean } from '../text';
import { collection } from './geojson';

/** KML for Ovital, Google Earth and phones. `nameHeading` names the column that is written beside the place. */
export async function toKML(table: Table, nameHeading = table.headings[0]!): Promise<string> {
	const { foldersToKML } = await import('@placemarkio/tokml');
	const features = collection(table).features.map((f) => {
		const properties: Record<string, string | number> = {};
		for (const [k, v] of Object.entries(f.properties ?? {}))
			// XML has no place for control characters.
			if (v !== null) properties[k] = typeof v === 'number' ? v : clean(String(v)).text;
		const name = String(properties[nameHeading] ?? '');
		return { ...f, properties: { ...properties, name } };
	});
	return foldersToKML({
		type: 'root',
		children: [{ type: 'folder', meta: { name: clean(table.title).text }, children: features }]
	});
}
