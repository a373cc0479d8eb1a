import { opinionFoot, signatureIndent, textWidth } from './layout';
import { cellText, cleaned, rewritten, type Paper, type Part } from './paper';
import { workspace, type Press } from './press';
import { template } from './template';

/** The PDF, and the letters of it that no font of this machine has: they are printed by their number. */
export type Printed = { bytes: Uint8Array; unwritable: string[] };

/** Typst could not set the paper (a picture that is none, mostly). The message is for an official. */
export class NotPrinted extends Error {}

/**
 * Prints a paper. Throws `NoFont` where the machine cannot write Chinese at all, `NotPrinted` where a part
 * cannot be set. Runs in this thread; `printPapers` runs it in a process of its own.
 */
export function paperPdf(paper: Paper, { compiler, families, covers }: Press): Printed {
	const unwritable = new Set<string>();
	const spell = (text: string) =>
		[...text]
			.map((c) => {
				if (/\s/.test(c) || covers(c.codePointAt(0)!)) return c;
				if (/\p{Default_Ignorable_Code_Point}/u.test(c)) return '';
				unwritable.add(c);
				return `〔U+${c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}〕`;
			})
			.join('')
			.replace(unbroken, '$&\u200b');
	const { title, mark, parts } = rewritten(cleaned(paper), spell);
	const data = {
		title,
		mark,
		fonts: families,
		foot: opinionFoot,
		parts: signedTogether(parts.flatMap(printed))
	};
	const put = (name: string, bytes: Uint8Array) =>
		compiler.mapShadow(`${workspace}/${name}`, Buffer.from(bytes));
	try {
		put('paper.json', Buffer.from(JSON.stringify(data)));
		parts.forEach((part, i) => {
			if (part.kind === 'picture') put(pictureName(part, i), part.bytes);
			if (part.kind === 'pictures')
				part.pictures.forEach((p, n) => put(pictureName(p, `${i}-${n}`), p.bytes));
		});
		const compiled = compiler.compile({ mainFileContent: template });
		if (!compiled.result) {
			const why = compiled.takeError()?.shortDiagnostics as { message: string }[] | undefined;
			throw new NotPrinted(`这份文件印不出来：${why?.map((d) => d.message).join('；') ?? ''}`);
		}
		return { bytes: compiler.pdf(compiled.result), unwritable: [...unwritable] };
	} finally {
		compiler.resetShadow();
		// Without this every document leaves 4 MB behind (measured by libraries.md).
		compiler.evictCache(10);
	}
}

/** Long words without a place to break (addresses, numbers) may break after every twentieth letter. */
const unbroken = /[\x21-\x7e]{20}(?=[\x21-\x7e])/g;

const pictureName = ({ type }: { type: 'jpg' | 'png' }, index: number | string) =>
	`picture-${index}.${type}`;

/** As the template reads it: one paragraph a line, pictures by name, rows that may break only if long. */
type Printable = { kind: Part['kind']; text?: string; [more: string]: unknown };

function printed(part: Part, index: number): Printable[] {
	switch (part.kind) {
		case 'paragraph':
		case 'line':
			return part.text.split('\n').map((text) => ({ ...part, text }));
		case 'table':
			return [
				{
					...part,
					rows: part.rows.map((r) => ({
						cells: r.cells.map((c) => (typeof c === 'string' ? { text: c, href: null } : c)),
						strong: r.strong ?? false,
						breakable: r.cells.some((c) => cellText(c).length > 300)
					}))
				}
			];
		case 'picture':
			return [
				{
					kind: part.kind,
					file: `/${pictureName(part, index)}`,
					width: Math.min(part.width, textWidth),
					caption: part.caption
				}
			];
		case 'pictures':
			return [
				{
					kind: part.kind,
					caption: part.caption,
					pictures: part.pictures.map((p, n) => ({
						file: `/${pictureName(p, `${index}-${n}`)}`,
						caption: p.caption
					}))
				}
			];
		case 'signature':
			return [{ ...part, indent: signatureIndent(part.unit, part.day) }];
		case 'heading':
		case 'opinions':
		case 'page':
			return [part];
	}
}

/** A signature must not stand on a page without text (GB/T 9704 7.3.5): a short paragraph before it joins it. */
function signedTogether(parts: Printable[]): Printable[] {
	return parts.flatMap((part, i) => {
		const joins = (a?: Printable, b?: Printable) =>
			a?.kind === 'paragraph' && a.text!.length <= 400 && b?.kind === 'signature';
		if (joins(part, parts[i + 1])) return [];
		if (part.kind !== 'signature') return [part];
		return [{ ...part, last: joins(parts[i - 1], part) ? parts[i - 1]!.text! : null }];
	});
}
