import { readDraws } from '$lib/data/tasks';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, depends }) => {
	depends('xt:tasks');
	return { draws: await readDraws(locals.db, params.township) };
};
