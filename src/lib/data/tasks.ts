import type {
	Draw,
	DrawLine,
	Handover,
	HandoverLine,
	PlaceLine,
	Reminders,
	TaskCounts,
	TaskFilter,
	TaskPage,
	TaskType
} from '$lib/domain/tasks';
import { call, toFailure, type Db } from './client';

/** One page of tasks, by key: `before` is the last id of the page before. Null for a foreign township. */
export function readTasks(
	db: Db,
	townshipId: string,
	filter: TaskFilter,
	before: string | null = null,
	limit = 100
): Promise<TaskPage | null> {
	return call(db, 'task_list', {
		p_township: townshipId,
		p_filter: filter,
		p_before: before,
		p_limit: limit
	});
}

/** Every task of a filter, page by page. */
export async function readAllTasks(db: Db, townshipId: string, filter: TaskFilter, most = 50_000) {
	const rows: TaskPage['rows'] = [];
	for (let before: string | null = null; rows.length < most;) {
		const page: TaskPage | null = await readTasks(db, townshipId, filter, before, 1000);
		if (!page?.rows.length) break;
		rows.push(...page.rows);
		if (page.rows.length < 1000) break;
		before = page.rows.at(-1)!.id;
	}
	return rows;
}

export const countTasks = (
	db: Db,
	townshipId: string,
	filter: TaskFilter
): Promise<TaskCounts | null> =>
	call(db, 'task_counts', { p_township: townshipId, p_filter: filter });

export const readPlace = (db: Db, townshipId: string, task: string): Promise<PlaceLine[]> =>
	call(db, 'place_history', { p_township: townshipId, p_task: task });

export const readHandovers = (db: Db, townshipId: string): Promise<HandoverLine[]> =>
	call(db, 'handovers', { p_township: townshipId });

export const readHandover = (db: Db, townshipId: string, id: string): Promise<Handover | null> =>
	call(db, 'handover', { p_township: townshipId, p_id: id });

export const readDraws = (db: Db, townshipId: string): Promise<DrawLine[]> =>
	call(db, 'draws', { p_township: townshipId });

export const readDraw = (db: Db, townshipId: string, id: string): Promise<Draw | null> =>
	call(db, 'draw', { p_township: townshipId, p_id: id });

export const readTaskTypes = async (db: Db, townshipId: string): Promise<TaskType[]> =>
	(await call<TaskType[] | null>(db, 'task_types', { p_township: townshipId })) ?? [];

export const readReminders = (db: Db, townshipId: string): Promise<Reminders | null> =>
	call(db, 'reminders', { p_township: townshipId });

/** The villages of a township in the office's order. */
export async function readVillages(
	db: Db,
	townshipId: string
): Promise<{ id: string; name: string }[]> {
	const { data, error, status } = await db
		.from('places')
		.select('id,name')
		.eq('township_id', townshipId)
		.eq('level', 'village')
		.is('archived_at', null)
		.order('code')
		.order('name');
	if (error) throw toFailure(error, status);
	return data;
}
