import { importKinds, type ImportKind } from '$lib/domain/import';
import * as m from '$lib/i18n/paraglide/messages';

const words: Record<ImportKind, (values: { n: number }) => string> = {
	outline: m.import_ui_n_outline,
	villages: m.import_ui_n_villages,
	groups: m.import_ui_n_groups,
	hazards: m.import_ui_n_hazards,
	tasks: m.import_ui_n_tasks,
	projects: m.import_ui_n_projects,
	plans: m.import_ui_n_plans
};

/** '16 个村，18 个隐患点，540 件整治任务' */
export const countWords = (counts: Partial<Record<ImportKind, number>>): string =>
	importKinds
		.filter((kind) => counts[kind])
		.map((kind) => words[kind]({ n: counts[kind]! }))
		.join(m.map_comma());
