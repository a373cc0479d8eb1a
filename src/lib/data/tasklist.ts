import { noCounts, type Counts, type Kind, type State } from '$lib/domain/fact';
import { filterOf, partsOf, type TaskPage, type TasksNow } from '$lib/domain/tasklist';
import type { View } from '$lib/domain/view';
import type { ThingOnMap } from '$lib/domain/wallmap';
import { call, type Db } from './client';
import { chinaDay } from '$lib/domain/day';

type Row = {
	id: string;
	title: string;
	category: string;
	villageId: string | null;
	state: State;
	firstDueOn: string | null;
	dueOn: string | null;
	at: [number, number] | null;
	blocker: object | null;
};
type List = { total: number; capped: boolean; rows: Row[] };

function toThing(row: Row, today: string): ThingOnMap {
	const { id, title, category, villageId, state, firstDueOn, dueOn, at } = row;
	const blocked = row.blocker !== null;
	const overdue = state === 'said' && dueOn !== null && dueOn < today;
	const reached = { found: 0, said: 1, done: 2, proven: 3, dropped: 0 }[state];
	return {
		id,
		kind: 'task',
		title,
		category,
		villageId,
		state,
		blocked,
		overdue,
		firstDueOn,
		dueOn,
		at,
		geometry: at && { type: 'Point', coordinates: at },
		steps: {
			...noCounts,
			planned: 1,
			said: Number(reached >= 1),
			done: Number(reached >= 2),
			proven: Number(reached >= 3),
			blocked: Number(blocked),
			overdue: Number(overdue)
		}
	};
}

const ask = (db: Db, township: string, filter: object, before: string | null, limit: number) =>
	call<List | null>(db, 'task_list', {
		p_township: township,
		p_filter: filter,
		p_before: before,
		p_limit: limit
	});

const aside = ['rejected', 'merged', 'dropped'];

/** A page of the list of a view, from where `after` (state:id) ended. */
export async function readTaskPage(
	db: Db,
	township: string,
	view: View,
	after: string | null,
	limit = 100
): Promise<TaskPage | null> {
	const filter = filterOf(view);
	const parts = partsOf(view);
	const [from, last] = after?.split(':') ?? [];
	const rows: ThingOnMap[] = [];
	let next: string | null = null;
	for (const part of parts.slice(
		Math.max(
			0,
			parts.findIndex((p) => p.state === from)
		)
	)) {
		const list = await ask(
			db,
			township,
			{
				...filter,
				state: [part.state],
				...(part.state === 'dropped' ? { stage: aside } : {}),
				...(part.sort ? { sort: part.sort } : {})
			},
			part.state === from ? (last ?? null) : null,
			limit - rows.length
		);
		if (!list) return null;
		rows.push(...list.rows.map((r) => toThing(r, chinaDay())));
		if (rows.length >= limit) {
			next = `${part.state}:${rows.at(-1)!.id}`;
			break;
		}
	}
	if (after) return { rows, total: 0, capped: false, next };
	const states = view.states.length ? { state: view.states } : {};
	const all = await ask(db, township, { ...filter, ...states }, null, 1);
	return all && { rows, total: all.total, capped: all.capped, next };
}

type CountRow = Counts & { village_id: string; kind: Kind };

/** How these tasks are now; one that cannot be seen any more is not among them. */
export async function readTasksNow(
	db: Db,
	township: string,
	ids: string[]
): Promise<TasksNow | null> {
	const [list, counts] = await Promise.all([
		ask(db, township, { ids }, null, 200),
		call<CountRow[]>(db, 'progress_on', { p_township: township, p_day: chinaDay() })
	]);
	return (
		list && {
			rows: list.rows.map((r) => toThing(r, chinaDay())),
			counts: counts.map(({ village_id: villageId, kind, ...c }) => ({
				villageId,
				kind,
				counts: c
			}))
		}
	);
}
