import type { SharedScenario } from '$lib/domain/shared';
import * as m from '$lib/i18n/paraglide/messages';

/** The totals that are laid side by side. */
export const scenarioRows: [() => string, (s: SharedScenario) => number][] = [
	[m.sharepage_scn_items, (s) => s.items],
	[m.sharepage_scn_land, (s) => s.mu],
	[m.sharepage_scn_invest, (s) => s.invest],
	[m.sharepage_gains_output, (s) => s.output],
	[m.sharepage_gains_tax, (s) => s.tax],
	[m.sharepage_gains_income, (s) => s.income],
	[m.sharepage_gains_jobs, (s) => s.jobs],
	[m.sharepage_gains_households, (s) => s.households],
	[m.sharepage_scn_red, (s) => s.red],
	[m.sharepage_scn_yellow, (s) => s.yellow],
	[m.sharepage_scn_not_checked, (s) => s.notChecked]
];
