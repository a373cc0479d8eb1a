import type { CellObject, SheetData } from 'write-excel-file/universal';
import { clean } from '../text';
import type { Table } from './table';

/** A workbook as offices make them: a merged title, headings, rows. Text is text, whatever it looks like. */
export const toXLSX = (table: Table, note = ''): Promise<Uint8Array> =>
	write([{ name: table.title, table }], note);

/** Several tables, a sheet each, named as offices name them. */
export const toWorkbook = (sheets: readonly Sheet[]): Promise<Uint8Array> => write(sheets, '');

export type Sheet = { name: string; table: Table };

async function write(sheets: readonly Sheet[], note: string): Promise<Uint8Array> {
	const { default: writeFile } = await import('write-excel-file/universal');
	const blob = await writeFile(
		sheets.map(({ name, table }) => ({
			data: cellsOf(table, note),
			sheet: sheetName(name),
			columns: table.headings.map((_, i) => ({ width: widthOf(table, i) })),
			stickyRowsCount: note ? 3 : 2,
			orientation: 'landscape' as const
		}))
	).toBlob();
	return new Uint8Array(await blob.arrayBuffer());
}

function cellsOf(table: Table, note: string): SheetData {
	const wide = Math.max(1, table.headings.length);
	const across = (value: string, style: Partial<CellObject>) => [
		{ value, type: String, columnSpan: wide, ...style },
		...Array.from({ length: wide - 1 }, () => null)
	];
	return [
		across(safe(table.title), {
			fontWeight: 'bold',
			fontSize: 16,
			align: 'center',
			height: 30
		} as never),
		...(note ? [across(safe(note), {})] : []),
		table.headings.map((h) => ({
			value: safe(h),
			type: String,
			fontWeight: 'bold',
			wrap: true,
			align: 'center',
			borderStyle: 'thin',
			backgroundColor: '#f1f5f4'
		})),
		...table.rows.map((row) =>
			table.headings.map((_, i) => {
				const value = row[i] ?? null;
				if (value === null || value === '') return { borderStyle: 'thin' };
				return typeof value === 'number'
					? { value, type: Number, borderStyle: 'thin' }
					: { value: safe(value), type: String, wrap: true, borderStyle: 'thin' };
			})
		)
	] as SheetData;
}

const safe = (text: string): string => clean(text).text.slice(0, 32_000);

/** Excel refuses some characters, and more than 31. */
const sheetName = (title: string): string =>
	safe(title)
		.replace(/[\\/?*[\]:']/g, ' ')
		.trim()
		.slice(0, 28) || 'Sheet1';

/** Chinese characters are twice as wide. */
function widthOf(table: Table, column: number): number {
	const texts = [
		table.headings[column]!,
		...table.rows.slice(0, 200).map((r) => String(r[column] ?? ''))
	];
	const width = (t: string) => [...t].reduce((w, c) => w + (c > '\u2e80' ? 2 : 1), 0);
	return Math.min(40, Math.max(6, ...texts.map(width)) + 2);
}
