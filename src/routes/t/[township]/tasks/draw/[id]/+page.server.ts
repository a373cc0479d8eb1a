import { error } from '@sveltejs/kit';
import { readDraw } from '$lib/data/tasks';
import { needTownship } from '$lib/server/guards';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	event.depends('xt:tasks');
	const { township } = needTownship(event);
	const { id } = event.params;
	const draw = /^[0-9a-f-]{36}$/.test(id) ? await readDraw(event.locals.db, township.id, id) : null;
	if (!draw) error(404, { message: 'not_found', code: 'not_found' });
	return { draw };
};
