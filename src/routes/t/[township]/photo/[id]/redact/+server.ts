import { useQuota } from '$lib/data/accounts';
import { photoFile } from '$lib/data/photos';
import { readBoxes } from '$lib/domain/photo';
import { needTownship } from '$lib/server/guards';
import { answer, isId, refuse } from '$lib/server/answer';
import { redactPhoto } from '$lib/server/photos/receive';
import type { RequestHandler } from './$types';

/** `{id, boxes}`: burns the boxes into a copy with the new id, which members see from then on. */
export const POST: RequestHandler = async (event) => {
	if (!event.locals.account) return refuse('signed_out', 401);
	const { account, township } = needTownship(event);
	const body = (await event.request.json().catch(() => null)) as Record<string, unknown> | null;
	const boxes = readBoxes(body?.boxes);
	const id = body?.id;
	if (!boxes || typeof id !== 'string' || !isId(id) || !isId(event.params.id))
		return refuse('bad_value', 400);
	const source = await photoFile(event.locals.db, township.id, event.params.id, 'redact');
	if (!source) return refuse('not_found', 404);
	if (!(await useQuota(event.locals.db, 'photo', 600))) return refuse('too_many', 429);
	const where = { townshipId: township.id, id, personId: account.id };
	return answer(() => redactPhoto(where, source, boxes));
};
