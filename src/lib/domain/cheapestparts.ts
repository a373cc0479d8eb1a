import type { Now, Option, Question } from './cheapest';
import { hundredths, spread } from './score';
import type { Item, Standard } from './standard';
import type { Grade } from './thing';

/** One way to improve an item; `option` is its place among the item's options. */
export type Choice = { gain: number; cost: number; count: 1; day: string; option: number };
/** A section, the bonus, or a veto that has to be closed: what its items may gain, and what that counts. */
export type Part = {
	must: boolean;
	codes: string[];
	choices: Choice[][];
	/** Hundredths it counts now; what so many hundredths more would count on top. */
	held: number;
	worth: (gain: number) => number;
	/** More gain than this counts nothing more. */
	most: number;
};

/** Nobody said when: later than any day, because what is not known is not ready. */
const someday = '9999';
export const isoDay = (day: string): string | null => (day === someday ? null : day);

/** In the order of the table: sections, the bonus, then the vetoes of the grade that are not met. */
export function partsOf(
	body: Standard,
	now: Now,
	options: Question['options'],
	target: Grade
): Part[] {
	const part = (items: readonly Item[], top: number, redistribute: boolean): Part => {
		const na = items.filter((i) => now.items[i.code] === 'na');
		const gone = redistribute ? na.reduce((n, i) => n + hundredths(i.max), 0) : 0;
		const counts = (points: number) => Math.min(top, spread(points, top, gone));
		const given = (i: Item) => {
			const points = now.items[i.code];
			return typeof points === 'number' ? points : 0;
		};
		const sum = items.reduce((n, i) => n + given(i), 0);
		const held = counts(sum);
		const open = items.filter((i) => now.items[i.code] !== 'na');
		return {
			must: false,
			codes: open.map((i) => i.code),
			choices: open.map((i) => choicesOf(i, given(i), options[i.code] ?? [])),
			held,
			worth: (gain) => counts(sum + gain) - held,
			most: Math.max(0, top - gone - sum)
		};
	};
	const counted = (body.bonus_counts ?? true) ? hundredths(body.bonus_max ?? 0) : 0;
	const vetoes = (body.vetoes ?? []).filter(
		(v) => !now.vetoes.includes(v.code) && (!v.grades || v.grades.includes(target))
	);
	return [
		...body.sections.map((s) => part(s.items, hundredths(s.max), body.redistribute_na ?? false)),
		part(body.bonus ?? [], counted, false),
		...vetoes.map((v): Part => ({
			must: true,
			codes: [v.code],
			choices: [
				(options[v.code] ?? []).flatMap((o, option) => ('met' in o ? [choice(o, 1, option)] : []))
			],
			held: 0,
			worth: () => 0,
			most: 1
		}))
	];
}

/** Options that bring an item on; one that leaves it where it is is none. */
const choicesOf = (item: Item, held: number, options: readonly Option[]): Choice[] =>
	options.flatMap((o, option) => {
		if (!('points' in o)) return [];
		if (!Number.isInteger(o.points) || o.points < 0 || o.points > hundredths(item.max))
			throw new RangeError(`points of an option for ${item.code}`);
		return o.points > held ? [choice(o, o.points - held, option)] : [];
	});

function choice({ cost, readyOn }: Option, gain: number, option: number): Choice {
	if (!Number.isFinite(cost) || cost < 0) throw new RangeError('cost of an option');
	return { gain, cost: hundredths(cost), count: 1, day: readyOn ?? someday, option };
}
