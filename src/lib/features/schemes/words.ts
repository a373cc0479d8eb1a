import type { Totals } from '$lib/domain/scenario';
import { muWord } from '$lib/features/plans/words';
import { dayWord, number, planCategoryWord } from '$lib/features/things/words';
import * as m from '$lib/i18n/paraglide/messages';
import type { Change, FigureKey } from './compare';

export const figureWords: Record<FigureKey, () => string> = {
	title: m.things_title,
	category: m.things_category,
	invest: m.plans_invest,
	land: m.things_plan_land,
	output: m.plans_output,
	tax: m.plans_tax,
	income: m.plans_income,
	jobs: m.plans_jobs_direct,
	indirect: m.plans_jobs_indirect,
	households: m.plans_households
};
const value = (v: string | number | null): string =>
	v === null || v === ''
		? m.plans_unknown()
		: typeof v === 'number'
			? number(v)
			: planCategoryWord(v);

export function changeWord(c: Change): string {
	const arrow = (from: string, to: string) => `${from} → ${to}`;
	switch (c.what) {
		case 'figure':
			return `${figureWords[c.key]()}${m.map_colon()}${arrow(value(c.from), value(c.to))}`;
		case 'money':
			return `${m.schemes_money()}${m.map_colon()}${
				c.from === c.to
					? m.schemes_money_moved({ n: number(c.to) })
					: arrow(number(c.from), number(c.to))
			}`;
		case 'day':
			return `${c.step}${m.map_colon()}${arrow(
				c.from ? dayWord(c.from) : m.schemes_no_day(),
				c.to ? dayWord(c.to) : m.schemes_no_day()
			)}`;
		case 'land':
			return `${m.plans_tab_land()}${m.map_colon()}${arrow(muWord(c.from), muWord(c.to))}`;
	}
}

const two = (n: number) => number(Math.round(n * 100) / 100);
/** A row of the table of totals; `of` is compared, `word` is shown. */
export const totalRows: {
	key: string;
	label: () => string;
	of: (t: Totals) => number;
	word: (n: number) => string;
}[] = [
	{ key: 'items', label: m.schemes_row_items, of: (t) => t.items, word: number },
	{ key: 'land', label: m.schemes_row_land, of: (t) => t.land, word: muWord },
	{ key: 'undrawn', label: m.schemes_row_undrawn, of: (t) => t.undrawn, word: number },
	{ key: 'invest', label: m.schemes_row_invest, of: (t) => t.invest, word: two },
	{ key: 'stated', label: m.schemes_row_stated, of: (t) => t.stated, word: two },
	{ key: 'output', label: m.schemes_row_output, of: (t) => t.output, word: two },
	{ key: 'tax', label: m.schemes_row_tax, of: (t) => t.tax, word: two },
	{ key: 'income', label: m.schemes_row_income, of: (t) => t.income, word: two },
	{ key: 'jobs', label: m.plans_jobs_direct, of: (t) => t.jobs, word: number },
	{ key: 'indirect', label: m.plans_jobs_indirect, of: (t) => t.indirect, word: number },
	{ key: 'households', label: m.plans_households, of: (t) => t.households, word: number },
	{ key: 'red', label: m.schemes_row_red, of: (t) => t.conflicts.red, word: number },
	{ key: 'yellow', label: m.schemes_row_yellow, of: (t) => t.conflicts.yellow, word: number },
	{
		key: 'unchecked',
		label: m.schemes_row_unchecked,
		of: (t) => t.conflicts.notChecked,
		word: number
	}
];

export const stateWords = {
	open: m.schemes_state_open,
	adopted: m.schemes_state_adopted,
	closed: m.schemes_state_closed
};
