import { limits } from '../limits';
import { Refused } from '../problems';
import { cut, type Source } from '../raw';
import { decode } from '../text';
import { readTree, readXml, below } from '../xml';
import { unzip, type Member } from '../zip';
import { dayOfSerial } from '../ledger/dates';
import { dateStyles } from './xlsxstyles';
import type { Cell, Merge, Sheet } from './sheet';

const parts =
	/^xl\/(workbook|sharedStrings|styles|worksheets\/[^/]+)\.xml$|^xl\/_rels\/workbook\.xml\.rels$/i;

/**
 * The visible sheets of a workbook: values only, never formulas, links or macros. Cells with a date format
 * become ISO days. Own reader, because the caps have to hold while reading (security.md 7.6).
 */
export function readXlsx(bytes: Uint8Array, source: Source): Sheet[] {
	const members = unzip(bytes, source.budget, (name) => parts.test(name.replaceAll('\\', '/')));
	const text = (path: string): string | null => {
		const m = members.find(
			(x: Member) => x.name.replaceAll('\\', '/').toLowerCase() === path.toLowerCase()
		);
		return m ? decode(m.bytes).text : null;
	};
	const workbook = text('xl/workbook.xml');
	if (!workbook) throw new Refused('xlsx_broken');
	const book = readTree(workbook);
	const targets = new Map<string, string>();
	const rels = text('xl/_rels/workbook.xml.rels');
	if (rels)
		for (const r of below(readTree(rels), 'Relationship'))
			targets.set(r.attributes.get('Id') ?? '', r.attributes.get('Target') ?? '');
	const from1904 = [...below(book, 'workbookPr')].some((p) =>
		/^(1|true)$/.test(p.attributes.get('date1904') ?? '')
	);
	const strings = sharedStrings(text('xl/sharedStrings.xml'));
	const dates = dateStyles(text('xl/styles.xml'));
	const sheets: Sheet[] = [];
	for (const s of below(book, 'sheet')) {
		const name = s.attributes.get('name') ?? '';
		if (/hidden/i.test(s.attributes.get('state') ?? '')) {
			source.problems.add('note', 'sheet_hidden', source.file, { layer: name });
			continue;
		}
		const target =
			targets.get(s.attributes.get('r:id') ?? '') ?? `worksheets/sheet${sheets.length + 1}.xml`;
		const xml = text(target.startsWith('/') ? target.slice(1) : `xl/${target}`);
		if (xml) sheets.push(readSheet(xml, name, strings, dates, from1904));
	}
	if (!sheets.length) throw new Refused('xlsx_no_sheet');
	return sheets;
}

function sharedStrings(xml: string | null): string[] {
	const out: string[] = [];
	if (!xml) return out;
	let now: string | null = null;
	let phonetic = 0;
	let inText = false;
	readXml(xml, {
		open(name) {
			if (name === 'si') now = '';
			else if (name === 'rPh') phonetic++;
			else if (name === 't') inText = phonetic === 0;
		},
		text(t) {
			// One character more than allowed is kept, so that the cut is noticed and said.
			if (now !== null && inText && now.length <= limits.text) now = cut(now + t, limits.text + 1);
		},
		close(name) {
			if (name === 'si') {
				out.push(now ?? '');
				now = null;
				if (out.length > limits.cells) throw new Refused('too_many_cells', { limit: limits.cells });
			} else if (name === 'rPh') phonetic--;
			else if (name === 't') inText = false;
		}
	});
	return out;
}

function readSheet(
	xml: string,
	name: string,
	strings: string[],
	dates: boolean[],
	from1904: boolean
): Sheet {
	const sheet: Sheet = { name, lines: [], merges: [] };
	let line = 0;
	let column = -1;
	let cells: Cell[] = [];
	let cell: { type: string; style: number; text: string } | null = null;
	let into = false;
	let count = 0;
	readXml(xml, {
		open(tag, attributes) {
			if (tag === 'row') {
				line = Number(attributes.get('r')) || line + 1;
				cells = [];
				column = -1;
			} else if (tag === 'c') {
				column = columnOf(attributes.get('r')) ?? column + 1;
				cell = {
					type: attributes.get('t') ?? 'n',
					style: Number(attributes.get('s') ?? 0),
					text: ''
				};
			} else if (tag === 'v' || tag === 't') into = cell !== null;
			else if (tag === 'mergeCell') {
				const merge = mergeOf(attributes.get('ref') ?? '');
				if (merge && sheet.merges.length < 20_000) sheet.merges.push(merge);
			}
		},
		text(t) {
			if (into && cell && cell.text.length <= limits.text) cell.text += t;
		},
		close(tag) {
			if (tag === 'v' || tag === 't') into = false;
			else if (tag === 'c' && cell) {
				const value = valueOf(cell, strings, dates, from1904);
				cell = null;
				if (value === null || value === '') return;
				if (column >= limits.columns)
					throw new Refused('too_many_columns', { layer: name, line, limit: limits.columns });
				if (++count > limits.cells) throw new Refused('too_many_cells', { limit: limits.cells });
				while (cells.length < column) cells.push(null);
				cells[column] = value;
			} else if (tag === 'row' && cells.some((c) => c !== null && String(c).trim())) {
				if (sheet.lines.length >= limits.rows + 50)
					throw new Refused('too_many_rows', { layer: name, limit: limits.rows });
				sheet.lines.push({ line, cells });
				cells = [];
			}
		}
	});
	sheet.lines.sort((a, b) => a.line - b.line);
	return sheet;
}

function valueOf(
	cell: { type: string; style: number; text: string },
	strings: string[],
	dates: boolean[],
	from1904: boolean
): Cell {
	const { type, text } = cell;
	if (type === 's') return strings[Number(text)] ?? null;
	if (type === 'inlineStr' || type === 'str') return text;
	if (type === 'd') return text.slice(0, 10);
	if (type === 'b') return text === '1' ? '是' : '否';
	if (type === 'e' || text.trim() === '') return null;
	const number = Number(text);
	if (!Number.isFinite(number)) return text;
	if (dates[cell.style] && number >= 1) return dayOfSerial(number, from1904) ?? number;
	return number;
}

/** 'AB12' → 27 */
export function columnOf(reference: string | undefined): number | null {
	const letters = /^[A-Z]{1,3}/.exec(reference ?? '')?.[0];
	if (!letters) return null;
	return [...letters].reduce((n, c) => n * 26 + c.charCodeAt(0) - 64, 0) - 1;
}

function mergeOf(reference: string): Merge | null {
	const m = /^([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})$/.exec(reference);
	if (!m) return null;
	return { left: columnOf(m[1])!, top: Number(m[2]), right: columnOf(m[3])!, bottom: Number(m[4]) };
}
