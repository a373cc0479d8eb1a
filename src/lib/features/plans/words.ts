import type { AreaUnit, LayerKind, LayerRule, Threshold } from '$lib/domain/plan';
import type { Verdict } from '$lib/domain/scenario';
import { number } from '$lib/features/things/words';
import { squareMetresPerMu } from '$lib/geo/area';
import * as m from '$lib/i18n/paraglide/messages';

export const layerKindWords: Record<LayerKind, () => string> = {
	farmland: m.plans_kind_farmland,
	redline: m.plans_kind_redline,
	growth: m.plans_kind_growth,
	arable: m.plans_kind_arable,
	forest: m.plans_kind_forest,
	river: m.plans_kind_river,
	water: m.plans_kind_water,
	hazard: m.plans_kind_hazard,
	heritage: m.plans_kind_heritage,
	powerline: m.plans_kind_powerline,
	road_zone: m.plans_kind_road_zone,
	village_plan: m.plans_kind_village_plan,
	landuse: m.plans_kind_landuse,
	road: m.plans_kind_road,
	other: m.plans_kind_other
};
export const layerRuleWords: Record<LayerRule, () => string> = {
	block: m.plans_rule_block,
	review: m.plans_rule_review,
	allow: m.plans_rule_allow,
	inform: m.plans_rule_inform
};
export const verdictWords: Record<Verdict, () => string> = {
	red: m.plans_verdict_red,
	yellow: m.plans_verdict_yellow,
	not_checked: m.plans_verdict_not_checked,
	info: m.plans_verdict_info,
	green: m.plans_verdict_green
};

/** An area of m² in mu, two decimals. */
export const muWord = (squareMetres: number): string =>
	m.plans_mu({ n: number(Math.round((squareMetres / squareMetresPerMu) * 100) / 100) });
/** 10,000 yuan; unknown is said, never shown as nought. */
export const wanWord = (n: number | null): string =>
	n === null ? m.plans_unknown() : m.plans_wan({ n: number(n) });

export const metricWords: Record<Threshold['metric'], () => string> = {
	invest_per_mu: m.plans_invest_per_mu,
	tax_per_mu: m.plans_tax_per_mu,
	plot_ratio: m.plans_plot_ratio
};
/** A figure of one of these; floors to land have no unit. */
export const intensityWord = (metric: Threshold['metric'], n: number | null): string => {
	if (n === null) return m.plans_unknown();
	const short = Math.round(n * 100) / 100;
	return metric === 'plot_ratio' ? number(short) : m.plans_wan_per_mu({ n: number(short) });
};

export const unitWords: Record<AreaUnit, () => string> = {
	mu: m.plans_unit_mu,
	ha: m.plans_unit_ha,
	m2: m.plans_unit_m2
};
