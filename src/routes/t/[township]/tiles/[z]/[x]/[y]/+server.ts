import { error } from '@sveltejs/kit';
import { readTile } from '$lib/data/tiles';
import { encodeTile, type Mark } from '$lib/server/tile';
import type { RequestHandler } from './$types';

const whole = (text: string) => (/^\d{1,6}$/.test(text) ? Number(text) : -1);

/** A vector tile of today's tasks. The database asks once whether this reader may see the township. */
export const GET: RequestHandler = async ({ locals, params, request }) => {
	if (!locals.account) error(403, { message: 'signed_out', code: 'signed_out' });
	const place = [whole(params.z), whole(params.x), whole(params.y)] as const;
	const known = locals.account.townships.some((t) => t.id === params.township);
	const seen = request.headers.get('if-none-match')?.match(/^(?:W\/)?"(.+)"$/)?.[1] ?? null;
	const tile = known ? await readTile<Mark>(locals.db, params.township, place, seen) : null;
	if (!tile) error(404, { message: 'not_found', code: 'not_found' });
	// Kept by this browser alone, and asked about each time: an edit shows at once, the rest costs a 304.
	const headers = {
		ETag: `"${tile.tag}"`,
		'Cache-Control': 'private, no-cache',
		Vary: 'Cookie'
	};
	if (!tile.points) return new Response(null, { status: 304, headers });
	const bytes = encodeTile(...place, tile.points, tile.today!);
	return new Response(bytes as BodyInit, {
		headers: { ...headers, 'Content-Type': 'application/vnd.mapbox-vector-tile' }
	});
};
