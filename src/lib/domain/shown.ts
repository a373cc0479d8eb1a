import type { View } from './view';
import type { ThingOnMap, WallMap } from './wallmap';

/** The things a view lets through: the map draws these and the list says these. */
export function thingsShown(map: WallMap, view: View): ThingOnMap[] {
	// With tiles the server searches, and in more than the title.
	const words = view.search.trim().toLowerCase();
	return map.things.filter(
		(t) =>
			t.kind === view.kind &&
			(!view.states.length ? t.state !== 'dropped' : view.states.includes(t.state)) &&
			(!view.categories.length || view.categories.includes(t.category)) &&
			(!view.only || t[view.only]) &&
			(!view.village || t.villageId === view.village) &&
			(!words || map.tiles || t.title.toLowerCase().includes(words))
	);
}
