import type { Problem } from '$lib/domain/standardproblems';
import type { SheetProblem } from '$lib/geo/standard/found';
import * as m from '$lib/i18n/paraglide/messages';
import { pointsWord } from './words';

// What a message needs is in the problem's detail; the test of messages holds them together.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Word = (values: any) => string;

const words: Record<SheetProblem['code'], Word> = {
	text_missing: m.standards_problem_text_missing,
	code_doubled: m.standards_problem_code_doubled,
	section_doubled: m.standards_problem_section_doubled,
	section_empty: m.standards_problem_section_empty,
	section_below: m.standards_problem_section_below,
	section_above: m.standards_problem_section_above,
	total_differs: m.standards_problem_total_differs,
	lines_missing: m.standards_problem_lines_missing,
	line_doubled: m.standards_problem_line_doubled,
	lines_unsorted: m.standards_problem_lines_unsorted,
	line_above_total: m.standards_problem_line_above_total,
	assessor_missing: ({ code }) =>
		code === 'self'
			? m.standards_problem_assessor_missing_self()
			: m.standards_problem_assessor_missing_county(),
	assessor_doubled: m.standards_problem_assessor_doubled,
	higher_without_line: m.standards_problem_higher_without_line,
	higher_without_assessor: m.standards_problem_higher_without_assessor,
	veto_without_line: m.standards_problem_veto_without_line,
	rule_above_max: m.standards_problem_rule_above_max,
	rule_below_max: m.standards_problem_rule_below_max,
	bonus_below_cap: m.standards_problem_bonus_below_cap,
	bonus_without_cap: m.standards_problem_bonus_without_cap,
	too_many_items: m.standards_problem_too_many_items,
	out_of_range: m.standards_problem_out_of_range,
	workbook_unreadable: m.standards_problem_workbook_unreadable,
	table_missing: m.standards_problem_table_missing,
	settings_missing: m.standards_problem_settings_missing,
	setting_unreadable: m.standards_problem_setting_unreadable,
	sheet_not_read: m.standards_problem_sheet_not_read,
	column_not_used: m.standards_problem_column_not_used,
	row_not_read: m.standards_problem_row_not_read,
	name_missing: m.standards_problem_name_missing,
	points_missing: m.standards_problem_points_missing,
	points_unreadable: m.standards_problem_points_unreadable,
	points_from_rule: m.standards_problem_points_from_rule,
	section_made: m.standards_problem_section_made,
	section_points_summed: m.standards_problem_section_points_summed,
	bonus_cap_summed: m.standards_problem_bonus_cap_summed,
	code_made: m.standards_problem_code_made,
	code_too_long: m.standards_problem_code_too_long,
	code_was_number: m.standards_problem_code_was_number,
	rule_unreadable: m.standards_problem_rule_unreadable,
	rule_kept: m.standards_problem_rule_kept,
	rule_out_of_range: m.standards_problem_rule_out_of_range,
	word_unknown: m.standards_problem_word_unknown,
	text_cut: m.standards_problem_text_cut,
	grade_unknown: m.standards_problem_grade_unknown
};

/** What does not add up in a standard or was noticed in its workbook: what, where, what to do. */
export function problemWord({
	code,
	where,
	detail
}: Pick<SheetProblem, 'code' | 'where' | 'detail'>): string {
	const values = Object.entries(detail).map(([name, v]) => [
		name,
		typeof v === 'number' ? pointsWord(v) : v
	]);
	return words[code]({ code: where, ...Object.fromEntries(values) });
}

/** The words by the code they stand beside; what concerns grades and sides stands by the settings. */
export function problemsBy(problems: readonly Problem[]): Map<string, string[]> {
	const by = new Map<string, string[]>();
	for (const p of problems) {
		const where = /^(line|higher|assessor)/.test(p.code) ? '' : p.where;
		by.set(where, [...(by.get(where) ?? []), problemWord(p)]);
	}
	return by;
}
