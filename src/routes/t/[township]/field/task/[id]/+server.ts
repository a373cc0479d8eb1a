import { error, json } from '@sveltejs/kit';
import { readThing } from '$lib/data/wallmap';
import { needTownship } from '$lib/server/guards';
import type { RequestHandler } from './$types';

/** One task in full, with its history and what a reviewer is told about its photos. */
export const GET: RequestHandler = async (event) => {
	if (!event.locals.account) return json({ reason: 'signed_out' }, { status: 401 });
	const { township } = needTownship(event);
	if (!/^[0-9a-f-]{36}$/.test(event.params.id))
		error(404, { message: 'not_found', code: 'not_found' });
	const thing = await readThing(event.locals.db, township.id, 'task', event.params.id);
	if (!thing) error(404, { message: 'not_found', code: 'not_found' });
	return json(thing);
};
