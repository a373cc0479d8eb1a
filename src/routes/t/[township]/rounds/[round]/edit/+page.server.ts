import { error, redirect } from '@sveltejs/kit';
import { readRound } from '$lib/data/rounds';
import { stateOf } from '$lib/domain/round';
import { needTownship } from '$lib/server/guards';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	event.depends('xt:rounds');
	const { township } = needTownship(event);
	const round = await readRound(event.locals.db, township.id, event.params.round);
	if (!round) error(404, { message: 'not_found', code: 'not_found' });
	if (stateOf(round) !== 'ready' || !round.maker)
		redirect(303, `/t/${township.id}/rounds/${round.id}`);
	return { round };
};
