import * as m from '$lib/i18n/paraglide/messages';
import type { Change } from '$lib/domain/standarddiff';
import { pointsWord } from './words';

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
