import { error } from '@sveltejs/kit';
import { Failure } from '$lib/data/client';
import { findSites, readLayers, readPlans } from '$lib/data/plans';
import { readVillages } from '$lib/data/wallmap';
import type { Sites } from '$lib/domain/plan';
import { may } from '$lib/domain/place';
import { readSiteForm, wishOf } from '$lib/features/sites/wish';
import { needTownship } from '$lib/server/guards';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { account, township } = needTownship(event);
	const { db } = event.locals;
	const form = readSiteForm(event.url.searchParams);
	const mayPlan = may(account, 'plan', [township.id, township.districtId ?? '']);
	const [layers, plans, villages] = await Promise.all([
		readLayers(db, township.id),
		readPlans(db, township.id),
		readVillages(db, township.id)
	]);
	if (!layers) error(404, { message: 'not_found', code: 'not_found' });
	const asked = mayPlan ? wishOf(form) : null;
	let found: Sites | null = null;
	let refused: string | null = null;
	if (asked && 'wish' in asked)
		try {
			found = await findSites(db, township.id, asked.wish);
			// PGlite's overlays may lose their answer without a word (README, known limits).
			if (found === null) refused = 'unavailable';
		} catch (fault) {
			if (!(fault instanceof Failure)) throw fault;
			refused = fault.code;
		}
	return {
		form,
		wrong: asked && 'wrong' in asked ? asked.wrong : null,
		found,
		refused,
		mayPlan,
		titles: Object.fromEntries((plans?.plans ?? []).map((p) => [p.id, p.title])),
		layers: layers.layers.filter((l) => l.loadedAt !== null),
		villages
	};
};
