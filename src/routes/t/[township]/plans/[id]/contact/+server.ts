import { z } from 'zod';
import { revealContact } from '$lib/data/audit';
import { purposes } from '$lib/domain/audit';
import { answer, refuse } from '$lib/server/answer';
import { needTownship } from '$lib/server/guards';
import { readSmallJson } from '$lib/server/small-body';
import type { RequestHandler } from './$types';

const asked = z.strictObject({ purpose: z.enum(purposes) });

/** The whole contact of a plan, one at a time and for a purpose. */
export const POST: RequestHandler = async (event) => {
	const { township } = needTownship(event);
	const read = asked.safeParse(await readSmallJson(event.request, 1000));
	if (!read.success) return refuse('bad_value', 400);
	return answer(() =>
		revealContact(event.locals.db, township.id, event.params.id, read.data.purpose)
	);
};
