/** Three empty tables as a county sends them: made here, so that nothing in them is anybody's. */
import {
	BorderStyle,
	Document,
	Packer,
	Paragraph,
	Table,
	TableCell,
	TableRow,
	TextRun,
	VerticalMergeType,
	WidthType
} from 'docx';
import type { Cell, SheetData } from 'write-excel-file/universal';
import writeXlsx from 'write-excel-file/universal';

type Head = { value: string; span?: number; rowSpan?: number };
const border = { borderStyle: 'thin', borderColor: '#000000' } as const;
const head = ({ value, ...more }: Head): Cell =>
	({
		value,
		type: String,
		fontWeight: 'bold',
		align: 'center',
		alignVertical: 'center',
		wrap: true,
		...border,
		...more
	}) as Cell;
const empty = (more: object = {}): Cell =>
	({ value: undefined, ...border, ...more }) as unknown as Cell;

async function bytesOf(data: SheetData, columns: number): Promise<Uint8Array> {
	const blob = await writeXlsx(data, {
		sheet: '月报',
		columns: Array.from({ length: columns }, () => ({ width: 13 }))
	} as never).toBlob();
	return new Uint8Array(await blob.arrayBuffer());
}

/** 村 by 村, two rows of headings with merged cells, a total with formulas, a cell somebody filled in. */
export function villageForm(
	villages: readonly string[],
	month = '2026年11月'
): Promise<Uint8Array> {
	const rows: SheetData = [
		[
			{
				value: `云溪镇农村人居环境整治情况统计表（${month}）`,
				type: String,
				span: 9,
				fontSize: 16,
				align: 'center'
			} as Cell,
			...Array.from({ length: 8 }, () => null)
		],
		[
			head({ value: '序号', rowSpan: 2 }),
			head({ value: '行政村', rowSpan: 2 }),
			head({ value: '户数', rowSpan: 2 }),
			head({ value: '问题整改', span: 4 }),
			null,
			null,
			null,
			head({ value: '村域面积（亩）', rowSpan: 2 }),
			head({ value: '责任人', rowSpan: 2 })
		],
		[
			null,
			null,
			null,
			head({ value: '问题数（个）' }),
			head({ value: '已整改（个）' }),
			head({ value: '已销号（个）' }),
			head({ value: '完成率（%）' }),
			null,
			null
		],
		...villages.map((name, n): Cell[] => [
			{ value: n + 1, type: Number, ...border } as Cell,
			{ value: name, type: String, ...border } as Cell,
			// Somebody filled this in by hand.
			n === 0 ? ({ value: 321, type: Number, ...border } as Cell) : empty(),
			...Array.from({ length: 4 }, () => empty({ color: '#0000ff' })),
			empty(),
			empty()
		]),
		[
			head({ value: '合计', span: 2 }),
			null,
			empty(),
			{ value: `SUM(D4:D${villages.length + 3})`, type: 'Formula', ...border } as Cell,
			...Array.from({ length: 5 }, () => empty())
		]
	];
	return bytesOf(rows, 9);
}

/** Labels in one column, blanks in the next. */
export function oneColumnForm(): Promise<Uint8Array> {
	const line = (label: string): Cell[] => [head({ value: label }), empty({ color: '#ff0000' })];
	return bytesOf(
		[
			[{ value: '产业项目谋划情况表', type: String, span: 2, align: 'center' } as Cell, null],
			...[
				'填报单位',
				'产业项目数',
				'计划总投资（万元）',
				'用地面积（亩）',
				'带动就业（人）',
				'发现问题数',
				'交办数',
				'整改率',
				'受灾人数'
			].map(line)
		],
		2
	);
}

/** A document with a table: villages below each other, one merged heading, text before and after. */
export async function documentForm(villages: readonly string[]): Promise<Uint8Array> {
	const cell = (text: string, more: object = {}) =>
		new TableCell({
			children: [
				new Paragraph({ children: text ? [new TextRun({ text, font: '仿宋', size: 24 })] : [] })
			],
			borders: Object.fromEntries(
				['top', 'bottom', 'left', 'right'].map((s) => [s, { style: BorderStyle.SINGLE, size: 4 }])
			),
			...more
		});
	const merge = { verticalMerge: VerticalMergeType.RESTART };
	const on = { verticalMerge: VerticalMergeType.CONTINUE };
	const document = new Document({
		sections: [
			{
				children: [
					new Paragraph({
						children: [new TextRun({ text: '各村环境整治报送表', bold: true, size: 32 })]
					}),
					new Table({
						width: { size: 100, type: WidthType.PERCENTAGE },
						rows: [
							new TableRow({
								children: [
									cell('村名', merge),
									cell('户数', merge),
									cell('环境整治', { columnSpan: 3 })
								]
							}),
							new TableRow({
								children: [
									cell('', on),
									cell('', on),
									cell('发现问题'),
									cell('已整改'),
									cell('销号率')
								]
							}),
							...villages.map(
								(v) => new TableRow({ children: [cell(v), cell(''), cell(''), cell(''), cell('')] })
							),
							new TableRow({ children: [cell('合计'), cell(''), cell(''), cell(''), cell('')] })
						]
					}),
					new Paragraph({ children: [new TextRun('注：数据截至月末。')] })
				]
			}
		]
	});
	return new Uint8Array(await Packer.toBuffer(document));
}
