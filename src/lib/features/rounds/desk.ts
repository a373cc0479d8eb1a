import { reread } from '$lib/features/live/reread';
import { Desk } from '$lib/features/things/desk.svelte';
import { tell } from '$lib/features/things/tell';

/** The desk of a check round: what worked is seen in the counters, only trouble is said. */
export const roundDesk = (townshipId: string): Desk =>
	new Desk({
		townshipId,
		onchanged: () => reread('xt:rounds'),
		tell: (what) => {
			if (what.kind !== 'success') tell(what);
		}
	});
