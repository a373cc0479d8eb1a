import { noticeHtml, noticePolicy } from '$lib/server/notice';
import { noticeFor } from '$lib/server/notice-of';
import type { RequestHandler } from './$types';

/** The 通报, to print: a page of its own that holds nothing but the document. */
export const GET: RequestHandler = async (event) => {
	const { notice, back } = await noticeFor(event);
	return new Response(noticeHtml(notice, back), {
		headers: {
			'Content-Type': 'text/html; charset=utf-8',
			'Content-Security-Policy': noticePolicy,
			'Cache-Control': 'private, no-store'
		}
	});
};
