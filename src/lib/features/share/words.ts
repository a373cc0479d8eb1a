import type { ShareChangeKind, SharedPhoto } from '$lib/domain/shared';
import { wanWord } from '$lib/features/plans/words';
import * as m from '$lib/i18n/paraglide/messages';
import { getLocale } from '$lib/i18n/paraglide/runtime';
import { chinaDayOf } from '$lib/domain/day';

export const changeWords: Record<ShareChangeKind, () => string> = {
	found: m.sharepage_ch_found,
	said: m.sharepage_ch_said,
	done: m.sharepage_ch_done,
	proven: m.sharepage_ch_proven,
	returned: m.sharepage_ch_returned,
	reopened: m.sharepage_ch_reopened,
	dropped: m.sharepage_ch_dropped,
	blocked: m.sharepage_ch_blocked,
	unblocked: m.sharepage_ch_unblocked,
	moved: m.sharepage_ch_moved,
	phase: m.sharepage_ch_phase,
	check: m.sharepage_ch_check,
	money: m.sharepage_ch_money,
	record: m.sharepage_ch_record,
	decided: m.sharepage_ch_decided,
	scenario: m.sharepage_ch_scenario
};
export const photoWords: Record<SharedPhoto['role'], () => string> = {
	before: m.sharepage_before,
	after: m.sharepage_after,
	check: m.sharepage_photo_check,
	other: m.sharepage_photo_other
};

/** 10,000 yuan; what nobody wrote down is said to be so. */
export const wan = (n: number | null): string => (n === null ? m.sharepage_unsaid() : wanWord(n));

/** 2026年11月28日 09:30, by China's clock whatever the reader's. */
export const momentWords = (iso: string): string =>
	new Intl.DateTimeFormat(getLocale(), {
		timeZone: 'Asia/Shanghai',
		year: 'numeric',
		month: 'long',
		day: 'numeric',
		hour: '2-digit',
		minute: '2-digit',
		hourCycle: 'h23'
	}).format(new Date(iso));

/** The day of a moment, by China's clock. */
export const dayOfMoment = (iso: string): string => chinaDayOf(Date.parse(iso));

export const listed = (words: readonly string[]): string => words.join(m.sharepage_list_comma());
