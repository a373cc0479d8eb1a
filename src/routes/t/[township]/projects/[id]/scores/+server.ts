import { readScoreLog } from '$lib/data/standards';
import { answer, refuse } from '$lib/server/answer';
import { needTownship } from '$lib/server/guards';
import type { RequestHandler } from './$types';

/** Every score one item of a project ever had. */
export const GET: RequestHandler = async (event) => {
	const { township } = needTownship(event);
	const item = event.url.searchParams.get('item') ?? '';
	if (!item || item.length > 12) return refuse('bad_value', 400);
	const log = await readScoreLog(event.locals.db, township.id, event.params.id, item);
	return log ? answer(() => Promise.resolve(log)) : refuse('not_found', 404);
};
