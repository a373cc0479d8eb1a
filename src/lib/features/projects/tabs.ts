import * as m from '$lib/i18n/paraglide/messages';

export const projectTabs = ['overview', 'score', 'works', 'money', 'place', 'file'] as const;
export type ProjectTab = (typeof projectTabs)[number];
export const tabWords: Record<ProjectTab, () => string> = {
	overview: m.projects_tab_overview,
	score: m.projects_tab_score,
	works: m.projects_tab_works,
	money: m.projects_tab_money,
	place: m.projects_tab_place,
	file: m.projects_tab_file
};
export const readTab = (search: URLSearchParams): ProjectTab => {
	const tab = search.get('tab') as ProjectTab | null;
	return tab && projectTabs.includes(tab) ? tab : 'overview';
};
