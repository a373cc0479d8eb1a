import { error } from '@sveltejs/kit';
import { readLayers } from '$lib/data/plans';
import { readVillages } from '$lib/data/wallmap';
import { needTownship } from '$lib/server/guards';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	event.depends('xt:layers');
	const { township } = needTownship(event);
	const { db } = event.locals;
	const [page, villages] = await Promise.all([
		readLayers(db, township.id),
		readVillages(db, township.id)
	]);
	if (!page) error(404, { message: 'not_found', code: 'not_found' });
	return { page, villages };
};
