import { expect, test } from 'vitest';
import { gapsOf, metresBetween, type Gap } from './gaps';
import type { Feature } from './project';
import type { Standard } from './standard';

const feature = (kind: Feature['kind'], geometry: Feature['geometry']): Feature => ({
	id: kind,
	kind,
	name: kind,
	amount: null,
	note: '',
	geometry,
	size: null,
	version: 1,
	byName: '',
	on: '2026-11-24'
});
const point = (lon: number, lat: number) => ({ type: 'Point' as const, coordinates: [lon, lat] });
/** Three kilometres to the east. */
const route = feature('route', {
	type: 'LineString',
	coordinates: [
		[110.8, 32.6],
		[110.832, 32.6]
	]
});
const standard = {
	sections: [
		{ code: '1', zh: '', max: 1, items: [{ code: '1.4', zh: '', max: 1, features: ['parking'] }] }
	]
} as unknown as Standard;

const kinds = (gaps: Gap[]) => gaps.flatMap((g) => (g.kind === 'missing' ? g.feature : []));
const far = (gaps: Gap[]) => gaps.filter((g) => g.kind === 'far');

test('a kind that an item asks for and nobody drew is missing, with the item', () => {
	expect(gapsOf([], standard)).toContainEqual({
		kind: 'missing',
		feature: 'parking',
		codes: ['1.4']
	});
	expect(kinds(gapsOf([feature('parking', point(110.8, 32.6))], standard))).not.toContain(
		'parking'
	);
});

test('what every place has is missing whether or not an item asks; an untouched place has no gaps', () => {
	expect(kinds(gapsOf([route], null))).toEqual(['entrance', 'parking', 'toilet', 'sign', 'safety']);
	expect(gapsOf([], null)).toEqual([]);
});

test('a sign speaks for an entrance up to a hundred metres away', () => {
	const entrance = feature('entrance', point(110.8, 32.6));
	const unsigned = (lon: number) =>
		gapsOf([entrance, feature('sign', point(lon, 32.6))], null).filter(
			(g) => g.kind === 'unsigned'
		);
	expect(unsigned(110.801)).toEqual([]);
	expect(unsigned(110.802)).toEqual([
		{ kind: 'unsigned', entrance: 'entrance', at: [110.8, 32.6], metres: 188 }
	]);
});

test('a route without any toilet is far from one over its whole length', () => {
	const [gap] = far(gapsOf([route], null));
	const length = metresBetween([110.8, 32.6], [110.832, 32.6]);
	expect(gap).toMatchObject({ kind: 'far', metres: Math.round(length) });
	expect(length).toBeGreaterThan(2990);
	expect(length).toBeLessThan(3010);
});

test('a toilet in the middle leaves both ends, each in one part', () => {
	const [gap] = far(gapsOf([route, feature('toilet', point(110.816, 32.6))], null));
	expect(gap?.kind === 'far' && gap.parts.length).toBe(2);
	expect(gap?.kind === 'far' && Math.abs(gap.metres - 2000)).toBeLessThan(60);
});

test('toilets near enough leave nothing', () => {
	const toilets = [0, 1, 2, 3].map((n) => feature('toilet', point(110.804 + n * 0.0085, 32.601)));
	expect(far(gapsOf([route, ...toilets], null))).toEqual([]);
});
