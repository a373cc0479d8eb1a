import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Handle } from '@sveltejs/kit';

const press = {
	br: (b: Uint8Array) =>
		promisify(brotliCompress)(b, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
	gzip: promisify(gzip)
} as const;

/**
 * Pages that officials read by link are sent compressed: 20 KB a page on any phone. Only these, and only
 * when they are asked for: they hold no secret and print nothing that whoever asks sent along (BREACH).
 */
export const compress: Handle = async ({ event, resolve }) => {
	const response = await resolve(event);
	const asked = event.request.headers.get('accept-encoding') ?? '';
	const way = /\bbr\b/.test(asked) ? 'br' : /\bgzip\b/.test(asked) ? 'gzip' : null;
	const shared =
		event.request.method === 'GET' &&
		/^\/(s\/\[|t\/\[township\]\/share\/)/.test(event.route.id ?? '');
	if (!shared || !response.headers.get('content-type')?.startsWith('text/html')) return response;
	const headers = new Headers(response.headers);
	headers.append('Vary', 'Accept-Encoding');
	if (!way || response.headers.has('content-encoding'))
		return new Response(response.body, { ...init(response), headers });
	const body = await press[way](new Uint8Array(await response.arrayBuffer()));
	headers.set('Content-Encoding', way);
	headers.set('Content-Length', String(body.byteLength));
	headers.delete('ETag');
	return new Response(new Uint8Array(body), { ...init(response), headers });
};
const init = ({ status, statusText }: Response) => ({ status, statusText });
