import { error } from '@sveltejs/kit';
import { readRound } from '$lib/data/rounds';
import { needTownship } from '$lib/server/guards';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	event.depends('xt:rounds');
	const { township } = needTownship(event);
	const round = await readRound(event.locals.db, township.id, event.params.round);
	// One answer for what is not there and for what is not to be seen yet.
	if (!round) error(404, { message: 'not_found', code: 'not_found' });
	return { round };
};
