/** An office's empty table as a grid, whatever file it came in. */
export type FormCell = {
	/** Where it is, for the writer: 'C5' in a sheet, '3.2' (row, cell, from 0) in a table of a document. */
	at: string;
	row: number;
	col: number;
	rows: number;
	cols: number;
	text: string;
	/** Numbers and formulas are never labels, and never touched. */
	kind: 'empty' | 'text' | 'number' | 'formula';
	/** The cell shows a share of a hundred. */
	percent?: boolean;
};
export type FormTable = { name: string; cells: FormCell[] };
export type Form = { kind: 'xlsx' | 'docx'; tables: FormTable[] };

/** What is put into a cell: a number, a text, or the working of a rate (`of` ÷ `by`). */
export type Filling =
	| { type: 'number'; value: number }
	| { type: 'text'; value: string }
	| { type: 'rate'; of: number; by: number; as: 'share' | 'hundred' | 'text' }
	/** Nobody knows: marked. */
	| { type: 'blank' };
export type Fillings = { table: number; at: string; filling: Filling }[];

/** Cells of one table that can be looked at; more are no form. */
export const formLimits = { bytes: 10 * 1024 * 1024, cells: 20_000, columns: 120 } as const;

export const plainText = (text: string): string => text.normalize('NFKC').replace(/\s+/g, '');

export const xmlText = (text: string): string =>
	text
		// eslint-disable-next-line no-control-regex -- these cannot stand in XML at all
		.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
		.replaceAll('&', '&amp;')
		.replaceAll('<', '&lt;')
		.replaceAll('>', '&gt;');

/** One decimal of a hundred: 41.7 */
export const hundredOf = (of: number, by: number): number => Math.round((of / by) * 1000) / 10;

/** A value as a document shows it. */
export function wordOf(filling: Filling): string {
	switch (filling.type) {
		case 'number':
			return String(filling.value);
		case 'text':
			return filling.value;
		case 'rate':
			return filling.as === 'hundred'
				? String(hundredOf(filling.of, filling.by))
				: `${hundredOf(filling.of, filling.by)}%`;
		case 'blank':
			return '';
	}
}
