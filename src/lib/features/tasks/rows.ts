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

/** Every row of a view up to `most`, page by page; throws when one page did not arrive. */
export async function fetchAll(township: string, view: TaskView, most: number) {
	const rows: TaskPage['rows'] = [];
	for (let before: string | null = null; rows.length < most;) {
		const page: TaskPage = await fetchRows(township, view, before, 500);
		rows.push(...page.rows);
		if (page.rows.length < 500) break;
		before = page.rows.at(-1)!.id;
	}
	return rows;
}
