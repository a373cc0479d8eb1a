import { addressOf } from '$lib/server/address';
import { json, redirect } from '@sveltejs/kit';
import { backend } from '$lib/server/backend';
import { keepDoor, readerOf } from '$lib/server/shares/cookies';
import { openDoor } from '$lib/server/shares/open';
import { subnet } from '$lib/server/sign-in';
import { readSmallForm } from '$lib/server/small-body';
import type { RequestHandler } from './$types';

/**
 * The secret in, a cookie out: the only request in which a link's secret ever travels. A page with scripts reads
 * JSON; a plain form is led back to the page.
 */
export const POST: RequestHandler = async (event) => {
	const form = await readSmallForm(event.request, 4000);
	const publicId = event.params.id;
	const done = await openDoor(backend().admin, {
		publicId,
		secret: form?.get('link') ?? '',
		passcode: form?.get('passcode') ?? '',
		net: subnet(addressOf(event)),
		reader: readerOf(event),
		userAgent: event.request.headers.get('user-agent') ?? ''
	});
	if ('door' in done) keepDoor(event, publicId, done.door);
	const scripted = event.request.headers.get('accept')?.includes('application/json');
	if (!scripted)
		redirect(303, `/s/${publicId}${'door' in done ? '' : 'wait' in done ? '?wait' : '?closed'}`);
	if ('door' in done) return json({ open: true });
	return 'wait' in done
		? json({ code: 'wait', seconds: done.wait }, { status: 429 })
		: json({ code: 'share_closed' }, { status: 403 });
};
