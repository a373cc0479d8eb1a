import { error } from '@sveltejs/kit';
import { countTasks, readReminders } from '$lib/data/tasks';
import { readThing } from '$lib/data/wallmap';
import { filterOf, readTaskView } from '$lib/domain/taskview';
import { needTownship } from '$lib/server/guards';
import { readShown } from '$lib/server/taskdesk';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	event.depends('xt:tasks');
	const { township } = needTownship(event);
	const { db } = event.locals;
	const view = readTaskView(event.url.searchParams);
	const { stage: _, ...anyStage } = filterOf(view);
	const [counts, reminders, shown, thing] = await Promise.all([
		// The chips count what the rest of the filter leaves, so that each says what it would show.
		countTasks(db, township.id, anyStage),
		readReminders(db, township.id),
		readShown(db, township.id, view),
		view.open ? readThing(db, township.id, 'task', view.open) : null
	]);
	if (!counts) error(404, { message: 'not_found', code: 'not_found' });
	return { view, counts, reminders, shown, thing };
};
