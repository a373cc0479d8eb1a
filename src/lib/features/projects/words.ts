import type {
	Assessor,
	FeatureKind,
	Phase,
	PhaseVerb,
	PhaseWay,
	ProjectPage
} from '$lib/domain/project';
import * as m from '$lib/i18n/paraglide/messages';

export const phaseVerbWords: Record<PhaseVerb, () => string> = {
	start: m.projects_verb_start,
	self_assess: m.projects_verb_self_assess,
	send_back: m.projects_verb_send_back,
	town_check: m.projects_verb_town_check,
	county_assess: m.projects_verb_county_assess,
	higher_accept: m.projects_verb_higher_accept,
	publish_notice: m.projects_verb_publish_notice,
	object: m.projects_verb_object,
	dismiss_objection: m.projects_verb_dismiss_objection,
	uphold_objection: m.projects_verb_uphold_objection,
	list: m.projects_verb_list,
	call_review: m.projects_verb_call_review,
	keep: m.projects_verb_keep,
	warn: m.projects_verb_warn,
	rectify: m.projects_verb_rectify,
	downgrade: m.projects_verb_downgrade,
	delist: m.projects_verb_delist
};

/** Who has to act on a way, where this person may not. */
export function whoWord({ right, level }: Pick<PhaseWay, 'right' | 'level'>): string {
	if (level === 'district') return m.projects_who_district_prove();
	if (right === 'prove') return m.projects_who_township_prove();
	return right === 'report' ? m.projects_who_village_report() : m.projects_who_township_plan();
}

export const assessorWords: Record<Assessor, () => string> = {
	self: m.projects_assessor_self,
	town: m.projects_assessor_town,
	county: m.projects_assessor_county,
	higher: m.projects_assessor_higher
};

export const featureWords: Record<FeatureKind, () => string> = {
	entrance: m.projects_feature_entrance,
	parking: m.projects_feature_parking,
	centre: m.projects_feature_centre,
	toilet: m.projects_feature_toilet,
	sign: m.projects_feature_sign,
	route: m.projects_feature_route,
	road: m.projects_feature_road,
	sight: m.projects_feature_sight,
	stop: m.projects_feature_stop,
	shop: m.projects_feature_shop,
	lodging: m.projects_feature_lodging,
	food: m.projects_feature_food,
	rest: m.projects_feature_rest,
	safety: m.projects_feature_safety,
	charging: m.projects_feature_charging,
	waste: m.projects_feature_waste,
	sewage: m.projects_feature_sewage,
	water: m.projects_feature_water
};

/** A figure without needless zeros. */
export const figure = (n: number): string => String(Math.round(n * 100) / 100);

/** How the phases are put together in a list. */
export const phaseGroups = {
	doing: ['planned', 'building'],
	review: [
		'self_assessed',
		'town_checked',
		'county_assessed',
		'higher_accepted',
		'public_notice',
		'objection'
	],
	done: ['listed', 'review_due', 'kept'],
	trouble: ['warned', 'rectify', 'downgraded', 'delisted']
} as const satisfies Record<string, readonly Phase[]>;
export type PhaseGroup = keyof typeof phaseGroups;
export const groupWords: Record<PhaseGroup, () => string> = {
	doing: m.projects_group_doing,
	review: m.projects_group_review,
	done: m.projects_group_done,
	trouble: m.projects_group_trouble
};

/** The usual way to the plaque; what comes after it is shown as it happens. */
export const usualWay = (page: Pick<ProjectPage, 'standard' | 'targetGrade' | 'log'>): Phase[] => {
	const body = page.standard?.body as { higher?: string[] } | undefined;
	const higher =
		body?.higher?.includes(page.targetGrade) || page.log.some((l) => l.to === 'higher_accepted');
	return [
		'planned',
		'building',
		'self_assessed',
		'town_checked',
		'county_assessed',
		...(higher ? (['higher_accepted'] as const) : []),
		'public_notice',
		'listed'
	];
};
