import type { Assessor, ExhibitKind, Feature, StandardHead } from '$lib/domain/project';
import type { EvidenceKind, Rule } from '$lib/domain/standard';
import { featureWords } from '$lib/features/projects/words';
import { number } from '$lib/features/things/words';
import * as m from '$lib/i18n/paraglide/messages';
import { getLocale } from '$lib/i18n/paraglide/runtime';
import type { RowFilter } from './rows';

/** A text of a standard in the reader's language; Chinese where nobody translated it. */
export const textIn = (text: { zh: string; en?: string | undefined }): string =>
	getLocale() === 'en' && text.en ? text.en : text.zh;

export const pointsWord = (n: number): string => number(n, 2);
export const pointsOf = (n: number, max: number): string =>
	m.assess_points_of({ n: pointsWord(n), max: pointsWord(max) });
/** Offices count in ten thousands; English readers do not. */
export const yuanWord = (n: number): string =>
	n >= 10_000 && getLocale() !== 'en'
		? m.assess_wan({ n: number(n / 10_000, 2) })
		: m.assess_yuan({ n: number(n, 0) });
export const sizeWord = (bytes: number): string =>
	bytes >= 1e6 ? `${number(bytes / 1e6, 1)} MB` : `${number(Math.max(1, bytes / 1e3), 0)} KB`;

/** Whose column it is and when it is filled. */
export const fillWords: Record<Assessor, () => string> = {
	self: m.assess_fill_self,
	town: m.assess_fill_town,
	county: m.assess_fill_county,
	higher: m.assess_fill_higher
};

export const exhibitWords: Record<ExhibitKind, () => string> = {
	photo: m.assess_exhibit_photo,
	document: m.assess_exhibit_document,
	number: m.assess_exhibit_number,
	place: m.assess_exhibit_place,
	task: m.assess_exhibit_task,
	plan: m.assess_exhibit_plan
};

export const filterWords: Record<RowFilter, () => string> = {
	all: m.assess_filter_all,
	missing: m.assess_filter_missing,
	unscored: m.assess_filter_unscored,
	differs: m.assess_filter_differs,
	targeted: m.assess_filter_targeted
};

export const ruleWords: Record<Rule['type'], () => string> = {
	max: m.assess_kind_max,
	tiered: m.assess_kind_tiered,
	per_unit: m.assess_kind_per_unit,
	deduct_per_finding: m.assess_kind_deduct,
	rate: m.assess_kind_rate,
	yes_no: m.assess_kind_yes_no
};

export const evidenceWords: Record<EvidenceKind, () => string> = {
	map: m.assess_evidence_map,
	photo: m.assess_evidence_photo,
	doc: m.assess_evidence_doc,
	number: m.assess_evidence_number,
	inspection: m.assess_evidence_inspection,
	link: m.assess_evidence_link
};

/** How an item's points come about, in a sentence. */
export function ruleWord(rule: Rule, max: number): string {
	switch (rule.type) {
		case 'max':
			return m.assess_rule_max({ max: pointsWord(max) });
		case 'yes_no':
			return m.assess_rule_yes_no({ max: pointsWord(max) });
		case 'tiered':
			return m.assess_rule_tiered({
				options: rule.options.map((o) => `${textIn(o)} ${pointsWord(o.points)}`).join('；')
			});
		case 'per_unit':
			return m.assess_rule_per_unit({
				unit: rule.unit || m.assess_unit(),
				points: pointsWord(rule.unit_points),
				max: pointsWord(Math.min(max, rule.cap ?? max))
			});
		case 'deduct_per_finding':
			return m.assess_rule_deduct({
				points: pointsWord(rule.points),
				floor: pointsWord(rule.floor ?? 0)
			});
		case 'rate':
			return rule.bands
				? m.assess_rule_bands({
						bands: rule.bands
							.map((b) => `≥${number(b.from * 100, 2)}% ${pointsWord(b.points)}`)
							.join('；')
					})
				: m.assess_rule_rate({ full: number((rule.full ?? 1) * 100, 2), max: pointsWord(max) });
	}
}

/** What a place is called: by its name, else by its kind. */
export const featureName = (feature: Pick<Feature, 'kind' | 'name'>): string =>
	feature.name || featureWords[feature.kind]();

export const stateWords: Record<StandardHead['state'], () => string> = {
	draft: m.assess_state_draft,
	in_force: m.assess_state_in_force,
	retired: m.assess_state_retired
};

const logWords: Record<string, () => string> = {
	'standard.create': m.assess_log_create,
	'standard.edit': m.assess_log_edit,
	'standard.publish': m.assess_log_publish,
	'standard.retire': m.assess_log_retire
};
export const logWord = (action: string): string => logWords[action]?.() ?? action;
