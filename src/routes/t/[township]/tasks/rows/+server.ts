import { json } from '@sveltejs/kit';
import { readTasks } from '$lib/data/tasks';
import { filterOf, readTaskView } from '$lib/domain/taskview';
import { needTownship } from '$lib/server/guards';
import type { RequestHandler } from './$types';

/** More rows of a view after a key. */
export const GET: RequestHandler = async (event) => {
	const { township } = needTownship(event);
	const query = event.url.searchParams;
	const before = query.get('before');
	const limit = Number(query.get('limit') ?? 100);
	if ((before && !/^[0-9a-f-]{36}$/.test(before)) || !Number.isInteger(limit) || limit > 1000)
		return json({ reason: 'bad_value' }, { status: 400 });
	const filter = filterOf(readTaskView(query));
	return json(await readTasks(event.locals.db, township.id, filter, before, limit));
};
