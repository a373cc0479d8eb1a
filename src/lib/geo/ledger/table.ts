import { limits } from '../limits';
import { Refused } from '../problems';
import { countFeature, keyOf, newValues, setValue, type RawLayer, type Source } from '../raw';
import type { Cell, Sheet } from '../read/sheet';
import { clean } from '../text';
import { meaningOf, splitHeading } from './headings';

type Heading = { name: string; index: number };
type Found = { from: number; rows: number; headings: Heading[]; why: string };

/** How far down the headings are looked for. */
const searched = 30;

/**
 * A sheet as a layer: headings found, titles kept, merged cells filled down, sums and signatures left out.
 * Null when the sheet is empty.
 */
export function tableOf(sheet: Sheet, source: Source): RawLayer | null {
	if (!sheet.lines.length) return null;
	const found = findHeadings(sheet);
	if (!found) {
		source.problems.add('warning', 'headings_missing', source.file, { layer: sheet.name });
		return null;
	}
	if (found.why === 'first_row')
		source.problems.add('warning', 'headings_not_known', source.file, {
			layer: sheet.name,
			line: sheet.lines[found.from]!.line
		});
	const units: Record<string, string> = {};
	for (const h of found.headings) units[h.name] = splitHeading(h.name).unit;
	const layer: RawLayer = {
		name: sheet.name,
		columns: found.headings.map((h) => h.name),
		rows: [],
		declared: null,
		encoding: sheet.encoding,
		table: { title: titles(sheet, found.from), units, why: found.why }
	};
	fillMerged(sheet, found.from + found.rows);
	const serial = found.headings.find((h) => meaningOf(h.name) === 'serial')?.index ?? -1;
	for (const { line, cells } of sheet.lines.slice(found.from + found.rows)) {
		const kind = kindOfLine(cells, found.headings, serial);
		if (kind === 'empty') continue;
		if (kind !== 'row') {
			source.problems.add('note', kind, source.file, {
				layer: sheet.name,
				line,
				text: textsOf(cells)[0] ?? ''
			});
			continue;
		}
		countFeature(source);
		if (layer.rows.length >= limits.rows)
			throw new Refused('too_many_rows', { layer: sheet.name, limit: limits.rows });
		const row = { n: line, values: newValues(), geometry: null };
		for (const h of found.headings)
			setValue(source, row, h.name, cells[h.index] ?? null, sheet.name);
		layer.rows.push(row);
	}
	return layer;
}

const textsOf = (cells: Cell[]): string[] =>
	cells.filter((c) => c !== null && String(c).trim() !== '').map((c) => String(c).trim());

/** The first row in which at least three headings are known; else, for small tables, all of its two. */
function findHeadings(sheet: Sheet): Found | null {
	const top = sheet.lines.slice(0, searched);
	const known = top.map(({ cells }) => new Set(cells.map(meaning).filter(Boolean)).size);
	let from = known.findIndex((k) => k >= 3);
	let why = 'known_headings';
	if (from < 0) {
		from = known.findIndex((k, i) => k >= 2 && k >= textsOf(top[i]!.cells).length - 1);
		why = 'few_headings';
	}
	if (from < 0) {
		from = top.findIndex(({ cells }) => {
			const texts = textsOf(cells);
			return (
				texts.length >= 2 &&
				new Set(texts).size === texts.length &&
				texts.every((t) => !/^[\d.]+$/.test(t))
			);
		});
		why = 'first_row';
	}
	if (from < 0) return null;
	const rows = why === 'first_row' ? 1 : headingRows(sheet, from);
	return { from, rows, headings: headingsOf(sheet, from, rows), why };
}

const meaning = (cell: Cell) =>
	typeof cell === 'string' && cell.length <= 40 ? meaningOf(cell) : null;

/** Headings of two lines: '坐标' over '经度' and '纬度'. */
function headingRows(sheet: Sheet, from: number): number {
	const line = sheet.lines[from]!.line;
	const tall = sheet.merges
		.filter((m) => m.top === line && m.bottom > line && m.bottom <= line + 2)
		.map((m) => m.bottom - m.top + 1);
	if (tall.length) {
		const last = line + Math.max(...tall) - 1;
		return sheet.lines.slice(from).filter((l) => l.line <= last).length;
	}
	const next = sheet.lines[from + 1]?.cells;
	if (!next) return 1;
	const own = sheet.lines[from]!.cells;
	const texts = textsOf(next);
	const under = next.filter((c, i) => meaning(c) && meaning(c) !== meaning(own[i] ?? null)).length;
	return under >= 2 && under === texts.length && texts.length < textsOf(own).length ? 2 : 1;
}

