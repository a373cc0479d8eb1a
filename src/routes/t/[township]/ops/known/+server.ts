import { z } from 'zod';
import { readKnown } from '$lib/data/ops';
import { needTownship } from '$lib/server/guards';
import { answer, refuse } from '$lib/server/answer';
import { readSmallJson } from '$lib/server/small-body';
import type { RequestHandler } from './$types';

const ids = z.array(z.uuid()).max(200);
const wanted = z.strictObject({ ops: ids, photos: ids });

/** Phone and server compare what each has. */
export const POST: RequestHandler = async (event) => {
	if (!event.locals.account) return refuse('signed_out', 401);
	const { township } = needTownship(event);
	const read = wanted.safeParse(await readSmallJson(event.request, 64 * 1024));
	if (!read.success) return refuse('bad_value', 400);
	return answer(() => readKnown(event.locals.db, township.id, read.data));
};
