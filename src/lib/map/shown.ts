import { facts, type Counts, type Kind, type Measure } from '$lib/domain/fact';
import type { WallMap } from '$lib/domain/wallmap';

/** The short figure under a village's name: reached/planned for a fact; blocked and overdue have their own signs. */
export function figureOf(counts: Counts, measure: Measure): string {
	const fact = facts.find((f) => f === measure);
	return fact && counts.planned > 0 ? `${counts[fact]}/${counts.planned}` : '';
}

/** Steps that need somebody: blocked and overdue. One step may be both, so this is an upper bound. */
export const needy = (counts: Counts) => counts.blocked + counts.overdue;

export const troubleOf = ({ blocked, overdue }: Counts) => ({ blocked, overdue });

/** Villages where nothing was planned for this kind of work. */
export const unknowns = (map: WallMap, kind: Kind) =>
	map.villages.filter((v) => v.counts[kind].planned === 0).length;
