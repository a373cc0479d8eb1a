import { dev, version } from '$app/environment';

/**
 * Keeps this page and the code it has loaded, because the first visit happened before the service worker
 * was there. Also what a page needs only later: reading a photo's own place, the recovery desk.
 */
export async function keepShell(townshipId: string): Promise<void> {
	if (!('caches' in globalThis) || !navigator.serviceWorker) return;
	// For this page alone: the rest of the program never passes through it.
	await navigator.serviceWorker
		.register('/service-worker.js', {
			scope: `/t/${townshipId}/field`,
			type: dev ? 'module' : 'classic'
		})
		.catch(() => undefined);
	await Promise.allSettled([
		import('$lib/geo/exif'),
		import('./DeskPage.svelte'),
		navigator.serviceWorker.ready
	]);
	const cache = await caches.open(`xt-shell-${version}`);
	const code = [
		...performance.getEntriesByType('resource').map((entry) => entry.name),
		...[...document.querySelectorAll<HTMLLinkElement>('link[href]')].map((link) => link.href)
	].filter((url) => new URL(url).pathname.startsWith('/_app/'));
	const pages = [`/t/${townshipId}/field`, `/t/${townshipId}/field/desk`];
	for (const url of [...new Set([...code, ...pages])]) {
		if (await cache.match(url)) continue;
		await cache.add(url).catch(() => undefined);
	}
}
