import type { Milestone } from '$lib/domain/project';
import { daysOverdue, drift } from '$lib/domain/thing';
import { dayWord } from '$lib/features/things/words';
import * as m from '$lib/i18n/paraglide/messages';
import { getLocale } from '$lib/i18n/paraglide/runtime';
import { marks, stateSigns } from '$lib/map/palette';
import type { Days } from './plan';

export const spanWord = ({ startsOn, dueOn }: Days): string =>
	!dueOn
		? m.works_days_none()
		: startsOn
			? m.works_span({ from: dayWord(startsOn), to: dayWord(dueOn) })
			: m.works_until({ to: dayWord(dueOn) });

/** How far the last day lies from the one first planned; null where nothing was planned first. */
export function driftWord(step: Pick<Milestone, 'firstDueOn' | 'dueOn'>): string | null {
	if (!step.firstDueOn || !step.dueOn) return null;
	const days = drift(step);
	if (days === 0) return m.works_drift_none();
	return days > 0 ? m.works_drift_later({ days }) : m.works_drift_sooner({ days: -days });
}

/** Where a milestone stands, with what stands beside it, in words. */
export function stateWords(step: Milestone, today: string): string {
	const late = daysOverdue(step, today);
	return [
		stateSigns[step.state].word(),
		step.blocker && marks.blocked.word(),
		late > 0 && m.works_overdue_by({ days: late })
	]
		.filter(Boolean)
		.join(m.map_comma());
}

/** What the eye should see first: trouble, then the fact. */
export const lookOf = (step: Milestone, today: string) =>
	step.blocker ? 'blocked' : daysOverdue(step, today) > 0 ? 'overdue' : step.state;

const format = (options: Intl.DateTimeFormatOptions) => (iso: string) =>
	new Intl.DateTimeFormat(getLocale(), { timeZone: 'UTC', ...options }).format(
		new Date(`${iso}T00:00:00Z`)
	);
/** 2026年11月, of `2026-11` */
export const monthWord = (month: string): string =>
	format({ year: 'numeric', month: 'short' })(`${month}-01`);
export const dayOfMonth = (iso: string): string => String(Number(iso.slice(8)));

export const quoted = (titles: readonly string[]): string =>
	titles.join(getLocale() === 'en' ? ', ' : '、');
