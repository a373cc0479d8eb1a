import type { MultiPolygon, Polygon, Position } from 'geojson';
import type { Kind, State } from '$lib/domain/fact';
import type { View } from '$lib/domain/view';
import type { ThingOnMap, WallMap } from '$lib/domain/wallmap';
import * as m from '$lib/i18n/paraglide/messages';
import {
	boundsOfMap,
	fitCamera,
	project,
	scaleBar,
	thingsFrom,
	type Box,
	type Camera
} from './camera';
import { fills, patternOf } from './features';
import { thingsShown } from '$lib/domain/shown';
import { markLines, notesFrom } from './projectmarks';
import { figureOf, troubleOf } from './shown';

/** The wall map as shapes on a sheet of `width` × `height` px; colours stay names, so that one sheet serves every theme. */
export type SvgMap = {
	width: number;
	height: number;
	camera: Camera;
	outline: string;
	villages: SvgVillage[];
	labels: SvgLabel[];
	areas: { id: string; kind: Kind; state: State; d: string }[];
	clusters: SvgCluster[];
	signs: SvgSign[];
	hazards: { id: string; name: string; x: number; y: number }[];
	scale: { metres: number; px: number };
};
export type SvgVillage = {
	id: string;
	name: string;
	d: string;
	/** 'unknown' or a ramp step such as 'proven3'. */
	fill: string;
	pattern: string | null;
	chosen: boolean;
};
export type SvgLabel = {
	id: string;
	x: number;
	y: number;
	name: string;
	figure: string;
	blocked: number;
	overdue: number;
};
export type SvgSign = {
	id: string;
	kind: Kind;
	x: number;
	y: number;
	state: State;
	mark: 'blocked' | 'overdue' | null;
	title: string;
	category: string;
	open: boolean;
	/** Beside a project's plate: its grades and its phase. */
	note: string[];
};
export type SvgCluster = {
	x: number;
	y: number;
	count: number;
	bad: boolean;
	villageId: string | null;
};

type Options = { camera?: Camera; textSize?: number; margin?: number };

/** Draws the view of the map on a box; without a camera it shows the whole township. */
export function svgMap(map: WallMap, view: View, box: Box, options: Options = {}): SvgMap {
	const fit = fitCamera(boundsOfMap(map), box);
	const camera = options.camera ?? fit;
	const at = (p: Position) => project([p[0] ?? 0, p[1] ?? 0], camera, box);
	const path = (shape: Polygon | MultiPolygon | null) => pathOf(shape, at);
	const painted = fills(map, view);
	const near = ([x, y]: readonly number[]) =>
		x! > -40 && y! > -40 && x! < box.width + 40 && y! < box.height + 40;
	const shown = thingsShown(map, view);
	const points = shown
		.flatMap((t) => (t.at ? [{ t, xy: at(t.at) }] : []))
		.filter(({ xy }) => near(xy));
	const crowd = camera.zoom < thingsFrom(map, fit);
	const { clusters, alone } = gather(points.filter(({ t }) => t.kind === 'task' && !crowd));
	const labelled = map.villages.filter((v) => v.label !== null);
	return {
		width: box.width,
		height: box.height,
		camera,
		outline: path(map.township.shape),
		villages: map.villages
			.filter((v) => v.shape !== null)
			.map((v) => ({
				id: v.id,
				name: v.name,
				d: path(v.shape),
				fill: painted[v.id] ?? 'unknown',
				pattern: patternOf(map, view, v.id),
				chosen: v.id === view.village
			})),
		labels: apart(
			labelled.map((v) => {
				const [x, y] = at(v.label!);
				const counts = v.counts[view.kind];
				return {
					id: v.id,
					x,
					y,
					name: v.name,
					figure: counts.planned ? figureOf(counts, view.measure) : m.map_unknown(),
					...troubleOf(counts)
				};
			}),
			options.textSize ?? 14,
			view.wall,
			points.filter(({ t }) => t.kind !== 'task').map(({ xy }) => xy)
		),
		areas: shown.flatMap((t) =>
			t.geometry && t.geometry.type !== 'Point'
				? [{ id: t.id, kind: t.kind, state: t.state, d: path(t.geometry) }]
				: []
		),
		clusters,
		signs: [...alone, ...points.filter(({ t }) => t.kind !== 'task')].map(({ t, xy }) => ({
			id: t.id,
			kind: t.kind,
			x: xy[0],
			y: xy[1],
			state: t.state,
			mark: t.blocked ? 'blocked' : t.overdue ? 'overdue' : null,
			title: t.title,
			category: t.category,
			open: t.id === view.open?.id,
			note: t.project && camera.zoom >= notesFrom ? markLines(t.project) : []
		})),
		hazards: map.hazards.flatMap((h) => {
			const [x, y] = at(h.at);
			return near([x, y]) ? [{ id: h.id, name: h.name, x, y }] : [];
		}),
		scale: scaleBar(camera)
	};
}

