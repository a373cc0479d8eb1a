import { error } from '@sveltejs/kit';
import { readProjects } from '$lib/data/projects';
import { needTownship } from '$lib/server/guards';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	event.depends('xt:projects');
	const { township } = needTownship(event);
	const page = await readProjects(event.locals.db, township.id);
	if (!page) error(404, { message: 'not_found', code: 'not_found' });
	return { page };
};
