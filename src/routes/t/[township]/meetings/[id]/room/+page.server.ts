import { error } from '@sveltejs/kit';
import { readRoom } from '$lib/data/meetings';
import { readScheme } from '$lib/data/plans';
import { needTownship } from '$lib/server/guards';
import type { PageServerLoad } from './$types';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const load: PageServerLoad = async (event) => {
	event.depends('xt:room');
	const { township } = needTownship(event);
	const { db } = event.locals;
	const { id } = event.params;
	const room = uuid.test(id) ? await readRoom(db, township.id, id) : null;
	if (!room) error(404, { message: 'not_found', code: 'not_found' });
	// What the topic on the wall compares.
	const topic = room.topics.find((t) => t.id === room.topicId);
	const schemes = await Promise.all(
		(topic?.refs ?? [])
			.filter((r) => r?.kind === 'scheme')
			.map((r) => readScheme(db, township.id, r!.id))
	);
	return {
		room,
		schemes: schemes.filter((s) => s !== null),
		wall: event.url.searchParams.has('wall'),
		remote: event.url.searchParams.has('remote'),
		replay: event.url.searchParams.has('replay')
	};
};
