import { kinds, measures, states, type Kind, type Measure, type State } from './fact';

/** What is chosen, filtered and compared on the wall map. It lives in the URL: a link is a view. */
export type View = {
	kind: Kind;
	measure: Measure;
	/** ISO day, or null for today. */
	day: string | null;
	village: string | null;
	states: State[];
	categories: string[];
	only: 'blocked' | 'overdue' | null;
	search: string;
	/** What the panel shows: the list, or one thing by kind and id. */
	open: { kind: Kind; id: string } | null;
	wall: boolean;
};

const pick = <T extends string>(all: readonly T[], value: string | null, otherwise: T): T =>
	all.includes(value as T) ? (value as T) : otherwise;

export function readView(query: URLSearchParams): View {
	const open = query.get('open')?.split(':');
	const day = query.get('day');
	const only = query.get('only');
	return {
		kind: pick(kinds, query.get('kind'), 'task'),
		measure: pick(measures, query.get('measure'), 'proven'),
		day: day && /^\d{4}-\d{2}-\d{2}$/.test(day) ? day : null,
		village: query.get('village'),
		states: (query.get('state') ?? '')
			.split(',')
			.filter((s): s is State => states.includes(s as State)),
		categories: (query.get('category') ?? '').split(',').filter(Boolean),
		only: only === 'blocked' || only === 'overdue' ? only : null,
		search: query.get('q') ?? '',
		open:
			open?.length === 2 && open[1]
				? { kind: pick(kinds, open[0] ?? '', 'task'), id: open[1] }
				: null,
		wall: query.has('wall')
	};
}

/** The shortest query that reads back to the same view; '' for the plain map. */
export function writeView(view: View): string {
	const query = new URLSearchParams();
	if (view.kind !== 'task') query.set('kind', view.kind);
	if (view.measure !== 'proven') query.set('measure', view.measure);
	if (view.day) query.set('day', view.day);
	if (view.village) query.set('village', view.village);
	if (view.states.length) query.set('state', view.states.join(','));
	if (view.categories.length) query.set('category', view.categories.join(','));
	if (view.only) query.set('only', view.only);
	if (view.search) query.set('q', view.search);
	if (view.open) query.set('open', `${view.open.kind}:${view.open.id}`);
	if (view.wall) query.set('wall', '');
	const text = query.toString();
	return text && `?${text}`;
}
