import { limits } from './limits';
import { Refused } from './problems';

/** Receives what stands in an XML text, in order. Names come without their prefix. */
export type Listener = {
	open(name: string, attributes: Map<string, string>, line: number): void;
	text(text: string): void;
	close(name: string): void;
};

export type Element = {
	name: string;
	attributes: Map<string, string>;
	children: Element[];
	text: string;
	line: number;
};

/**
 * Reads XML without DTD: a document type, and so every entity of its own, is refused, and nothing is ever
 * fetched. Each character is looked at once. Throws `Refused` with the line.
 */
export function readXml(source: string, to: Listener): void {
	const stack: string[] = [];
	let line = 1;
	let nextBreak = source.indexOf('\n');
	const lineAt = (at: number): number => {
		while (nextBreak >= 0 && nextBreak < at) {
			line++;
			nextBreak = source.indexOf('\n', nextBreak + 1);
		}
		return line;
	};
	const until = (mark: string, from: number): number => {
		const i = source.indexOf(mark, from);
		if (i < 0) throw new Refused('xml_broken', { line: lineAt(from) });
		return i;
	};
	let at = 0;
	let seen = false;
	while (at < source.length) {
		const next = source.indexOf('<', at);
		const stop = next < 0 ? source.length : next;
		if (stop > at && stack.length) to.text(unescape(source.slice(at, stop)));
		if (next < 0) break;
		if (source.startsWith('<!--', next)) at = until('-->', next + 4) + 3;
		else if (source.startsWith('<![CDATA[', next)) {
			const end = until(']]>', next + 9);
			if (stack.length) to.text(source.slice(next + 9, end));
			at = end + 3;
		} else if (source.startsWith('<?', next)) at = until('?>', next + 2) + 2;
		else if (source.startsWith('<!', next))
			throw new Refused('xml_doctype', { line: lineAt(next) });
		else {
			const end = endOfTag(source, next);
			if (end < 0) throw new Refused('xml_broken', { line: lineAt(next) });
			const closing = source[next + 1] === '/';
			const name = bare(
				/^[^\s/>]+/.exec(source.slice(next + (closing ? 2 : 1), next + 200))?.[0] ?? ''
			);
			if (!name) throw new Refused('xml_broken', { line: lineAt(next) });
			if (closing) {
				if (stack.pop() !== name) throw new Refused('xml_broken', { line: lineAt(next) });
				to.close(name);
			} else {
				seen = true;
				const alone = source[end - 1] === '/';
				to.open(name, attributesOf(source.slice(next + 1, end)), lineAt(next));
				if (alone) to.close(name);
				else if (stack.push(name) > limits.nesting)
					throw new Refused('xml_too_deep', { line: lineAt(next), limit: limits.nesting });
			}
			at = end + 1;
		}
	}
	if (stack.length || !seen) throw new Refused('xml_broken', { line: lineAt(source.length) });
}

/** The whole text as a tree. */
export function readTree(source: string): Element {
	const root: Element = { name: '', attributes: new Map(), children: [], text: '', line: 1 };
	const stack = [root];
	readXml(source, {
		open(name, attributes, line) {
			const element = { name, attributes, children: [], text: '', line };
			stack.at(-1)!.children.push(element);
			stack.push(element);
		},
		text(text) {
			stack.at(-1)!.text += text;
		},
		close() {
			stack.pop();
		}
	});
	return root.children[0]!;
}

export const child = (e: Element, name: string): Element | undefined =>
	e.children.find((c) => c.name === name);
export const textOf = (e: Element | undefined, name: string): string =>
	(e && child(e, name)?.text.trim()) ?? '';

/** All elements of a name below one, however deep, in order. */
export function* below(e: Element, name: string): Generator<Element> {
	for (const c of e.children) {
		if (c.name === name) yield c;
		yield* below(c, name);
	}
}

const bare = (name: string): string => name.slice(name.indexOf(':') + 1);

/** The '>' of a tag, not one inside quotes. */
function endOfTag(source: string, from: number): number {
	let quote = '';
	for (let i = from + 1; i < source.length; i++) {
		const c = source[i]!;
		if (quote) {
			if (c === quote) quote = '';
		} else if (c === '"' || c === "'") quote = c;
		else if (c === '>') return i;
		else if (c === '<') return -1;
	}
	return -1;
}

function attributesOf(tag: string): Map<string, string> {
	const out = new Map<string, string>();
	if (!tag.includes('=')) return out;
	for (const m of tag.matchAll(/\s([^\s=/"']{1,200})\s?=\s?("[^"]*"|'[^']*')/g))
		if (!/^xmlns(:|$)/.test(m[1]!)) {
			const name = m[1]!;
			const value = unescape(m[2]!.slice(1, -1));
			out.set(bare(name), value);
			// Two attributes may differ only in their prefix (r:id and id).
			out.set(name, value);
		}
	return out;
}

const named: Record<string, string> = {
	lt: '<',
	gt: '>',
	amp: '&',
	quot: '"',
	apos: "'",
	nbsp: ' '
};

/** The five entities of XML, &nbsp; and character numbers; anything else stays as it is written. */
export function unescape(text: string): string {
	if (!text.includes('&')) return text;
	return text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]{2,5});/gi, (all, name: string) => {
		if (name[0] !== '#') return named[name.toLowerCase()] ?? all;
		const hex = name[1]?.toLowerCase() === 'x';
		const code = parseInt(name.slice(hex ? 2 : 1), hex ? 16 : 10);
		return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
	});
}
