import type { Item, Standard } from '$lib/domain/standard';
import type { Scorable } from './draft.svelte';

/** An item without a rule of its own takes any points up to its most. */
export const scorableOf = (item: Pick<Item, 'code' | 'max' | 'rule'>): Scorable => ({
	code: item.code,
	max: item.max,
	rule: item.rule ?? { type: 'max' },
	mayBeNA: true
});

/** A veto is met or not; "does not apply" is no answer to it. */
export const vetoOf = (code: string): Scorable => ({
	code,
	max: 0,
	rule: { type: 'yes_no' },
	mayBeNA: false
});

/** Everything an assessor gives something for. */
export const scorables = (standard: Standard): Scorable[] => [
	...standard.sections.flatMap((s) => s.items.map(scorableOf)),
	...(standard.bonus ?? []).map(scorableOf),
	...(standard.vetoes ?? []).map((v) => vetoOf(v.code))
];
