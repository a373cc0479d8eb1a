import type { Kind } from '$lib/domain/fact';
import { kindOf, type Period, type ReportView } from '$lib/domain/period';
import type { Figure } from '$lib/domain/report';
import { dayWord } from '$lib/features/things/words';
import * as m from '$lib/i18n/paraglide/messages';

const ofTasks: Record<Figure, () => string> = {
	found: m.reports_fig_found,
	said: m.reports_fig_said,
	done: m.reports_fig_done,
	proven: m.reports_fig_proven,
	open: m.reports_fig_open,
	waiting: m.reports_fig_waiting,
	overdue: m.reports_fig_overdue,
	carried: m.reports_fig_carried,
	blocked: m.reports_fig_blocked,
	due: m.reports_fig_due,
	all_found: m.reports_fig_all_found,
	all_said: m.reports_fig_all_said,
	all_done: m.reports_fig_all_done,
	all_proven: m.reports_fig_all_proven
};
/** Steps of projects and plans are not found and cleaned up but planned, said, done, proven. */
const ofSteps: Partial<Record<Figure, () => string>> = {
	said: m.reports_step_said,
	done: m.reports_step_done,
	proven: m.reports_step_proven,
	open: m.reports_step_open,
	waiting: m.reports_step_waiting,
	all_found: m.reports_step_all_found,
	all_said: m.reports_step_all_said,
	all_done: m.reports_step_all_done,
	all_proven: m.reports_step_all_proven
};
export const figureWord = (kind: Kind, figure: Figure): string =>
	((kind === 'task' ? undefined : ofSteps[figure]) ?? ofTasks[figure])();

export const periodWord = ({ from, to }: Period): string =>
	m.reports_period({ from: dayWord(from), to: dayWord(to) });

/** 周报, 月报, 专项报告, 情况报告. */
export const reportWord = ({
	period,
	campaign
}: Pick<ReportView, 'period' | 'campaign'>): string =>
	campaign
		? m.reports_campaign()
		: { week: m.reports_week, month: m.reports_month, own: m.reports_own }[kindOf(period)]();
