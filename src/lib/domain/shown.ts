import type { View } from './view';
import type { ThingOnMap, WallMap } from './wallmap';

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
