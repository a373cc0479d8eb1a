import { invalidate } from '$app/navigation';
import type { Geometry } from 'geojson';
import type { WallMap } from '$lib/domain/wallmap';
import { Desk } from '$lib/features/things/desk.svelte';
import type { MapOwner } from '$lib/map/owner.svelte';

/** The desk of a township whose page reads the map again after every edit. */
export const deskOf = (townshipId: string): Desk =>
	new Desk({ townshipId, onchanged: () => invalidate('xt:map') });

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
