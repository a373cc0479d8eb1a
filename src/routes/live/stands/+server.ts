import { error, json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** The number of a township's last event: whether anything happened since a page was read. */
export const GET: RequestHandler = ({ locals, url }) => {
	if (!locals.account) error(401, { message: 'signed_out', code: 'signed_out' });
	const asked = url.searchParams.get('township');
	const township = locals.account.townships.find((t) => t.id === asked);
	if (!township) error(404, { message: 'not_found', code: 'not_found' });
	return json({ stands: township.stands }, { headers: { 'Cache-Control': 'private, no-store' } });
};
