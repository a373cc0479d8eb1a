import { error } from '@sveltejs/kit';
import { readReportRows } from '$lib/data/reports';
import { readVillages } from '$lib/data/tasks';
import { kinds } from '$lib/domain/fact';
import { readReportView } from '$lib/domain/period';
import { figures } from '$lib/domain/report';
import { uuid } from '$lib/domain/id';
import { needTownship } from '$lib/server/guards';
import { chinaDay } from '$lib/domain/day';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	event.depends('xt:reports');
	const { township } = needTownship(event);
	const query = event.url.searchParams;
	const view = readReportView(query, chinaDay());
	const kind = kinds.find((k) => k === query.get('kind')) ?? 'task';
	const figure = figures.find((f) => f === query.get('figure')) ?? 'open';
	const id = (key: string) => {
		const value = query.get(key);
		return value && uuid.test(value) ? value : null;
	};
	const type = /^[A-Z]{2,20}$/.exec(query.get('type') ?? '')?.[0] ?? null;
	const [list, villages] = await Promise.all([
		readReportRows(event.locals.db, township.id, {
			...view,
			...{ kind, figure, village: id('village'), category: type, after: id('after') }
		}),
		readVillages(event.locals.db, township.id)
	]);
	if (!list) error(404, { message: 'not_found', code: 'not_found' });
	const next = new URLSearchParams(query);
	next.set('after', list.rows.at(-1)?.id ?? '');
	return {
		view,
		kind,
		figure,
		type,
		village: villages.find((v) => v.id === id('village'))?.name ?? null,
		list,
		more: list.rows.length === 200 && list.total > 200 ? `?${next}` : null
	};
};
