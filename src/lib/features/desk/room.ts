import { reread } from '$lib/features/live/reread';
import type { Geometry } from 'geojson';
import { noCounts } from '$lib/domain/fact';
import type { Thing } from '$lib/domain/thing';
import type { ThingOnMap, WallMap } from '$lib/domain/wallmap';
import { Desk } from '$lib/features/things/desk.svelte';
import type { MapOwner } from '$lib/map/owner.svelte';

/** The desk of a township whose page reads the map again after every edit. */
export const deskOf = (townshipId: string): Desk =>
	new Desk({ townshipId, onchanged: () => reread('xt:map') });

/** Drawing on the one map. */
export const drawOn =
	(owner: MapOwner) =>
	(type: 'Point' | 'Polygon'): Promise<Geometry | null> =>
		type === 'Point' ? owner.drawPoint() : owner.drawPolygon();

/** A place and the places above it, nearest first, for asking what a person may do there. */
export const chainOf = (
	villageId: string | null,
	township: { id: string; districtId: string | null }
): string[] =>
	[villageId, township.id, township.districtId].filter((id): id is string => id !== null);

export const villagesOf = (map: WallMap): { id: string; name: string }[] =>
	map.villages.map(({ id, name }) => ({ id, name }));

/** Where the open thing lies, also when it is none of those that came with the page. */
export const placeOf = (thing: Thing, map: WallMap): [number, number] | null =>
	map.things.find((t) => t.id === thing.id)?.at ??
	(thing.geometry?.type === 'Point' ? (thing.geometry.coordinates as [number, number]) : null);

/** The open task as the map knows tasks. */
export function openOnMap(thing: Thing | null, today: string): ThingOnMap | null {
	const step = thing?.kind === 'task' ? thing.steps[0] : undefined;
	if (!thing || !step) return null;
	const geometry = thing.geometry?.type === 'Point' ? thing.geometry : null;
	const { dueOn, firstDueOn, state } = step;
	return {
		id: thing.id,
		kind: 'task',
		title: thing.title,
		category: 'category' in thing ? thing.category : '',
		villageId: thing.villageId,
		state,
		blocked: step.blocker !== null,
		overdue: state === 'said' && dueOn !== null && dueOn < today,
		firstDueOn,
		dueOn,
		geometry,
		at: geometry && (geometry.coordinates as [number, number]),
		steps: { ...noCounts, planned: 1 }
	};
}
