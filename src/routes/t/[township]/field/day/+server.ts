import { error, json } from '@sveltejs/kit';
import { readFieldDay } from '$lib/data/field';
import { backend } from '$lib/server/backend';
import { needTownship } from '$lib/server/guards';
import type { RequestHandler } from './$types';

/** Everything a phone needs for a day without signal, and who it is for. */
export const GET: RequestHandler = async (event) => {
	const { account } = event.locals;
	if (!account) return json({ reason: 'signed_out' }, { status: 401 });
	const { township } = needTownship(event);
	const day = await readFieldDay(event.locals.db, township.id);
	if (!day) error(404, { message: 'not_found', code: 'not_found' });
	const { publishableKey, handle, url } = backend();
	const { id, accountId, name, memberships } = account;
	return json({
		me: { id, accountId, name, memberships, districtId: township.districtId },
		day,
		live: { url: handle ? null : url, key: publishableKey },
		readAt: new Date().toISOString()
	});
};
