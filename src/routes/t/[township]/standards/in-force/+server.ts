import { json } from '@sveltejs/kit';
import { readStandards } from '$lib/data/standards';
import { needTownship } from '$lib/server/guards';
import type { RequestHandler } from './$types';

/** What a project may be measured by. */
export const GET: RequestHandler = async (event) => {
	const { township } = needTownship(event);
	const all = await readStandards(event.locals.db, township.id);
	return json(all.filter((s) => s.state === 'in_force'));
};
