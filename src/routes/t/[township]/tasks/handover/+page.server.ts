import { readHandovers } from '$lib/data/tasks';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, depends }) => {
	depends('xt:tasks');
	return { sheets: await readHandovers(locals.db, params.township) };
};
