import { sharedCard } from '$lib/data/shares';
import { isPublicId } from '$lib/domain/share';
import { backend } from '$lib/server/backend';
import { refuse } from '$lib/server/answer';
import { sendCopy } from '$lib/server/shares/copy';
import type { RequestHandler } from './$types';

/** The one picture whose owner allows it on preview cards in chats. */
export const GET: RequestHandler = async ({ params }) => {
	const file = isPublicId(params.id) ? await sharedCard(backend().admin, params.id) : null;
	return file ? sendCopy(file, 'small') : refuse('not_found', 404);
};
