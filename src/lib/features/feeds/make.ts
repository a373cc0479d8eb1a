import { deserialize } from '$app/forms';
import { reread } from '$lib/features/live/reread';

/** A new feed with its token, which no other answer ever holds; or why not. */
export type Made = { id: string; token: string } | { code: string };

/** Posts to the page's own action, because the token is made by the server. */
export async function makeFeed(body: FormData): Promise<Made> {
	const answer = await fetch('?/make', {
		method: 'POST',
		body,
		headers: { 'x-sveltekit-action': 'true' }
	}).catch(() => null);
	if (!answer) return { code: 'offline' };
	const result = deserialize<{ id: string; token: string }, { code?: string }>(await answer.text());
	if (result.type === 'success' && result.data) {
		void reread('xt:feeds');
		return result.data;
	}
	if (result.type === 'failure') return { code: result.data?.code ?? 'unavailable' };
	return { code: result.type === 'redirect' ? 'signed_out' : 'unavailable' };
}
