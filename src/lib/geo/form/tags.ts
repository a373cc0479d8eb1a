/** A tag in an XML text that was read as well-formed before, with its place, so that it can be changed there. */
export type Tag = {
	name: string;
	/** 'x:' or nothing. */
	prefix: string;
	attributes: string;
	start: number;
	end: number;
	type: 'open' | 'close' | 'alone';
};

const pattern =
	/<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<(\/?)([\w.-]+:)?([\w.-]+)((?:[^<>"']|"[^"]*"|'[^']*')*?)(\/?)>/g;

export function* tagsOf(xml: string): Generator<Tag> {
	for (const m of xml.matchAll(pattern)) {
		if (!m[3]) continue;
		yield {
			name: m[3],
			prefix: m[2] ?? '',
			attributes: m[4] ?? '',
			start: m.index,
			end: m.index + m[0].length,
			type: m[1] ? 'close' : m[5] ? 'alone' : 'open'
		};
	}
}

export const attributeOf = (tag: Pick<Tag, 'attributes'>, name: string): string | null =>
	new RegExp(`(?:^|\\s)(?:[\\w.-]+:)?${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`)
		.exec(tag.attributes)
		?.slice(1)
		.find((v) => v !== undefined) ?? null;

export type Edit = { start: number; end: number; text: string };

/** The text with these places replaced; they must not overlap. Two at one place keep their order. */
export function edited(xml: string, edits: readonly Edit[]): string {
	const sorted = edits
		.map((e, n) => ({ ...e, n }))
		.sort((a, b) => a.start - b.start || a.end - b.end || a.n - b.n);
	let out = '';
	let at = 0;
	for (const e of sorted) {
		out += xml.slice(at, e.start) + e.text;
		at = e.end;
	}
	return out + xml.slice(at);
}
