/// <reference no-default-lib="true"/>
/// <reference lib="esnext" />
/// <reference lib="webworker" />
/// <reference types="@sveltejs/kit" />
/**
 * Lets the phone page open without signal, and sends what waits when the browser wakes it. It keeps code and the
 * page's empty shell (`ssr = false`: the same for everybody); never an answer with data, never a photo.
 * Registered by the phone page alone (`$lib/offline/register`), so the rest of the app runs as without it.
 */
import { build, files, version } from '$service-worker';
import { openOutbox } from '$lib/offline/browser';

const self = globalThis.self as unknown as ServiceWorkerGlobalScope;
const codeName = `xt-code-${version}`;
/** Of all versions: a shell asks only for code whose names hold a hash. */
const shellName = 'xt-shell';
const shell = /^\/t\/[0-9a-f-]{36}\/field(\/[a-z]+)?$/;
const code = new Set([...build, ...files]);

self.addEventListener('install', (event) => {
	// All or nothing: a version that is here half would open to a white page without signal.
	event.waitUntil(
		caches
			.open(codeName)
			.then((cache) => cache.addAll([...code]))
			.then(() => self.skipWaiting())
	);
});

self.addEventListener('activate', (event) => {
	event.waitUntil(
		(async () => {
			await self.clients.claim();
			// The shells of pages that were open come anew with their own version's code.
			const kept = await renewShells();
			for (const name of await caches.keys())
				if (name.startsWith('xt-code-') && name !== codeName && kept) await caches.delete(name);
		})()
	);
});

self.addEventListener('fetch', (event) => {
	const { request } = event;
	const url = new URL(request.url);
	if (request.method !== 'GET' || url.origin !== self.location.origin) return;
	if (request.mode === 'navigate') {
		if (shell.test(url.pathname)) event.respondWith(page(request, url.pathname));
	} else if (code.has(url.pathname) || url.pathname.startsWith('/_app/immutable/'))
		event.respondWith(fromCode(request, url.pathname));
});

/** The page tells which shell to keep, because the first visit came before this worker. */
self.addEventListener('message', (event) => {
	const path = (event.data as { keepShell?: string } | null)?.keepShell;
	if (path && shell.test(path)) event.waitUntil(keepShell(path));
});

/** The newest page where there is signal, else the kept shell. A hotel's page is shown, but never kept. */
async function page(request: Request, path: string): Promise<Response> {
	try {
		const answer = await fetch(request, { signal: AbortSignal.timeout(6000) });
		if (answer.status < 500) {
			if (isShell(answer)) await put(path, answer.clone());
			return answer;
		}
		return (await kept(path)) ?? answer;
	} catch {
		return (await kept(path)) ?? Response.error();
	}
}
const kept = (path: string) => caches.open(shellName).then((cache) => cache.match(path));
const put = (path: string, answer: Response) =>
	caches.open(shellName).then((cache) => cache.put(path, answer));
/** SvelteKit's own page of this origin; every other answer under this address is somebody else's. */
const isShell = (answer: Response) =>
	answer.ok && !answer.redirected && answer.headers.has('x-sveltekit-page');

async function keepShell(path: string): Promise<boolean> {
	try {
		const answer = await fetch(path, { headers: { accept: 'text/html' } });
		if (isShell(answer)) await put(path, answer);
		return isShell(answer);
	} catch {
		return false;
	}
}
/** True when every shell was renewed; until then the code of the version before stays too. */
async function renewShells(): Promise<boolean> {
	const cache = await caches.open(shellName);
	const done = await Promise.all(
		(await cache.keys()).map((request) => keepShell(new URL(request.url).pathname))
	);
	return done.every(Boolean);
}

/** Names hold a hash or belong to this version: what is here is right. An older shell finds its older code. */
async function fromCode(request: Request, path: string): Promise<Response> {
	const mine = await (await caches.open(codeName)).match(path);
	return mine ?? (await caches.match(path)) ?? fetch(request);
}

type SyncEvent = ExtendableEvent & { tag: string };
/** Signal came back while no page was open (Chromium). */
self.addEventListener('sync' as 'install', (event) => {
	const { tag } = event as unknown as SyncEvent;
	const township = /^xt-send:([0-9a-f-]{36})$/.exec(tag)?.[1];
	if (township) event.waitUntil(sendAll(township));
});
async function sendAll(township: string): Promise<void> {
	const { outbox, close } = await openOutbox(township);
	try {
		await outbox.send();
	} finally {
		close();
	}
	// Thrown so that the browser tries again by its own measure.
	if (outbox.pending.length) throw new Error('not all sent');
}
