import { readShareAnswers } from '$lib/data/officials';
import { readShared, sharedCard } from '$lib/data/shares';
import { newId } from '$lib/domain/op';
import { isPublicId } from '$lib/domain/share';
import { backend } from '$lib/server/backend';
import { takeAnswer } from '$lib/server/shares/answer';
import { doorOf } from '$lib/server/shares/cookies';
import { shareFrame } from '$lib/server/shares/frame';
import type { Actions, PageServerLoad } from './$types';

/** HTML and one small script. */
export const csr = false;

/** With a door the page, without one the gate: the same for links that are there and links that never were. */
export const load: PageServerLoad = async (event) => {
	const { id } = event.params;
	const { admin } = backend();
	const door = doorOf(event, id);
	const page = door && isPublicId(id) ? await readShared(admin, id, door) : null;
	if (page)
		return {
			id,
			page,
			frame: shareFrame(page),
			// Where nobody may answer any more, what was left and replied is still read.
			left: await readShareAnswers(admin, id, door),
			fresh: newId(),
			answered: event.url.searchParams.has('answered'),
			gate: null
		};
	const { searchParams, origin } = event.url;
	const refused = searchParams.has('wait') ? 'wait' : searchParams.has('closed') ? 'closed' : null;
	const card = isPublicId(id) && (await sharedCard(admin, id)) !== null;
	return {
		id,
		page: null,
		gate: { refused, card: card ? `${origin}/s/${id}/card` : null } as const
	};
};

export const actions: Actions = { answer: takeAnswer };
