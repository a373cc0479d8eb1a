import { assessors, type Assessor } from '$lib/domain/project';
import type { Standard } from '$lib/domain/standard';
import type { Sheet } from '../read/sheet';
import { numberOf, textOf } from './cells';
import { settings } from './words';

type Say = (code: 'setting_unreadable', row: number, text: string) => void;
type Settled = Pick<
	Required<Standard>,
	'bonus_counts' | 'redistribute_na' | 'review_months' | 'notice_days'
> &
	Pick<Standard, 'faithfulness'> & {
		name: string;
		edition: string;
		total: number | null;
		bonus_max: number | null;
		assessors: Standard['assessors'];
	};

/** What holds for the whole table; what the workbook does not say is the usual, what it says and nobody can read is said. */
export function readSettings(sheet: Sheet | undefined, say: Say): Settled {
	const rows = new Map(
		(sheet?.lines ?? []).map(({ line, cells }) => [
			textOf(cells[0]),
			{ line, value: textOf(cells[1]), en: textOf(cells[2]), cell: cells[1] ?? null }
		])
	);
	const text = (name: string, most: number) => (rows.get(name)?.value ?? '').slice(0, most);
	const told = <T>(name: string, read: (value: string) => T | null): T | null => {
		const row = rows.get(name);
		if (!row?.value) return null;
		const found = read(row.value);
		if (found === null) say('setting_unreadable', row.line, `${name} ${row.value}`);
		return found;
	};
	const whole = (name: string, least: number, most: number, usual: number) =>
		told(name, (v) => {
			const n = numberOf(v);
			return n !== null && Number.isInteger(n) && n >= least && n <= most ? n : null;
		}) ?? usual;
	const yes = (name: string, usual: boolean) =>
		told(name, (v) =>
			/^(是|y|1|true)/i.test(v) ? true : /^(否|n|0|false)/i.test(v) ? false : null
		) ?? usual;
	const side = (name: string): Assessor | undefined => assessors.find((a) => settings[a] === name);
	const faithful = rows.get(settings.faithfulness);
	return {
		name: text(settings.name, 120),
		edition: text(settings.edition, 80),
		total: told(settings.total, numberOf),
		bonus_max: told(settings.bonus_max, numberOf),
		bonus_counts: yes(settings.bonus_counts, true),
		redistribute_na: yes(settings.redistribute_na, false),
		review_months: whole(settings.review_months, 1, 240, 36),
		notice_days: whole(settings.notice_days, 5, 60, 5),
		assessors: [...rows].flatMap(([name, { value, en }]) => {
			const code = side(name);
			return code ? [{ code, zh: value.slice(0, 300), en: en.slice(0, 300) }] : [];
		}),
		...(faithful && { faithfulness: { zh: faithful.value, en: faithful.en } })
	};
}

/** Who assesses where no settings say so: whose points the table has columns for, the village and the county always. */
export function usualAssessors(found: ReadonlySet<Assessor>): Standard['assessors'] {
	const all: Standard['assessors'] = [
		{ code: 'self', zh: '村自评', en: 'village self-assessment' },
		{ code: 'town', zh: '乡镇初核', en: 'township check' },
		{ code: 'county', zh: '县（区）评定', en: 'county assessment' },
		{ code: 'higher', zh: '市/省验收', en: 'city/province acceptance' }
	];
	const always: Assessor[] = ['self', 'county'];
	return all.filter(({ code }) =>
		found.size ? found.has(code) || always.includes(code) : code !== 'higher'
	);
}
