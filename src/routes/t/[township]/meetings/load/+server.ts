import { uuid } from '$lib/domain/id';
import { json } from '@sveltejs/kit';
import { readLoad } from '$lib/data/meetings';
import { refuse } from '$lib/server/answer';
import { needTownship } from '$lib/server/guards';
import type { RequestHandler } from './$types';

/** What else somebody answers for around a day: asked while a decision is being worded. */
export const GET: RequestHandler = async (event) => {
	if (!event.locals.account) return refuse('signed_out', 401);
	const { township } = needTownship(event);
	const person = event.url.searchParams.get('person') ?? '';
	const due = event.url.searchParams.get('due') ?? '';
	if (!uuid.test(person) || !/^\d{4}-\d{2}-\d{2}$/.test(due) || Number.isNaN(Date.parse(due)))
		return refuse('bad_value', 400);
	return json(await readLoad(event.locals.db, township.id, person, due));
};
