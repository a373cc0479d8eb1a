import { error } from '@sveltejs/kit';
import { readProject } from '$lib/data/projects';
import { needTownship } from '$lib/server/guards';
export const load = async (event: any) => {
	event.depends('xt:project');
	const { township } = needTownship(event);
	const page = await readProject(event.locals.db, township.id, event.params.id);
	if (!page) error(404, { message: 'not_found', code: 'not_found' });
	return { page };
};
