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
import { htmlToText, pairsIn } from '../html';
import { known, plain, decode } from '../text';
import { child, readTree, textOf, type Element } from '../xml';

/** An XML text in the encoding of its mark or its declaration. */
export function xmlText(bytes: Uint8Array, wanted?: string) {
	const head = plain(bytes.subarray(0, 200), 'windows-1252');
	const declared = /^\s*<\?xml[^>]*encoding\s*=\s*["']([\w-]+)["']/i.exec(head)?.[1];
	const marked = bytes[0] === 0xef || bytes[0] === 0xff || bytes[0] === 0xfe;
	const encoding = wanted ?? (declared && !marked ? known(declared) : undefined);
	if (encoding === 'utf-8' && !wanted) {
		// Many programs write GBK under a declaration of UTF-8.
		const seen = decode(bytes);
		return {
			text: seen.text,
			encoding: seen.encoding,
			why: seen.why === 'not_utf8' ? 'declared_wrong' : 'declared'
		};
	}
	const seen = decode(bytes, encoding);
	return declared && encoding && !wanted ? { ...seen, why: 'declared' } : seen;
}

/**
 * KML: one layer a folder. Network links, overlays and remote icons are left out and said so; descriptions
 * become plain text, and lines like `威胁户数: 7` in them become columns.
 */
export function readKml(bytes: Uint8Array, source: Source): Raw {
	const { text, encoding, why } = xmlText(bytes, source.encoding);
	const root = readTree(text);
	if (root.name !== 'kml' && !child(root, 'Placemark') && root.name !== 'Document')
		throw new Refused('kml_not_kml');
	const base = source.file.replace(/^.*\//, '').replace(/\.[^.]*$/, '');
	const layers = new Map<string, RawLayer>();
	const left = { links: 0, overlays: 0, icons: 0 };
	let n = 0;
	const walk = (e: Element, folder: string): void => {
		for (const c of e.children) {
			if (c.name === 'Placemark') placemark(c, folder);
			else if (c.name === 'Folder') walk(c, textOf(c, 'name') || folder);
			else if (c.name === 'Document' || c.name === 'kml') walk(c, folder || textOf(c, 'name'));
			else if (c.name === 'NetworkLink') left.links++;
			else if (/Overlay$/.test(c.name)) left.overlays++;
			else if (c.name === 'Style' && /^(https?:)?\/\//i.test(iconOf(c))) left.icons++;
		}
	};
	const placemark = (p: Element, folder: string): void => {
		countFeature(source);
		// A map of many small folders is one layer.
		const name = layers.has(folder) || layers.size < 30 ? folder || base : base;
		let layer = layers.get(name);
		if (!layer)
			layers.set(
				name,
				(layer = {
					name,
					columns: [],
					rows: [],
					declared: null,
					encoding: { value: encoding, why }
				})
			);
		const row = { n: ++n, values: newValues(), geometry: geometryOf(p) };
		for (const [key, value] of valuesOf(p)) {
			const k = keyOf(key);
			if (!layer.columns.includes(k)) {
				if (layer.columns.length >= limits.columns)
					throw new Refused('too_many_columns', { limit: limits.columns });
				layer.columns.push(k);
			}
			setValue(source, row, k, value, name);
		}
		layer.rows.push(row);
	};
	walk(root, '');
	if (root.name !== 'kml')
		for (const c of root.children) if (c.name === 'Placemark' && !n) placemark(c, '');
	if (left.links)
		source.problems.add('note', 'kml_links_left_out', source.file, { count: left.links });
	if (left.overlays)
		source.problems.add('note', 'kml_overlays_left_out', source.file, { count: left.overlays });
	if (left.icons)
		source.problems.add('note', 'kml_icons_left_out', source.file, { count: left.icons });
	return { format: 'kml', layers: [...layers.values()] };
}

function iconOf(style: Element): string {
	const icon = child(style, 'IconStyle');
	return textOf(icon && child(icon, 'Icon'), 'href');
}

function* valuesOf(p: Element): Generator<[string, string]> {
	const name = textOf(p, 'name');
	if (name) yield ['name', name];
	const description = htmlToText(textOf(p, 'description'));
	if (description) {
		yield ['description', description];
		for (const [k, v] of pairsIn(description)) yield [k, v];
	}
	const extended = child(p, 'ExtendedData');
	for (const e of extended?.children ?? []) {
		if (e.name === 'Data') yield [e.attributes.get('name') ?? '', htmlToText(textOf(e, 'value'))];
		else if (e.name === 'SchemaData')
			for (const s of e.children)
				if (s.name === 'SimpleData')
					yield [s.attributes.get('name') ?? '', htmlToText(s.text.trim())];
	}
}

function geometryOf(e: Element): unknown {
	const found: unknown[] = [];
	for (const c of e.children) {
		switch (c.name) {
			case 'Point': {
				const [p] = coordinates(textOf(c, 'coordinates'));
				if (p) found.push({ type: 'Point', coordinates: p });
				break;
			}
			case 'LineString':
				found.push({ type: 'LineString', coordinates: coordinates(textOf(c, 'coordinates')) });
				break;
			case 'LinearRing':
				found.push({ type: 'Polygon', coordinates: [coordinates(textOf(c, 'coordinates'))] });
				break;
			case 'Polygon':
				found.push({ type: 'Polygon', coordinates: ringsOf(c) });
				break;
			case 'Track':
				found.push({
					type: 'LineString',
					coordinates: c.children
						.filter((x) => x.name === 'coord')
						.map((x) => x.text.trim().split(/\s+/).map(Number))
				});
				break;
			case 'MultiGeometry':
			case 'MultiTrack': {
				const inner = geometryOf(c);
				if (inner) found.push(inner);
			}
		}
	}
	if (found.length < 2) return found[0] ?? null;
	return { type: 'GeometryCollection', geometries: found };
}

function ringsOf(polygon: Element): number[][][] {
	const ring = (e: Element) => {
		const r = child(e, 'LinearRing');
		return r ? coordinates(textOf(r, 'coordinates')) : [];
	};
	const outer = polygon.children.filter((c) => c.name === 'outerBoundaryIs').map(ring);
	const inner = polygon.children
		.filter((c) => c.name === 'innerBoundaryIs')
		.flatMap((c) => c.children.filter((r) => r.name === 'LinearRing'))
		.map((r) => coordinates(textOf(r, 'coordinates')));
	return [...outer.slice(0, 1), ...inner];
}

/** 'lon,lat,height lon,lat' to points; what is no number becomes NaN and is refused later. */
export function coordinates(text: string): number[][] {
	const joined = text.trim().replace(/\s*,\s*/g, ',');
	if (!joined) return [];
	return joined.split(/\s+/).map((t) => t.split(',').map((x) => (x === '' ? NaN : Number(x))));
}
