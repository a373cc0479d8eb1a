import type { RequestEvent } from '@sveltejs/kit';
import { isIP } from 'node:net';

/**
 * The address a request came from, as ADDRESS_HEADER and XFF_DEPTH say it is to be read. A request that went past
 * the proxies carries no such header: all of those share one name, so that limits hold for them together.
 */
export function addressOf(event: Pick<RequestEvent, 'getClientAddress'>): string {
	try {
		const address = event.getClientAddress().trim();
		return isIP(address) ? address : 'unknown';
	} catch {
		return 'unknown';
	}
}
