import type { Assessor } from '$lib/domain/project';
import type { Cell, Sheet } from '../read/sheet';
import { textOf } from './cells';
import { headingOf, type Column } from './words';

/** A sheet with known headings: the lines under them, by what their columns are about. */
export type Table = {
	sheet: Sheet;
	title: string;
	rows: TableRow[];
	has: ReadonlySet<Column>;
	/** Chinese and English in one cell. */
	both: boolean;
	/** Sides that have a column for their points. */
	sides: Set<Assessor>;
	/** Columns with something in them that nobody knows, and where their heading stands. */
	unknown: { heading: string; line: number }[];
};
export type TableRow = {
	line: number;
	text: (column: Column) => string;
	/** A number of a workbook is one, not its text: 1.10 is 1.1 there. */
	isNumber: (column: Column) => boolean;
	/** All that stands in the line, a merged text once. */
	all: string[];
};

/** Null where no line names an item and its points (or, of vetoes, a condition). */
export function tableIn(sheet: Sheet): Table | null {
	const at = sheet.lines.slice(0, 30).findIndex(({ cells }) => {
		const columns = columnsOf(cells).map((c) => c.column);
		return (
			columns.includes('zh') &&
			(columns.includes('max') || columns.includes('grades') || columns.includes('code'))
		);
	});
	if (at < 0) return null;
	const head = sheet.lines[at]!;
	const columns = columnsOf(head.cells);
	const index = new Map<Column, number>();
	for (const { column, n } of columns) if (!index.has(column)) index.set(column, n);
	// '一级指标' beside '考评指标'; alone it is the item itself.
	if (index.has('section') && !index.has('zh')) index.set('zh', index.get('section')!);
	const body = sheet.lines.slice(at + 1).filter(({ cells }) => !same(cells, head.cells));
	fillDown(sheet, body, [...new Set([index.get('section'), index.get('sectionMax')])]);
	const filled = (n: number) => body.some(({ cells }) => textOf(cells[n]));
	const known = new Set([...index.values()]);
	const unknown = head.cells.flatMap((cell, n) => {
		const heading = textOf(cell);
		const said = heading ? headingOf(heading) : null;
		const used = known.has(n) || (said && 'side' in said);
		return heading && !used && filled(n) ? [{ heading, line: head.line }] : [];
	});
	const sides = head.cells.flatMap((cell) => {
		const said = textOf(cell) ? headingOf(textOf(cell)) : null;
		return said && 'side' in said ? [said.side] : [];
	});
	return {
		sheet,
		title: titleOf(sheet, at),
		has: new Set(index.keys()),
		both: columns.some((c) => c.both) || (!index.has('en') && !index.has('kind')),
		sides: new Set(sides),
		unknown,
		rows: body.map(({ line, cells }) => {
			const cell = (column: Column): Cell | undefined => {
				const n = index.get(column);
				return n === undefined ? undefined : cells[n];
			};
			return {
				line,
				text: (column) => textOf(cell(column)),
				isNumber: (column) => typeof cell(column) === 'number',
				all: cells.map(textOf).filter(Boolean)
			};
		})
	};
}

const columnsOf = (cells: Cell[]) =>
	cells.flatMap((cell, n) => {
		const said = typeof cell === 'string' ? headingOf(textOf(cell)) : null;
		return said && 'column' in said ? [{ ...said, n }] : [];
	});

/** Headings printed again at the top of a page. */
const same = (a: Cell[], b: Cell[]): boolean => {
	const [x, y] = [a, b].map((cells) => cells.map(textOf).filter(Boolean).join('\n'));
	return x === y;
};

/** A section merged over its items belongs to all of them. */
function fillDown(sheet: Sheet, body: Sheet['lines'], columns: (number | undefined)[]): void {
	for (const m of sheet.merges) {
		if (m.left !== m.right || !columns.includes(m.left)) continue;
		const value = sheet.lines.find((l) => l.line === m.top)?.cells[m.left];
		for (const { line, cells } of body) {
			if (line <= m.top || line > m.bottom || value === undefined) continue;
			while (cells.length <= m.left) cells.push(null);
			cells[m.left] ??= value;
		}
	}
}

/** The title above the headings: the first text there. */
const titleOf = (sheet: Sheet, before: number): string =>
	sheet.lines
		.slice(0, before)
		.flatMap((l) => l.cells.map(textOf))
		.find(Boolean) ?? '';
