import { randomBytes } from 'node:crypto';
import type { RequestEvent } from '@sveltejs/kit';

type Event = Pick<RequestEvent, 'cookies' | 'url'>;

// Without https a browser takes no __Host- cookie.
const named = ({ url }: Pick<Event, 'url'>, name: string) =>
	(url.protocol === 'https:' ? '__Host-s-' : 's-') + name;
const closed = ({ url }: Pick<Event, 'url'>) =>
	({ path: '/', httpOnly: true, sameSite: 'lax', secure: url.protocol === 'https:' }) as const;

/** The door to a shared page that this browser holds; '' without one. */
export const doorOf = (event: Event, publicId: string): string =>
	event.cookies.get(named(event, publicId)) ?? '';

export function keepDoor(event: Event, publicId: string, door: string): void {
	event.cookies.set(named(event, publicId), door, { ...closed(event), maxAge: 2 * 60 * 60 });
}

/** Tells this reader's looks apart, so that a page can say what changed since the last one. */
export function readerOf(event: Event): string {
	const name = named(event, 'r');
	const had = event.cookies.get(name);
	const reader = had && /^[\w-]{43}$/.test(had) ? had : randomBytes(32).toString('base64url');
	event.cookies.set(name, reader, { ...closed(event), maxAge: 180 * 24 * 60 * 60 });
	return reader;
}
