import { addressOf } from '$lib/server/address';
import { error } from '@sveltejs/kit';
import type { ComponentProps } from 'svelte';
import { render } from 'svelte/server';
import { tryGate } from '$lib/data/accounts';
import { Failure } from '$lib/data/client';
import { readPublicNotice, readReceipt, sendObjection } from '$lib/data/publicnotices';
import type { PublicNotice } from '$lib/domain/publicnotice';
import PublicPage from '$lib/features/notices/PublicPage.svelte';
import * as m from '$lib/i18n/paraglide/messages';
import { getLocale } from '$lib/i18n/paraglide/runtime';
import { backend } from '$lib/server/backend';
import { bareDocument } from '$lib/server/noticepage';
import { subnet } from '$lib/server/sign-in';
import type { RequestEvent, RequestHandler } from './$types';

const id = /^[0-9a-f]{10}$/;

const noticePage = (
	props: ComponentProps<typeof PublicPage>,
	headers: Record<string, string>,
	status = 200
): Response => bareDocument(render(PublicPage, { props }), headers, status);

/** Nothing may answer for the township's notice after it is down: every reader asks again, and is told "the same" cheaply. */
const headersOf = (notice: PublicNotice): Record<string, string> => ({
	'Cache-Control': 'no-cache',
	Vary: 'Accept-Language, Cookie',
	ETag: `"${notice.tag}-${getLocale()}"`,
	...(!(notice.state === 'up' && notice.content && notice.indexed) && {
		'X-Robots-Tag': 'noindex, nofollow, noarchive'
	})
});

async function noticeOf(event: RequestEvent, tag: string): Promise<PublicNotice> {
	const { id: asked } = event.params;
	const notice = id.test(asked) ? await readPublicNotice(backend().admin, asked, tag) : null;
	if (!notice) error(404, { message: 'not_found', code: 'not_found' });
	return notice;
}

export const GET: RequestHandler = async (event) => {
	const known = /^(?:W\/)?"([0-9a-z-]+)-(?:zh-CN|en)"$/.exec(
		event.request.headers.get('if-none-match') ?? ''
	);
	const same = known?.[0].endsWith(`-${getLocale()}"`) ? known[1]! : '';
	const notice = await noticeOf(event, same);
	if (same && notice.tag === same)
		return new Response(null, { status: 304, headers: headersOf(notice) });
	return noticePage({ notice }, headersOf(notice), notice.state === 'down' ? 410 : 200);
};

/** An objection, or a receipt: both count against whoever sends too many. */
export const POST: RequestHandler = async (event) => {
	const { admin } = backend();
	const notice = await noticeOf(event, '');
	const headers = {
		...headersOf(notice),
		'Cache-Control': 'no-store',
		'X-Robots-Tag': 'noindex, nofollow'
	};
	if (notice.state === 'down') return noticePage({ notice }, headers, 410);
	const form = await event.request.formData();
	const field = (name: string) => String(form.get(name) ?? '').trim();
	const net = subnet(addressOf(event));
	const fail = (text: string, status: number) =>
		noticePage(
			{
				notice,
				said: { kind: 'error', text },
				typed: { text: field('text'), name: field('name'), phone: field('phone') }
			},
			headers,
			status
		);
	const looks = field('act') === 'receipt';
	const gate = looks ? (['notice-receipt', 20] as const) : (['notice-object', 6] as const);
	const seconds = await tryGate(admin, gate[0], net, 'ask', gate[1]);
	if (seconds > 0) return fail(m.notices_public_err_many({ n: seconds }), 429);
	if (looks) {
		const found = await readReceipt(admin, event.params.id, field('receipt').toLowerCase());
		if (!found) await tryGate(admin, gate[0], net, 'failed', gate[1]);
		return noticePage({ notice, said: { kind: 'receipt', found } }, headers, found ? 200 : 404);
	}
	if (!field('text')) return fail(m.notices_public_err_empty(), 400);
	try {
		await tryGate(admin, gate[0], net, 'failed', gate[1]);
		const sent = await sendObjection(admin, {
			public_id: event.params.id,
			text: field('text'),
			contact_name: field('name'),
			contact_phone: field('phone')
		});
		const now = await noticeOf(event, '');
		if (!sent) return noticePage({ notice: now }, headers, 410);
		return noticePage(
			{ notice: now, said: { kind: 'thanks', receipt: sent.receipt } },
			headers,
			201
		);
	} catch (failure) {
		if (!(failure instanceof Failure)) throw failure;
		switch (failure.code) {
			case 'id_number':
			case 'bank_number':
				return fail(m.notices_public_err_id(), 400);
			case 'too_long':
			case 'bad_value':
				return fail(m.notices_public_err_long(), 400);
			case 'outside_window':
				return fail(m.notices_public_closed(), 403);
			case 'too_many':
				return fail(m.notices_public_err_flood(), 429);
			default:
				throw failure;
		}
	}
};
