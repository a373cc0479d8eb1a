import { error } from '@sveltejs/kit';
import { readInstructions } from '$lib/data/officials';
import { readVillages } from '$lib/data/wallmap';
import { needTownship } from '$lib/server/guards';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	event.depends('xt:instructions');
	const { township } = needTownship(event);
	const { db } = event.locals;
	const [page, villages] = await Promise.all([
		readInstructions(db, township.id),
		readVillages(db, township.id)
	]);
	if (!page) error(404, { message: 'not_found', code: 'not_found' });
	return { page, villages };
};
