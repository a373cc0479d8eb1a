import { error } from '@sveltejs/kit';
import { readCompared } from '$lib/data/meetings';
import { readMapStands, readWallMap } from '$lib/data/wallmap';
import { readView } from '$lib/domain/view';
import { uuid } from '$lib/domain/id';
import type { LayoutServerLoad } from './$types';

/** What stays while only the session moves: the map and what is compared. */
export const load: LayoutServerLoad = async ({ locals, params, url, depends }) => {
	depends('xt:map');
	const day = url.searchParams.get('day');
	const { day: shown } = readView(new URLSearchParams(day ? { day } : {}));
	// First: what changes meanwhile is read again rather than missed.
	const mapStands = await readMapStands(locals.db, params.township);
	const [map, schemes] = await Promise.all([
		readWallMap(locals.db, params.township, shown),
		uuid.test(params.id) ? readCompared(locals.db, params.township, params.id) : []
	]);
	if (!map) error(404, { message: 'not_found', code: 'not_found' });
	return { map, mapStands, schemes };
};
