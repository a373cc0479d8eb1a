import { error } from '@sveltejs/kit';
import { readMeetings } from '$lib/data/meetings';
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
	const asked = event.url.searchParams.get('tab');
	const [page, map, plans] = await Promise.all([
		readMeetings(db, township.id),
		readWallMap(db, township.id, null),
		readPlans(db, township.id)
	]);
	if (!page || !map) error(404, { message: 'not_found', code: 'not_found' });
	return {
		page,
		tab: asked === 'topics' || asked === 'register' ? (asked as 'topics' | 'register') : 'meetings',
		choices: refChoices(map, plans?.schemes ?? [], taskKindWord)
	} as const;
};
