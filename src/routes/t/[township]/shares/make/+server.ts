import { shareWish } from '$lib/domain/shareops';
import { answer } from '$lib/server/answer';
import { makeShare } from '$lib/server/shares/make';
import { makerOf, readAs } from '$lib/server/shares/maker';
import type { RequestHandler } from './$types';

/** A link; its secret is in this answer alone. */
export const POST: RequestHandler = (event) =>
	answer(async () => makeShare(await makerOf(event), await readAs(event.request, shareWish)));
