import * as m from '$lib/i18n/paraglide/messages';

export const planTabs = ['overview', 'record', 'money', 'land', 'check'] as const;
export type PlanTab = (typeof planTabs)[number];
export const planTabWords: Record<PlanTab, () => string> = {
	overview: m.projects_tab_overview,
	record: m.plans_tab_record,
	money: m.projects_tab_money,
	land: m.plans_tab_land,
	check: m.plans_check
};
export const readPlanTab = (search: URLSearchParams): PlanTab =>
	planTabs.find((tab) => tab === search.get('tab')) ?? 'overview';
