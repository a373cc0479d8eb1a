import { error } from '@sveltejs/kit';
import { readCalendar } from '$lib/data/projects';
import { needTownship } from '$lib/server/guards';
import type { PageServerLoad } from './$types';
import { chinaDay } from '$lib/domain/day';

export const load: PageServerLoad = async (event) => {
	event.depends('xt:calendar');
	const { township } = needTownship(event);
	const now = Number(chinaDay().slice(0, 4));
	const asked = Number(event.url.searchParams.get('year') ?? now);
	const year = Number.isInteger(asked) && asked >= 2000 && asked <= 2100 ? asked : now;
	const calendar = await readCalendar(event.locals.db, township.id, year);
	if (!calendar) error(404, { message: 'not_found', code: 'not_found' });
	return { calendar };
};
