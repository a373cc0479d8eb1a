import type { Counts, Kind, State } from './fact';
import type { View } from './view';
import type { ThingOnMap } from './wallmap';

/** One page of tasks from the server; `next` asks for the one after it. */
export type TaskPage = {
	rows: ThingOnMap[];
	total: number;
	/** There are `total` and perhaps more. */
	capped: boolean;
	next: string | null;
};

/** How some tasks are now, and the counts of every place that has any. */
export type TasksNow = {
	rows: ThingOnMap[];
	counts: { villageId: string; kind: Kind; counts: Counts }[];
};

export type Part = { state: State; sort?: 'due' };
/** The order of the list: what was said by its deadline, then what was found, reported, accepted. */
const order: Part[] = [
	{ state: 'said', sort: 'due' },
	{ state: 'found' },
	{ state: 'done' },
	{ state: 'proven' }
];

/** The parts of the list that a view lets through, in order. */
export function partsOf(view: Pick<View, 'states' | 'only'>): Part[] {
	const open = ['found', 'said'];
	return [
		...order,
		...(view.states.includes('dropped') ? [{ state: 'dropped' as const }] : [])
	].filter(
		({ state }) =>
			(!view.states.length || view.states.includes(state)) &&
			(view.only !== 'overdue' || state === 'said') &&
			(view.only !== 'blocked' || open.includes(state))
	);
}

/** What the database is asked for, without a state: see `task_where`. */
export function filterOf(view: View): Record<string, unknown> {
	return {
		...(view.village ? { village: [view.village] } : {}),
		...(view.categories.length ? { type: view.categories } : {}),
		...(view.only ? { [view.only]: true } : {}),
		...(view.search.trim() ? { q: view.search.trim() } : {})
	};
}
