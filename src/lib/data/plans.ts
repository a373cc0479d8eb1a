import type {
	Check,
	ChecksOf,
	LandCheck,
	LandPart,
	LandTool,
	LayerShapes,
	LayersPage,
	PlanContact,
	PlanPage,
	PlansPage,
	SchemePage,
	Sites,
	SiteWish
} from '$lib/domain/plan';
import { call, type Db } from './client';

/** All industry plans of a township; null where it may not be seen. */
export const readPlans = (db: Db, townshipId: string): Promise<PlansPage | null> =>
	call(db, 'plans_page', { p_township: townshipId });

/** Everything of one plan but whom to call; null for unknown and foreign alike. */
export const readPlan = (db: Db, townshipId: string, planId: string): Promise<PlanPage | null> =>
	call(db, 'plan_page', { p_township: townshipId, p_plan: planId });

/** Whom to call at the investor's; null where nobody is written down or this person may not plan here. */
export const readContact = (
	db: Db,
	townshipId: string,
	planId: string
): Promise<PlanContact | null> =>
	call(db, 'plan_contact', { p_township: townshipId, p_plan: planId });

/** The latest check of a parcel, plan, scheme or scenario, and the heads of those before. */
export const readChecks = (
	db: Db,
	townshipId: string,
	subjectId: string
): Promise<ChecksOf | null> =>
	call(db, 'checks_of', { p_township: townshipId, p_subject: subjectId });

export const readCheck = (db: Db, townshipId: string, checkId: string): Promise<Check | null> =>
	call(db, 'check_page', { p_township: townshipId, p_check: checkId });

/** Land that is only drawn; nothing is stored. */
export const checkShape = (
	db: Db,
	townshipId: string,
	geometry: object
): Promise<LandCheck | null> =>
	call(db, 'check_shape', { p_township: townshipId, p_geometry: geometry });

export const readLayers = (db: Db, townshipId: string): Promise<LayersPage | null> =>
	call(db, 'layers_page', { p_township: townshipId });

/** Shapes of a layer in a window (west, south, east, north), at most `limit` parts. */
export const readLayerShapes = (
	db: Db,
	townshipId: string,
	layerId: string,
	[west, south, east, north]: readonly [number, number, number, number],
	limit = 4000
): Promise<LayerShapes | null> =>
	call(db, 'layer_shapes', {
		p_township: townshipId,
		p_layer: layerId,
		p_west: west,
		p_south: south,
		p_east: east,
		p_north: north,
		p_limit: limit
	});

export const findSites = (db: Db, townshipId: string, wish: SiteWish): Promise<Sites | null> =>
	call(db, 'find_sites', { p_township: townshipId, p: wish });

export const readScheme = (
	db: Db,
	townshipId: string,
	schemeId: string
): Promise<SchemePage | null> =>
	call(db, 'scheme_page', { p_township: townshipId, p_scheme: schemeId });

/** Parts of land after a cut, a buffer or a way round what blocks, largest first; nothing is stored. */
export const useLandTool = (
	db: Db,
	townshipId: string,
	what: LandTool
): Promise<LandPart[] | null> => call(db, 'land_tool', { p_township: townshipId, p: what });

/** Adds shapes to a load of a layer; each `n` counts once however often it is sent. */
export const putShapes = (
	db: Db,
	townshipId: string,
	layer: string,
	load: string,
	rows: readonly object[]
): Promise<{ staged: number }> =>
	call(db, 'layer_put', { p: { township_id: townshipId, layer, load, rows } });

/** Takes away up to 3,000 shapes that no layer stands on any more; how many are left of them. */
export const tidyLayers = (db: Db, townshipId: string): Promise<number> =>
	call(db, 'layer_tidy', { p_township: townshipId });
