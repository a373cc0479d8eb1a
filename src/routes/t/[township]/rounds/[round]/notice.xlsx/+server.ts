import { noticeXlsx } from '$lib/server/notice';
import { noticeFor } from '$lib/server/notice-of';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async (event) => {
	const { notice } = await noticeFor(event);
	const name = encodeURIComponent(`${notice.title}通报.xlsx`);
	return new Response((await noticeXlsx(notice)) as BodyInit, {
		headers: {
			'Content-Type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
			'Content-Disposition': `attachment; filename*=UTF-8''${name}`,
			'Cache-Control': 'private, no-store'
		}
	});
};
