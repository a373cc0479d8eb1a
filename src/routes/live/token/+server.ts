import { error, json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** A short token for the live channel: the page's cookies are closed to scripts. */
export const GET: RequestHandler = async ({ locals }) => {
	const { data } = await locals.db.auth.getSession();
	if (!locals.account || !data.session) error(401, { message: 'signed_out', code: 'signed_out' });
	return json(
		{ token: data.session.access_token },
		{ headers: { 'Cache-Control': 'private, no-store' } }
	);
};
