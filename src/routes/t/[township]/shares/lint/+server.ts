import { Failure } from '$lib/data/client';
import { readPreview } from '$lib/data/shared';
import { lintShare } from '$lib/domain/sharelint';
import { shareSubject } from '$lib/domain/shareops';
import { answer } from '$lib/server/answer';
import { makerOf, readAs } from '$lib/server/shares/maker';
import type { RequestHandler } from './$types';

/** What must be looked at before this leaves. */
export const POST: RequestHandler = (event) =>
	answer(async () => {
		const { db, townshipId } = await makerOf(event);
		const { kind, subject, options } = await readAs(event.request, shareSubject);
		const content = await readPreview(db, townshipId, kind, subject, options);
		if (!content) throw new Failure('not_found', '', 404);
		return { findings: lintShare(content), photos: content.photos };
	});
