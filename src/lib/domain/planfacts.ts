/** The words a plan's record, its money and its layers are kept in (domain.md C.1, C.2); the database checks the same lists. */
export const natures = ['new', 'expand', 'continue'] as const;
export const ownerships = ['state', 'collective', 'mixed'] as const;
/** How the land comes to the project. */
export const supplies = [
	'grant',
	'lease',
	'transfer',
	'farm_facility',
	'market',
	'allocation',
	'other'
] as const;
export const areaUnits = ['mu', 'ha', 'm2'] as const;
export const thresholdMetrics = ['invest_per_mu', 'tax_per_mu', 'plot_ratio'] as const;

export const layerKinds = [
	'farmland',
	'redline',
	'growth',
	'arable',
	'forest',
	'river',
	'water',
	'hazard',
	'heritage',
	'powerline',
	'road_zone',
	'village_plan',
	'landuse',
	'road',
	'other'
] as const;
/** block: red where it is touched. review: yellow. allow: yellow outside of it. inform: told, nothing more. */
export const layerRules = ['block', 'review', 'allow', 'inform'] as const;
/** From the worst on. What nobody looked at is `not_checked`, never green. */
export const verdicts = ['red', 'yellow', 'not_checked', 'info', 'green'] as const;
export const checkSubjects = ['parcel', 'plan', 'scheme', 'scenario'] as const;
