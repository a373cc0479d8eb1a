import { readImports } from '$lib/data/imports';
import { readWallMap } from '$lib/data/wallmap';
import { needRight, needTownship } from '$lib/server/guards';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	event.depends('xt:imports');
	const { account, township } = needTownship(event);
	needRight(account, 'plan', township);
	const [imports, map] = await Promise.all([
		readImports(event.locals.db, township.id),
		readWallMap(event.locals.db, township.id, null, 1)
	]);
	if (!map) error(404, { message: 'not_found', code: 'not_found' });
	return { imports, map };
};
