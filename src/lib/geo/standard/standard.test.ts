import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import write from 'write-excel-file/universal';
import { evidenceKinds, standardSchema, type Item, type Standard } from '$lib/domain/standard';
import { featureKinds } from '$lib/domain/project';
import { problemCodes, problemsOf } from '$lib/domain/standardproblems';
import { templates } from '$lib/domain/templates';
import { toWorkbook } from '../write/xlsx';
import { readingCodes } from './found';
import { readStandardFile } from './read';
import { standardWorkbook } from './write';

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
type Cell = string | number | null;

/** A sheet as a province would print it: a title, headings, lines. */
const sheet = (headings: string[], rows: Cell[][], name = '评分细则') => ({
	name,
	table: { title: '某省旅游村评定细则', headings, rows }
});
const readSheets = async (...sheets: ReturnType<typeof sheet>[]) =>
	readStandardFile(await toWorkbook(sheets), '某省.xlsx');
const said = (read: ReturnType<typeof readStandardFile>) =>
	read.problems
		.filter((p) => (readingCodes as readonly string[]).includes(p.code))
		.map((p) => [p.code, p.line, p.where]);

// ── there and back ───────────────────────────────────────────────────────────────────────────────

const hundredth = (from: number, to: number) =>
	fc.integer({ min: from * 100, max: to * 100 }).map((n) => n / 100);
const percent = fc.integer({ min: 1, max: 10_000 }).map((n) => n / 10_000);
/** Words with everything that a rule, a list, a code or a spreadsheet could stumble over. */
const words = (least: number) =>
	fc
		.array(
			fc.oneof(
				{ weight: 3, arbitrary: fc.constantFrom(...'村道路厕所游客中心满意度') },
				fc.constantFrom(...'／/；;，,、=：:（）()「」%+-≥.·…“”& <>"\''),
				fc.constantFrom(
					'5分',
					'每处扣1分',
					'AAA级 ≥450分',
					'合计',
					'一、',
					'1.1',
					'a',
					'２',
					'🏞',
					'选一档：',
					'V1'
				)
			),
			{ minLength: least, maxLength: 8 }
		)
		.map((parts) => parts.join('').replace(/\s+/g, ' ').trim().normalize('NFC'))
		.filter((t) => t.length >= least);
const rule = (max: number): fc.Arbitrary<Item['rule']> =>
	fc.oneof(
		fc.constant(undefined),
		fc.constant({ type: 'max' as const }),
		fc.constant({ type: 'yes_no' as const }),
		fc.record({
			type: fc.constant('tiered' as const),
			options: fc.array(
				fc.record(
					{ points: hundredth(0, max), zh: words(0), en: words(1) },
					{ requiredKeys: ['points', 'zh'] }
				),
				{ minLength: 1, maxLength: 5 }
			)
		}),
		fc.record(
			{
				type: fc.constant('per_unit' as const),
				unit_points: hundredth(0, 9),
				cap: hundredth(0, max),
				unit: fc.oneof(words(1), fc.constantFrom('种', '处', '公里', '单位', '一个', '扣'))
			},
			{ requiredKeys: ['type', 'unit_points'] }
		),
		fc.record(
			{
				type: fc.constant('deduct_per_finding' as const),
				points: hundredth(0, 5),
				floor: hundredth(0, max)
			},
			{ requiredKeys: ['type', 'points'] }
		),
		fc.record({ type: fc.constant('rate' as const), full: percent }, { requiredKeys: ['type'] }),
		fc.record({
			type: fc.constant('rate' as const),
			bands: fc.array(fc.record({ from: percent, points: hundredth(0, max) }), {
				minLength: 1,
				maxLength: 4
			})
		})
	) as fc.Arbitrary<Item['rule']>;
