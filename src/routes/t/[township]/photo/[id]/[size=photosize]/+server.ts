import { photoFile } from '$lib/data/photos';
import { needTownship } from '$lib/server/guards';
import { refuse } from '$lib/server/answer';
import { fetchPhoto } from '$lib/server/photos/store';
import type { PhotoSize } from '$lib/domain/photo';
import { uuid } from '$lib/domain/id';
import type { RequestHandler } from './$types';

/** A photo's bytes. The database says which file under the caller's own rights; then it is fetched. */
export const GET: RequestHandler = async (event) => {
	if (!event.locals.account) return refuse('signed_out', 401);
	const { township } = needTownship(event);
	const size = event.params.size as PhotoSize;
	if (!uuid.test(event.params.id)) return refuse('not_found', 404);
	const file = await photoFile(event.locals.db, township.id, event.params.id, size);
	if (!file) return refuse('not_found', 404);
	const etag = `"${file.sha256}-${size}"`;
	const headers = {
		'Content-Type': file.type,
		'Content-Disposition': `inline; filename="${file.id}-${size}.${file.type.slice(6)}"`,
		// Whatever it is, it is looked at as a picture and does nothing.
		'Content-Security-Policy': "default-src 'none'; sandbox",
		'Cross-Origin-Resource-Policy': 'same-origin',
		// A file never changes; who stands in for a redacted one may.
		'Cache-Control': file.settled ? 'private, max-age=604800, immutable' : 'private, no-cache',
		// Another person at the same machine asks again.
		Vary: 'Cookie',
		ETag: etag
	};
	if (event.request.headers.get('if-none-match') === etag)
		return new Response(null, { status: 304, headers });
	const bytes = await fetchPhoto(township.id, file.id, file.sha256, size);
	return new Response(bytes, { headers });
};
