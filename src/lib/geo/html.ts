import { unescape } from './xml';

/** HTML of a KML balloon to plain text: tags away, rows and breaks to lines. Looks at each character once. */
export function htmlToText(html: string): string {
	const source = html.slice(0, 20_000);
	if (!source.includes('<') && !source.includes('&')) return source;
	let out = '';
	let at = 0;
	while (at < source.length) {
		const open = source.indexOf('<', at);
		if (open < 0) break;
		out += source.slice(at, open);
		const close = source.indexOf('>', open);
		const name = /^<\/?([a-z]+[0-9]?)/i.exec(source.slice(open, open + 12))?.[1]?.toLowerCase();
		if (!name || close < 0) {
			// No tag: '3 < 5' stays as it is, a comment goes.
			if (source.startsWith('<!', open) && close >= 0) at = close + 1;
			else {
				out += '<';
				at = open + 1;
			}
			continue;
		}
		at = close + 1;
		if ((name === 'script' || name === 'style') && source[open + 1] !== '/') {
			const end = /<\/(script|style)/gi;
			end.lastIndex = at;
			at = end.exec(source)?.index ?? source.length;
		} else if (/^(br|p|div|li|tr|h[1-6]|table)$/.test(name)) out += '\n';
		else if (/^t[dh]$/.test(name)) out += '\t';
	}
	out += source.slice(at);
	return unescape(out)
		.split('\n')
		.map((l) =>
			l
				.split('\t')
				.map((c) => c.trim())
				.filter(Boolean)
				.join('\t')
		)
		.filter(Boolean)
		.join('\n');
}

/** Lines like `威胁户数: 7` and table rows of two cells, at most forty. */
export function pairsIn(text: string): [string, string][] {
	const out: [string, string][] = [];
	for (const line of text.split('\n')) {
		const m = /^([^:：\t]{1,20})[:：\t]\s*([^\t]+)$/.exec(line);
		if (m && !/^https?$/i.test(m[1]!.trim()) && out.length < 40)
			out.push([m[1]!.trim(), m[2]!.trim()]);
	}
	return out;
}
