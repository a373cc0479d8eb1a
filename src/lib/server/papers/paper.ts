import { clean } from '$lib/geo/text';

/**
 * An office document, before it is a DOCX or a PDF. All text is plain: whatever it looks like, it is printed
 * as it is written. A line break begins a new paragraph.
 */
export type Paper = {
	/** File name without ending: 自评报告. */
	name: string;
	title: string;
	/** Printed at the head of every page, e.g. 样板，非官方; null for none. */
	mark: string | null;
	parts: Part[];
};

export type Part =
	/** A line of its own, not indented: number, place, note under a table. */
	| { kind: 'line'; text: string; align: 'left' | 'center' | 'right' }
	/** 1: 一、 (黑体), 2: （一） (楷体), 3: 1. (仿宋 bold). The number is part of the text. */
	| { kind: 'heading'; level: 1 | 2 | 3; text: string }
	| { kind: 'paragraph'; text: string }
	| { kind: 'table'; columns: Column[]; rows: Row[] }
	/** Width in millimetres, at most the text's 156. */
	| { kind: 'picture'; type: 'jpg' | 'png'; bytes: Uint8Array; width: number; caption: string }
	/** Side by side, each with its own words below: before and after. */
	| { kind: 'pictures'; pictures: Picture[]; caption: string }
	| { kind: 'page' }
	/** Who issues it and when, at the right; the seal goes over it. */
	| { kind: 'signature'; unit: string; day: string }
	/** Boxes to be written in, signed and sealed by hand. */
	| { kind: 'opinions'; boxes: { heading: string; text: string }[] };

export type Picture = { type: 'jpg' | 'png'; bytes: Uint8Array; caption: string };
/** `width` is a share of the text's width. */
export type Column = { head: string; width: number; align: 'left' | 'center' };
/** A subtotal or a total is printed bold. */
export type Row = { cells: Cell[]; strong?: boolean };
/** `href`: where the text leads on a screen; on paper nothing is seen of it. */
export type Cell = string | { text: string; href: string };
export const cellText = (cell: Cell): string => (typeof cell === 'string' ? cell : cell.text);

/** The same paper with every text of it passed through `write`. */
export function rewritten(paper: Paper, write: (text: string) => string): Paper {
	return {
		name: paper.name,
		title: write(paper.title),
		mark: paper.mark === null ? null : write(paper.mark),
		parts: paper.parts.map((part): Part => {
			switch (part.kind) {
				case 'line':
				case 'heading':
				case 'paragraph':
					return { ...part, text: write(part.text) };
				case 'table':
					return {
						...part,
						columns: part.columns.map((k) => ({ ...k, head: write(k.head) })),
						rows: part.rows.map((r) => ({
							...r,
							cells: r.cells.map((c) =>
								typeof c === 'string' ? write(c) : { ...c, text: write(c.text) }
							)
						}))
					};
				case 'picture':
					return { ...part, caption: write(part.caption) };
				case 'pictures':
					return {
						...part,
						caption: write(part.caption),
						pictures: part.pictures.map((p) => ({ ...p, caption: write(p.caption) }))
					};
				case 'signature':
					return { ...part, unit: write(part.unit), day: write(part.day) };
				case 'opinions':
					return {
						...part,
						boxes: part.boxes.map((b) => ({ heading: write(b.heading), text: write(b.text) }))
					};
				case 'page':
					return part;
			}
		})
	};
}

/** Without characters that no document may hold: control, invisible, those that turn the direction of writing. */
export const cleaned = (paper: Paper): Paper => rewritten(paper, (text) => lines(clean(text).text));

/** One kind of line break. */
const lines = (text: string): string => text.replace(/\r\n?|[\u2028\u2029]/g, '\n');
