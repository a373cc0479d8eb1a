import { readTaskTypes, readVillages } from '$lib/data/tasks';
import type { LayoutServerLoad } from './$types';
import { chinaDay } from '$lib/domain/day';

export const load: LayoutServerLoad = async ({ locals, params, depends }) => {
	depends('xt:types');
	const [types, villages] = await Promise.all([
		readTaskTypes(locals.db, params.township),
		readVillages(locals.db, params.township)
	]);
	// The day in China, as the database counts it.
	return {
		types,
		villages,
		today: chinaDay()
	};
};
