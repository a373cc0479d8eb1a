import { Refused } from '../problems';
import { countFeature, newValues, setValue, type Raw, type RawLayer, type Source } from '../raw';
import { below, child, readTree, textOf, type Element } from '../xml';
import { htmlToText } from '../html';
import { xmlText } from './kml';

/** GPX: waypoints, tracks and routes as three layers; WGS84 by its definition. */
export function readGpx(bytes: Uint8Array, source: Source): Raw {
	const { text, encoding, why } = xmlText(bytes, source.encoding);
	const root = readTree(text);
	if (root.name !== 'gpx') throw new Refused('gpx_not_gpx');
	const layer = (name: string): RawLayer => ({
		name,
		columns: ['name', 'description', 'time'],
		rows: [],
		declared: null,
		encoding: { value: encoding, why }
	});
	const points = layer('wpt');
	const tracks = layer('trk');
	const routes = layer('rte');
	const add = (to: RawLayer, e: Element, geometry: unknown) => {
		countFeature(source);
		const row = { n: to.rows.length + 1, values: newValues(), geometry };
		setValue(source, row, 'name', textOf(e, 'name'), to.name);
		setValue(
			source,
			row,
			'description',
			htmlToText(textOf(e, 'desc') || textOf(e, 'cmt')),
			to.name
		);
		setValue(
			source,
			row,
			'time',
			textOf(e, 'time') || textOf(child(e, 'metadata'), 'time'),
			to.name
		);
		to.rows.push(row);
	};
	for (const e of root.children) {
		if (e.name === 'wpt') add(points, e, { type: 'Point', coordinates: at(e) });
		else if (e.name === 'rte') add(routes, e, lines([[...below(e, 'rtept')].map(at)]));
		else if (e.name === 'trk') {
			const segments = e.children.filter((c) => c.name === 'trkseg');
			add(tracks, e, lines(segments.map((s) => [...below(s, 'trkpt')].map(at))));
		}
	}
	return { format: 'gpx', layers: [points, tracks, routes].filter((l) => l.rows.length) };
}

const at = (e: Element): number[] => [
	number(e.attributes.get('lon')),
	number(e.attributes.get('lat'))
];
const number = (text: string | undefined): number => (text?.trim() ? Number(text) : NaN);

function lines(all: number[][][]): unknown {
	const long = all.filter((l) => l.length > 1);
	if (!long.length) return null;
	return long.length === 1
		? { type: 'LineString', coordinates: long[0] }
		: { type: 'MultiLineString', coordinates: long };
}
