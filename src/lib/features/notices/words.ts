import {
	dayZh,
	type NoticeKind,
	type NoticeState,
	type ObjectionOutcome,
	type ObjectionWay
} from '$lib/domain/publicnotice';
import type { ListProblem } from '$lib/geo/noticelist';
import * as m from '$lib/i18n/paraglide/messages';
import { getLocale } from '$lib/i18n/paraglide/runtime';

export const kindWords: Record<NoticeKind, () => string> = {
	project: m.notices_kind_project,
	list: m.notices_kind_list,
	text: m.notices_kind_text
};
export const stateWords: Record<NoticeState, () => string> = {
	draft: m.notices_state_draft,
	waiting: m.notices_state_waiting,
	published: m.notices_state_published,
	down: m.notices_state_down
};
export const viaWords: Record<ObjectionWay, () => string> = {
	page: m.notices_via_page,
	phone: m.notices_via_phone,
	letter: m.notices_via_letter,
	visit: m.notices_via_visit
};
export const outcomeWords: Record<ObjectionOutcome, () => string> = {
	upheld: m.notices_outcome_upheld,
	partly: m.notices_outcome_partly,
	dismissed: m.notices_outcome_dismissed
};

/** A day with its year: on a public page nobody guesses which. */
export const shownDay = (iso: string): string => (getLocale() === 'en' ? iso : dayZh(iso));

export function problemWord(p: ListProblem): string {
	switch (p.kind) {
		case 'unreadable':
			return m.notices_p_unreadable();
		case 'no_heading':
			return m.notices_p_no_heading();
		case 'no_rows':
			return m.notices_p_no_rows();
		case 'too_many':
			return m.notices_p_too_many({ n: p.most });
		case 'column':
			return m.notices_p_column({ heading: p.heading });
		case 'amount':
			return m.notices_p_amount();
		case 'id_number':
			return m.notices_p_id_number({ line: p.line, heading: p.heading });
		case 'bank_number':
			return m.notices_p_bank_number({ line: p.line, heading: p.heading });
		case 'too_long':
			return m.notices_p_too_long({ line: p.line, heading: p.heading });
	}
}
