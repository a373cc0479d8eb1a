import type { Db } from '$lib/data/client';
import { readTasks } from '$lib/data/tasks';
import { openStages, type Stage } from '$lib/domain/stage';
import { boardStages, type TaskCounts, type TaskLine } from '$lib/domain/tasks';
import { filterOf, type TaskView } from '$lib/domain/taskview';
import { chinaDay } from '$lib/domain/day';

const perColumn = 30;

/** The rows a view of the desk shows: a first page, thirty a column, or a month of deadlines. */
export async function readShown(db: Db, townshipId: string, view: TaskView, counts: TaskCounts) {
	const filter = filterOf(view);
	const read = async (more: object, limit: number) =>
		(await readTasks(db, townshipId, { ...filter, ...more }, null, limit)) ?? {
			total: 0,
			capped: false,
			rows: []
		};
	switch (view.as) {
		case 'list':
			return { as: 'list' as const, ...(await read({}, 100)) };
		case 'board': {
			// Empty columns are not asked for.
			const columns = boardStages.filter(
				(s) =>
					(counts.byStage[s] || counts.capped?.includes(s)) &&
					(!view.stages.length || view.stages.includes(s))
			);
			const pages = await Promise.all(columns.map((s) => read({ stage: [s] }, perColumn)));
			const byStage: Partial<Record<Stage, TaskLine[]>> = {};
			columns.forEach((s, i) => (byStage[s] = pages[i]!.rows));
			return { as: 'board' as const, columns: byStage };
		}
		case 'calendar': {
			const month = view.month ?? chinaDay().slice(0, 7);
			const first = Date.parse(`${month}-01`);
			// A sheet shows up to a week of its neighbours.
			const day = (days: number) => new Date(first + days * 86_400_000).toISOString().slice(0, 10);
			const stage = view.stages.length ? view.stages : [...openStages];
			const [shown, late] = await Promise.all([
				read({ stage, due_from: day(-7), due_to: day(42), sort: 'due' }, 3000),
				read({ overdue: true, sort: 'due' }, 60)
			]);
			return { as: 'calendar' as const, rows: shown.rows, late: late.rows };
		}
	}
}
