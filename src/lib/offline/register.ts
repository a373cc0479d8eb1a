/**
 * Registers the service worker and has it keep the shell of this page. Called by the phone page only; without
 * https there is none, and the page works while there is signal.
 */
export async function registerWorker(shellPath: string, dev = false): Promise<boolean> {
	if (!globalThis.navigator?.serviceWorker) return false;
	try {
		await navigator.serviceWorker.register('/service-worker.js', {
			scope: '/',
			...(dev ? { type: 'module' as const } : {})
		});
		const { active } = await navigator.serviceWorker.ready;
		active?.postMessage({ keepShell: shellPath });
		return true;
	} catch {
		return false;
	}
}
