import type { Format, LayerKind, Value } from './draft';
import type { Problems } from './problems';
import type { Budget } from './geometry';
import { limits } from './limits';
import { Refused } from './problems';
import { clean } from './text';

/** A layer as its format gives it: coordinates in the file's own system, nothing guessed yet. */
export type RawRow = { n: number; values: Record<string, Value>; geometry: unknown };
export type RawLayer = {
	name: string;
	/** Where the format itself says what it holds. */
	kind?: LayerKind;
	columns: string[];
	rows: RawRow[];
	/** What the file says about its coordinates; null when it says nothing. */
	declared: { crs: string; why?: string; alternatives?: string[] } | { wkt: string } | null;
	/** What the file says of itself besides, to be kept: 数据产生单位, 精度 and the like. */
	about?: [string, string][];
	/** A drawing or a list of corners: its metres are those of a zone, never of Web Mercator. */
	surveyed?: true;
	/** KML and its like may be shifted although they say they are not. */
	mayBeShifted?: 'none' | 'gcj02';
	/** Only of tables: the rows above the headings, and units by heading. */
	table?: { title: string[]; units: Record<string, string>; why: string };
	encoding?: { value: string; why: string };
};
export type Raw = { format: Format; layers: RawLayer[] };

/** What every reader is given. */
export type Source = {
	file: string;
	encoding?: string;
	year?: number;
	budget: Budget;
	problems: Problems;
};

/** An empty row: its keys come from outside, so it inherits nothing. */
export const newValues = (): Record<string, Value> => Object.create(null) as Record<string, Value>;

/** A heading that is safe as a key wherever the row is copied to. */
export function keyOf(heading: string): string {
	const name = clean(heading).text.slice(0, 80);
	return name === '__proto__' ? '(__proto__)' : name;
}

/**
 * Puts a cell into a row: cleaned, cut to the limit, counted. Text that looks like a formula stays text.
 */
export function setValue(
	source: Source,
	row: RawRow,
	key: string,
	value: unknown,
	layer: string | null
): void {
	if (value === null || value === undefined || value === '') {
		row.values[key] = null;
		return;
	}
	if (--source.budget.cells < 0) throw new Refused('too_many_cells', { limit: limits.cells });
	if (typeof value === 'number') {
		row.values[key] = Number.isFinite(value) ? value : null;
		return;
	}
	let text = typeof value === 'string' ? value : textOfValue(value);
	const raw = clean(text);
	if (raw.stripped)
		source.problems.once('note', 'control_characters', source.file, {
			layer,
			line: row.n,
			column: key
		});
	text = raw.text;
	if (text.length > limits.text) {
		text = cut(text, limits.text);
		source.problems.add('warning', 'text_cut', source.file, {
			layer,
			line: row.n,
			column: key,
			limit: limits.text
		});
	}
	source.budget.text -= text.length;
	if (source.budget.text < 0) throw new Refused('too_much_text', { limit: limits.allText });
	row.values[key] = text || null;
}

/** The first `n` UTF-16 units, not ending in half a character. */
export function cut(text: string, n: number): string {
	const out = text.slice(0, n);
	return /[\ud800-\udbff]$/.test(out) ? out.slice(0, -1) : out;
}

function textOfValue(value: unknown): string {
	if (typeof value === 'boolean') return value ? '是' : '否';
	try {
		return JSON.stringify(value) ?? '';
	} catch {
		return '';
	}
}

export function countFeature(source: Source): void {
	if (--source.budget.features < 0)
		throw new Refused('too_many_features', { limit: limits.features });
}
