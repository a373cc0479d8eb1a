import { uuid } from '$lib/domain/id';
import { sharedPhoto } from '$lib/data/shares';
import { backend } from '$lib/server/backend';
import { refuse } from '$lib/server/answer';
import { doorOf } from '$lib/server/shares/cookies';
import { sendCopy } from '$lib/server/shares/copy';
import type { RequestHandler } from './$types';

/** A photo of the page, never another: the database asks the door. Only copies without metadata leave. */
export const GET: RequestHandler = async (event) => {
	const { id, photo, size } = event.params;
	if (size === 'original' || !uuid.test(photo)) return refuse('not_found', 404);
	const file = await sharedPhoto(backend().admin, id, doorOf(event, id), photo);
	return file ? sendCopy(file, size) : refuse('not_found', 404);
};
