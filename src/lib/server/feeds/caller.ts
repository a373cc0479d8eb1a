import { addressOf } from '../address';
import type { RequestEvent } from '@sveltejs/kit';
import { backend } from '../backend';
import type { Caller } from './door';

/** Who asks at the address of a feed. Cookies do not count: the token alone does. */
export const callerOf = (event: RequestEvent & { params: { id: string } }): Caller => ({
	admin: backend().admin,
	request: event.request,
	address: addressOf(event),
	feed: event.params.id,
	base: `${event.url.origin}/feeds/${event.params.id}`
});
