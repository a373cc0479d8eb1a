import { uuid } from '$lib/domain/id';
import { useQuota } from '$lib/data/accounts';
import { readRoom } from '$lib/data/meetings';
import { readWallMap } from '$lib/data/wallmap';
import { refuse } from '$lib/server/answer';
import { paperMap } from '$lib/map/papermap';
import { needTownship } from '$lib/server/guards';
import { meetingPapers } from '$lib/server/papers/meetingpapers';
import { printPapers } from '$lib/server/papers/print';
import { raster } from '$lib/server/papers/raster';
import type { RequestHandler } from './$types';

const types = {
	docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
	pdf: 'application/pdf'
};
const order = ['minutes', 'followup', 'people'];

/** 会议纪要, 督办单 or 任务清单, made anew from what is on record under the reader's own rights. */
export const GET: RequestHandler = async (event) => {
	const { locals, params } = event;
	if (!locals.account) return refuse('signed_out', 401);
	const { township } = needTownship(event);
	const asked = /^(minutes|followup|people)\.(docx|pdf)$/.exec(params.paper);
	if (!asked || !uuid.test(params.id)) return refuse('not_found', 404);
	if (!(await useQuota(locals.db, 'papers', 60))) return refuse('too_many', 429);
	const room = await readRoom(locals.db, township.id, params.id);
	if (!room) return refuse('not_found', 404);
	const map = asked[1] === 'minutes' ? await readWallMap(locals.db, township.id, null) : null;
	const places = room.decisions.flatMap((d) =>
		!d.withdrawnAt && d.where?.at ? [{ at: d.where.at, word: String(d.seq) }] : []
	);
	const paper = meetingPapers({
		room,
		township: township.name,
		picture: map && places.length ? await raster(paperMap(map, places)) : null,
		demo: township.demo
	})[order.indexOf(asked[1]!)]!;
	const ending = asked[2] as keyof typeof types;
	const sheet = (await printPapers([paper])).find((s) => s.ending === `.${ending}`);
	if (!sheet?.bytes) return refuse('not_printed', 503, sheet?.note ?? '');
	return new Response(sheet.bytes.slice(), {
		headers: {
			'Content-Type': types[ending],
			'Content-Disposition': `attachment; filename="file.${ending}"; filename*=UTF-8''${encodeURIComponent(`${room.title}${paper.name}`)}.${ending}`,
			'Cache-Control': 'private, no-store',
			'X-Content-Type-Options': 'nosniff',
			Vary: 'Cookie'
		}
	});
};
