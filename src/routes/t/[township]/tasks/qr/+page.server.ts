import { readTasks } from '$lib/data/tasks';
import { filterOf, readTaskView } from '$lib/domain/taskview';
import { needTownship } from '$lib/server/guards';
import type { PageServerLoad } from './$types';

/** Up to 60 spots for one print: the ticked ones, or the first of a view. */
export const load: PageServerLoad = async (event) => {
	const { township } = needTownship(event);
	const query = event.url.searchParams;
	const ids = (query.get('ids') ?? '').split(',').filter((i) => /^[0-9a-f-]{36}$/.test(i));
	const filter = ids.length ? { ids: ids.slice(0, 60) } : filterOf(readTaskView(query));
	const page = await readTasks(event.locals.db, township.id, filter, null, 60);
	return { rows: page?.rows ?? [], total: page?.total ?? 0, origin: event.url.origin };
};
