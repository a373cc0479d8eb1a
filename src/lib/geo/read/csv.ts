import { limits } from '../limits';
import { Refused } from '../problems';
import type { Source } from '../raw';
import { decode } from '../text';
import type { Sheet } from './sheet';

const delimiters = [',', '\t', ';', '|', '，'];

/** A CSV or TSV (RFC 4180, quotes handled kindly) as a sheet. Every cell is text; empty lines are left out. */
export function readCsv(bytes: Uint8Array, source: Source): Sheet {
	const { text, encoding, why } = decode(bytes, source.encoding);
	const told = /^sep=(.)\r?\n/i.exec(text);
	const delimiter = told ? told[1]! : guess(text);
	const name = source.file.replace(/^.*\//, '').replace(/\.[^.]*$/, '');
	const sheet: Sheet = { name, lines: [], merges: [], encoding: { value: encoding, why } };
	let left = source.budget.cells;
	for (const [line, cells] of records(text, delimiter, told ? told[0].length : 0)) {
		if (cells.every((c) => !c.trim())) continue;
		if (cells.length > limits.columns && cells.slice(limits.columns).some((c) => c.trim()))
			throw new Refused('too_many_columns', { line, limit: limits.columns });
		if (sheet.lines.length >= limits.rows + 50)
			throw new Refused('too_many_rows', { limit: limits.rows });
		left -= cells.length;
		if (left < 0) throw new Refused('too_many_cells', { limit: limits.cells });
		sheet.lines.push({ line: told ? line + 1 : line, cells: cells.map(unguard) });
	}
	return sheet;
}

/** Our own writer puts a ' before what a spreadsheet would take for a formula. */
const unguard = (cell: string): string =>
	/^'[\s]*['=+\-@\t\r\0＝＋－＠]/.test(cell) ? cell.slice(1) : cell;

function guess(text: string): string {
	const sample = text.slice(0, 20_000);
	let best = ',';
	let most = 0;
	for (const d of delimiters) {
		const counts: number[] = [];
		for (const [, cells] of records(sample, d, 0)) {
			counts.push(cells.length);
			if (counts.length >= 30) break;
		}
		// The width that most lines share, times how many share it.
		const widths = new Map<number, number>();
		for (const c of counts) if (c > 1) widths.set(c, (widths.get(c) ?? 0) + 1);
		for (const [width, times] of widths) {
			const score = times * Math.min(width, 40);
			if (score > most) [most, best] = [score, d];
		}
	}
	return best;
}

/** Records with the line each begins on. An unclosed quote ends with the text. */
export function* records(
	text: string,
	delimiter: string,
	from: number
): Generator<[number, string[]]> {
	let at = from;
	let line = 1;
	while (at < text.length) {
		const begins = line;
		const cells: string[] = [];
		for (;;) {
			let cell = '';
			if (text[at] === '"') {
				at++;
				for (;;) {
					const end = text.indexOf('"', at);
					const stop = end < 0 ? text.length : end;
					const piece = text.slice(at, stop);
					for (let i = piece.indexOf('\n'); i >= 0; i = piece.indexOf('\n', i + 1)) line++;
					cell += piece;
					at = stop + 1;
					if (text[at] !== '"' || end < 0) break;
					cell += '"';
					at++;
				}
			}
			let stop = at;
			while (
				stop < text.length &&
				text[stop] !== delimiter &&
				text[stop] !== '\n' &&
				text[stop] !== '\r'
			)
				stop++;
			cells.push(cell + text.slice(at, stop));
			at = stop;
			if (text[at] !== delimiter) break;
			at++;
		}
		if (text[at] === '\r') at++;
		if (text[at] === '\n') at++;
		line++;
		yield [begins, cells];
	}
}
