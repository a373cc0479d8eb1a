import { readStandards } from '$lib/data/standards';
import { needTownship } from '$lib/server/guards';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	event.depends('xt:standards');
	const { township } = needTownship(event);
	return { standards: await readStandards(event.locals.db, township.id) };
};
