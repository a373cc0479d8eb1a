import { error, type Handle } from '@sveltejs/kit';

const headers: Record<string, string> = {
	'X-Content-Type-Options': 'nosniff',
	// The origin alone: a map service's browser key is checked by Referer, a path would leak.
	'Referrer-Policy': 'strict-origin',
	'Cross-Origin-Opener-Policy': 'same-origin',
	'Permissions-Policy': 'camera=(self), geolocation=(self), microphone=(), payment=(), usb=()',
	'X-Frame-Options': 'DENY'
};

/** For answers that are no page of ours (data, pictures, files): nothing runs, nothing is loaded. */
const nothing =
	"default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/** Pages read through a link: kept nowhere, found by nobody, and their address is told to nobody (security.md 3.11). */
const ofLinks: Record<string, string> = {
	'Cache-Control': 'private, no-store',
	'X-Robots-Tag': 'noindex, nofollow, noarchive',
	'Referrer-Policy': 'same-origin'
};

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
	const ofLink = pathname.startsWith('/s/');
	if (crossSite && !ofLink) error(403, { message: 'cross-site request', code: 'cross_site' });
	// Under a link a refusal, too, is kept nowhere.
	const response = crossSite
		? new Response('cross-site request', { status: 403 })
		: await resolve(event);
	const own = response.headers.has('Content-Security-Policy');
	for (const [name, value] of Object.entries({
		...headers,
		...(ofLink && ofLinks),
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
	if (pathname.startsWith('/s/')) response.headers.delete('ETag');
	// The one page that stands in a frame, of our own: what a reader of a link will see.
	if (event.route.id === '/t/[township]/share/preview') frameable(response.headers);
	if (event.url.protocol === 'https:') {
		response.headers.set('Strict-Transport-Security', 'max-age=31536000; includeSubDomains');
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
