import { readStuck } from '$lib/data/wallmap';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, depends }) => {
	depends('xt:map');
	return { stuck: await readStuck(locals.db, params.township) };
};
