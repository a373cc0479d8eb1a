import { json } from '@sveltejs/kit';
import { readNear } from '$lib/data/near';
import { needTownship } from '$lib/server/guards';
import type { RequestHandler } from './$types';

/** Tasks near one task, itself left out. */
export const GET: RequestHandler = async (event) => {
	const { township } = needTownship(event);
	const task = event.url.searchParams.get('task') ?? '';
	if (!/^[0-9a-f-]{36}$/.test(task)) return json([], { status: 400 });
	return json(await readNear(event.locals.db, township.id, task));
};
