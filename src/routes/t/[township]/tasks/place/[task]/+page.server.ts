import { error } from '@sveltejs/kit';
import { readPlace } from '$lib/data/tasks';
import { needTownship } from '$lib/server/guards';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	event.depends('xt:tasks');
	const { township } = needTownship(event);
	const { task } = event.params;
	if (!/^[0-9a-f-]{36}$/.test(task)) error(404, { message: 'not_found', code: 'not_found' });
	const lines = await readPlace(event.locals.db, township.id, task);
	if (!lines.length) error(404, { message: 'not_found', code: 'not_found' });
	return { task, lines, origin: event.url.origin };
};
