import { readFileSync } from 'node:fs';
import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec';
import { describe, expect, it } from 'vitest';
import { kinds, measures } from '$lib/domain/fact';
import { readView, type View } from '$lib/domain/view';
import type { WallMap } from '$lib/domain/wallmap';
import { boundsOfMap, evenly, fitCamera } from './camera';
import { fills, patternOf, sources } from './features';
import { layers, style, wallText } from './layers';
import { zorder } from './zorder';

const map = JSON.parse(readFileSync('tests/fixtures/wallmap.json', 'utf8')) as WallMap;
const plain = readView(new URLSearchParams());
const fit = fitCamera(boundsOfMap(map), { width: 900, height: 700, padding: evenly(20) });
const views: View[] = kinds.flatMap((kind) =>
	measures.flatMap((measure) => [false, true].map((wall) => ({ ...plain, kind, measure, wall })))
);

describe('the style', () => {
	it.each(['light', 'dark'] as const)('is valid for every view in the %s theme', (theme) => {
		for (const view of views) {
			const errors = validateStyleMin(style(map, view, theme, fit) as never);
			expect(errors.map((e) => e.message)).toEqual([]);
		}
	});
	it('asks nobody on the network: no glyphs, no sprite, no tiles', () => {
		const text = JSON.stringify(style(map, plain, 'light', fit));
		expect(text).not.toMatch(/https?:|"glyphs"|"sprite"|"tiles"/);
	});
	it('stacks the layers as the list says', () => {
		expect(layers(plain, 'light', 0).map((l) => l.id)).toEqual([...zorder]);
	});
	it('paints villages from feature-state alone, so that a day or a measure rebuilds nothing', () => {
		const one = layers(plain, 'light', 0).find((l) => l.id === 'village-fill');
		const other = layers({ ...plain, measure: 'blocked' }, 'light', 0).find(
			(l) => l.id === 'village-fill'
		);
		expect(one).toEqual(other);
		expect(sources(map, plain).villages).toEqual(
			sources(map, { ...plain, measure: 'done' }).villages
		);
	});
	it('writes at least 24 px on the wall', () => {
		expect(wallText * 0.93).toBeGreaterThanOrEqual(24);
	});
});

describe('the features', () => {
	it('never paint the unknown green', () => {
		for (const view of views)
			for (const v of map.villages) {
				if (v.counts[view.kind].planned > 0) continue;
				expect(fills(map, view)[v.id]).toBe('unknown');
				expect(patternOf(map, view, v.id)).toBe('unknown');
			}
	});
	it('hatch a village if and only if something there is done and not proven', () => {
		for (const v of map.villages) {
			const counts = v.counts.task;
			if (counts.planned === 0) continue;
			expect(patternOf(map, plain, v.id) !== null).toBe(counts.done > counts.proven);
		}
	});
	it('show one kind of work at a time, and nothing that was dropped', () => {
		const { things, sites } = sources(map, plain);
		expect(sites.features).toHaveLength(0);
		const placed = map.things.filter((t) => t.kind === 'task' && t.at && t.state !== 'dropped');
		expect(things.features).toHaveLength(placed.length);
		expect(sources(map, { ...plain, kind: 'plan' }).plans.features.length).toBeGreaterThan(0);
	});
	it('keep a village without a boundary off the fills and on the labels', () => {
		const first = map.villages[0]!;
		const bare = { ...map, villages: [{ ...first, shape: null }] };
		expect(sources(bare, plain).villages.features).toHaveLength(0);
		expect(sources(bare, plain).labels.features).toHaveLength(1);
	});
	it('write beside a project which grade it holds, which it aims at and how far it is', () => {
		const project = map.things.find((t) => t.kind === 'project' && t.at)!;
		const of = (present: 'A' | '' | null) => ({
			...map,
			things: [{ ...project, project: { phase: 'building', present, target: 'AA' } as const }]
		});
		const note = (present: 'A' | '' | null) =>
			sources(of(present), { ...plain, kind: 'project' }).sites.features[0]!.properties!.note;
		expect(note('A')).toBe('A级→AA级\n创建中');
		expect(note('')).toBe('未评→AA级\n创建中');
		// Nobody recorded what it was on that day: said, never made up.
		expect(note(null)).toBe('未知→AA级\n创建中');
	});
});
