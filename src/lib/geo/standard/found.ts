import type { Item, Standard } from '$lib/domain/standard';
import type { ProblemCode } from '$lib/domain/standardproblems';

/** What was noticed while reading; words are `standards_problem_<code>`. */
export const readingCodes = [
	'workbook_unreadable',
	'table_missing',
	'settings_missing',
	'setting_unreadable',
	'sheet_not_read',
	'column_not_used',
	'row_not_read',
	'name_missing',
	'points_missing',
	'points_unreadable',
	'points_from_rule',
	'section_made',
	'section_points_summed',
	'bonus_cap_summed',
	'code_made',
	'code_too_long',
	'code_was_number',
	'rule_unreadable',
	'rule_kept',
	'rule_out_of_range',
	'word_unknown',
	'text_cut',
	'grade_unknown'
] as const;
export type ReadingCode = (typeof readingCodes)[number];

/** `line` as the office sees it, null for the whole sheet or file; `where` the code it is about. */
export type SheetProblem = {
	code: ReadingCode | ProblemCode;
	sheet: string;
	line: number | null;
	where: string;
	detail: Record<string, number | string>;
	/** It did not come in, or keeps the standard from coming into force; else to be looked at. */
	stops: boolean;
};

/** The standard as it grows, and where each code stands. */
export class Found {
	readonly sections: Standard['sections'] = [];
	readonly bonus: Item[] = [];
	readonly vetoes: NonNullable<Standard['vetoes']> = [];
	readonly problems: SheetProblem[] = [];
	readonly places = new Map<string, { sheet: string; line: number }>();
	/** Sections whose points no line says. */
	readonly unsaid = new Set<Standard['sections'][number]>();
	total: number | null = null;
	bonusMax: number | null = null;
	#line: { sheet: string; line: number } | null = null;

	at(sheet: string, line: number): void {
		this.#line = { sheet, line };
	}
	/** About the line a code was read from; about the whole where it was not. */
	stand(code: string): void {
		this.#line = this.places.get(code) ?? null;
	}
	whole(): void {
		this.#line = null;
	}
	get standing(): { sheet: string; line: number | null } {
		return this.#line ?? { sheet: '', line: null };
	}
	say(code: ReadingCode, detail: SheetProblem['detail'] = {}, where = '', stops = true): void {
		const { sheet, line } = this.standing;
		const short = Object.fromEntries(
			Object.entries(detail).map(([k, v]) => [k, typeof v === 'string' ? v.slice(0, 80) : v])
		);
		this.problems.push({ code, sheet, line, where, detail: short, stops });
	}
	place(code: string): void {
		if (this.#line && !this.places.has(code)) this.places.set(code, this.#line);
	}
	has(code: string): boolean {
		return this.places.has(code);
	}
	/** A text that fits its field; what is cut is said. */
	fit(text: string, where: string, most = 300): string {
		const whole = text.replace(/\s*\n\s*/g, ' ');
		if (whole.length <= most) return whole;
		this.say('text_cut', { text: whole, limit: most }, where);
		return whole.slice(0, most).trim();
	}
}
