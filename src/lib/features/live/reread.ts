import { invalidate } from '$app/navigation';
import { navigating } from '$app/state';

/**
 * Reads again what depends on `key`. SvelteKit drops the navigation that is under way when something is
 * invalidated, so that a link pressed just before somebody else's change came in would do nothing: whoever is
 * leaving leaves first. A navigation shows in `navigating` only some microtasks after it began (who saves and then
 * calls `goto` has both in one turn), so a whole turn is waited before looking.
 */
export async function reread(key: `xt:${string}`): Promise<void> {
	for (;;) {
		await new Promise((turn) => setTimeout(turn));
		if (!navigating.complete) break;
		await navigating.complete.catch(() => undefined);
	}
	await invalidate(key);
}
