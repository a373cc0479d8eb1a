// Over 8 KB: one class, because nobody else may hold the MapLibre map.
import { createContext } from 'svelte';
import type { Point, Polygon } from 'geojson';
import type {
	GeoJSONSource,
	LngLatLike,
	Map as LiveMap,
	MapMouseEvent,
	StyleSpecification
} from 'maplibre-gl';
import type { Kind } from '$lib/domain/fact';
import type { View } from '$lib/domain/view';
import type { WallMap } from '$lib/domain/wallmap';
import {
	boundsOfMap,
	corners,
	fitCamera,
	panned,
	project,
	thingsFrom,
	unproject,
	zoomAround,
	type Bounds,
	type Box,
	type Camera,
	type Padding
} from './camera';
import { fills } from './features';
import { layers, style } from './layers';
import type { Theme } from './palette';
import { sourceIds, tileSource, zorder } from './zorder';

export type Pick =
	| { what: 'village'; id: string }
	| { what: 'thing'; kind: Kind; id: string }
	| { what: 'ground'; at: [number, number] };

type Shown = { map: WallMap; view: View; theme: Theme };
type MountOptions = { camera: Camera; padding: Padding; label: string };

/** Asked before anything of MapLibre is loaded: without WebGL2 the server's SVG stays the map. */
export function canUseWebGL2(): boolean {
	try {
		const probe = document.createElement('canvas').getContext('webgl2');
		probe?.getExtension('WEBGL_lose_context')?.loseContext();
		return probe !== null;
	} catch {
		return false;
	}
}

const testing = () => document.documentElement.hasAttribute('data-test');
const still = () => testing() || matchMedia('(prefers-reduced-motion: reduce)').matches;

