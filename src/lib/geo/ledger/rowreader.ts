import type { Column, Meaning, Row, Severity } from '../draft';
import { fieldLimits } from '../limits';
import type { Problems } from '../problems';
import { cut } from '../raw';
import { flat } from '../text';
import { readDay } from './dates';
import { readCount, readMu, readWan } from './numbers';

/** What the rows of one layer share. */
export type TableContext = {
	file: string;
	layer: string;
	columns: Column[];
	units: Record<string, string>;
	/** The year that days without one take; null when nobody knows. */
	year: number | null;
	problems: Problems;
};

/** Reads the cells of one row by what they mean, and says what it could not read. */
export class RowReader {
	constructor(
		private readonly at: TableContext,
		private readonly row: Row
	) {}

	has(meaning: Meaning): boolean {
		return this.column(meaning) !== null;
	}

	private column(meaning: Meaning): string | null {
		return this.at.columns.find((c) => c.meaning === meaning)?.name ?? null;
	}

	/** What the sheet itself calls it. */
	heading(meaning: Meaning): string {
		return this.column(meaning) ?? meaning;
	}

	private value(meaning: Meaning) {
		// Several columns may mean the same; the first with something in it counts.
		for (const c of this.at.columns)
			if (c.meaning === meaning && this.row.values[c.name] != null) return this.row.values[c.name]!;
		return null;
	}

	/** The text of a cell, '' without; cut to what the database holds, with a warning. */
	text(meaning: Meaning, field?: keyof typeof fieldLimits): string {
		const value = this.value(meaning);
		if (value === null) return '';
		const text = typeof value === 'number' ? plainNumber(value) : value;
		const limit = field ? fieldLimits[field] : Infinity;
		// The database counts characters, JavaScript UTF-16 units: units never count fewer.
		if (text.length <= limit) return text;
		this.problem('warning', 'text_cut', meaning, { limit });
		return cut(text, limit);
	}

	/** The village's name as its boundary would be called: without 委会 and spaces. */
	village(meaning: Meaning = 'village'): string {
		return villageName(this.text(meaning, 'name'));
	}

	day(meaning: Meaning): string | null {
		const value = this.value(meaning);
		if (value === null) return null;
		const found = readDay(value, this.at.year);
		if (found) return found.day;
		const text = String(value).trim();
		if (!/^[-—/无]*$/.test(text)) this.problem('warning', 'day_not_read', meaning, { value: text });
		return null;
	}

	wan(meaning: Meaning): number | null {
		return this.measured(meaning, readWan);
	}

	mu(meaning: Meaning): number | null {
		return this.measured(meaning, readMu);
	}

	count(meaning: Meaning): number | null {
		return this.measured(meaning, (value) => readCount(value));
	}

	private measured(
		meaning: Meaning,
		read: (value: string | number | null, unit: string) => number | null
	): number | null {
		const value = this.value(meaning);
		if (value === null) return null;
		const number = read(value, this.at.units[this.column(meaning) ?? ''] ?? '');
		const text = String(value).trim();
		if (number !== null && number >= 0) return number;
		if (!/^[-—/无]*$/.test(text))
			this.problem('warning', 'number_not_read', meaning, { value: text });
		return null;
	}

	problem(
		severity: Severity,
		code: string,
		meaning: Meaning,
		values: Record<string, string | number> = {}
	) {
		this.at.problems.add(severity, code, this.at.file, {
			...values,
			layer: this.at.layer,
			line: this.row.n,
			column: this.column(meaning)
		});
	}
}

/** '东湾湾村委会 ' → '东湾湾村' */
export function villageName(text: string): string {
	return text
		.normalize('NFKC')
		.replace(/\s+/g, '')
		.replace(/(村)?(村民委员会|村委会|民委员会)$/, '村')
		.replace(/(社区)(居民委员会|居委会|居民委)$/, '$1');
}

/** Whether two names mean one village: 上街 and 上街村 do. */
export const sameVillage = (a: string, b: string): boolean => bareVillage(a) === bareVillage(b);
export const bareVillage = (name: string): string =>
	flat(villageName(name)).replace(/(村|社区|居委会)$/, '');

/** A number as people read it: a telephone without an exponent. */
function plainNumber(n: number): string {
	return Number.isInteger(n) && Math.abs(n) < 1e15 ? n.toFixed(0) : String(n);
}
