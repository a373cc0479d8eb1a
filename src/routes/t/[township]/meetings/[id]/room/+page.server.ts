import { uuid } from '$lib/domain/id';
import { error } from '@sveltejs/kit';
import { readRoom } from '$lib/data/meetings';
import { readMapStands } from '$lib/data/wallmap';
import { needTownship } from '$lib/server/guards';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	event.depends('xt:room');
	const { township } = needTownship(event);
	const { id } = event.params;
	const { db } = event.locals;
	const [room, stands] = await Promise.all([
		uuid.test(id) ? readRoom(db, township.id, id) : null,
		readMapStands(db, township.id)
	]);
	if (!room) error(404, { message: 'not_found', code: 'not_found' });
	return {
		room,
		stands,
		wall: event.url.searchParams.has('wall'),
		remote: event.url.searchParams.has('remote'),
		replay: event.url.searchParams.has('replay')
	};
};
