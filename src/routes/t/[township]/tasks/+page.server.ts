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
	const rows = async () => {
		// The chips count what the rest of the filter leaves, so that each says what it would show.
		const counts = await countTasks(db, township.id, anyStage);
		if (!counts) error(404, { message: 'not_found', code: 'not_found' });
		return { counts, shown: await readShown(db, township.id, view, counts) };
	};
	const [{ counts, shown }, reminders, thing] = await Promise.all([
		rows(),
		readReminders(db, township.id),
		view.open ? readThing(db, township.id, 'task', view.open) : null
	]);
	return { view, counts, reminders, shown, thing };
};
