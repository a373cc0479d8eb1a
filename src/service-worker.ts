/// <reference types="@sveltejs/kit" />
/// <reference no-default-lib="true"/>
/// <reference lib="esnext" />
/// <reference lib="webworker" />
import { build, files, version } from '$service-worker';

/**
 * Lets the phone page open without signal. It keeps the program and the page's empty shell, nothing else: no
 * answer of the database, no photo, no name is ever in its cache. Registered for `/t/<township>/field` alone,
 * so the rest of the program never passes through here.
 */
const self = globalThis.self as unknown as ServiceWorkerGlobalScope;
const program = `program-${version}`;
/** Kept over versions: a shell of the last version is better than none, and is replaced when there is signal. */
const shells = 'shells';
const patience = 5_000;

const isField = (path: string) => /^\/t\/[0-9a-f-]{36}\/field(\/desk)?$/.test(path);
const isFieldData = (path: string) =>
	/^\/t\/[0-9a-f-]{36}\/field(\/desk)?\/__data\.json$/.test(path);
const kept = new Set([...build, ...files]);

self.addEventListener('install', (event) => {
	event.waitUntil(
		caches
			.open(program)
			.then((cache) => cache.addAll([...kept]))
			.then(() => self.skipWaiting())
	);
});

self.addEventListener('activate', (event) => {
	event.waitUntil(
		(async () => {
			const names = await caches.keys();
			// The version before stays as well: a shell that still names its files must find them.
			const old = names.filter((n) => n.startsWith('program-') && n !== program).slice(0, -1);
			await Promise.all(old.map((n) => caches.delete(n)));
			await self.clients.claim();
		})()
	);
});

/** The page asks for its own shell to be kept, as soon as it is open. */
self.addEventListener('message', (event) => {
	const path = (event.data as { keep?: string } | null)?.keep;
	if (!path || !isField(path)) return;
	event.waitUntil(Promise.allSettled([path, `${path}/desk`].map((p) => fresh(new Request(p), p))));
});

self.addEventListener('fetch', (event) => {
	const { request } = event;
	if (request.method !== 'GET') return;
	const url = new URL(request.url);
	if (url.origin !== self.location.origin) return;
	// Pages read through a link are never kept.
	if (url.pathname.startsWith('/s/')) return;
	if (kept.has(url.pathname) || url.pathname.startsWith('/_app/immutable/')) {
		event.respondWith(
			caches.match(request, { ignoreSearch: true }).then((hit) => hit ?? fetch(request))
		);
	} else if ((request.mode === 'navigate' && isField(url.pathname)) || isFieldData(url.pathname)) {
		event.respondWith(fresh(request, url.pathname));
	}
});

/** From the server while it answers in time, else what was kept; the query never matters to the shell. */
async function fresh(request: Request, path: string): Promise<Response> {
	const cache = await caches.open(shells);
	try {
		const response = await fetch(request, { signal: AbortSignal.timeout(patience) });
		// Only the shell itself: a page to sign in or an error must not take its place.
		if (response.ok && !response.redirected) await cache.put(path, response.clone());
		return response;
	} catch (problem) {
		const hit = await cache.match(path);
		if (hit) return hit;
		throw problem;
	}
}
