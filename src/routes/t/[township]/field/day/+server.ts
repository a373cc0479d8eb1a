import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip as deflate } from 'node:zlib';
import { error, json } from '@sveltejs/kit';
import { readFieldDay } from '$lib/data/field';
import { backend } from '$lib/server/backend';
import { needTownship } from '$lib/server/guards';
import type { RequestHandler } from './$types';

const gzip = promisify<string, Buffer>(deflate);

/** Everything a phone needs for a day without signal, and who it is for. */
export const GET: RequestHandler = async (event) => {
	const { account } = event.locals;
	if (!account) return json({ reason: 'signed_out' }, { status: 401 });
	const { township } = needTownship(event);
	const day = await readFieldDay(event.locals.db, township.id);
	if (!day) error(404, { message: 'not_found', code: 'not_found' });
	const { publishableKey, handle, url } = backend();
	const { id, accountId, name, memberships } = account;
	const known = {
		me: { id, accountId, name, memberships, districtId: township.districtId },
		day,
		live: { url: handle ? null : url, key: publishableKey }
	};
	// A phone asks often and little changes: a mark of all but the moment saves the line.
	const { at: _, ...still } = day as typeof day & { at?: string };
	const mark = createHash('sha256')
		.update(JSON.stringify({ ...known, day: still }))
		.digest('base64url')
		.slice(0, 22);
	if (event.url.searchParams.get('mark') === mark) return new Response(null, { status: 204 });
	const text = JSON.stringify({ ...known, readAt: new Date().toISOString(), mark });
	const small = event.request.headers.get('accept-encoding')?.includes('gzip');
	return new Response(small ? new Uint8Array(await gzip(text)) : text, {
		headers: {
			'Content-Type': 'application/json',
			'Cache-Control': 'private, no-store',
			Vary: 'Accept-Encoding',
			...(small ? { 'Content-Encoding': 'gzip' } : {})
		}
	});
};
