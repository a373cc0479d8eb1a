/**
 * What can be bought, and for how much: states of which none brings as much for less. Gains are whole
 * hundredths, money whole hundredths of a yuan, so that sums are exact.
 */
export type Price = { cost: number; count: number };
export type State = Price & { gain: number };
/** By gain, rising; so does the price. */
export type Front = readonly State[];

export const nothing: Front = [{ gain: 0, cost: 0, count: 0 }];
export const cheaper = (a: Price, b: Price): boolean =>
	a.cost < b.cost || (a.cost === b.cost && a.count < b.count);
export const plus = (a: Price, b: Price): Price => ({
	cost: a.cost + b.cost,
	count: a.count + b.count
});

/** Only states for which no other brings as much for less. */
export function lean(states: State[]): Front {
	states.sort((a, b) => b.gain - a.gain || a.cost - b.cost || a.count - b.count);
	const kept: State[] = [];
	for (const state of states) {
		const last = kept.at(-1);
		if (last && !cheaper(state, last)) continue;
		if (last?.gain === state.gain) continue;
		kept.push(state);
	}
	return kept.reverse();
}

/** With one more measure: left alone, or one of its choices. More than `most` is no use. */
export const withChoice = (front: Front, choices: readonly State[], most: number): Front =>
	choices.length ? pairs(front, [{ gain: 0, cost: 0, count: 0 }, ...choices], most) : front;

/** Both together; more than `most` is no use. */
export function together(a: Front, b: Front, most: number): Front {
	if (isNothing(a)) return capped(b, most);
	if (isNothing(b)) return capped(a, most);
	return pairs(a, b, most);
}

/** Each of `a` with each of `b`: sorted where they are few, by a table of gains where gains are fewer. */
function pairs(a: Front, b: readonly State[], most: number): Front {
	const many = a.length * b.length;
	if (many * Math.log2(many + 1) < most) {
		const all: State[] = [];
		for (const x of a)
			for (const y of b) all.push({ gain: Math.min(most, x.gain + y.gain), ...plus(x, y) });
		return lean(all);
	}
	const costs = new Float64Array(most + 1).fill(Infinity);
	const counts = new Uint16Array(most + 1);
	for (const y of b)
		for (const x of a) {
			const at = Math.min(most, x.gain + y.gain);
			const cost = x.cost + y.cost;
			if (cost < costs[at]! || (cost === costs[at] && x.count + y.count < counts[at]!)) {
				costs[at] = cost;
				counts[at] = x.count + y.count;
			}
			// The rest of a front is dearer and brings no more than what is enough.
			if (x.gain + y.gain >= most) break;
		}
	const kept: State[] = [];
	for (let gain = most; gain >= 0; gain--) {
		if (costs[gain] === Infinity) continue;
		const state = { gain, cost: costs[gain]!, count: counts[gain]! };
		if (!kept.length || cheaper(state, kept.at(-1)!)) kept.push(state);
	}
	return kept.reverse();
}
const isNothing = (front: Front): boolean => front.length === 1 && front[0]!.count === 0;
const capped = (front: Front, most: number): Front =>
	front.some((s) => s.gain > most)
		? lean(front.map((s) => ({ ...s, gain: Math.min(most, s.gain) })))
		: front;

/** The least price at which one state of each brings `need`; null where none does. `worth` rises with gain. */
export function leastOf(
	a: Front,
	b: Front,
	need: number,
	worth: (gain: number) => number = (gain) => gain
): Price | null {
	if (!b.length) return null;
	let best: Price | null = null;
	let at = b.length - 1;
	for (const x of a) {
		const gain = worth(x.gain);
		while (at > 0 && b[at - 1]!.gain + gain >= need) at--;
		if (b[at]!.gain + gain < need) continue;
		const price = plus(x, b[at]!);
		if (!best || cheaper(price, best)) best = price;
	}
	return best;
}
