import { error } from '@sveltejs/kit';
import { readNotices } from '$lib/data/publicnotices';
import { needTownship } from '$lib/server/guards';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	event.depends('xt:notices');
	const { township } = needTownship(event);
	const page = await readNotices(event.locals.db, township.id);
	if (!page) error(404, { message: 'not_found', code: 'not_found' });
	return { page };
};
