import { facts, type Counts, type Kind, type Measure } from '$lib/domain/fact';
import type { View } from '$lib/domain/view';
import type { ThingOnMap, WallMap } from '$lib/domain/wallmap';

/** The things a view lets through: the map draws these and the list says these. */
export function thingsShown(map: WallMap, view: View): ThingOnMap[] {
	const words = view.search.trim().toLowerCase();
	return map.things.filter(
		(t) =>
			t.kind === view.kind &&
			(!view.states.length ? t.state !== 'dropped' : view.states.includes(t.state)) &&
			(!view.categories.length || view.categories.includes(t.category)) &&
			(!view.only || t[view.only]) &&
			(!view.village || t.villageId === view.village) &&
			(!words || t.title.toLowerCase().includes(words))
	);
}

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
