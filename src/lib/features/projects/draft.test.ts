import { expect, test } from 'vitest';
import { projectPayloads } from '$lib/domain/projectops';
import type { Feature } from '$lib/domain/project';
import { FeatureDraft, fieldsOf } from './draft.svelte';

const old: Feature = {
	id: 'f',
	kind: 'parking',
	name: '北入口停车场',
	amount: 42,
	note: '',
	geometry: { type: 'Point', coordinates: [110.8, 32.6] },
	size: null,
	version: 3,
	byName: '',
	on: '2026-11-24'
};

test('a route is drawn as a line unless somebody said otherwise', () => {
	const draft = new FeatureDraft();
	draft.turn('route');
	expect(draft.shape).toBe('LineString');
	draft.reshape('Polygon');
	draft.turn('sight');
	expect(draft.shape).toBe('Polygon');
});

test('a shape is there once it has its corners; a ring is closed', () => {
	const draft = new FeatureDraft();
	draft.reshape('Polygon');
	draft.pick([110.8, 32.6]);
	draft.pick([110.81, 32.6]);
	expect(draft.ready).toBe(false);
	draft.pick([110.81, 32.61]);
	expect(draft.geometry).toEqual({
		type: 'Polygon',
		coordinates: [
			[
				[110.8, 32.6],
				[110.81, 32.6],
				[110.81, 32.61],
				[110.8, 32.6]
			]
		]
	});
	draft.back();
	expect(draft.geometry).toBeNull();
});

test('an edit leaves the place alone until it is drawn anew; another shape must be drawn', () => {
	const draft = new FeatureDraft(old);
	expect(draft.ready).toBe(true);
	expect(draft.moved).toBe(false);
	draft.reshape('Polygon');
	expect(draft.ready).toBe(false);
	draft.reshape('Point');
	expect(draft.ready).toBe(true);
	draft.pick([110.9, 32.6]);
	expect(draft.moved).toBe(true);
	// The last corner taken back leaves the place where it was.
	draft.back();
	expect(draft.moved).toBe(false);
	expect(draft.ready).toBe(true);
});

test('what is sent is what an op takes, and so is what puts it back', () => {
	const draft = new FeatureDraft(old);
	draft.amount = ' 50 ';
	expect(projectPayloads['feature.edit'].safeParse(draft.fields).success).toBe(true);
	expect(draft.fields.amount).toBe(50);
	expect(projectPayloads['feature.edit'].parse(fieldsOf(old))).toEqual(fieldsOf(old));
	draft.amount = 'viele';
	expect(draft.ready).toBe(false);
});