function headingsOf(sheet: Sheet, from: number, rows: number): Heading[] {
	const lines = sheet.lines.slice(from, from + rows);
	const width = Math.max(...lines.map((l) => l.cells.length));
	const names = new Set<string>();
	const out: Heading[] = [];
	for (let i = 0; i < width; i++) {
		const texts = lines
			.map((l) => keyOf(String(cellOver(sheet, l.line, i, l.cells) ?? '')).replace(/\s+/g, ''))
			.filter(Boolean);
		const last = texts.at(-1);
		if (!last) continue;
		// The lower heading alone when it says enough, with the upper one when it does not.
		let name =
			texts.length > 1 && texts[0] !== last && !meaningOf(last) ? `${texts[0]}·${last}` : last;
		for (let k = 2; names.has(name); k++) name = `${last} ${k}`;
		names.add(name);
		out.push({ name, index: i });
	}
	// A column without a heading but with values keeps its letter, so that nothing is lost.
	const taken = new Set(out.map((h) => h.index));
	const deep = sheet.lines.slice(from + rows, from + rows + 2000);
	const most = deep.reduce((w, l) => Math.max(w, l.cells.length), 0);
	for (let i = 0; i < Math.min(most, limits.columns); i++)
		if (
			!taken.has(i) &&
			deep.some((l) => l.cells[i] !== null && l.cells[i] !== undefined && String(l.cells[i]).trim())
		)
			out.push({ name: `#${i + 1}`, index: i });
	return out.sort((a, b) => a.index - b.index);
}

/** The text of a cell, or of the merged cell that covers it in the same line. */
function cellOver(sheet: Sheet, line: number, index: number, cells: Cell[]): Cell {
	const own = cells[index] ?? null;
	if (own !== null && String(own).trim()) return own;
	const m = sheet.merges.find(
		(x) => x.top === line && x.bottom === line && x.left <= index && index <= x.right
	);
	return m ? (cells[m.left] ?? null) : null;
}

/** A village merged over ten lines belongs to all ten. */
function fillMerged(sheet: Sheet, from: number): void {
	const byLine = new Map(sheet.lines.map((l, i) => [l.line, i]));
	const first = sheet.lines[from]?.line ?? Infinity;
	const last = sheet.lines.at(-1)!.line;
	let filled = 0;
	for (const m of sheet.merges) {
		if (m.top < first || m.bottom === m.top || m.left !== m.right) continue;
		const value = sheet.lines[byLine.get(m.top) ?? -1]?.cells[m.left];
		if (value === null || value === undefined) continue;
		for (
			let line = m.top + 1;
			line <= Math.min(m.bottom, last) && filled < limits.rows * 5;
			line++
		) {
			const to = sheet.lines[byLine.get(line) ?? -1];
			if (!to) continue;
			while (to.cells.length <= m.left) to.cells.push(null);
			to.cells[m.left] ??= value;
			filled++;
		}
	}
}

type Line = 'row' | 'empty' | 'line_is_sum' | 'line_is_no_row' | 'headings_repeated';

function kindOfLine(cells: Cell[], headings: Heading[], serial: number): Line {
	const texts = textsOf(cells);
	if (!texts.length) return 'empty';
	if (texts.slice(0, 2).some((t) => /^(合\s*计|总\s*计|小\s*计|共\s*计)[:：]?/.test(t)))
		return 'line_is_sum';
	if (
		headings.length > 2 &&
		headings.filter((h) => clean(String(cells[h.index] ?? '')).text.replace(/\s+/g, '') === h.name)
			.length >
			headings.length / 2
	)
		return 'headings_repeated';
	// Only a number that was filled in beforehand.
	if (
		texts.length === 1 &&
		serial >= 0 &&
		cells[serial] !== null &&
		cells[serial] !== undefined &&
		headings.length > 2
	)
		return /^\d+$/.test(texts[0]!) ? 'empty' : 'line_is_no_row';
	if (texts.length === 1 && headings.length > 2) return 'line_is_no_row';
	if (
		/^(填报|填表|制表|审核|说明|注|备注|审批|联系人|填报单位)[^,，]{0,12}[:：]/.test(texts[0]!) &&
		texts.length <= 4
	)
		return 'line_is_no_row';
	return 'row';
}

function titles(sheet: Sheet, from: number): string[] {
	return sheet.lines
		.slice(0, from)
		.flatMap((l) => [...new Set(textsOf(l.cells))])
		.slice(0, 20)
		.map((t) => clean(t).text.slice(0, 200));
}
