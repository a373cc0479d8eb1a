import { FieldRoom, type Known } from './room.svelte';
import { PostBox } from './postbox.svelte';

/** The room of a township with its outbox and its way to the server. */
export const openRoom = (townshipId: string): FieldRoom =>
	new FieldRoom({
		townshipId,
		post: new PostBox(townshipId),
		read: async () => {
			const answer = await fetch(`/t/${townshipId}/field/day`, {
				signal: AbortSignal.timeout(20_000)
			});
			if (answer.status === 401) return 'signed_out';
			if (answer.status === 404) return 'not_found';
			if (!answer.ok) throw new Error(`status ${answer.status}`);
			return (await answer.json()) as Known;
		}
	});
