import { uuid } from '$lib/domain/id';
import { error } from '@sveltejs/kit';
import { readMeetings, readRoom } from '$lib/data/meetings';
import { readLeft } from '$lib/data/officials';
import { readPlans } from '$lib/data/plans';
import { readWallMap } from '$lib/data/wallmap';
import { refChoices } from '$lib/features/meetings/refs';
import { taskKindWord } from '$lib/features/things/words';
import { needTownship } from '$lib/server/guards';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	event.depends('xt:meetings');
	const { township } = needTownship(event);
	const { db } = event.locals;
	const { id } = event.params;
	const room = uuid.test(id) ? await readRoom(db, township.id, id) : null;
	if (!room) error(404, { message: 'not_found', code: 'not_found' });
	const [left, page, map, plans] = await Promise.all([
		readLeft(db, township.id, 'meeting', id),
		readMeetings(db, township.id),
		readWallMap(db, township.id, null),
		readPlans(db, township.id)
	]);
	return {
		room,
		left,
		waiting: (page?.topics ?? []).filter((t) => t.state === 'checked'),
		choices: map ? refChoices(map, plans?.schemes ?? [], taskKindWord) : []
	};
};
