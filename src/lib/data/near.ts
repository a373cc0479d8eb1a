import type { NearTask } from '$lib/domain/near';
import { call, type Db } from './client';

/** Up to ten tasks within 50 m of this one that it could be merged into; none where it has no place. */
export async function readNear(db: Db, townshipId: string, taskId: string): Promise<NearTask[]> {
	const history = await call<(NearTask & { at: [number, number] | null })[]>(db, 'place_history', {
		p_township: townshipId,
		p_task: taskId
	});
	const at = history.find((t) => t.id === taskId)?.at;
	if (!at) return [];
	const near = await call<NearTask[]>(db, 'tasks_near', {
		p_township: townshipId,
		p_lon: at[0],
		p_lat: at[1],
		p_category: null
	});
	return near.filter((t) => t.id !== taskId).slice(0, 10);
}
