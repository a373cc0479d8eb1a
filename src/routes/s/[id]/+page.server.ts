import { readShared, sharedCard } from '$lib/data/shares';
import { isPublicId } from '$lib/domain/share';
import { backend } from '$lib/server/backend';
import { doorOf } from '$lib/server/shares/cookies';
import type { PageServerLoad } from './$types';

/** With a door the page, without one the gate: the same for links that are there and links that never were. */
export const load: PageServerLoad = async (event) => {
	const { id } = event.params;
	const { admin } = backend();
	const door = doorOf(event, id);
	const page = door && isPublicId(id) ? await readShared(admin, id, door) : null;
	if (page) return { id, page, gate: null };
	const { searchParams, origin } = event.url;
	const refused = searchParams.has('wait') ? 'wait' : searchParams.has('closed') ? 'closed' : null;
	const card = isPublicId(id) && (await sharedCard(admin, id)) !== null;
	return {
		id,
		page: null,
		gate: { refused, card: card ? `${origin}/s/${id}/card` : null } as const
	};
};