const source = fc.constantFrom(undefined, 'S' as const, 'T' as const);
const item = (code: string): fc.Arbitrary<Item> =>
	fc.integer({ min: 1, max: 40 }).chain((max) =>
		fc
			.record({
				zh: words(1),
				en: words(0),
				source,
				rule: rule(max),
				kinds: fc.subarray([...evidenceKinds]),
				evidence: fc.tuple(words(0), words(0)),
				features: fc.subarray([...featureKinds], { maxLength: 4 })
			})
			.map(({ zh, en, source, rule, kinds, evidence, features }) => ({
				code,
				zh,
				en,
				max,
				...(source && { source }),
				...(rule && { rule }),
				...((kinds.length || evidence.some(Boolean)) && {
					evidence: { kinds, zh: evidence[0], en: evidence[1] }
				}),
				...(features.length && { features })
			}))
	);
const numbered = fc.constantFrom(
	(s: number, i: number) => [`${s + 1}`, `${s + 1}.${i + 1}`],
	(s: number, i: number) => [`第${s + 1}章`, `${s + 1}-${i + 1}`],
	(s: number, i: number) => ['ABCDEF'[s]!, `${'ABCDEF'[s]}${i}.0`]
);
const grades = ['AAA', 'AA', 'A'] as const;
const body: fc.Arbitrary<Standard> = fc
	.record({
		counts: fc.array(fc.nat(4), { minLength: 1, maxLength: 5 }),
		code: numbered,
		bonus: fc.nat(3),
		vetoes: fc.array(fc.tuple(words(1), words(0), fc.subarray([...grades].reverse())), {
			maxLength: 4
		}),
		lines: fc.subarray([...grades]),
		sides: fc.shuffledSubarray(['self', 'town', 'county', 'higher'] as const),
		texts: fc.array(words(1), { minLength: 20, maxLength: 20 }),
		faithfulness: fc.option(fc.record({ zh: words(1), en: words(0) }), { nil: undefined }),
		bonus_max: hundredth(0, 20),
		flags: fc.tuple(fc.boolean(), fc.boolean()),
		months: fc.integer({ min: 1, max: 240 }),
		days: fc.integer({ min: 5, max: 60 }),
		section: fc.array(fc.tuple(hundredth(1, 90), source), { minLength: 5, maxLength: 5 })
	})
	.chain((r) =>
		fc
			.tuple(
				fc.tuple(
					...r.counts.map((n, s) =>
						fc.tuple(...Array.from({ length: n }, (_, i) => item(r.code(s, i)[1]!)))
					)
				),
				fc.tuple(...Array.from({ length: r.bonus }, (_, i) => item(`B${i + 1}`)))
			)
			.map(([items, bonus]) => ({
				total: r.section.reduce((n, [max]) => n + Math.round(max * 100), 0) / 100,
				bonus_max: r.bonus_max,
				bonus_counts: r.flags[0],
				redistribute_na: r.flags[1],
				review_months: r.months,
				notice_days: r.days,
				higher: r.lines.slice(0, 1),
				...(r.faithfulness && { faithfulness: r.faithfulness }),
				grades: r.lines.map((grade, n) => ({
					grade,
					zh: r.texts[n]!,
					en: n ? r.texts[n + 3]! : '',
					min: 90 - n * 10.25
				})),
				assessors: r.sides.map((code, n) => ({ code, zh: r.texts[n + 6]!, en: r.texts[n + 10]! })),
				vetoes: r.vetoes.map(([zh, en, held], n) => ({
					code: `V${n + 1}`,
					zh,
					en,
					...(held.length && { grades: held })
				})),
				sections: items.map((list, s) => ({
					code: r.code(s, 0)[0]!,
					zh: r.texts[s + 14]!,
					en: '',
					max: r.section[s]![0],
					...(r.section[s]![1] && { source: r.section[s]![1] }),
					items: list
				})),
				bonus
			}))
	);

