import { describe, expect, it } from 'vitest';
import { sightOf } from '$lib/features/field/tapmap';
import { LandDraft, type LonLat } from './landdraft.svelte';
import { snapTo } from './snap';

const square: LonLat[] = [
	[110, 32],
	[110.001, 32],
	[110.001, 32.001],
	[110, 32.001]
];

describe('land while it is drawn', () => {
	it('becomes an area with its third corner, and every step goes back and forth', () => {
		const draft = new LandDraft('draw');
		for (const p of square.slice(0, 2)) draft.add(p);
		expect(draft.geometry).toBeNull();
		for (const p of square.slice(2)) draft.add(p);
		draft.close();
		expect(draft.geometry?.coordinates[0]).toHaveLength(5);
		// 94.35 m by 110.9 m.
		expect(draft.area!).toBeGreaterThan(10_300);
		expect(draft.area!).toBeLessThan(10_600);
		const whole = draft.geometry;
		draft.remove([0, 0, 3]);
		expect(draft.parts[0]![0]).toHaveLength(3);
		draft.remove([0, 0, 2]);
		expect(draft.parts[0]![0], 'three corners stay').toHaveLength(3);
		draft.undo();
		expect(draft.geometry).toEqual(whole);
		draft.redo();
		expect(draft.parts[0]![0]).toHaveLength(3);
	});
	it('a drag is one step, and names where the edge crosses itself', () => {
		const draft = new LandDraft('corners', null, {
			type: 'Polygon',
			coordinates: [[...square, square[0]!]]
		});
		draft.begin();
		draft.drag([0, 0, 0], [110.0005, 32.0002]);
		draft.drag([0, 0, 0], [110.0015, 32.0005]);
		expect(draft.crossing).not.toBeNull();
		draft.undo();
		expect(draft.crossing).toBeNull();
		expect(draft.parts[0]![0]![0]).toEqual([110, 32]);
		expect(draft.undoable).toBe(false);
	});
	it('snaps to a corner before an edge, and to nothing far away', () => {
		const sight = sightOf([109.999, 31.999, 110.002, 32.002], { width: 600, height: 600 });
		const rings = [[...square, square[0]!]];
		expect(snapTo([110.00003, 32.00002], rings, sight)).toEqual([110, 32]);
		const [lon, lat] = snapTo([110.0005, 32.00002], rings, sight);
		expect(lon).toBeCloseTo(110.0005, 9);
		expect(lat).toBe(32);
		expect(snapTo([110.0005, 32.0005], rings, sight)).toEqual([110.0005, 32.0005]);
	});
});
