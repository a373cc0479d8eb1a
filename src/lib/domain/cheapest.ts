import { isoDay, partsOf, type Part } from './cheapestparts';
import {
	cheaper,
	leastOf,
	nothing,
	plus,
	together,
	withChoice,
	type Front,
	type Price
} from './front';
import { hundredths } from './score';
import type { Standard } from './standard';
import type { Grade } from './thing';

/** Where a project stands: hundredths by item, or that it does not apply; vetoes answered with yes. */
export type Now = { items: Readonly<Record<string, number | 'na'>>; vetoes: readonly string[] };
/** One way to improve: an item to so many hundredths, or a veto met; `cost` in yuan, ready on a day if somebody said. */
export type Option = ({ points: number } | { met: true }) & {
	cost: number;
	readyOn?: string | null | undefined;
};
export type Question = {
	body: Standard;
	now: Now;
	/** By the code of the item or veto; at most one of each is taken. Other codes are nobody's. */
	options: Readonly<Record<string, readonly Option[]>>;
	target: Grade;
	/** Only what is known to be ready by this day. */
	by?: string | null | undefined;
};
export type Chosen = {
	code: string;
	/** Which of the code's options. */
	option: number;
	why: 'points' | 'veto';
	/** Hundredths the item gains, and those of them that count after the caps, in the order of the table. */
	gained: number;
	counting: number;
	cost: number;
	readyOn: string | null;
	/** The cheapest way without touching this one, and what taking it saves; null where there is none. */
	without: { cost: number; saves: number } | null;
};
export type Cheapest =
	| {
			reachable: true;
			chosen: Chosen[];
			cost: number;
			/** When the last of them is ready; null where nothing is to be done or nobody said a day. */
			readyOn: string | null;
			/** Hundredths: after all of it, and above the line. */
			total: number;
			spare: number;
	  }
	| {
			reachable: false;
			/** Hundredths still missing when everything is done; vetoes that nothing closes. */
			missing: number;
			best: number;
			vetoes: string[];
	  };

const yuan = (cost: number): number => cost / 100;

/**
 * The cheapest set of improvements with which a grade is reached, exactly: sections and the bonus are capped,
 * so that gains do not add up. Of several as cheap the one that is ready first, then that of the fewest
 * measures, then that which leaves what stands first in the table alone.
 */
export function cheapest({ body, now, options, target, by }: Question): Cheapest {
	const line = body.grades.find((g) => g.grade === target);
	if (!line) throw new RangeError(`no line for grade ${target}`);
	const parts = partsOf(body, now, options, target);
	const held = parts.reduce((n, p) => n + p.held, 0);
	const need = Math.max(0, hundredths(line.min) - held);
	const may = (day: string) => !by || day <= by;

	const all = solve(parts, need, may);
	if (!all) {
		const best = held + parts.reduce((n, p) => n + bestOf(p, may), 0);
		return {
			reachable: false,
			missing: Math.max(0, hundredths(line.min) - best),
			best,
			vetoes: parts.flatMap((p) => (p.must && !allowed(p, 0, may).length ? [p.codes[0]!] : []))
		};
	}
	const days = [...new Set(parts.flatMap((p) => p.choices.flat().map((c) => c.day)))];
	const last = firstDay(days.filter(may).sort(), (day) => {
		const until = solve(parts, need, (d) => may(d) && d <= day);
		return until?.cost === all.cost;
	});
	const soon = (day: string) => may(day) && day <= last;
	const taken = walk(parts, need, soon, solve(parts, need, soon)!);

	const without = nextCheapest(parts, need, may);
	const raw = new Map<Part, number>();
	const chosen = taken.map(({ part, item, choice }): Chosen => {
		const { gain, cost, day, option } = part.choices[item]![choice]!;
		const before = raw.get(part) ?? 0;
		raw.set(part, before + gain);
		const other = without(part, item);
		return {
			code: part.codes[item]!,
			option,
			why: part.must ? 'veto' : 'points',
			gained: part.must ? 0 : gain,
			counting: part.worth(before + gain) - part.worth(before),
			cost: yuan(cost),
			readyOn: isoDay(day),
			without: other && { cost: yuan(other.cost), saves: yuan(other.cost - all.cost) }
		};
	});
	const total = held + chosen.reduce((n, c) => n + c.counting, 0);
	const undated = chosen.some((c) => c.readyOn === null);
	return {
		reachable: true,
		chosen,
		cost: yuan(all.cost),
		readyOn: undated
			? null
			: (chosen
					.map((c) => c.readyOn!)
					.sort()
					.at(-1) ?? null),
		total,
		spare: total - hundredths(line.min)
	};
}

