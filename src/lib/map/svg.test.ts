import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readView } from '$lib/domain/view';
import type { WallMap } from '$lib/domain/wallmap';
import { boundsOfMap, evenly, fitCamera, project, scaleBar, unproject, zoomAround } from './camera';
import { svgMap } from './svg';

const map = JSON.parse(readFileSync('tests/fixtures/wallmap.json', 'utf8')) as WallMap;
const view = readView(new URLSearchParams());
const box = { width: 900, height: 700, padding: evenly(20) };

describe('the camera', () => {
	const camera = fitCamera(boundsOfMap(map), box);
	it('shows the whole township inside the padding', () => {
		const [w, s, e, n] = boundsOfMap(map);
		const [x1, y1] = project([w, n], camera, box);
		const [x2, y2] = project([e, s], camera, box);
		expect(Math.min(x1, y1)).toBeGreaterThan(19.9);
		expect(x2).toBeLessThan(880.1);
		expect(y2).toBeLessThan(680.1);
		expect(Math.min(900 - (x2 - x1), 700 - (y2 - y1))).toBeCloseTo(40, 3);
	});
	it('goes there and back to a hundredth of a pixel', () => {
		const at = unproject([123, 456], camera, box);
		expect(project(at, camera, box)[0]).toBeCloseTo(123, 2);
		expect(project(at, camera, box)[1]).toBeCloseTo(456, 2);
	});
	it('keeps the point under the wheel where it is', () => {
		const at = unproject([200, 100], camera, box);
		const [x, y] = project(at, zoomAround(camera, box, [200, 100], 1.3), box);
		expect([x, y].map(Math.round)).toEqual([200, 100]);
	});
	it('draws a scale bar of a round length', () => {
		const { metres, px } = scaleBar({ center: [110.8, 32.6], zoom: 11 }, 140);
		expect(metres).toBe(2000);
		expect(px).toBeGreaterThan(56);
		expect(px).toBeLessThanOrEqual(140);
	});
});

describe('the drawing', () => {
	const drawn = svgMap(map, view, box);
	it('has every village with a boundary, closed', () => {
		expect(drawn.villages).toHaveLength(16);
		for (const v of drawn.villages) expect(v.d).toMatch(/^M.*Z$/);
	});
	it('says unknown, never a step, where nothing was planned', () => {
		const unknown = map.villages.filter((v) => v.counts.task.planned === 0).map((v) => v.id);
		expect(unknown.length).toBeGreaterThan(0);
		for (const v of drawn.villages) {
			expect(v.fill === 'unknown').toBe(unknown.includes(v.id));
			expect(v.pattern === 'unknown').toBe(unknown.includes(v.id));
		}
	});
	it('leaves a crowd of tasks to the villages, and shows them from nearer', () => {
		expect(drawn.signs.length + drawn.clusters.length).toBe(0);
		const near = svgMap(map, view, box, {
			camera: { ...drawn.camera, zoom: drawn.camera.zoom + 2 }
		});
		expect(near.signs.length + near.clusters.length).toBeGreaterThan(0);
	});
	it('lays no label on another', () => {
		for (const [i, a] of drawn.labels.entries())
			for (const b of drawn.labels.slice(i + 1))
				expect(Math.abs(a.x - b.x) > 28 || Math.abs(a.y - b.y) > 14).toBe(true);
	});
	it('draws something sensible without any village', () => {
		const empty = {
			...map,
			villages: [],
			things: [],
			hazards: [],
			township: { ...map.township, shape: null }
		};
		const sheet = svgMap(empty, view, box);
		expect(sheet.villages).toEqual([]);
		expect(Number.isFinite(sheet.camera.zoom)).toBe(true);
	});
});
