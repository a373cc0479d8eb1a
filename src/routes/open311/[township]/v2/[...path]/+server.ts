import { addressOf } from '$lib/server/address';
import { backend } from '$lib/server/backend';
import { open311Answer } from '$lib/server/feeds/open311';
import type { RequestHandler } from './$types';

/** Public cleanup spots, where the township shows them. */
export const GET: RequestHandler = (event) =>
	open311Answer(
		{
			admin: backend().admin,
			address: addressOf(event),
			township: event.params.township,
			query: event.url.searchParams
		},
		event.params.path
	);