describe('a standard as a workbook', () => {
	it.each(templates.map((t) => [t.key, t] as const))(
		'%s comes back as it went out',
		async (_, t) => {
			const read = readStandardFile(await standardWorkbook({ ...t, official: false }), 'x.xlsx');
			expect(said(read)).toEqual([]);
			expect([read.name, read.edition]).toEqual([t.name, t.edition]);
			expect(read.standard).toEqual(t.body);
		}
	);

	it('300 random standards come back as they went out, mistakes and all', async () => {
		console.log(`workbook: SEED=${seed}`);
		for (const one of fc.sample(body, { numRuns: 300, seed })) {
			standardSchema.parse(one);
			const bytes = await standardWorkbook({
				name: '名',
				edition: '版',
				official: true,
				body: one
			});
			const read = readStandardFile(bytes, 'x.xlsx');
			expect(said(read), JSON.stringify(one)).toEqual([]);
			expect(read.standard).toEqual(one);
			expect(read.problems.map((p) => p.code)).toEqual(problemsOf(one).map((p) => p.code));
		}
	});
});

// ── tables of others ─────────────────────────────────────────────────────────────────────────────

describe("a province's own table", () => {
	it('with the headings of the criteria table, both languages in a cell, sources and ways of evidence', async () => {
		const read = await readSheets(
			sheet(
				['Code', 'Item (zh / en)', 'Max', 'Evidence (zh / en, kind)'],
				[
					['1', '旅游交通 / Access and transport', '80 (source)', null],
					[
						'1.1',
						'停车场（车位/管理） / car park',
						'70 (template)',
						'停车场面 / car park polygon `map+number`'
					],
					['1.2', '道路 / road', '１０', '照片 / photos `photo`'],
					['B1', '荣誉 / honours', '5 (template; bonus)', '文件 / document'],
					['B2', '品牌 / brand', 5, '证书 / certificate']
				]
			)
		);
		expect(read.standard!.sections).toEqual([
			{
				code: '1',
				zh: '旅游交通',
				en: 'Access and transport',
				max: 80,
				source: 'S',
				items: [
					{
						code: '1.1',
						zh: '停车场（车位/管理）',
						en: 'car park',
						max: 70,
						source: 'T',
						evidence: { kinds: ['map', 'number'], zh: '停车场面', en: 'car park polygon' }
					},
					{
						code: '1.2',
						zh: '道路',
						en: 'road',
						max: 10,
						evidence: { kinds: ['photo'], zh: '照片', en: 'photos' }
					}
				]
			}
		]);
		expect(read.standard!.bonus!.map((b) => [b.code, b.zh, b.max, b.source])).toEqual([
			['B1', '荣誉', 5, 'T'],
			['B2', '品牌', 5, undefined]
		]);
		expect(said(read)).toEqual([
			['settings_missing', null, ''],
			['bonus_cap_summed', null, '']
		]);
		expect(read.problems.filter((p) => p.stops).map((p) => p.code)).toEqual(['lines_missing']);
	});

	it('of Zhejiang’s columns: rules in words, must-haves, bonus, grade lines, sums and signatures', async () => {
		const read = await readSheets(
			sheet(
				['序号', '考评指标', '最高得分（分）', '分档得分', '佐证材料', 'A级', '村自评', '县级评定'],
				[
					['一', '旅游交通', '30分', null, null, null, null, null],
					['1', '交通方式', '10', '每种5分，最多10分', '班线', null, 8, null],
					['2', '道路', 8, '4分/8分/1分', null, null, null, null],
					['3', '停车', 12, '优12分；良8分；无停车场不得分', null, null, null, null],
					['二', '卫生（２０分）', null, null, null, null, null, null],
					['1', '村容', 10, '每发现一处扣0.5分，扣完为止', null, null, null, null],
					['2', '满意率', 10, '按满意率得分', null, null, null, null],
					['合计', null, 50, null, null, null, null, null],
					['加分项（最多5分）', null, null, null, null, null, null, null],
					['1', '荣誉', 5, '有得5分，没有不得分', null, null, null, null],
					['必达项', null, null, null, null, null, null, null],
					['1', '有公共厕所', null, null, null, null, null, null],
					['2', '近三年无安全事故', null, null, null, null, null, null],
					[
						'AAA级：45分以上；AA级：38-45分（不含45分）；A级：30≤得分＜38',
						null,
						null,
						null,
						null,
						null,
						null,
						null
					],
					['填表人：张三', null, null, null, null, null, null, null]
				]
			)
		);
		const standard = read.standard!;
		expect(standard.sections.map((s) => [s.code, s.zh, s.max, s.items.map((i) => i.code)])).toEqual(
			[
				['1', '旅游交通', 30, ['1.1', '1.2', '1.3']],
				['2', '卫生', 20, ['2.1', '2.2']]
			]
		);
		expect(standard.sections.flatMap((s) => s.items.map((i) => i.rule))).toEqual([
			{ type: 'per_unit', unit: '种', unit_points: 5, cap: 10 },
			{ type: 'tiered', options: [4, 8, 1].map((points) => ({ points, zh: '' })) },
			{
				type: 'tiered',
				options: [
					{ points: 12, zh: '优' },
					{ points: 8, zh: '良' },
					{ points: 0, zh: '无停车场' }
				]
			},
			{ type: 'deduct_per_finding', points: 0.5 },
			{ type: 'rate' }
		]);
		expect(standard.bonus).toMatchObject([
			{ code: 'B1', zh: '荣誉', max: 5, rule: { type: 'yes_no' } }
		]);
		expect([standard.bonus_max, standard.total]).toEqual([5, 50]);
		expect(standard.vetoes!.map((v) => [v.code, v.zh])).toEqual([
			['V1', '有公共厕所'],
			['V2', '近三年无安全事故']
		]);
		expect(standard.grades.map((g) => [g.grade, g.min])).toEqual([
			['AAA', 45],
			['AA', 38],
			['A', 30]
		]);
		expect(standard.assessors.map((a) => a.code)).toEqual(['self', 'county']);
		expect(said(read)).toEqual([
			['row_not_read', 17, ''],
			['settings_missing', null, '']
		]);
		expect(read.problems.filter((p) => p.stops).map((p) => p.code)).toEqual(['row_not_read']);
	});

	it('with sections merged in a column beside their items, and lines on a sheet of their own', async () => {
		const text = (value: string, more = {}) => ({ value, type: String, ...more });
		const number = (value: number) => ({ value, type: Number });
		const blob = await write([
			{
				sheet: '细则',
				data: [
					[text('评定细则', { columnSpan: 4 }), null, null, null],
					['评定大项', '评定项目', '标准分', '评分标准'].map((h) => text(h)),
					[text('一、区位（30分）', { rowSpan: 2 }), text('距离'), number(20), text('最高20分')],
					[null, text('交通'), number(10), text('宽六米以上且通公交的，按下表')],
					[text('二、景观（20分）'), text('山水'), number(20), null]
				]
			},
			{
				sheet: '等级划分',
				data: [[text('等级线')], [text('AA级'), text('≥３５分')], [text('A级'), text('25分')]]
			}
		] as never).toBlob();
		const read = readStandardFile(new Uint8Array(await blob.arrayBuffer()), '细则.xlsx');
		expect(read.standard!.sections).toMatchObject([
			{
				code: '1',
				zh: '区位',
				max: 30,
				items: [{ code: '1.1', zh: '距离', rule: { type: 'max' } }, { code: '1.2' }]
			},
			{ code: '2', zh: '景观', max: 20, items: [{ code: '2.1', zh: '山水', max: 20 }] }
		]);
		expect(read.standard!.sections[0]!.items[1]).toEqual({
			code: '1.2',
			zh: '交通：宽六米以上且通公交的，按下表',
			en: '',
			max: 10
		});
		expect(read.standard!.grades.map((g) => [g.grade, g.min])).toEqual([
			['AA', 35],
			['A', 25]
		]);
		expect(said(read)).toEqual([
			['code_made', 3, '1.1'],
			['code_made', 4, '1.2'],
			['rule_kept', 4, '1.2'],
			['code_made', 5, '2.1'],
			['settings_missing', null, '']
		]);
	});

	it('comes in with its mistakes, each with its line', async () => {
		const read = await readSheets(
			sheet(
				['编号', '评价内容', '分值', '评分标准', '佐证方式', '责任科室'],
				[
					['1', '交通', 30, null, null, null],
					['1.1', '公交', 10, null, '地图、录像', '旅游科'],
					['1.1', '码头', 10, null, null, null],
					['1.2', '路灯', '若干', null, null, null],
					['1.3', '标识', null, '4分/2分', null, null],
					['1.4', null, 3, null, null, null],
					['3.1', '厕所', 12, '分两档：'.repeat(90), null, null],
					['', '见附件说明', null, null, null, null]
				]
			),
			sheet(
				['等级', '最低分'],
				[
					['AAA', 450],
					['AAAA', 480]
				],
				'等级线'
			)
		);
		expect(
			read.standard!.sections.map((s) => [s.code, s.max, s.items.map((i) => [i.code, i.max])])
		).toEqual([
			[
				'1',
				30,
				[
					['1.1', 10],
					['1.1', 10],
					['1.3', 4]
				]
			],
			['3', 12, [['3.1', 12]]]
		]);
		expect(read.problems.map((p) => [p.code, p.sheet, p.line, p.where])).toEqual([
			['column_not_used', '评分细则', 2, ''],
			['word_unknown', '评分细则', 4, '1.1'],
			['points_unreadable', '评分细则', 6, '1.2'],
			['points_from_rule', '评分细则', 7, '1.3'],
			['name_missing', '评分细则', 8, '1.4'],
			['section_made', '评分细则', 9, '3'],
			['rule_unreadable', '评分细则', 9, '3.1'],
			['row_not_read', '评分细则', 10, ''],
			['grade_unknown', '等级线', 4, ''],
			['settings_missing', '', null, ''],
			['section_points_summed', '评分细则', 9, '3'],
			['code_doubled', '评分细则', 4, '1.1'],
			['section_below', '评分细则', 3, '1'],
			['line_above_total', '等级线', 3, 'AAA']
		]);
	});

	it('knows 1.10 again, which a workbook keeps as the number 1.1', async () => {
		const rows: Cell[][] = [
			['1', '交通', 10, null],
			...Array.from({ length: 10 }, (_, n): Cell[] => [
				n === 9 ? 1.1 : Number(`1.${n + 1}`),
				`项${n + 1}`,
				1,
				null
			])
		];
		const read = await readSheets(sheet(['编号', '项目', '分值', '评分标准'], rows));
		expect(read.standard!.sections[0]!.items.map((i) => i.code)).toEqual([
			...Array.from({ length: 9 }, (_, n) => `1.${n + 1}`),
			'1.10'
		]);
		expect(said(read)).toEqual([
			['code_was_number', 13, '1.10'],
			['settings_missing', null, '']
		]);
	});

	it('is no standard where there is no table, and never throws', async () => {
		for (const bytes of [new Uint8Array([1, 2, 3]), new Uint8Array(0)])
			expect(readStandardFile(bytes, 'x.xlsx')).toMatchObject({
				standard: null,
				problems: [{ code: 'workbook_unreadable' }]
			});
		const read = await readSheets(sheet(['姓名', '电话'], [['张三', '1']]));
		expect(read.standard).toBeNull();
		expect(read.problems.map((p) => p.code)).toEqual(['sheet_not_read', 'table_missing']);
	});
});

it('has words in both languages for everything that can be said, with the same places', () => {
	const [zh, en] = ['zh-CN', 'en'].map(
		(l) =>
			JSON.parse(readFileSync(`src/lib/i18n/messages/standards/${l}.json`, 'utf8')) as Record<
				string,
				string
			>
	) as [Record<string, string>, Record<string, string>];
	const codes = [...problemCodes, ...readingCodes].flatMap((c) =>
		c === 'assessor_missing' ? [`${c}_self`, `${c}_county`] : [c]
	);
	const keys = ['$schema', ...codes.map((c) => `standards_problem_${c}`)].sort();
	expect(Object.keys(zh).sort()).toEqual(keys);
	expect(Object.keys(en).sort()).toEqual(keys);
	const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();
	for (const key of keys) expect(places(en[key]!), key).toEqual(places(zh[key]!));
});
