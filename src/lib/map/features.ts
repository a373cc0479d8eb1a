import type { Feature, FeatureCollection, Geometry } from 'geojson';
import type { View } from '$lib/domain/view';
import type { WallMap } from '$lib/domain/wallmap';
import * as m from '$lib/i18n/paraglide/messages';
import { classOf, hatchOf, rampOf } from './palette';
import { thingsShown } from '$lib/domain/shown';
import { markLines } from './projectmarks';
import { figureOf, troubleOf } from './shown';
import type { SourceId } from './zorder';

type Properties = Record<string, string | number | boolean>;
export type Sources = Record<SourceId, FeatureCollection>;

const collection = (features: Feature[]): FeatureCollection => ({
	type: 'FeatureCollection',
	features
});
const feature = (geometry: Geometry, properties: Properties): Feature => ({
	type: 'Feature',
	geometry,
	properties
});
const point = (at: [number, number], properties: Properties) =>
	feature({ type: 'Point', coordinates: at }, properties);

/** What each village is painted with: 'unknown' or a ramp step such as 'proven3'. Goes into feature-state. */
export function fills(map: WallMap, view: View): Record<string, string> {
	return Object.fromEntries(
		map.villages.map((v) => {
			const step = classOf(v.counts[view.kind], view.measure);
			return [v.id, step === null ? 'unknown' : `${rampOf(view.measure)}${step}`];
		})
	);
}

/** 'unknown', 'hatch1'…'hatch3', or null where nothing waits for proof. */
export function patternOf(map: WallMap, view: View, id: string): string | null {
	const counts = map.villages.find((v) => v.id === id)?.counts[view.kind];
	if (!counts || counts.planned === 0) return 'unknown';
	const hatch = hatchOf(counts, view.measure);
	return hatch ? `hatch${hatch}` : null;
}

/** The GeoJSON of one view. What moves has its own source, so that a day's step never rebuilds the boundaries. */
export function sources(map: WallMap, view: View): Sources {
	const shown = thingsShown(map, view);
	// With tiles the page holds only a few of the tasks: those found by words, and those that changed.
	const found =
		map.tiles && view.search ? thingsShown({ ...map, things: map.found ?? [] }, view) : [];
	const fresh = map.tiles
		? thingsShown(
				{ ...map, things: [...(map.changed ?? new Map()).values()].filter((t) => t !== null) },
				view
			)
		: [];
	const shaped = map.villages.filter((v) => v.shape !== null);
	const open = view.open && map.things.find((t) => t.id === view.open?.id);
	const chosen = shaped.find((v) => v.id === view.village);
	return {
		township: collection(map.township.shape ? [feature(map.township.shape, {})] : []),
		villages: collection(shaped.map((v) => feature(v.shape!, { id: v.id }))),
		patterns: collection(
			shaped.flatMap((v) => {
				const pattern = patternOf(map, view, v.id);
				return pattern ? [feature(v.shape!, { id: v.id, pattern })] : [];
			})
		),
		chosen: collection([
			...(chosen?.shape ? [feature(chosen.shape, { what: 'village' })] : []),
			...(open?.at ? [point(open.at, { what: 'thing' })] : [])
		]),
		plans: collection(
			shown.flatMap((t) =>
				t.geometry && t.geometry.type !== 'Point'
					? [feature(t.geometry, { id: t.id, kind: t.kind, state: t.state })]
					: []
			)
		),
		hazards: collection(map.hazards.map((h) => point(h.at, { id: h.id, name: h.name }))),
		things: collection(
			(map.tiles ? found : shown).flatMap((t) =>
				t.kind === 'task' && t.at ? [point(t.at, symbol(t))] : []
			)
		),
		changed: collection(
			fresh.flatMap((t) => (t.at && !view.search ? [point(t.at, symbol(t))] : []))
		),
		sites: collection(
			shown.flatMap((t) =>
				t.kind !== 'task' && t.at
					? [
							point(t.at, {
								...symbol(t),
								title: t.title,
								note: t.project ? markLines(t.project).join('\n') : ''
							})
						]
					: []
			)
		),
		labels: collection(
			map.villages.flatMap((v) => {
				const counts = v.counts[view.kind];
				if (!v.label) return [];
				const figure = counts.planned ? figureOf(counts, view.measure) : m.map_unknown();
				return [point(v.label, { id: v.id, name: v.name, figure, ...troubleOf(counts) })];
			})
		)
	};
}

const symbol = (t: WallMap['things'][number]): Properties => ({
	id: t.id,
	kind: t.kind,
	state: t.state,
	bad: t.blocked || t.overdue,
	icon: `thing|${t.kind}|${t.state}|${t.blocked ? 'blocked' : t.overdue ? 'overdue' : ''}`
});
