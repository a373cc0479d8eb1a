import { json } from '@sveltejs/kit';
import { readStandard } from '$lib/data/standards';
import { refuse } from '$lib/server/answer';
import { needTownship } from '$lib/server/guards';
import type { RequestHandler } from './$types';

/** The table itself, for comparing two editions. */
export const GET: RequestHandler = async (event) => {
	const { township } = needTownship(event);
	const page = await readStandard(event.locals.db, township.id, event.params.standard);
	return page ? json(page.body) : refuse('not_found', 404);
};
