import { uuid } from '$lib/domain/id';
import { error } from '@sveltejs/kit';
import { readCalendars } from '$lib/data/projects';
import { readNotice } from '$lib/data/publicnotices';
import { needTownship } from '$lib/server/guards';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	event.depends('xt:notices');
	const { township } = needTownship(event);
	const { db } = event.locals;
	const { id } = event.params;
	const notice = uuid.test(id) ? await readNotice(db, township.id, id) : null;
	if (!notice) error(404, { message: 'not_found', code: 'not_found' });
	return {
		notice,
		calendars: await readCalendars(db, township.id, Number(notice.today.slice(0, 4)))
	};
};
