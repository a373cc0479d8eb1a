import { deserialize } from '$app/forms';
import { invalidateAll } from '$app/navigation';

export const acts = ['invite', 'revoke', 'give', 'endRole', 'switch', 'endSession'] as const;
export type Act = (typeof acts)[number];
/** One act of administration: `code` when it was refused, `link` once after an invitation. */
export type OnAct = (
	act: Act,
	fields: Record<string, string>
) => Promise<{ code?: string; link?: string }>;

/** Posts to the page's own form action of that name and reads the page again. */
export const postAct: OnAct = async (act, fields) => {
	const body = new FormData();
	for (const [name, value] of Object.entries(fields)) body.set(name, value);
	const answer = await fetch(`?/${act}`, {
		method: 'POST',
		body,
		headers: { 'x-sveltekit-action': 'true' }
	}).catch(() => null);
	if (!answer) return { code: 'offline' };
	const result = deserialize<{ link?: string }, { code?: string }>(await answer.text());
	switch (result.type) {
		case 'success':
			await invalidateAll();
			return result.data?.link ? { link: result.data.link } : {};
		case 'failure':
			return { code: result.data?.code ?? 'unavailable' };
		case 'redirect':
			return { code: 'signed_out' };
		case 'error':
			return { code: 'unavailable' };
	}
};
