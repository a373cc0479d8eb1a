import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl';
import type { View } from '$lib/domain/view';
import type { WallMap } from '$lib/domain/wallmap';
import type { Camera } from './camera';
import { thingsFrom } from './camera';
import { sources } from './features';
import { marks, ramps, stateSigns, surfaces, type Theme } from './palette';
import { notesFrom } from './projectmarks';
import { sourceIds, tileSource, zorder, type LayerId } from './zorder';

/** No `glyphs` in the style, so every letter is drawn from these local fonts. */
const fonts = ['Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', 'sans-serif'];
const boldFonts = ['Noto Sans CJK SC Bold', ...fonts];

export const smallText = 14;
/** Readable from five metres: at least 24 px on a 1080p projector. */
export const wallText = 26;

const state = (name: string): ExpressionSpecification => ['==', ['get', 'state'], name];
const sum = (test: ExpressionSpecification): ExpressionSpecification => ['+', ['case', test, 1, 0]];
/** Twelfths of the cluster in one state: few enough different donuts to keep as images. */
const twelfths = (name: string): ExpressionSpecification => [
	'to-string',
	['ceil', ['/', ['*', 12, ['get', name]], ['get', 'point_count']]]
];

const fillColour = (theme: Theme): ExpressionSpecification =>
	[
		'match',
		['coalesce', ['feature-state', 'fill'], ''],
		...Object.entries(ramps).flatMap(([name, ramp]) =>
			ramp[theme].flatMap((colour, step) => [`${name}${step}`, colour])
		),
		surfaces.paper[theme]
	] as unknown as ExpressionSpecification;

const stateColour = (theme: Theme): ExpressionSpecification =>
	[
		'match',
		['get', 'state'],
		...Object.entries(stateSigns).flatMap(([name, sign]) => [name, sign.colour[theme]]),
		surfaces['ink-soft'][theme]
	] as unknown as ExpressionSpecification;

/** The name, the figure (wall mode), and behind a stop sign and an hourglass how many steps need somebody. */
function labelText(view: View, theme: Theme): ExpressionSpecification {
	const parts: unknown[] = ['format', ['get', 'name'], { 'font-scale': 1 }];
	if (view.wall) {
		const second = { 'font-scale': 0.93 };
		parts.push(
			['case', ['==', ['get', 'figure'], ''], '', ['concat', '\n', ['get', 'figure']]],
			second
		);
	}
	const red = {
		'font-scale': view.wall ? 0.93 : 0.86,
		'text-color': marks.blocked.colour[theme],
		'vertical-align': 'center'
	};
	const count = (mark: 'blocked' | 'overdue', after = '') => [
		['image', `mark|${mark}|${theme}|${view.wall ? 'wall' : ''}`],
		{ 'vertical-align': 'center' },
		['concat', ' ', ['to-string', ['get', mark]], after],
		red
	];
	const some = (mark: string) => ['>', ['get', mark], 0];
	return [
		'case',
		['all', some('blocked'), some('overdue')],
		[...parts, '\n', {}, ...count('blocked', ' '), ...count('overdue')],
		some('blocked'),
		[...parts, '\n', {}, ...count('blocked')],
		some('overdue'),
		[...parts, '\n', {}, ...count('overdue')],
		parts
	] as unknown as ExpressionSpecification;
}

type Nameless<T> = T extends unknown ? Omit<T, 'id'> : never;

