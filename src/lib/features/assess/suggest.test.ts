import { expect, it } from 'vitest';
import type { Exhibit, Feature } from '$lib/domain/project';
import type { Item } from '$lib/domain/standard';
import { suggestionsFor } from './suggest';

const item = (code: string, more: Partial<Item> = {}): Item => ({
	code,
	zh: code,
	max: 10,
	...more
});
const toilet = { id: 't1', kind: 'toilet', name: '公厕' } as Feature;
const parking = { id: 'p1', kind: 'parking', name: '' } as Feature;
const exhibit = (more: Partial<Exhibit>): Exhibit =>
	({ id: 'e1', kind: 'place', items: [], featureId: null, ...more }) as Exhibit;

it('offers the map features whose kinds speak for an item, and no others', () => {
	const found = suggestionsFor([item('2.5', { features: ['toilet'] }), item('5.1')], {
		features: [toilet, parking],
		exhibits: []
	});
	expect(found).toEqual([
		{
			item: expect.objectContaining({ code: '2.5' }),
			kind: 'place',
			feature: toilet,
			exhibit: null
		}
	]);
});

it('uses the evidence that is there, and is silent about what is cited already', () => {
	const items = [item('2.5', { features: ['toilet'] }), item('2.6', { features: ['toilet'] })];
	const there = exhibit({ featureId: 't1', items: ['2.5'] });
	const found = suggestionsFor(items, { features: [toilet], exhibits: [there] });
	expect(found.map((s) => [s.item.code, s.kind === 'place' && s.exhibit?.id])).toEqual([
		['2.6', 'e1']
	]);
});

it('sends to the search for a check or a plan until one is cited', () => {
	const checked = item('2.1', { evidence: { kinds: ['inspection'] } });
	const linked = item('4.5', { evidence: { kinds: ['link'] } });
	const cited = exhibit({ kind: 'task', items: ['2.1'] });
	const kinds = (exhibits: Exhibit[]) =>
		suggestionsFor([checked, linked], { features: [], exhibits }).map((s) => s.kind);
	expect(kinds([])).toEqual(['task', 'plan']);
	expect(kinds([cited])).toEqual(['plan']);
});
