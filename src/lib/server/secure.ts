import { error, type Handle } from '@sveltejs/kit';
import { always, httpsOnly, isLink, underLinks } from './headers';

/** For answers that are no page of ours (data, pictures, files): nothing runs, nothing is loaded. */
const nothing =
	"default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const safe = ['GET', 'HEAD', 'OPTIONS'];

/** Headers on every answer; a change is taken only from our own pages (SvelteKit checks forms only). */
export const secure: Handle = async ({ event, resolve }) => {
	event.locals.requestId = crypto.randomUUID();
	const { pathname, origin } = event.url;
	const dataApi = pathname.startsWith('/rest/v1/') || pathname.startsWith('/auth/v1/');
	const site = event.request.headers.get('sec-fetch-site');
	const crossSite =
		!dataApi &&
		!safe.includes(event.request.method) &&
		(event.request.headers.get('origin') !== origin || Boolean(site && site !== 'same-origin'));
	const ofLink = isLink(pathname);
	if (crossSite && !ofLink) error(403, { message: 'cross-site request', code: 'cross_site' });
	// Under a link a refusal, too, is kept nowhere.
	const response = crossSite
		? new Response('cross-site request', { status: 403 })
		: await resolve(event);
	const own = response.headers.has('Content-Security-Policy');
	for (const [name, value] of Object.entries({
		...always,
		...(ofLink && underLinks),
		...(!own && { 'Content-Security-Policy': nothing })
	})) {
		try {
			response.headers.set(name, value);
		} catch {
			// A redirect made by the runtime has immutable headers and no body to protect.
		}
	}
	// Some pages name over a hundred modules to fetch early; proxies refuse heads of more than 8 KB.
	const early = response.headers.get('Link');
	if (early && early.length > 3000)
		response.headers.set('Link', early.slice(0, early.lastIndexOf(', ', 3000)));
	// A mark of a page is a reason to keep it; error pages carry one too.
	if (ofLink) response.headers.delete('ETag');
	// The one page that stands in a frame, of our own: what a reader of a link will see.
	if (event.route.id === '/t/[township]/share/preview') frameable(response.headers);
	if (event.url.protocol === 'https:') {
		response.headers.set('Strict-Transport-Security', httpsOnly);
	}
	if (!response.headers.has('Cache-Control') && event.locals.account) {
		response.headers.set('Cache-Control', 'private, no-store');
	}
	return response;
};

function frameable(headers: Headers): void {
	headers.set('X-Frame-Options', 'SAMEORIGIN');
	const policy = headers.get('Content-Security-Policy');
	if (policy)
		headers.set(
			'Content-Security-Policy',
			policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
		);
}
