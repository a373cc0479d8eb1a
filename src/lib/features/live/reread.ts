import { invalidate } from '$app/navigation';
import { navigating } from '$app/state';

/**
 * Reads again what depends on `key`. SvelteKit drops the navigation that is under way when something is
 * invalidated, so that a link pressed just before somebody else's change came in would do nothing: whoever is
 * leaving leaves first.
 */
export async function reread(key: `xt:${string}`): Promise<void> {
	await navigating.complete?.catch(() => undefined);
	await invalidate(key);
}
