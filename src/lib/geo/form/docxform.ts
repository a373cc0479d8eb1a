import { unescape } from '../xml';
import { Refused } from '../problems';
import { formLimits, wordOf, xmlText, type Filling, type FormCell, type FormTable } from './form';
import { attributeOf, edited, tagsOf, type Edit, type Tag } from './tags';

type RawCell = {
	row: number;
	nth: number;
	open: Tag;
	/** Of the inner text. */
	end: number;
	cols: number;
	merge: 'none' | 'start' | 'on';
	col: number;
	text: string;
	/** The first paragraph: where a run may be added, and what its mark looks like. */
	paragraph: { tag: Tag; close: number } | null;
	look: string;
	properties: { open: Tag; close: number } | null;
	/** Holds another table: not a cell to fill in. */
	nested: boolean;
};
type RawTable = { cells: RawCell[] };

/** The tables of a document with the places of their cells. */
function scan(xml: string): RawTable[] {
	const tables: RawTable[] = [];
	type Frame = {
		table: RawTable;
		row: number;
		nth: number;
		col: number;
		cell: RawCell | null;
		depth: number;
	};
	const frames: Frame[] = [];
	let count = 0;
	let textFrom = -1;
	let inProperties: 'p' | 'r' | null = null;
	let rPr = -1;
	for (const tag of tagsOf(xml)) {
		const frame = frames.at(-1);
		const cell = frame?.cell ?? null;
		const opens = tag.type !== 'close';
		switch (tag.name) {
			case 'tbl':
				if (tag.type === 'open') {
					if (cell) cell.nested = true;
					const table = { cells: [] };
					tables.push(table);
					frames.push({ table, row: -1, nth: 0, col: 0, cell: null, depth: frames.length });
				} else frames.pop();
				break;
			case 'tr':
				if (frame && tag.type === 'open')
					Object.assign(frame, { row: frame.row + 1, nth: 0, col: 0 });
				break;
			case 'gridBefore':
				if (frame && opens && !cell) frame.col += Number(attributeOf(tag, 'val')) || 0;
				break;
			case 'tc':
				if (!frame) break;
				if (tag.type === 'open') {
					if (++count > formLimits.cells) throw new Refused('form_too_large');
					frame.cell = {
						row: frame.row,
						nth: frame.nth++,
						open: tag,
						end: tag.end,
						cols: 1,
						merge: 'none',
						col: frame.col,
						text: '',
						paragraph: null,
						look: '',
						properties: null,
						nested: false
					};
				} else if (cell) {
					cell.end = tag.start;
					frame.col += cell.cols;
					frame.table.cells.push(cell);
					frame.cell = null;
				}
				break;
			case 'tcPr':
				if (cell && tag.type === 'open') cell.properties = { open: tag, close: tag.end };
				else if (cell?.properties && tag.type === 'close') cell.properties.close = tag.start;
				break;
			case 'gridSpan':
				if (cell && opens) cell.cols = Math.max(1, Number(attributeOf(tag, 'val')) || 1);
				break;
			case 'vMerge':
				if (cell && opens) cell.merge = attributeOf(tag, 'val') === 'restart' ? 'start' : 'on';
				break;
			case 'p':
				if (!cell) break;
				if (opens && !cell.paragraph) cell.paragraph = { tag, close: tag.end };
				else if (
					tag.type === 'close' &&
					cell.paragraph &&
					cell.paragraph.close === cell.paragraph.tag.end
				)
					cell.paragraph.close = tag.start;
				if (tag.type === 'close' && cell.text) cell.text += '\n';
				break;
			case 'pPr':
				inProperties = tag.type === 'open' ? 'p' : null;
				break;
			case 'rPr':
				// How the mark of the paragraph looks is how what is typed there looks.
				if (cell && tag.type === 'open' && !cell.look && (inProperties === 'p' || !cell.text))
					rPr = tag.start;
				else if (cell && tag.type === 'close' && rPr >= 0) {
					cell.look = xml.slice(rPr, tag.end);
					rPr = -1;
				}
				break;
			case 't':
				if (tag.type === 'open') textFrom = tag.end;
				else if (tag.type === 'close' && cell && textFrom >= 0) {
					cell.text += unescape(xml.slice(textFrom, tag.start));
					textFrom = -1;
				}
				break;
			// A picture, a field or a tick box in a cell: somebody's content.
			case 'drawing':
			case 'pict':
			case 'sdt':
			case 'object':
				if (cell && opens) cell.nested = true;
		}
	}
	return tables.map((t) => ({ cells: t.cells.sort((a, b) => a.row - b.row || a.nth - b.nth) }));
}

