import { expect, test } from 'vitest';
import { gapsOf, metresBetween } from './gaps';
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

test('a kind that an item asks for and nobody drew is missing, with the item', () => {
	expect(gapsOf([], standard)).toEqual([{ kind: 'missing', feature: 'parking', codes: ['1.4'] }]);
	expect(gapsOf([feature('parking', point(110.8, 32.6))], standard)).toEqual([]);
});

test('a route without any toilet is far from one over its whole length', () => {
	const [gap] = gapsOf([route], null);
	const length = metresBetween([110.8, 32.6], [110.832, 32.6]);
	expect(gap).toMatchObject({ kind: 'far', metres: Math.round(length) });
	expect(length).toBeGreaterThan(2990);
	expect(length).toBeLessThan(3010);
});

test('a toilet in the middle leaves both ends, each in one part', () => {
	const [gap] = gapsOf([route, feature('toilet', point(110.816, 32.6))], null);
	expect(gap?.kind === 'far' && gap.parts.length).toBe(2);
	expect(gap?.kind === 'far' && Math.abs(gap.metres - 2000)).toBeLessThan(60);
});

test('toilets near enough leave nothing', () => {
	const toilets = [0, 1, 2, 3].map((n) => feature('toilet', point(110.804 + n * 0.0085, 32.601)));
	expect(gapsOf([route, ...toilets], null)).toEqual([]);
});
