import { error } from '@sveltejs/kit';
import { readHandover } from '$lib/data/tasks';
import { needTownship } from '$lib/server/guards';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { township } = needTownship(event);
	const { id } = event.params;
	const sheet = /^[0-9a-f-]{36}$/.test(id)
		? await readHandover(event.locals.db, township.id, id)
		: null;
	if (!sheet) error(404, { message: 'not_found', code: 'not_found' });
	return { sheet };
};