/** The only holder of the live map. Components ask it to show, fly, fit and draw; they never see MapLibre. */
export class MapOwner {
	#live = $state(false);
	#state = $state<'waiting' | 'starting' | 'live' | 'lost' | 'svg'>('waiting');
	#camera = $state.raw<Camera | null>(null);
	#drawing = $state<'point' | 'polygon' | null>(null);
	#map: LiveMap | null = null;
	#shown: Shown | null = null;
	#drawn: {
		style: StyleSpecification;
		json: Record<string, string>;
		fills: Record<string, string>;
	} | null = null;
	#fit: Camera | null = null;
	#box: Box | null = null;
	#bounds = '';
	/** Ids in tiles that have the feature-state `changed`. */
	// eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing is shown from it
	#marked = new Set<string>();
	/** How often each source was given new data; tests read it. */
	#given: Record<string, number> = {};
	#stop: (() => void) | null = null;
	#answer: ((at: [number, number] | null) => void) | null = null;
	#finish: ((undo?: boolean) => void) | null = null;
	#destroyed = false;

	onpick: ((pick: Pick) => void) | null = null;
	onhover: ((village: string | null, at: [number, number]) => void) | null = null;
	/** Somebody moved the map by hand; not called where a program did. */
	onhand: (() => void) | null = null;

	/** MapLibre has drawn everything and the SVG below it may hide. */
	get live() {
		return this.#live;
	}
	/** 'svg' means that there is no WebGL2 here and that the SVG is the map for good. */
	get state() {
		return this.#state;
	}
	get camera() {
		return this.#camera;
	}
	get drawing() {
		return this.#drawing;
	}

	/**
	 * Starts MapLibre in the container once the page is idle or somebody touches the map.
	 * `camera` is the one the SVG was drawn with, so that nothing jumps.
	 */
	mount(container: HTMLElement, options: () => MountOptions): () => void {
		this.#destroyed = false;
		if (!canUseWebGL2()) {
			this.#state = 'svg';
			return () => this.destroy();
		}
		const start = () => {
			stop();
			if (this.#destroyed || this.#state !== 'waiting') return;
			this.#state = 'starting';
			this.#start(container, options()).catch((error) => {
				console.error(error);
				this.#state = 'svg';
			});
		};
		const around = container.parentElement ?? container;
		const events = ['pointerdown', 'wheel', 'keydown', 'touchstart'] as const;
		for (const name of events) around.addEventListener(name, start, { once: true, passive: true });
		const idle = window.requestIdleCallback?.(start, { timeout: 1500 });
		const timer = idle === undefined ? window.setTimeout(start, 300) : undefined;
		const stop = () => {
			for (const name of events) around.removeEventListener(name, start);
			if (idle !== undefined) window.cancelIdleCallback?.(idle);
			clearTimeout(timer);
		};
		this.#stop = stop;
		return () => this.destroy();
	}

	async #start(container: HTMLElement, options: MountOptions) {
		const [{ Map, setWorkerUrl }, worker, { drawImage, pixelRatio }] = await Promise.all([
			import('maplibre-gl'),
			import('maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'),
			import('./images'),
			import('maplibre-gl/dist/maplibre-gl.css')
		]);
		if (this.#destroyed || !this.#shown) return;
		setWorkerUrl(worker.default);
		const { map: data, view, theme } = this.#shown;
		this.#fit ??= options.camera;
		const first = style(data, view, theme, this.#fit);
		const map = new Map({
			container,
			style: first,
			center: options.camera.center,
			zoom: options.camera.zoom,
			minZoom: 3,
			maxZoom: 19,
			attributionControl: false,
			dragRotate: false,
			touchPitch: false,
			pitchWithRotate: false,
			maplibreLogo: false,
			fadeDuration: testing() ? 0 : 200,
			locale: { 'Map.Title': options.label }
		});
		this.#map = map;
		map.setPadding(options.padding);
		map.jumpTo({ center: options.camera.center, zoom: options.camera.zoom });
		map.touchZoomRotate.disableRotation();
		map.keyboard.disableRotation();
		map.setMissingStyleImageResolver((id) => {
			const image = drawImage(id);
			if (image && !map.hasImage(id)) map.addImage(id, image, { pixelRatio });
		});
		if (testing()) Object.assign(window, { __map: map, __mapGiven: this.#given });
		this.#drawn = { style: first, json: this.#json(first), fills: {} };
		map.on('style.load', () => this.#apply());
		map.on('move', () => this.#moved());
		map.on('movestart', (event) => {
			if ((event as { originalEvent?: Event }).originalEvent) this.onhand?.();
		});
		map.on('click', (event) => this.#clicked(event));
		map.on('mousemove', (event) => this.#hovered(event));
		map.on('mouseout', () => this.onhover?.(null, [0, 0]));
		map.once('idle', () => {
			this.#live = true;
			this.#state = 'live';
		});
		map.on('webglcontextlost', () => {
			this.#live = false;
			this.#state = 'lost';
		});
		map.on('webglcontextrestored', () =>
			map.once('idle', () => {
				this.#live = true;
				this.#state = 'live';
			})
		);
		this.#moved();
	}

	/** Shows this view. Only what differs from the last one is sent to the map. */
	show(map: WallMap, view: View, theme: Theme) {
		this.#shown = { map, view, theme };
		const bounds = boundsOfMap(map).join();
		if (bounds !== this.#bounds) {
			// another township, or its first boundaries: look at all of it
			if (this.#bounds && this.#box) {
				this.#camera = this.#map && this.#camera;
				this.resize(this.#box, true);
			}
			this.#bounds = bounds;
		}
		if (this.#map?.isStyleLoaded() || this.#drawn) this.#apply();
	}

	#json(s: StyleSpecification): Record<string, string> {
		return Object.fromEntries(
			sourceIds.map((id) => [id, JSON.stringify((s.sources[id] as { data: unknown }).data)])
		);
	}

	#apply() {
		const map = this.#map;
		if (!map || !this.#shown || !this.#drawn || !map.getSource('villages')) return;
		const { map: data, view, theme } = this.#shown;
		const next = style(data, view, theme, this.#fit!);
		const json = this.#json(next);
		for (const id of sourceIds) {
			if (json[id] === this.#drawn.json[id]) continue;
			const source = next.sources[id] as { data: GeoJSON.GeoJSON };
			map.getSource<GeoJSONSource>(id)?.setData(source.data);
			this.#given[id] = (this.#given[id] ?? 0) + 1;
			if (id === 'villages') this.#drawn.fills = {};
		}
		const from = thingsFrom(data, this.#fit!);
		const before = this.#drawn.style.layers;
		const tiles = next.sources[tileSource];
		if (tiles && !map.getSource(tileSource)) map.addSource(tileSource, tiles);
		for (const [i, layer] of layers(view, theme, from, Boolean(data.tiles)).entries()) {
			const old = before[i]!;
			if ('source' in layer && 'source' in old && layer.source !== old.source) {
				// another day may bring the tasks in another way
				map.removeLayer(layer.id);
				map.addLayer(layer, zorder[i + 1]);
				continue;
			}
			if (
				'filter' in layer &&
				'filter' in old &&
				JSON.stringify(layer.filter) !== JSON.stringify(old.filter)
			)
				map.setFilter(layer.id, layer.filter);
			for (const part of ['paint', 'layout'] as const) {
				const now = (layer[part] ?? {}) as Record<string, unknown>;
				const was = (old[part] ?? {}) as Record<string, unknown>;
				for (const name of Object.keys({ ...was, ...now })) {
					if (JSON.stringify(now[name]) === JSON.stringify(was[name])) continue;
					if (part === 'paint') map.setPaintProperty(layer.id, name as never, now[name] as never);
					else map.setLayoutProperty(layer.id, name as never, now[name] as never);
				}
			}
			if (layer.minzoom !== old.minzoom) map.setLayerZoomRange(layer.id, layer.minzoom ?? 0, 24);
		}
		const painted = fills(data, view);
		for (const [id, fill] of Object.entries(painted))
			if (this.#drawn.fills[id] !== fill) map.setFeatureState({ source: 'villages', id }, { fill });
		this.#mark(data);
		this.#drawn = { style: next, json, fills: painted };
	}

	/** Hides in the tiles what changed since; the `changed` layer shows how it is now. */
	#mark({ tiles, changed }: WallMap) {
		const map = this.#map!;
		if (!tiles || !map.getSource(tileSource)) return;
		for (const id of changed?.keys() ?? []) {
			if (this.#marked.has(id)) continue;
			map.setFeatureState({ source: tileSource, sourceLayer: 'tasks', id }, { changed: true });
			this.#marked.add(id);
		}
	}

	#moved() {
		const map = this.#map!;
		const { lng, lat } = map.getCenter();
		this.#camera = { center: [lng, lat], zoom: map.getZoom() };
	}

	async #clicked(event: MapMouseEvent) {
		const map = this.#map!;
		const at: [number, number] = [event.lngLat.lng, event.lngLat.lat];
		if (this.#answer) return this.answerPoint(at);
		if (this.#drawing) return;
		const { x, y } = event.point;
		const near: [[number, number], [number, number]] = [
			[x - 6, y - 6],
			[x + 6, y + 6]
		];
		const [hit] = map
			.queryRenderedFeatures(near, { layers: ['sites', 'changed', 'tasks', 'things', 'clusters'] })
			.filter((f) => f.layer.id !== 'tasks' || !f.state.changed);
		if (hit?.layer.id === 'clusters') {
			const source = map.getSource<GeoJSONSource>('things');
			const zoom = await source?.getClusterExpansionZoom(Number(hit.properties.cluster_id));
			const center = (hit.geometry as Point).coordinates as [number, number];
			return void map.easeTo({ center, zoom: (zoom ?? 14) + 0.2, duration: still() ? 0 : 500 });
		}
		if (hit)
			return this.onpick?.({ what: 'thing', kind: hit.properties.kind, id: hit.properties.id });
		const [area] = map.queryRenderedFeatures(event.point, { layers: ['plan-fill'] });
		if (area)
			return this.onpick?.({ what: 'thing', kind: area.properties.kind, id: area.properties.id });
		const [village] = map.queryRenderedFeatures(event.point, { layers: ['village-fill'] });
		if (village) return this.onpick?.({ what: 'village', id: village.properties.id });
		this.onpick?.({ what: 'ground', at });
	}

	#hovered({ point }: MapMouseEvent) {
		const map = this.#map!;
		if (!this.onhover || this.#drawing || map.isMoving()) return;
		const [hit] = map.queryRenderedFeatures(point, { layers: ['village-fill'] });
		map.getCanvas().style.cursor = hit ? 'pointer' : '';
		this.onhover(hit ? String(hit.properties.id) : null, [point.x, point.y]);
	}

	flyTo(center: [number, number], zoom = 15) {
		if (this.#map)
			this.#map.easeTo({ center: center as LngLatLike, zoom, duration: still() ? 0 : 700 });
		else this.#camera = { center, zoom };
	}

	/** Flies only where the point cannot be seen, or only from too far away. */
	reveal(at: [number, number]) {
		if (!this.#box || !this.#camera) return this.flyTo(at);
		const [x, y] = project(at, this.#camera, this.#box);
		const { padding, width, height } = this.#box;
		const seen =
			x > padding.left &&
			y > padding.top &&
			x < width - padding.right &&
			y < height - padding.bottom;
		if (!seen || this.#camera.zoom < 13) this.flyTo(at, Math.max(14.5, this.#camera.zoom));
	}

	fit(bounds: Bounds, maxZoom = 15) {
		if (this.#box) {
			const { center, zoom } = fitCamera(bounds, this.#box, maxZoom);
			this.flyTo(center, zoom);
		}
	}

	/** What can be seen of the ground: the free part of the box, whatever its shape. */
	get bounds(): Bounds | null {
		const camera = this.#camera ?? this.#fit;
		if (!camera || !this.#box) return null;
		const { width, height, padding } = this.#box;
		const [w, n] = unproject([padding.left, padding.top], camera, this.#box);
		const [e, s] = unproject([width - padding.right, height - padding.bottom], camera, this.#box);
		return [w, s, e, n];
	}

	/** Goes there at once, without a flight: for eyes that follow another's. */
	look(bounds: Bounds) {
		if (!this.#box) return;
		const camera = fitCamera(bounds, this.#box, 19);
		if (this.#map) this.#map.jumpTo(camera);
		else this.#camera = camera;
	}

	/** Px of the box for a place on the ground, and back; null before the box is known. */
	toBox(at: readonly [number, number]): [number, number] | null {
		const camera = this.#camera ?? this.#fit;
		return camera && this.#box ? project(at, camera, this.#box) : null;
	}
	toGround(xy: readonly [number, number]): [number, number] | null {
		const camera = this.#camera ?? this.#fit;
		return camera && this.#box ? unproject(xy, camera, this.#box) : null;
	}

	/** Back to the whole township. */
	fitAll(map: WallMap) {
		this.fit(boundsOfMap(map), 17);
	}

	/** `around` is in px of the box; its middle when left out. */
	zoomBy(levels: number, around?: [number, number]) {
		this.onhand?.();
		const map = this.#map;
		const box = this.#box;
		if (map) map.easeTo({ zoom: map.getZoom() + levels, duration: still() ? 0 : 200 });
		else if (box) {
			const camera = this.#camera ?? this.#fit!;
			const at = around ?? project(camera.center, camera, box);
			this.#camera = zoomAround(camera, box, at, levels);
		}
	}

	panBy(dx: number, dy: number) {
		this.onhand?.();
		if (this.#map) this.#map.panBy([dx, dy], { duration: still() ? 0 : 200 });
		else if (this.#box) this.#camera = panned(this.#camera ?? this.#fit!, this.#box, dx, dy);
	}

	/** The box or what covers it changed: keep the township where it can be seen. */
	resize(box: Box, whole = false) {
		this.#box = box;
		if (!this.#shown) return;
		const before = this.#fit;
		const fit = (this.#fit = fitCamera(boundsOfMap(this.#shown.map), box));
		const map = this.#map;
		if (!map) return;
		// who was looking at the whole township goes on doing so
		whole ||= before !== null && Math.abs(map.getZoom() - before.zoom) < 0.02;
		if (whole) map.easeTo({ ...fit, padding: box.padding, duration: still() ? 0 : 250 });
		else map.setPadding(box.padding);
	}

	/** The next click on the map (or on the SVG, through `answerPoint`); null when cancelled by Escape. */
	drawPoint(): Promise<Point | null> {
		this.cancel();
		this.#drawing = 'point';
		return new Promise((resolve) => {
			const end = this.#escape(() => this.answerPoint(null));
			this.#answer = (at) => {
				end();
				this.#answer = null;
				this.#drawing = null;
				const seven = (n: number) => Math.round(n * 1e7) / 1e7;
				resolve(at && { type: 'Point', coordinates: at.map(seven) });
			};
		});
	}

	/** The same from px of the SVG's box. */
	answerAt(xy: [number, number]) {
		const camera = this.#camera ?? this.#fit;
		if (camera && this.#box) this.answerPoint(unproject(xy, camera, this.#box));
	}

	answerPoint(at: [number, number] | null) {
		this.#answer?.(at);
	}

	/** A simple ring drawn by hand, snapping to the villages' borders; null when cancelled or without WebGL2. */
	async drawPolygon(): Promise<Polygon | null> {
		this.cancel();
		const map = this.#map;
		if (!map) return null;
		this.#drawing = 'polygon';
		const { polygonTool } = await import('./draw');
		return new Promise((resolve) => {
			const borders = this.#shown?.map.villages.flatMap((v) => [...corners(v.shape)]) ?? [];
			const tool = polygonTool(map, borders, (polygon) => {
				end();
				this.#finish = null;
				this.#drawing = null;
				resolve(polygon);
			});
			const end = this.#escape(() => tool.end(null));
			this.#finish = (undo) => (undo ? tool.undo() : tool.end(null));
		});
	}

	/** Takes back the last corner. */
	undo() {
		this.#finish?.(true);
	}

	cancel() {
		this.answerPoint(null);
		this.#finish?.();
	}

	#escape(then: () => void): () => void {
		const onkey = (event: KeyboardEvent) => {
			if (event.key !== 'Escape') return;
			event.preventDefault();
			event.stopImmediatePropagation();
			then();
		};
		const canvas = this.#map?.getCanvas();
		if (canvas) canvas.style.cursor = 'crosshair';
		window.addEventListener('keydown', onkey, true);
		return () => {
			window.removeEventListener('keydown', onkey, true);
			if (canvas) canvas.style.cursor = '';
		};
	}

	destroy() {
		this.#destroyed = true;
		this.cancel();
		this.#stop?.();
		this.#map?.remove();
		this.#map = null;
		this.#drawn = null;
		this.#live = false;
		this.#state = 'waiting';
	}
}

/** Forms inside the workspace ask their owner for a point or a polygon. */
export const [getMapOwner, setMapOwner] = createContext<MapOwner>();
