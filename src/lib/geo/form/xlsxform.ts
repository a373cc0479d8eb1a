import { unescape } from '../xml';
import { columnOf } from '../read/xlsx';
import { Refused } from '../problems';
import {
	formLimits,
	hundredOf,
	xmlText,
	type Filling,
	type FormCell,
	type FormTable
} from './form';
import { attributeOf, edited, tagsOf, type Edit, type Tag } from './tags';

type Part = { start: number; end: number };
type RawCell = Part & {
	at: string;
	row: number;
	col: number;
	style: string | null;
	type: string;
	text: string;
	formula: boolean;
	/** Place of the cached value of a formula. */
	cached: Part | null;
};
type RawRow = Part & { row: number; alone: boolean; inner: number; cells: RawCell[]; tag: Tag };
type RawSheet = { rows: RawRow[]; merges: Part4[]; data: Tag; close: number; prefix: string };
type Part4 = { top: number; left: number; bottom: number; right: number };

export const letters = (col: number): string =>
	col < 26
		? String.fromCharCode(65 + col)
		: letters(Math.floor(col / 26) - 1) + String.fromCharCode(65 + (col % 26));

/** Rows and cells of a sheet with their places in its text. Rows count from 1, columns from 0. */
function scan(xml: string, strings: readonly string[]): RawSheet {
	const rows: RawRow[] = [];
	const merges: Part4[] = [];
	let data: Tag | undefined;
	let close = -1;
	let row: RawRow | null = null;
	let cell: RawCell | null = null;
	let value = -1;
	let count = 0;
	const finish = (end: number) => {
		if (!cell || !row) return;
		cell.end = end;
		if (cell.type === 's' && cell.text) cell.text = strings[Number(cell.text)] ?? '';
		row.cells.push(cell);
		cell = null;
	};
	for (const tag of tagsOf(xml)) {
		const open = tag.type !== 'close';
		if (tag.name === 'sheetData') {
			if (open) data = tag;
			close = tag.type === 'open' ? close : tag.start;
		} else if (tag.name === 'row' && open) {
			const n: number = Number(attributeOf(tag, 'r')) || (rows.at(-1)?.row ?? 0) + 1;
			row = {
				row: n,
				start: tag.start,
				end: tag.end,
				inner: tag.end,
				alone: tag.type === 'alone',
				cells: [],
				tag
			};
			rows.push(row);
			if (row.alone) row = null;
		} else if (tag.name === 'row') {
			if (row) Object.assign(row, { end: tag.end, inner: tag.start });
			row = null;
		} else if (tag.name === 'c' && open && row) {
			if (++count > formLimits.cells) throw new Refused('form_too_large');
			const at = attributeOf(tag, 'r');
			const col: number = columnOf(at ?? undefined) ?? (row.cells.at(-1)?.col ?? -1) + 1;
			cell = {
				at: `${letters(col)}${row.row}`,
				row: row.row,
				col,
				start: tag.start,
				end: tag.end,
				style: attributeOf(tag, 's'),
				type: attributeOf(tag, 't') ?? 'n',
				text: '',
				formula: false,
				cached: null
			};
			if (tag.type === 'alone') finish(tag.end);
		} else if (tag.name === 'c') finish(tag.end);
		else if (tag.name === 'f' && open && cell) cell.formula = true;
		else if ((tag.name === 'v' || tag.name === 't') && tag.type === 'open') value = tag.end;
		else if ((tag.name === 'v' || tag.name === 't') && tag.type === 'close' && cell && value >= 0) {
			cell.text += unescape(xml.slice(value, tag.start));
			if (tag.name === 'v') cell.cached = { start: xml.lastIndexOf('<', value - 1), end: tag.end };
			value = -1;
		} else if (tag.name === 'mergeCell' && open) {
			const m = /^([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)$/.exec(attributeOf(tag, 'ref') ?? '');
			if (m)
				merges.push({
					left: columnOf(m[1])!,
					top: Number(m[2]),
					right: columnOf(m[3])!,
					bottom: Number(m[4])
				});
		}
	}
	if (!data) throw new Refused('xlsx_broken');
	return { rows, merges, data, close: close < 0 ? data.start : close, prefix: data.prefix };
}

/** A sheet as a grid. Cells without a value but inside the table's columns and rows are `empty`. */
export function sheetTable(
	name: string,
	xml: string,
	strings: readonly string[],
	percents: readonly boolean[]
): FormTable {
	const sheet = scan(xml, strings);
	const merged = new Map<string, Part4>();
	const covered = new Set<string>();
	for (const m of sheet.merges) {
		if ((m.bottom - m.top + 1) * (m.right - m.left + 1) > formLimits.cells) continue;
		merged.set(`${m.top}.${m.left}`, m);
		for (let r = m.top; r <= m.bottom; r++)
			for (let c = m.left; c <= m.right; c++)
				if (r !== m.top || c !== m.left) covered.add(`${r}.${c}`);
	}
	const cells = new Map<string, FormCell>();
	let right = -1;
	let bottom = 0;
	const put = (row: number, col: number, raw: RawCell | null) => {
		const key = `${row}.${col}`;
		if (covered.has(key) || col >= formLimits.columns) return;
		const m = merged.get(key);
		const text = raw?.text.trim() ?? '';
		const number = raw && text !== '' && ['n', 'b', 'e', 'd'].includes(raw.type);
		cells.set(key, {
			at: `${letters(col)}${row}`,
			row,
			col,
			rows: m ? m.bottom - m.top + 1 : 1,
			cols: m ? m.right - m.left + 1 : 1,
			text,
			kind: raw?.formula ? 'formula' : number ? 'number' : text ? 'text' : 'empty',
			...(raw?.style && percents[Number(raw.style)] ? { percent: true } : {})
		});
	};
	for (const row of sheet.rows)
		for (const raw of row.cells) {
			if (covered.has(`${raw.row}.${raw.col}`)) continue;
			put(raw.row, raw.col, raw);
			// Cells that only carry a border may reach to the end of the sheet: what has a value sets the size.
			if (!raw.text.trim() && !raw.formula) continue;
			const m = merged.get(`${raw.row}.${raw.col}`);
			right = Math.max(right, m?.right ?? raw.col);
			bottom = Math.max(bottom, m?.bottom ?? raw.row);
		}
	// Drawn but empty lines below the headings are lines to be filled in.
	const drawn = sheet.rows.filter(
		(r) => r.row > bottom && r.cells.some((c) => c.style && c.col <= right)
	);
	for (const r of drawn.slice(0, 200)) if (r.row === bottom + 1) bottom = r.row;
	for (let r = 1; r <= bottom; r++)
		for (let c = 0; c <= Math.min(right, formLimits.columns - 1); c++) {
			if (!cells.has(`${r}.${c}`)) put(r, c, null);
			if (cells.size > formLimits.cells) throw new Refused('form_too_large');
		}
	const inside = [...cells.values()].filter((c) => c.row <= bottom && c.col <= right);
	return { name, cells: inside.sort((a, b) => a.row - b.row || a.col - b.col) };
}

/** `yellow`: the style of a marked blank for each style of the template. */
export function fillSheet(
	xml: string,
	strings: readonly string[],
	fillings: ReadonlyMap<string, Filling>,
	yellow: (style: string | null) => string | null
): string {
	const sheet = scan(xml, strings);
	const p = sheet.prefix;
	const edits: Edit[] = [];
	const rows = new Map(sheet.rows.map((r) => [r.row, r]));
	const byRow = new Map<number, { col: number; at: string; filling: Filling }[]>();
	for (const [at, filling] of fillings) {
		const row = Number(/\d+$/.exec(at)?.[0]);
		byRow.set(row, [...(byRow.get(row) ?? []), { col: columnOf(at)!, at, filling }]);
	}
	for (const [n, wanted] of [...byRow].sort((a, b) => a[0] - b[0])) {
		const row = rows.get(n);
		wanted.sort((a, b) => a.col - b.col);
		const fresh: { col: number; text: string }[] = [];
		for (const { col, at, filling } of wanted) {
			const there = row?.cells.find((c) => c.col === col);
			// What somebody filled in stays, whatever was asked.
			if (there && (there.text.trim() || there.formula)) continue;
			const text = cellXml(p, at, there?.style ?? null, filling, yellow);
			if (text === null) continue;
			if (there) edits.push({ start: there.start, end: there.end, text });
			else fresh.push({ col, text });
		}
		if (!fresh.length) continue;
		if (!row || row.alone) {
			const cells = fresh.map((f) => f.text).join('');
			if (row)
				edits.push({
					start: row.start,
					end: row.end,
					text: `${xml.slice(row.start, row.end - 2)}>${cells}</${p}row>`
				});
			else {
				const next = sheet.rows.find((r) => r.row > n);
				const place = next?.start ?? (sheet.data.type === 'alone' ? -1 : sheet.close);
				if (place < 0) continue;
				edits.push({ start: place, end: place, text: `<${p}row r="${n}">${cells}</${p}row>` });
			}
			continue;
		}
		for (const f of fresh) {
			const next = row.cells.find((c) => c.col > f.col);
			const place = next?.start ?? row.inner;
			edits.push({ start: place, end: place, text: f.text });
		}
	}
	// What the template's formulas gave before is no longer true: whoever opens it reckons anew.
	for (const row of sheet.rows)
		for (const c of row.cells) if (c.formula && c.cached) edits.push({ ...c.cached, text: '' });
	return edited(xml, edits);
}

function cellXml(
	p: string,
	at: string,
	style: string | null,
	filling: Filling,
	yellow: (style: string | null) => string | null
): string | null {
	const s = (id: string | null) => (id === null ? '' : ` s="${id}"`);
	switch (filling.type) {
		case 'number':
			return `<${p}c r="${at}"${s(style)}><${p}v>${filling.value}</${p}v></${p}c>`;
		case 'text':
			return `<${p}c r="${at}"${s(style)} t="inlineStr"><${p}is><${p}t xml:space="preserve">${xmlText(filling.value)}</${p}t></${p}is></${p}c>`;
		case 'rate': {
			// The working stays in the cell: two whole numbers of ours, nothing typed.
			const { of, by, as } = filling;
			if (as === 'text')
				return `<${p}c r="${at}"${s(style)} t="str"><${p}f>ROUND(${of}/${by}*100,1)&amp;"%"</${p}f><${p}v>${hundredOf(of, by)}%</${p}v></${p}c>`;
			const [f, v] =
				as === 'share' ? [`${of}/${by}`, of / by] : [`ROUND(${of}/${by}*100,1)`, hundredOf(of, by)];
			return `<${p}c r="${at}"${s(style)}><${p}f>${f}</${p}f><${p}v>${v}</${p}v></${p}c>`;
		}
		case 'blank': {
			const marked = yellow(style);
			return marked === null ? null : `<${p}c r="${at}" s="${marked}"/>`;
		}
	}
}
