import type { SheetProblem } from '$lib/geo/standard/read';
import * as m from '$lib/i18n/paraglide/messages';
import type { Change } from '$lib/domain/standarddiff';
import type { Fault } from './faults';
import { pointsWord } from './words';

/** What does not add up, in words. */
export function faultWord({ at, kind, a = 0, b = 0 }: Fault): string {
	switch (kind) {
		case 'name':
			return m.assess_fault_name({ code: at });
		case 'twice':
			return m.assess_fault_twice({ code: at });
		case 'section_sum':
			return m.assess_fault_section({ code: at, sum: pointsWord(a), max: pointsWord(b) });
		case 'total':
			return m.assess_fault_total({ sum: pointsWord(a), total: pointsWord(b) });
		case 'lines':
			return m.assess_fault_lines();
		case 'no_lines':
			return m.assess_fault_no_lines();
		case 'rule_points':
			return m.assess_fault_rule({ code: at, max: pointsWord(a) });
		case 'no_items':
			return m.assess_fault_no_items({ code: at });
		case 'too_many':
			return m.assess_fault_too_many({ n: a });
		case 'unreadable':
			return m.assess_fault_unreadable();
	}
}

/** The words by the code they stand beside. */
export function faultsBy(faults: readonly Fault[]): Map<string, string[]> {
	const by = new Map<string, string[]>();
	for (const fault of faults) by.set(fault.at, [...(by.get(fault.at) ?? []), faultWord(fault)]);
	return by;
}

/** One line of what an edition changes. */
export function changeWord(change: Change): string {
	switch (change.kind) {
		case 'item_new':
		case 'section_new':
		case 'veto_new':
			return m.assess_change_new({ code: change.code, name: change.zh });
		case 'item_gone':
		case 'section_gone':
		case 'veto_gone':
			return m.assess_change_gone({ code: change.code, name: change.zh });
		case 'points':
			return m.assess_change_points({
				code: change.code,
				name: change.zh,
				from: pointsWord(change.from),
				to: pointsWord(change.to)
			});
		case 'rule':
			return m.assess_change_rule({ code: change.code, name: change.zh });
		case 'text':
		case 'veto':
			return m.assess_change_text({ code: change.code, name: change.zh });
		case 'evidence':
			return m.assess_change_evidence({ code: change.code, name: change.zh });
		case 'line':
			return m.assess_change_line({
				grade: change.code,
				from: change.from === null ? m.assess_grade_off() : pointsWord(change.from),
				to: change.to === null ? m.assess_grade_off() : pointsWord(change.to)
			});
		case 'total':
			return figure(m.assess_total(), change);
		case 'bonus_max':
			return figure(m.assess_bonus_max(), change);
		case 'notice_days':
			return figure(m.assess_notice_days(), change);
		case 'review_months':
			return figure(m.assess_review_months(), change);
	}
}
const figure = (name: string, { from, to }: { from: number; to: number }): string =>
	m.assess_change_figure({ name, from: pointsWord(from), to: pointsWord(to) });

/** What was noticed while reading a workbook. */
export function sheetWord({ code, text }: SheetProblem): string {
	switch (code) {
		case 'unreadable':
			return m.assess_sheet_unreadable();
		case 'no_table':
			return m.assess_sheet_no_table();
		case 'no_settings':
			return m.assess_sheet_no_settings();
		case 'no_points':
			return m.assess_sheet_no_points({ text });
		case 'bad_rule':
			return m.assess_sheet_bad_rule({ text });
		case 'bad_word':
			return m.assess_sheet_bad_word({ text });
		case 'no_section':
			return m.assess_sheet_no_section({ text });
		case 'cut':
			return m.assess_sheet_cut({ text });
		case 'not_a_standard':
			return m.assess_sheet_not({ text });
	}
}
