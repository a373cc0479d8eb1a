import { error, json } from '@sveltejs/kit';
import { readTaskPage, readTasksNow } from '$lib/data/tasklist';
import { readView } from '$lib/domain/view';
import { uuid } from '$lib/domain/id';
import { needTownship } from '$lib/server/guards';
import type { RequestHandler } from './$types';

/** The list of a view, page by page; with `ids` how those tasks are now. */
export const GET: RequestHandler = async (event) => {
	const { township } = needTownship(event);
	const { searchParams: query } = event.url;
	const ids = query.get('ids')?.split(',') ?? null;
	if (ids) {
		if (ids.length > 200 || !ids.every((id) => uuid.test(id)))
			error(400, { message: 'bad_value', code: 'bad_value' });
		return json(await readTasksNow(event.locals.db, township.id, ids));
	}
	const after = query.get('after');
	if (after && !/^[a-z]+:[0-9a-f-]{36}$/.test(after))
		error(400, { message: 'bad_value', code: 'bad_value' });
	const view = readView(query);
	if (view.village && !uuid.test(view.village))
		error(400, { message: 'bad_value', code: 'bad_value' });
	return json(await readTaskPage(event.locals.db, township.id, view, after));
};