type May = (day: string) => boolean;
const allowed = (part: Part, item: number, may: May) =>
	part.choices[item]!.filter((c) => may(c.day));

/** What a part can gain for which price; without one item's choices where it is named. */
function rawFront(part: Part, may: May, except = -1): Front {
	let front = nothing;
	for (let i = 0; i < part.codes.length; i++)
		if (i !== except) front = withChoice(front, allowed(part, i, may), part.most);
	return front;
}
/** The same by what counts. A veto counts nothing and has to be closed: it gains nothing at a price, or nothing at all. */
function worthFront(part: Part, raw: Front): Front {
	if (part.must)
		return raw
			.filter((s) => s.gain > 0)
			.slice(0, 1)
			.map((s) => ({ ...s, gain: 0 }));
	const seen: Front[number][] = [];
	for (const s of raw) {
		const gain = part.worth(s.gain);
		if (!seen.length || gain > seen.at(-1)!.gain) seen.push({ ...s, gain });
	}
	return seen;
}
const frontOf = (part: Part, may: May): Front => worthFront(part, rawFront(part, may));

/** The least price of all parts together: two halves, because only their best pair is wanted. */
function solve(parts: readonly Part[], need: number, may: May): Price | null {
	let halves = [nothing, nothing] as [Front, Front];
	for (const part of parts) {
		const [small, large] = halves.sort((a, b) => a.length - b.length);
		halves = [together(small!, frontOf(part, may), need), large!];
	}
	return leastOf(halves[0], halves[1], need);
}

/** The parts after each, taken together; `of[parts.length]` is nothing. */
function after(parts: readonly Part[], need: number, may: May): Front[] {
	const of: Front[] = [nothing];
	for (const part of [...parts].reverse()) of.unshift(together(frontOf(part, may), of[0]!, need));
	return of;
}

/** The first of rising days for which it holds; it holds for the last. */
function firstDay(days: readonly string[], holds: (day: string) => boolean): string {
	if (holds('')) return '';
	let [low, high] = [0, days.length - 1];
	while (low < high) {
		const middle = (low + high) >> 1;
		if (holds(days[middle]!)) high = middle;
		else low = middle + 1;
	}
	return days[high]!;
}

type Step = { part: Part; item: number; choice: number };

/** Item by item the first choice with which the least price can still be had. */
function walk(parts: readonly Part[], need: number, may: May, goal: Price): Step[] {
	const rest = after(parts, need, may);
	const steps: Step[] = [];
	let gained = 0;
	let spent: Price = { cost: 0, count: 0 };
	for (const [n, part] of parts.entries()) {
		const tails: Front[] = [nothing];
		for (let i = part.codes.length - 1; i >= 0; i--)
			tails.unshift(withChoice(tails[0]!, allowed(part, i, may), part.most));
		let raw = 0;
		for (let item = 0; item < part.codes.length; item++) {
			const tail = tails[item + 1]!;
			const can = (gain: number, price: Price): boolean => {
				if (part.must && gain === 0) return false;
				const worth = (more: number) => part.worth(raw + gain + more);
				const least = leastOf(tail, rest[n + 1]!, need - gained, worth);
				return !!least && !cheaper(goal, plus(plus(spent, price), least));
			};
			if (can(0, { cost: 0, count: 0 })) continue;
			const choice = part.choices[item]!.findIndex((c) => may(c.day) && can(c.gain, c));
			const taken = part.choices[item]![choice]!;
			steps.push({ part, item, choice });
			spent = plus(spent, taken);
			raw += taken.gain;
		}
		gained += part.worth(raw);
	}
	return steps;
}

/** The least price when one item is left as it is. */
function nextCheapest(parts: readonly Part[], need: number, may: May) {
	const rest = after(parts, need, may);
	const before: Front[] = [nothing];
	for (const part of parts) before.push(together(before.at(-1)!, frontOf(part, may), need));
	const others = new Map<Part, Front>();
	return (part: Part, item: number): Price | null => {
		const n = parts.indexOf(part);
		const other = others.get(part) ?? together(before[n]!, rest[n + 1]!, need);
		others.set(part, other);
		const own = worthFront(part, rawFront(part, may, item));
		return own.length ? leastOf(own, other, need) : null;
	};
}

/** The most a part can gain, whatever it costs. */
function bestOf(part: Part, may: May): number {
	const raw = part.codes.reduce(
		(n, _, i) => n + Math.max(0, ...allowed(part, i, may).map((c) => c.gain)),
		0
	);
	return part.worth(raw);
}