/** Every layer of the wall map for one view, by id; `zorder` decides what lies on top. */
export function layers(
	view: View,
	theme: Theme,
	from: number,
	tiled = false
): LayerSpecification[] {
	const tone = (name: keyof typeof surfaces) => surfaces[name][theme];
	const text = view.wall ? wallText : smallText;
	// projects and plans have a plate at the village's heart, which its name steps over
	const away = view.kind === 'task' ? 0.1 : 1.8;
	const crowd = { 'icon-allow-overlap': true, 'icon-size': view.wall ? 1.4 : 1 };
	const icon: ExpressionSpecification = ['concat', ['get', 'icon'], `|${theme}`];
	const all: Record<LayerId, Nameless<LayerSpecification>> = {
		paper: { type: 'background', paint: { 'background-color': tone('paper') } },
		'township-fill': {
			type: 'fill',
			source: 'township',
			paint: { 'fill-color': tone('land'), 'fill-antialias': false }
		},
		'village-fill': {
			type: 'fill',
			source: 'villages',
			paint: { 'fill-color': fillColour(theme), 'fill-antialias': false }
		},
		'village-pattern': {
			type: 'fill',
			source: 'patterns',
			paint: {
				'fill-pattern': ['concat', 'pattern|', ['get', 'pattern'], `|${theme}`],
				'fill-antialias': false,
				// where single tasks show, they speak and the village's pattern steps back
				'fill-opacity': from ? ['interpolate', ['linear'], ['zoom'], from, 1, from + 1, 0.4] : 1
			}
		},
		'plan-fill': {
			type: 'fill',
			source: 'plans',
			paint: { 'fill-color': stateColour(theme), 'fill-opacity': 0.28, 'fill-antialias': false }
		},
		'plan-line': {
			type: 'line',
			source: 'plans',
			paint: { 'line-color': stateColour(theme), 'line-width': view.wall ? 4 : 2 }
		},
		'village-line': {
			type: 'line',
			source: 'villages',
			layout: { 'line-join': 'round' },
			paint: { 'line-color': tone('line'), 'line-width': view.wall ? 2 : 1 }
		},
		'township-line': {
			type: 'line',
			source: 'township',
			layout: { 'line-join': 'round' },
			paint: { 'line-color': tone('boundary'), 'line-width': view.wall ? 4 : 2.2 }
		},
		'chosen-casing': {
			type: 'line',
			source: 'chosen',
			filter: ['==', ['get', 'what'], 'village'],
			layout: { 'line-join': 'round' },
			paint: { 'line-color': tone('halo'), 'line-width': view.wall ? 11 : 7 }
		},
		'chosen-line': {
			type: 'line',
			source: 'chosen',
			filter: ['==', ['get', 'what'], 'village'],
			layout: { 'line-join': 'round' },
			paint: { 'line-color': tone('choice'), 'line-width': view.wall ? 6 : 3 }
		},
		'chosen-thing': {
			type: 'circle',
			source: 'chosen',
			filter: ['==', ['get', 'what'], 'thing'],
			paint: {
				'circle-radius': view.wall ? 26 : 17,
				'circle-color': tone('halo'),
				'circle-opacity': 0.75,
				'circle-stroke-color': tone('choice'),
				'circle-stroke-width': 3
			}
		},
		hazards: {
			type: 'symbol',
			source: 'hazards',
			layout: {
				'icon-image': `mark|hazard|${theme}|`,
				...crowd,
				'icon-size': view.wall
					? 1.2
					: ['interpolate', ['linear'], ['zoom'], 10, 0.5, 12, 0.68, 14, 1]
			}
		},
		clusters: {
			type: 'symbol',
			source: 'things',
			minzoom: from,
			filter: ['has', 'point_count'],
			layout: {
				'icon-image': [
					'concat',
					...['donut', 'found', 'said', 'done', 'proven'].flatMap((name, i) =>
						i ? ['|', twelfths(name)] : [name]
					),
					['case', ['>', ['get', 'bad'], 0], '|bad|', '||'],
					theme
				] as unknown as ExpressionSpecification,
				'text-field': ['to-string', ['get', 'point_count']],
				'text-font': boldFonts,
				'text-size': view.wall ? 22 : 13,
				'text-allow-overlap': true,
				...crowd
			},
			paint: { 'text-color': tone('ink') }
		},
		things: {
			type: 'symbol',
			source: 'things',
			minzoom: from,
			filter: ['!', ['has', 'point_count']],
			layout: { 'icon-image': icon, ...crowd, 'symbol-sort-key': ['case', ['get', 'bad'], 1, 0] }
		},
		tasks: {
			type: 'symbol',
			// Without tiles there is nothing to draw; a layer must all the same have a source.
			...(tiled ? { source: tileSource, 'source-layer': 'tasks' } : { source: 'changed' }),
			minzoom: Math.max(8, from),
			filter: tasksFilter(view),
			layout: {
				visibility: tiled && view.kind === 'task' && !view.search ? 'visible' : 'none',
				'icon-image': icon,
				...crowd,
				'icon-size': view.wall
					? 1.4
					: ['interpolate', ['linear'], ['zoom'], 11, 0.5, 14, 0.75, 15.5, 1],
				'symbol-sort-key': ['case', ['get', 'bad'], 1, 0]
			},
			// What changed since the tile was made is drawn by the layer above it.
			paint: { 'icon-opacity': ['case', ['boolean', ['feature-state', 'changed'], false], 0, 1] }
		},
		changed: {
			type: 'symbol',
			source: 'changed',
			minzoom: Math.max(8, from),
			layout: {
				'icon-image': icon,
				...crowd,
				'symbol-sort-key': ['case', ['get', 'bad'], 1, 0]
			}
		},
		sites: {
			type: 'symbol',
			source: 'sites',
			layout: {
				'icon-image': icon,
				...crowd,
				// Further away it would lie on the neighbours' plates; the list says it all the same.
				'text-field': ['step', ['zoom'], '', notesFrom, ['get', 'note']],
				'text-font': view.wall ? boldFonts : fonts,
				'text-size': view.wall ? 22 : 12,
				'text-line-height': 1.2,
				'text-justify': 'auto',
				// Beside the plate: above and below it the village's name finds room.
				'text-variable-anchor': ['left', 'right'],
				'text-radial-offset': view.wall ? 1.2 : 1.6,
				'text-optional': true
			},
			paint: {
				'text-color': tone('ink'),
				'text-halo-color': tone('halo'),
				'text-halo-width': view.wall ? 2.5 : 1.8
			}
		},
		labels: {
			type: 'symbol',
			source: 'labels',
			layout: {
				'text-field': labelText(view, theme),
				'text-font': view.wall ? boldFonts : fonts,
				'text-size': text,
				'text-max-width': 8,
				'text-line-height': 1.25,
				'text-padding': 1,
				'symbol-sort-key': ['-', 0, ['+', ['get', 'blocked'], ['get', 'overdue']]],
				// Only up and down, and not far: a name beside its village would name the neighbour.
				'text-variable-anchor-offset': ['center', [0, 0], 'top', [0, away], 'bottom', [0, -away]]
			},
			paint: {
				'text-color': tone('ink'),
				'text-halo-color': tone('halo'),
				'text-halo-width': view.wall ? 2.5 : 1.8
			}
		}
	};
	return zorder.map((id) => ({ id, ...all[id] }) as LayerSpecification);
}

