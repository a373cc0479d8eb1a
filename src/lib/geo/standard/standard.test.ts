import { describe, expect, it } from 'vitest';
import { templates } from '$lib/domain/templates';
import type { Rule } from '$lib/domain/standard';
import { toWorkbook } from '../write/xlsx';
import { readStandardFile } from './read';
import { ruleOf, ruleText } from './rules';
import { standardWorkbook } from './write';

/** Empty texts and absent ones are the same thing in a workbook. */
const lean = (value: unknown): unknown =>
	JSON.parse(
		JSON.stringify(value, (key, v: unknown) => {
			if (v === '' || (key === 'source' && v === undefined)) return undefined;
			if (key === 'rule' && (v as Rule).type === 'max') return undefined;
			if (Array.isArray(v) && v.length === 0) return undefined;
			return v;
		})
	);

describe('a standard as a workbook', () => {
	it.each(templates.map((t) => [t.key, t] as const))(
		'%s comes back as it went out',
		async (_, t) => {
			const bytes = await standardWorkbook({ ...t, official: false });
			const read = readStandardFile(bytes, 'x.xlsx');
			expect(read.problems).toEqual([]);
			expect([read.name, read.edition]).toEqual([t.name, t.edition]);
			const body = structuredClone(t.body);
			for (const s of body.sections) delete s.source;
			const back = structuredClone(read.standard!);
			// Grades and sides have no English in a workbook.
			for (const named of [body.grades, body.assessors, back.grades, back.assessors].flat())
				delete named.en;
			expect(lean(back)).toEqual(lean(body));
		}
	);

	it("reads a province's own table and says what it could not", async () => {
		const bytes = await toWorkbook([
			{
				name: '细则',
				table: {
					title: '某省旅游村评分细则',
					headings: ['序号', '考评指标', '最高得分', '评分办法'],
					rows: [
						['一', '旅游交通', 20, ''],
						['1', '旅游交通', 20, ''],
						['1.1', '停车场', 12, '每个3分，最多12分'],
						['1.2', '道路', 8, '视情况给分'],
						['1.3', '路灯', '若干', '']
					]
				}
			}
		]);
		const { name, standard, problems } = readStandardFile(bytes, '某省.xlsx');
		expect(name).toBe('某省旅游村评分细则');
		expect(standard!.sections.at(-1)!.items.map((i) => [i.code, i.max, i.rule?.type])).toEqual([
			['1.1', 12, 'per_unit'],
			['1.2', 8, undefined]
		]);
		expect(problems.map((p) => [p.code, p.line])).toEqual([
			['no_settings', null],
			['bad_rule', 6],
			['no_points', 7]
		]);
	});

	it('never throws on what is no workbook', () => {
		expect(readStandardFile(new Uint8Array([1, 2, 3]), 'x.xlsx')).toMatchObject({
			standard: null,
			problems: [{ code: 'unreadable' }]
		});
	});
});

describe('a rule in a cell', () => {
	it.each([
		{
			type: 'tiered',
			options: [
				{ points: 10, zh: '优 良，很好' },
				{ points: 0.5, zh: '' }
			]
		},
		{ type: 'per_unit', unit_points: 2.5, unit: '处', cap: 8 },
		{ type: 'per_unit', unit_points: 5, unit: '个' },
		{ type: 'deduct_per_finding', points: 0.5, floor: 2 },
		{ type: 'deduct_per_finding', points: 1 },
		{ type: 'rate', full: 0.955 },
		{
			type: 'rate',
			bands: [
				{ from: 0.9, points: 10 },
				{ from: 0.8, points: 5 }
			]
		},
		{ type: 'yes_no' },
		{ type: 'max' }
	] as Rule[])('%j', (rule) => expect(ruleOf(ruleText(rule))).toEqual(rule));
	it('is none where nothing can be reckoned', () => {
		for (const text of ['酌情', '分档：优；良', '每分', '扣分']) expect(ruleOf(text)).toBeNull();
	});
});