const round = (n: number) => Math.round(n * 10) / 10;

/** One path of all rings, to be filled by the even-odd rule; steps under half a pixel are left out. */
function pathOf(
	shape: Polygon | MultiPolygon | null,
	at: (p: Position) => [number, number]
): string {
	if (!shape) return '';
	const polygons = shape.type === 'Polygon' ? [shape.coordinates] : shape.coordinates;
	let d = '';
	for (const ring of polygons.flat()) {
		let last: [number, number] | null = null;
		let drawn = '';
		for (const corner of ring.slice(0, -1)) {
			const [x, y] = at(corner);
			if (last && Math.hypot(x - last[0], y - last[1]) < 0.5) continue;
			drawn += `${last ? 'L' : 'M'}${round(x)} ${round(y)}`;
			last = [x, y];
		}
		if (drawn) d += `${drawn}Z`;
	}
	return d;
}

type Placed = { t: ThingOnMap; xy: [number, number] };

/** Things closer than a cell of 44 px become one disc with their number. */
function gather(points: Placed[]): { clusters: SvgCluster[]; alone: Placed[] } {
	const cells = new Map<string, Placed[]>();
	for (const p of points) {
		const cell = `${Math.floor(p.xy[0] / 44)},${Math.floor(p.xy[1] / 44)}`;
		const there = cells.get(cell);
		if (there) there.push(p);
		else cells.set(cell, [p]);
	}
	const clusters: SvgCluster[] = [];
	const alone: Placed[] = [];
	for (const all of cells.values()) {
		if (all.length < 3) alone.push(...all);
		else
			clusters.push({
				x: round(all.reduce((s, p) => s + p.xy[0], 0) / all.length),
				y: round(all.reduce((s, p) => s + p.xy[1], 0) / all.length),
				count: all.length,
				bad: all.some(({ t }) => t.blocked || t.overdue),
				villageId: all[0]?.t.villageId ?? null
			});
	}
	return { clusters, alone };
}

/** Puts a label below a symbol in its place, and leaves out what would lie on another label; what needs somebody comes first. */
function apart(
	labels: SvgLabel[],
	size: number,
	wall: boolean,
	sites: [number, number][]
): SvgLabel[] {
	const need = (l: SvgLabel) => l.blocked + l.overdue;
	const taken: [number, number, number, number][] = [];
	return labels
		.map((l) => {
			const under = sites.some(
				([x, y]) => Math.abs(x - l.x) < (l.name.length * size) / 2 + 16 && Math.abs(y - l.y) < 16
			);
			return { ...l, x: round(l.x), y: round(under ? l.y + 14 + size * 0.8 : l.y) };
		})
		.sort((a, b) => need(b) - need(a))
		.filter((l) => {
			const w = (l.name.length * size) / 2 + 2;
			const h = (size * (1 + (need(l) ? 1 : 0) + (wall ? 1 : 0))) / 2 + 1;
			const box: [number, number, number, number] = [l.x - w, l.y - h, l.x + w, l.y + h];
			const free = taken.every(
				(t) => box[2] < t[0] || box[0] > t[2] || box[3] < t[1] || box[1] > t[3]
			);
			if (free) taken.push(box);
			return free;
		});
}
