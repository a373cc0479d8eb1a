import type { TaskPage } from '$lib/domain/tasks';
import { writeTaskView, type TaskView } from '$lib/domain/taskview';

/** More rows of a view, by key; throws when no answer came. */
export async function fetchRows(
	township: string,
	view: TaskView,
	before: string | null,
	limit: number
): Promise<TaskPage> {
	const query = new URLSearchParams(writeTaskView({ ...view, open: null }));
	if (before) query.set('before', before);
	query.set('limit', String(limit));
	const answer = await fetch(`/t/${township}/tasks/rows?${query}`);
	if (!answer.ok) throw new Error(`status ${answer.status}`);
	return (await answer.json()) as TaskPage;
}
