import { tryGate } from '$lib/data/accounts';
import { readShared } from '$lib/data/shares';
import { outlineOf } from '$lib/features/share/outline';
import { refuse } from '$lib/server/answer';
import { backend } from '$lib/server/backend';
import { sharePdf } from '$lib/server/sharepdf';
import { doorOf } from '$lib/server/shares/cookies';
import { shareFrame } from '$lib/server/shares/frame';
import type { RequestHandler } from './$types';

/** The page behind a door as a PDF; so many an hour for each link, as printing costs a process. */
export const GET: RequestHandler = async (event) => {
	const { id } = event.params;
	const { admin } = backend();
	const page = await readShared(admin, id, doorOf(event, id));
	if (!page) return refuse('not_found', 404);
	if ((await tryGate(admin, 'share-pdf', id, 'failed', 30)) > 0) return refuse('too_many', 429);
	return sharePdf(outlineOf(page.content, shareFrame(page)));
};
