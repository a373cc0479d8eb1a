import type { AreaUnit } from '$lib/domain/plan';
import type { Draft, InputFile, Settings } from '$lib/geo/draft';
import type { Parcel, ParcelSheet } from '$lib/geo/parcels';
import type { LandUnit } from '$lib/geo/stated';

/** As many as a person can check by eye, and as a plan may have. */
export const mostParcels = 200;
/** An op carries so many corners. */
export const mostCorners = 1500;
export const unitOf: Record<LandUnit, AreaUnit> = { 亩: 'mu', 公顷: 'ha', 平方米: 'm2' };

type Bounds = [number, number, number, number];
/** Reads files in this browser: nothing leaves it before somebody presses add. */
export async function readLand(
	inputs: InputFile[],
	box: Bounds | null,
	settings: Settings = {}
): Promise<{ draft: Draft; sheet: ParcelSheet }> {
	const [{ readFiles }, { parcelsOf }] = await Promise.all([
		import('$lib/geo/read'),
		import('$lib/geo/parcels')
	]);
	const draft = await readFiles(inputs, { ...settings, kind: 'other', ...(box && { box }) });
	return { draft, sheet: parcelsOf(draft, box) };
}

/** A parcel of a file as the op that keeps it. */
export const parcelPayload = (plan: string, p: Parcel, name: string, sha256: string | null) => ({
	plan,
	name,
	geometry: p.geometry as never,
	land_class: p.landClass.slice(0, 10),
	source_crs: p.crs.slice(0, 60),
	method: p.method,
	confidence: Math.round(p.confidence * 100) / 100,
	...(p.stated && {
		stated_area: p.stated.value,
		stated_unit: unitOf[p.stated.unit ?? p.stated.said]
	}),
	...(sha256 && { sha256 })
});
