import { readRounds } from '$lib/data/rounds';
import { needTownship } from '$lib/server/guards';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	event.depends('xt:rounds');
	const { township } = needTownship(event);
	return { rounds: await readRounds(event.locals.db, township.id) };
};
