/**
 * Headers of every answer, in one place: `src/start.js` puts them on what the runtime itself answers (files, its own
 * refusals), `secure.ts` on what the app answers. Plain JavaScript, for `src/start.js` runs unbuilt.
 */

/** @type {Record<string, string>} */
export const always = {
	'X-Content-Type-Options': 'nosniff',
	// The origin alone: a map service's browser key is checked by Referer, a path would leak.
	'Referrer-Policy': 'strict-origin',
	'Cross-Origin-Opener-Policy': 'same-origin',
	'Permissions-Policy': 'camera=(self), geolocation=(self), microphone=(), payment=(), usb=()',
	'X-Frame-Options': 'DENY'
};

/**
 * Pages read through a link: kept nowhere, found by nobody, and their address is told to nobody (security.md 3.11).
 * @type {Record<string, string>}
 */
export const underLinks = {
	'Cache-Control': 'private, no-store',
	'X-Robots-Tag': 'noindex, nofollow, noarchive',
	'Referrer-Policy': 'same-origin'
};

/** @param {string | undefined} path of a request, with or without a query */
export const isLink = (path) => Boolean(path?.startsWith('/s/'));

/** For a site that browsers reach by https. */
export const httpsOnly = 'max-age=31536000; includeSubDomains';
