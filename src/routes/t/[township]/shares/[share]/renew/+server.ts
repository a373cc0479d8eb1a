import { answer } from '$lib/server/answer';
import { renewShare } from '$lib/server/shares/make';
import { makerOf } from '$lib/server/shares/maker';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = (event) =>
	answer(async () => renewShare(await makerOf(event), event.params.share));
