import type { Table } from './table';

// What Excel, WPS or LibreOffice would take for the beginning of a formula, in either width.
const formula = /^\s*[=+\-@＝＋－＠\0]|^[\t\r]|^'[\s]*['=+\-@＝＋－＠\0]/;

/** RFC 4180 with a byte order mark, so that Excel sees UTF-8. The title is not in it: line one is the headings. */
export function toCSV(table: Table): string {
	const lines = [table.headings, ...table.rows].map((row) => row.map(cell).join(','));
	return `\ufeff${lines.join('\r\n')}\r\n`;
}

/** A cell; text like a formula gets a ' in front, numbers stay numbers. Our reader takes the ' away. */
export function cell(value: string | number | null): string {
	if (value === null) return '';
	if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
	const safe = formula.test(value) && !/^-?\d+(\.\d+)?$/.test(value) ? `'${value}` : value;
	return /[",\r\n;\t]/.test(safe) || safe !== safe.trim()
		? `"${safe.replaceAll('"', '""')}"`
		: safe;
}
