import { readCitable } from '$lib/data/citable';
import { answer, refuse } from '$lib/server/answer';
import { needTownship } from '$lib/server/guards';
import type { RequestHandler } from './$types';

/** Cleanup tasks or industry plans that evidence may point to. */
export const GET: RequestHandler = async (event) => {
	const { township } = needTownship(event);
	const query = event.url.searchParams;
	const kind = query.get('kind');
	if (kind !== 'task' && kind !== 'plan') return refuse('bad_value', 400);
	const words = (query.get('q') ?? '').trim().slice(0, 60);
	const village = query.get('village') || null;
	return answer(() => readCitable(event.locals.db, township.id, kind, words, village));
};
