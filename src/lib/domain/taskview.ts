import { uuid } from './id';
import { stages, type Stage } from './stage';
import type { TaskFilter } from './tasks';

export const taskViews = ['list', 'board', 'calendar'] as const;

/** What the task desk shows. It lives in the URL: a link is a view. */
export type TaskView = {
	as: (typeof taskViews)[number];
	villages: string[];
	types: string[];
	stages: Stage[];
	who: string | null;
	overdue: boolean;
	carried: boolean;
	soon: boolean;
	campaign: string | null;
	q: string;
	/** Deadlines from and to this day. */
	from: string | null;
	to: string | null;
	/** Of the calendar: 2026-11, null for this month. */
	month: string | null;
	/** The task whose page is open beside the list. */
	open: string | null;
};

const day = /^\d{4}-\d{2}-\d{2}$/;

const many = (query: URLSearchParams, key: string) =>
	(query.get(key) ?? '').split(',').filter(Boolean);
const matching = (query: URLSearchParams, key: string, pattern: RegExp) => {
	const value = query.get(key);
	return value && pattern.test(value) ? value : null;
};

export function readTaskView(query: URLSearchParams): TaskView {
	return {
		as: taskViews.find((v) => v === query.get('as')) ?? 'list',
		villages: many(query, 'village').filter((v) => uuid.test(v)),
		types: many(query, 'type').filter((t) => /^[A-Z]{2,20}$/.test(t)),
		stages: many(query, 'stage').filter((s): s is Stage => stages.includes(s as Stage)),
		who: matching(query, 'who', uuid),
		overdue: query.get('overdue') === '1',
		carried: query.get('carried') === '1',
		soon: query.get('soon') === '1',
		campaign: query.get('campaign'),
		q: (query.get('q') ?? '').slice(0, 100),
		from: matching(query, 'from', day),
		to: matching(query, 'to', day),
		month: matching(query, 'month', /^\d{4}-(0[1-9]|1[0-2])$/),
		open: matching(query, 'open', uuid)
	};
}

/** The shortest query that reads back to the same view; '' for the plain list. */
export function writeTaskView(view: TaskView): string {
	const query = new URLSearchParams();
	const put = (key: string, value: string | null | false) => value && query.set(key, value);
	put('as', view.as !== 'list' && view.as);
	put('village', view.villages.join(','));
	put('type', view.types.join(','));
	put('stage', view.stages.join(','));
	put('who', view.who);
	put('overdue', view.overdue && '1');
	put('carried', view.carried && '1');
	put('soon', view.soon && '1');
	put('campaign', view.campaign);
	put('q', view.q);
	put('from', view.from);
	put('to', view.to);
	put('month', view.month);
	put('open', view.open);
	const text = query.toString();
	return text && `?${text}`;
}

/** What the database is asked for. */
export function filterOf(view: TaskView): TaskFilter {
	return {
		...(view.villages.length ? { village: view.villages } : {}),
		...(view.types.length ? { type: view.types } : {}),
		...(view.stages.length ? { stage: view.stages } : {}),
		...(view.who ? { who: view.who } : {}),
		...(view.overdue ? { overdue: true } : {}),
		...(view.carried ? { carried: true } : {}),
		...(view.soon ? { soon: true } : {}),
		...(view.campaign ? { campaign: view.campaign } : {}),
		...(view.q.trim() ? { q: view.q.trim() } : {}),
		...(view.from ? { due_from: view.from } : {}),
		...(view.to ? { due_to: view.to } : {})
	};
}

export const plainTaskView = readTaskView(new URLSearchParams());

/** Nothing is left out but by the way of looking. */
export const isNarrowed = (view: TaskView): boolean => Object.keys(filterOf(view)).length > 0;
