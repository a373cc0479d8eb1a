import { useQuota } from '$lib/data/accounts';
import { outlineOf } from '$lib/features/share/outline';
import { refuse } from '$lib/server/answer';
import { frameOf, previewOf } from '$lib/server/preview';
import { sharePdf } from '$lib/server/sharepdf';
import type { RequestHandler } from './$types';

/** The preview as a PDF. */
export const GET: RequestHandler = async (event) => {
	const content = await previewOf(event);
	if (!(await useQuota(event.locals.db, 'papers', 60))) return refuse('too_many', 429);
	return sharePdf(outlineOf(content, frameOf(event.params.township, content)));
};
