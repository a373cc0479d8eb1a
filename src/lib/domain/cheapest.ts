import type { Score } from './project';
import { totalsOf } from './score';
import type { Item, Standard } from './standard';

/** An item could be brought to `to` points for `cost` yuan. */
export type Offer = { item: string; to: number; cost: number };
export type Cheapest =
	| {
			reached: true;
			/** `without`: yuan more if this one is left out; null where the line is then out of reach. */
			set: { item: string; without: number | null }[];
			cost: number;
			total: number;
	  }
	/** The most that all offers together come to. */
	| { reached: false; best: number };
type Given = Pick<Score, 'item' | 'value' | 'na' | 'points'>;

/** So many hundredths more for so many hundredths of a yuan; what was chosen as a chain. */
type State = { gain: number; cost: number; count: number; chosen: Chosen | null };
type Chosen = { item: string; rest: Chosen | null };
const hundredths = (n: number): number => Math.round(n * 100);
const nothing: State = { gain: 0, cost: 0, count: 0, chosen: null };

/** The cheapest set of offers with which these scores reach `line` points. Exact: sections are capped, money is whole. */
export function cheapest(
	body: Standard,
	given: readonly Given[],
	offers: readonly Offer[],
	line: number
): Cheapest {
	const found = solve(body, given, offers, line);
	if (!found) return { reached: false, best: totalsOf(body, withAll(given, offers)).total };
	const items = listed(found);
	const taken = offers.filter((o) => items.includes(o.item));
	return {
		reached: true,
		set: items.map((item) => {
			const other = solve(
				body,
				given,
				offers.filter((o) => o.item !== item),
				line
			);
			return { item, without: other ? (other.cost - found.cost) / 100 : null };
		}),
		cost: found.cost / 100,
		total: totalsOf(body, withAll(given, taken)).total
	};
}

function solve(
	body: Standard,
	given: readonly Given[],
	offers: readonly Offer[],
	line: number
): State | null {
	const need = Math.max(0, hundredths(line) - hundredths(totalsOf(body, given).total));
	let best = [nothing];
	for (const part of partsOf(body, given)) {
		const here = offers.filter((o) => part.items.some((i) => i.code === o.item));
		let raw = [nothing];
		for (const offer of here) {
			const more = hundredths(offer.to) - part.pointsOf(offer.item);
			if (more > 0) raw = lean([...raw, ...raw.map((s) => plus(s, offer, more))]);
		}
		// Points over the section's cap are none; more than is needed is as good as what is needed.
		const held = part.worth(0);
		const worth = lean(raw.map((s) => ({ ...s, gain: part.worth(s.gain) - held })));
		best = lean(
			best.flatMap((a) =>
				worth.map((b) => ({
					gain: Math.min(need, a.gain + b.gain),
					cost: a.cost + b.cost,
					count: a.count + b.count,
					chosen: joined(a.chosen, b.chosen)
				}))
			)
		);
	}
	const last = best.at(-1)!;
	return last.gain >= need ? last : null;
}

const plus = (s: State, offer: Offer, more: number): State => ({
	gain: s.gain + more,
	cost: s.cost + hundredths(offer.cost),
	count: s.count + 1,
	chosen: { item: offer.item, rest: s.chosen }
});

/** Only states for which no other brings as much for less; by gain. */
function lean(states: State[]): State[] {
	const sorted = states.sort((a, b) => a.cost - b.cost || a.count - b.count || b.gain - a.gain);
	const kept: State[] = [];
	let most = -1;
	for (const state of sorted)
		if (state.gain > most) {
			kept.push(state);
			most = state.gain;
		}
	return kept;
}

/** Sections and the bonus: what their points are worth when `more` hundredths come on top. */
function partsOf(body: Standard, given: readonly Given[]) {
	const by = new Map(given.map((s) => [s.item, s]));
	const pointsOf = (code: string) => {
		const score = by.get(code);
		return score && !score.na ? hundredths(score.points) : 0;
	};
	const part = (items: readonly Item[], worth: (points: number) => number) => {
		const held = items.reduce((n, i) => n + pointsOf(i.code), 0);
		return { items, pointsOf, worth: (more: number) => worth(held + more) };
	};
	const sections = body.sections.map(({ items, max }) => {
		const top = hundredths(max);
		const na = items.reduce((n, i) => n + (by.get(i.code)?.na ? hundredths(i.max) : 0), 0);
		// As totalsOf spreads what does not apply.
		const spread = (points: number) =>
			body.redistribute_na && na > 0
				? na >= top
					? 0
					: Math.floor((points * top) / (top - na) + 0.5 + 1e-9)
				: points;
		return part(items, (points) => Math.min(top, spread(points)));
	});
	const most = (body.bonus_counts ?? true) ? hundredths(body.bonus_max ?? 0) : 0;
	return [...sections, part(body.bonus ?? [], (points) => Math.min(most, points))];
}

function withAll(given: readonly Given[], offers: readonly Offer[]): Given[] {
	const raised = new Map(given.map((s) => [s.item, s]));
	for (const { item, to } of offers) {
		const was = raised.get(item);
		if (!was?.na)
			raised.set(item, { item, value: null, na: false, points: Math.max(to, was?.points ?? 0) });
	}
	return [...raised.values()];
}

function joined(a: Chosen | null, b: Chosen | null): Chosen | null {
	let chain = a;
	for (let at = b; at; at = at.rest) chain = { item: at.item, rest: chain };
	return chain;
}
function listed(state: State): string[] {
	const items: string[] = [];
	for (let at = state.chosen; at; at = at.rest) items.push(at.item);
	return items.reverse();
}
