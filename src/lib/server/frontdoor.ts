import type { Handle } from '@sveltejs/kit';
import { addressOf } from './address';
import { backend } from './backend';

/** The Data API and Auth of the embedded backend, behind its allow-list; on Supabase they live elsewhere. */
export const frontDoor: Handle = async ({ event, resolve }) => {
	const { pathname } = event.url;
	if (!/^\/(rest|auth|storage|realtime|_system|static)(\/|$)/.test(pathname)) return resolve(event);
	const { handle } = backend();
	if (!handle) return new Response(null, { status: 404 });
	return handle(event.request, addressOf(event));
};