/** The same choice as `thingsShown`, over what a tile says. */
export function tasksFilter(view: View): ExpressionSpecification {
	const one = (name: string, of: readonly string[]) => ['in', ['get', name], ['literal', of]];
	return [
		'all',
		view.states.length ? one('state', view.states) : ['!=', ['get', 'state'], 'dropped'],
		...(view.categories.length ? [one('category', view.categories)] : []),
		...(view.only ? [['get', view.only]] : []),
		...(view.village ? [['==', ['get', 'village'], view.village]] : [])
	] as unknown as ExpressionSpecification;
}

/** The whole style of a view. `fit` is the camera that shows the township: crowds of tasks appear beyond it. */
export function style(map: WallMap, view: View, theme: Theme, fit: Camera): StyleSpecification {
	const data = sources(map, view);
	return {
		version: 8,
		sources: {
			...Object.fromEntries(
				sourceIds.map((id) => [
					id,
					{
						type: 'geojson',
						data: data[id],
						...(id === 'villages' ? { promoteId: 'id' } : {}),
						...(id === 'things' ? clustered : {})
					}
				])
			),
			...(map.tiles ? { [tileSource]: tilesOf(map.tiles) } : {})
		},
		layers: layers(view, theme, thingsFrom(map, fit), Boolean(map.tiles))
	};
}

const tilesOf = (path: string) => ({
	type: 'vector' as const,
	// The worker that fetches knows no page, so the address is whole.
	tiles: [(typeof location === 'undefined' ? '' : location.origin) + path],
	minzoom: 8,
	maxzoom: 16,
	promoteId: 'id'
});

const clustered = {
	cluster: true,
	clusterRadius: 44,
	clusterMaxZoom: 15,
	clusterProperties: {
		found: sum(state('found')),
		said: sum(state('said')),
		done: sum(state('done')),
		proven: sum(state('proven')),
		bad: sum(['get', 'bad'])
	}
};
