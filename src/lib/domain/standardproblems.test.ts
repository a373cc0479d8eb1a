import { describe, expect, it } from 'vitest';
import { problemCodes, problemsOf } from './standardproblems';
import type { Item, Standard } from './standard';
import { templates } from './templates';

const item = (code: string, max: number, over: Partial<Item> = {}): Item => ({
	code,
	zh: '项',
	max,
	...over
});
const whole = (over: Partial<Standard> = {}): Standard => ({
	total: 20,
	bonus_max: 5,
	grades: [
		{ grade: 'AA', zh: '', min: 15 },
		{ grade: 'A', zh: '', min: 10 }
	],
	assessors: [
		{ code: 'self', zh: '村' },
		{ code: 'county', zh: '县' }
	],
	vetoes: [{ code: 'V1', zh: '否决' }],
	sections: [
		{ code: '1', zh: '一', max: 12, items: [item('1.1', 7.9), item('1.2', 4.1)] },
		{ code: '2', zh: '二', max: 8, items: [item('2.1', 8)] }
	],
	bonus: [item('B1', 5)],
	...over
});
const section = (items: Item[], max = 12) => [
	{ code: '1', zh: '一', max, items },
	whole().sections[1]!
];

/** Each mistake alone, where it stands and what it stops. */
const mistakes: [string, Partial<Standard>, string, 'draft' | 'force' | null][] = [
	['text_missing', { vetoes: [{ code: 'V1', zh: ' ' }] }, 'V1', 'draft'],
	['code_doubled', { vetoes: [{ code: '1.1', zh: '否决' }] }, '1.1', 'force'],
	[
		'section_doubled',
		{ sections: [whole().sections[0]!, { ...whole().sections[1]!, code: '1' }] },
		'1',
		'force'
	],
	['section_empty', { sections: section([]) }, '1', 'force'],
	['section_below', { sections: section([item('1.1', 11.99)]) }, '1', 'force'],
	['section_above', { sections: section([item('1.1', 12.01)]) }, '1', null],
	['total_differs', { total: 20.01 }, '', 'force'],
	['lines_missing', { grades: [] }, '', 'force'],
	[
		'line_doubled',
		{
			grades: [
				{ grade: 'A', zh: '', min: 15 },
				{ grade: 'A', zh: '', min: 10 }
			]
		},
		'A',
		'force'
	],
	['lines_unsorted', { grades: [...whole().grades].reverse() }, '', 'force'],
	[
		'lines_unsorted',
		{
			grades: [
				{ grade: 'A', zh: '', min: 15 },
				{ grade: 'AA', zh: '', min: 10 }
			]
		},
		'',
		'force'
	],
	['line_above_total', { grades: [{ grade: 'A', zh: '', min: 20.01 }] }, 'A', 'force'],
	['assessor_missing', { assessors: [{ code: 'self', zh: '' }] }, 'county', 'force'],
	[
		'assessor_doubled',
		{ assessors: [...whole().assessors, { code: 'self', zh: '' }] },
		'self',
		'force'
	],
	[
		'higher_without_line',
		{ higher: ['AAA'], assessors: [...whole().assessors, { code: 'higher', zh: '' }] },
		'AAA',
		null
	],
	['higher_without_assessor', { higher: ['AA'] }, '', null],
	['veto_without_line', { vetoes: [{ code: 'V1', zh: '否决', grades: ['AAA'] }] }, 'V1', null],
	[
		'rule_above_max',
		{ bonus: [item('B1', 5, { rule: { type: 'tiered', options: [{ points: 5.01, zh: '' }] } })] },
		'B1',
		'draft'
	],
	[
		'rule_below_max',
		{ bonus: [item('B1', 5, { rule: { type: 'per_unit', unit_points: 1, cap: 4 } })] },
		'B1',
		null
	],
	[
		'rule_below_max',
		{ bonus: [item('B1', 5, { rule: { type: 'rate', bands: [{ from: 0.9, points: 4.99 }] } })] },
		'B1',
		null
	],
	['bonus_below_cap', { bonus_max: 5.01 }, '', null],
	['bonus_without_cap', { bonus_max: 0 }, '', null],
	[
		'too_many_items',
		{
			sections: section(
				Array.from({ length: 299 }, (_, n) => item(`x${n}`, 1)),
				299
			),
			total: 307
		},
		'',
		'draft'
	],
	['out_of_range', { notice_days: 4 }, '', 'draft']
];

describe('what does not add up in a standard', () => {
	it('is nothing where all adds up, hundredths included', () => {
		expect(problemsOf(whole())).toEqual([]);
	});
	it.each(mistakes)('%s', (code, over, where, stops) => {
		expect(problemsOf(whole(over)).map((p) => [p.code, p.where, p.stops])).toEqual([
			[code, where, stops]
		]);
	});
	it('is all of it tried here', () => {
		expect([...new Set(mistakes.map(([code]) => code))].sort()).toEqual([...problemCodes].sort());
	});
	it('is nothing in the whole template, and the missing items in those of sections only', () => {
		const found = templates.map((t) => [...new Set(problemsOf(t.body).map((p) => p.code))]);
		expect(found).toEqual([[], ['section_empty'], ['section_empty']]);
	});
});
