import { uuid } from '$lib/domain/id';
import { useQuota } from '$lib/data/accounts';
import { readNotice } from '$lib/data/publicnotices';
import { refuse } from '$lib/server/answer';
import { needTownship } from '$lib/server/guards';
import { noticePaper } from '$lib/server/papers/noticepaper';
import { printPapers } from '$lib/server/papers/print';
import type { RequestHandler } from './$types';

const types = {
	docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
	pdf: 'application/pdf'
};

/** The sheet for the board: what the public page shows, or the draft, marked as one. */
export const GET: RequestHandler = async (event) => {
	const { locals, params } = event;
	if (!locals.account) return refuse('signed_out', 401);
	const { township } = needTownship(event);
	const ending = /^notice\.(docx|pdf)$/.exec(params.paper)?.[1] as keyof typeof types | undefined;
	if (!ending || !uuid.test(params.id)) return refuse('not_found', 404);
	if (!(await useQuota(locals.db, 'papers', 60))) return refuse('too_many', 429);
	const notice = await readNotice(locals.db, township.id, params.id);
	const content = notice?.content ?? notice?.draft;
	if (!notice || !content || notice.emptiedOn) return refuse('not_found', 404);
	const paper = noticePaper(content, notice.content ? notice.publishedAt : null);
	const sheet = (await printPapers([paper])).find((s) => s.ending === `.${ending}`);
	if (!sheet?.bytes) return refuse('not_printed', 503, sheet?.note ?? '');
	return new Response(sheet.bytes.slice(), {
		headers: {
			'Content-Type': types[ending],
			'Content-Disposition': `attachment; filename="file.${ending}"; filename*=UTF-8''${encodeURIComponent(content.title)}.${ending}`,
			'Cache-Control': 'private, no-store',
			'X-Content-Type-Options': 'nosniff',
			Vary: 'Cookie'
		}
	});
};
