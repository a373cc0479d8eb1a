/// <reference lib="webworker" />
/// <reference types="@sveltejs/kit" />
/** Lets the phone page open without signal: its empty shell and its code. What people wrote never lies here. */
import { version } from '$service-worker';

const self = globalThis.self as unknown as ServiceWorkerGlobalScope;
/** Filled by the page itself (`features/field/shell.ts`) and by what it fetches later. */
const cacheName = `xt-shell-${version}`;
const shell = /^\/t\/[0-9a-f-]{36}\/field(\/desk)?$/;

self.addEventListener('install', () => void self.skipWaiting());
self.addEventListener('activate', (event) => {
	event.waitUntil(
		(async () => {
			for (const name of await caches.keys())
				if (name.startsWith('xt-shell-') && name !== cacheName) await caches.delete(name);
			await self.clients.claim();
		})()
	);
});

self.addEventListener('fetch', (event) => {
	const { request } = event;
	const url = new URL(request.url);
	if (request.method !== 'GET' || url.origin !== self.location.origin) return;
	if (request.mode === 'navigate' && shell.test(url.pathname))
		event.respondWith(page(request, url.pathname));
	else if (url.pathname.startsWith('/_app/immutable/')) event.respondWith(code(request));
});

/** The newest shell where there is signal, else the kept one. */
async function page(request: Request, pathname: string): Promise<Response> {
	const cache = await caches.open(cacheName);
	try {
		const answer = await fetch(request, { signal: AbortSignal.timeout(6000) });
		if (answer.ok && !answer.redirected) await cache.put(pathname, answer.clone());
		return answer;
	} catch {
		return (await cache.match(pathname)) ?? Response.error();
	}
}

/** Names hold a hash of the content: what is here once is right for ever. */
async function code(request: Request): Promise<Response> {
	const cache = await caches.open(cacheName);
	const kept = await cache.match(request.url);
	if (kept) return kept;
	const answer = await fetch(request);
	if (answer.ok) await cache.put(request.url, answer.clone());
	return answer;
}
