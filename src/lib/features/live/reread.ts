import { invalidate } from '$app/navigation';
import { navigating } from '$app/state';

/** So many readings are under way, each of something that is on the screen already. */
let under = 0;
let plain: typeof fetch | null = null;
/** How long a server may be away before the page says so, ms. */
const patience = 120_000;

/**
 * SvelteKit shows its error page when what is read again cannot be had, and so would every wall map in the
 * building each time the server starts anew. It reads through `window.fetch` so that this can be replaced:
 * while something is read again, answers that say nothing about the page itself are waited out, whole.
 */
function wait() {
	if (plain) return;
	plain = window.fetch;
	window.fetch = async (input, init) => {
		const ask = plain!;
		const address = input instanceof Request ? input.url : String(input);
		if (!under || !address.includes('/__data.json')) return ask(input, init);
		const began = performance.now();
		for (let pause = 250; ; pause = Math.min(pause * 2, 1000)) {
			const late = performance.now() - began > patience;
			try {
				const answer = await ask(input, init);
				if (answer.status < 500 || late)
					return new Response(await answer.arrayBuffer(), {
						status: answer.status,
						headers: answer.headers
					});
			} catch (fault) {
				if (late) throw fault;
			}
			await new Promise((again) => setTimeout(again, pause));
		}
	};
}

/**
 * Reads again what depends on `key`. SvelteKit drops the navigation that is under way when something is
 * invalidated, so that a link pressed just before somebody else's change came in would do nothing: whoever is
 * leaving leaves first. A navigation shows in `navigating` only some microtasks after it began (who saves and then
 * calls `goto` has both in one turn), so a whole turn is waited before looking.
 */
export async function reread(key: `xt:${string}`): Promise<void> {
	wait();
	for (;;) {
		await new Promise((turn) => setTimeout(turn));
		if (!navigating.complete) break;
		await navigating.complete.catch(() => undefined);
	}
	under++;
	try {
		await invalidate(key);
	} finally {
		under--;
	}
}
