import { createHash } from 'node:crypto';
import { getLocale } from '$lib/i18n/paraglide/runtime';

/**
 * A rendered component as one small document: no script, its styles within. It is not one of SvelteKit's pages,
 * so that an old phone asks once and nothing of the program is sent along.
 */
export function bareDocument(
	{ head, body }: { head: string; body: string },
	headers: Record<string, string>,
	status = 200
): Response {
	const styles = [...head.matchAll(/<style[^>]*>([\s\S]*?)<\/style>/g)].map(
		([, css]) => `'sha256-${createHash('sha256').update(css!).digest('base64')}'`
	);
	const html = `<!doctype html><html lang="${getLocale()}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">${head}</head><body>${body}</body></html>`;
	return new Response(html, {
		status,
		headers: {
			'Content-Type': 'text/html; charset=utf-8',
			'Content-Security-Policy': `default-src 'none'; style-src ${styles.join(' ') || "'none'"}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
			...headers
		}
	});
}
