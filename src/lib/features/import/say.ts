import * as messages from '$lib/i18n/paraglide/messages';
import type { LayerKind, Meaning } from '$lib/geo/draft';

type Message = (values: Record<string, string | number>) => string;

/**
 * Words for codes that the readers give (`problem_…`, `why_…`): the list is theirs and grows with them, so it
 * is looked up by name, here alone; a code without words is shown as it is.
 */
export function say(
	key: string,
	values: Record<string, string | number> = {},
	otherwise = key
): string {
	const known = messages as unknown as Record<string, Message>;
	return Object.hasOwn(known, key) ? known[key]!(values) : otherwise;
}

export const problemWord = (p: { code: string; values: Record<string, string | number> }) =>
	say(`problem_${p.code}`, p.values, p.code);
export const whyWord = (why: string) => say(`why_${why}`, {}, why);
export const kindWord = (kind: LayerKind) => say(`kind_${kind}`);
export const meaningWord = (meaning: Meaning) => say(`meaning_${meaning}`, {}, meaning);
export const formatWord = (format: string) => say(`format_${format}`, {}, format);
export const severityWord = (severity: string) => say(`severity_${severity}`);

/** What a guess says, in words where the code alone says nothing: 'EPSG:4525' is a plane with a zone. */
export function guessWord(what: string, value: string): string {
	if (what === 'kind') return kindWord(value as LayerKind);
	if (what === 'shift') return say(`shift_${value}`, {}, value);
	return what === 'crs' ? crsWord(value) : value;
}

export function crsWord(crs: string): string {
	const code = Number(/^EPSG:(\d+)$/.exec(crs)?.[1]);
	if (code === 4490) return `CGCS2000 (${crs})`;
	if (code === 4326) return `WGS 84 (${crs})`;
	if (code === 3857) return `Web Mercator (${crs})`;
	if (code >= 4491 && code <= 4501) return `CGCS2000 6° ${code - 4478} (${crs})`;
	if (code >= 4513 && code <= 4533) return `CGCS2000 3° ${code - 4488} (${crs})`;
	if (code >= 4534 && code <= 4554) return `CGCS2000 3° ${(code - 4509) * 3}°E (${crs})`;
	return crs;
}

export function sizeWord(bytes: number): string {
	if (bytes < 1024) return `${bytes} B`;
	return bytes < 1024 * 1024
		? `${Math.round(bytes / 1024)} KB`
		: `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
