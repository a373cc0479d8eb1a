/** What lies on top, from the ground up. A layer that is not here does not compile, and neither does a forgotten one. */
export const zorder = [
	'paper',
	'township-fill',
	'village-fill',
	'village-pattern',
	'plan-fill',
	'plan-line',
	'village-line',
	'township-line',
	'chosen-casing',
	'chosen-line',
	'chosen-thing',
	'hazards',
	'clusters',
	'things',
	'tasks',
	'changed',
	'labels',
	'sites'
] as const;
export type LayerId = (typeof zorder)[number];

export const sourceIds = [
	'township',
	'villages',
	'patterns',
	'chosen',
	'plans',
	'hazards',
	'things',
	'changed',
	'sites',
	'labels'
] as const;
/** Tasks as vector tiles: no GeoJSON, and so never a `setData`. */
export const tileSource = 'tasks';
export type SourceId = (typeof sourceIds)[number];