const isNumber = (text: string) => /^[\d.,%\s-]+$/.test(text);

export function documentTables(xml: string): FormTable[] {
	return scan(xml).map((raw, n) => {
		const cells: FormCell[] = [];
		for (const c of raw.cells) {
			if (c.merge === 'on') {
				const above = cells.findLast((x) => x.col === c.col && x.row + x.rows === c.row);
				if (above) above.rows++;
				continue;
			}
			const text = c.text.trim();
			cells.push({
				at: `${c.row}.${c.nth}`,
				row: c.row,
				col: c.col,
				rows: 1,
				cols: c.cols,
				text,
				kind: c.nested ? 'formula' : !text ? 'empty' : isNumber(text) ? 'number' : 'text'
			});
		}
		return { name: String(n + 1), cells };
	});
}

/** Writes into the first paragraph of each cell, in the look of that paragraph. What stands there stays. */
export function fillDocument(
	xml: string,
	fillings: readonly ReadonlyMap<string, Filling>[],
	mark: boolean
): string {
	const edits: Edit[] = [];
	for (const [n, table] of scan(xml).entries()) {
		/** Where the template says nothing, a value looks like what stands in its line, else in the table. */
		const lookOf = (c: RawCell): string =>
			c.look ||
			(
				table.cells.find((o) => o.row === c.row && o.text.trim() && o.look) ??
				table.cells.findLast((o) => o.text.trim() && o.look)
			)?.look ||
			'';
		for (const c of table.cells) {
			const filling = fillings[n]?.get(`${c.row}.${c.nth}`);
			if (!filling || c.text.trim() || c.nested || c.merge === 'on') continue;
			const p = c.open.prefix;
			if (filling.type === 'blank') {
				if (mark) edits.push(shade(xml, c));
				continue;
			}
			const run = `<${p}r>${lookOf(c)}<${p}t xml:space="preserve">${xmlText(wordOf(filling))}</${p}t></${p}r>`;
			if (!c.paragraph) edits.push({ start: c.end, end: c.end, text: `<${p}p>${run}</${p}p>` });
			else if (c.paragraph.tag.type === 'alone') {
				const { start, end, attributes } = c.paragraph.tag;
				edits.push({ start, end, text: `<${p}p${attributes}>${run}</${p}p>` });
			} else edits.push({ start: c.paragraph.close, end: c.paragraph.close, text: run });
		}
	}
	return edited(xml, edits);
}

/** What may follow the shading in a cell's properties, by the schema's order. */
const after = [
	'noWrap',
	'tcMar',
	'textDirection',
	'tcFitText',
	'vAlign',
	'hideMark',
	'headers',
	'cellIns',
	'cellDel',
	'cellMerge',
	'tcPrChange'
];

function shade(xml: string, { open, properties }: RawCell): Edit {
	const p = open.prefix;
	const shd = `<${p}shd ${p}val="clear" ${p}color="auto" ${p}fill="FFFF00"/>`;
	if (!properties) return { start: open.end, end: open.end, text: `<${p}tcPr>${shd}</${p}tcPr>` };
	const from = properties.open.end;
	const inner = xml.slice(from, properties.close);
	let place = inner.length;
	for (const tag of tagsOf(inner)) {
		if (tag.name === 'shd') return { start: from + tag.start, end: from + tag.end, text: shd };
		if (after.includes(tag.name)) {
			place = tag.start;
			break;
		}
	}
	return { start: from + place, end: from + place, text: shd };
}
