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
import { decode } from '../text';

type Feature = { type?: unknown; properties?: unknown; geometry?: unknown };

/** GeoJSON: a collection, a feature, a geometry, or one feature a line; a legacy `crs` is respected. */
export function readGeoJson(bytes: Uint8Array, source: Source): Raw {
	const { text, encoding, why } = decode(bytes, source.encoding);
	const name = source.file.replace(/^.*\//, '').replace(/\.[^.]*$/, '');
	const layer: RawLayer = {
		name,
		columns: [],
		rows: [],
		declared: null,
		encoding: { value: encoding, why }
	};
	const columns = new Set<string>();
	for (const [line, feature] of features(text, layer)) {
		countFeature(source);
		const row = { n: line, values: newValues(), geometry: feature.geometry ?? null };
		const properties = feature.properties;
		if (properties && typeof properties === 'object')
			for (const [k, v] of Object.entries(properties)) {
				const key = keyOf(k);
				if (!columns.has(key) && columns.size >= limits.columns)
					throw new Refused('too_many_columns', { limit: limits.columns });
				columns.add(key);
				setValue(source, row, key, v, null);
			}
		layer.rows.push(row);
	}
	layer.columns = [...columns];
	return { format: 'geojson', layers: [layer] };
}

function* features(text: string, layer: RawLayer): Generator<[number, Feature]> {
	refuseDeep(text);
	const whole = parse(text);
	if ('value' in whole) {
		layer.declared = declaredIn(whole.value);
		let n = 0;
		for (const f of split(whole.value)) yield [++n, f];
		return;
	}
	// One feature a line, also with the record separator of RFC 8142.
	let line = 0;
	let any = false;
	for (const part of lines(text)) {
		line++;
		const t = part.replace(/^\x1e/, '').trim(); // eslint-disable-line no-control-regex
		if (!t) continue;
		const one = parse(t);
		if (!('value' in one)) {
			throw new Refused('json_broken', { line: any ? line : whole.line });
		}
		any = true;
		for (const f of split(one.value)) yield [line, f];
	}
}

function* lines(text: string): Generator<string> {
	let at = 0;
	while (at <= text.length) {
		const end = text.indexOf('\n', at);
		yield text.slice(at, end < 0 ? text.length : end);
		if (end < 0) return;
		at = end + 1;
	}
}

function parse(text: string): { value: unknown } | { line: number } {
	try {
		return { value: JSON.parse(text) };
	} catch (error) {
		const at = /position (\d+)/.exec(String(error))?.[1];
		const before = at ? text.slice(0, Number(at)) : text;
		return { line: before.split('\n').length };
	}
}

function split(value: unknown): Feature[] {
	const v = value as { type?: unknown; features?: unknown } | null;
	if (!v || typeof v !== 'object' || typeof v.type !== 'string')
		throw new Refused('json_not_geojson');
	if (v.type === 'FeatureCollection') {
		if (!Array.isArray(v.features)) throw new Refused('json_not_geojson');
		return v.features.map((f: unknown) => {
			if (!f || typeof f !== 'object') throw new Refused('json_not_geojson');
			return f as Feature;
		});
	}
	if (v.type === 'Feature') return [v as Feature];
	if ('coordinates' in v || 'geometries' in v) return [{ geometry: v, properties: null }];
	throw new Refused('json_not_geojson');
}

/** `crs` of the GeoJSON of 2008: a name, an EPSG code, or an ESRI number. */
function declaredIn(value: unknown): { crs: string } | null {
	const crs = (value as { crs?: { properties?: Record<string, unknown> } } | null)?.crs;
	const p = crs?.properties;
	const name = p?.['name'] ?? p?.['code'] ?? (crs as { wkid?: unknown } | undefined)?.wkid;
	if (typeof name !== 'string' && typeof name !== 'number') return null;
	const text = String(name);
	return { crs: /CRS84/i.test(text) ? 'wgs84' : text };
}

/** Counts brackets before JSON.parse sees them. Strings are skipped. */
function refuseDeep(text: string): void {
	let depth = 0;
	let quoted = false;
	for (let i = 0; i < text.length; i++) {
		const c = text.charCodeAt(i);
		if (quoted) {
			if (c === 92) i++;
			else if (c === 34 || c === 10) quoted = false;
		} else if (c === 34) quoted = true;
		else if (c === 91 || c === 123) {
			if (++depth > limits.nesting) throw new Refused('json_too_deep', { limit: limits.nesting });
		} else if (c === 93 || c === 125) depth--;
	}
}
