import { expect, it } from 'vitest';
import type { Standard } from '$lib/domain/standard';
import { templates } from '$lib/domain/templates';
import { faultsOf } from './faults';

const edited = (change: (body: Standard) => void) => {
	const body = structuredClone(templates[0]!.body);
	change(body);
	return faultsOf(body).map((f) => [f.kind, f.at, f.hard]);
};

it('finds nothing in what is shipped', () => {
	for (const { body } of templates) expect(faultsOf(body)).toEqual([]);
});
it.each([
	['total', (b: Standard) => void (b.total = 510), [['total', '', false]]],
	[
		'a section that cannot be filled',
		(b: Standard) => void (b.sections[5]!.items[0]!.max = 29.5),
		[['section_sum', '6', false]]
	],
	['a code twice', (b: Standard) => void (b.vetoes![0]!.code = '1.1'), [['twice', '1.1', false]]],
	['a line that falls', (b: Standard) => void (b.grades[0]!.min = 370), [['lines', '', false]]],
	['no name', (b: Standard) => void (b.sections[0]!.items[1]!.zh = ' '), [['name', '1.2', true]]],
	[
		'a tier above the points',
		(b: Standard) =>
			void (b.sections[0]!.items[1]!.rule = { type: 'tiered', options: [{ points: 11, zh: '' }] }),
		[['rule_points', '1.2', true]]
	],
	[
		'three decimals',
		(b: Standard) => void (b.sections[0]!.items[1]!.max = 10.005),
		[['unreadable', '', true]]
	]
])('%s', (_, change, faults) => expect(edited(change)).toEqual(faults));
it('more in a section than it holds is a cap, not a fault', () => {
	expect(edited((b) => void (b.sections[0]!.items[0]!.max = 20))).toEqual([]);
});
