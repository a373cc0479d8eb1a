import { describe, expect, it } from 'vitest';
import write from 'write-excel-file/universal';
import type { TaskRow } from './draft';
import { readFiles } from './read';

const text = (value: string, more: object = {}) => ({ value, type: String, ...more });
const number = (value: number) => ({ value, type: Number });

describe('workbooks as offices make them', () => {
	it('reads merged headings of two lines, merged villages, real dates, sums and signatures', async () => {
		const sheets = [
			{
				sheet: '台账',
				data: [
					[text('整治台账（2025年度）', { columnSpan: 7 }), null, null, null, null, null, null],
					[
						text('序号', { rowSpan: 2 }),
						text('行政村', { rowSpan: 2 }),
						text('存在问题', { rowSpan: 2 }),
						text('坐标', { columnSpan: 2 }),
						null,
						text('完成时限', { rowSpan: 2 }),
						text('整改情况', { rowSpan: 2 })
					],
					[null, null, null, text('东经'), text('北纬'), null, null],
					[
						number(1),
						text('白马村', { rowSpan: 3 }),
						text('污水直排'),
						number(110.8),
						number(32.6),
						{ value: new Date(Date.UTC(2025, 5, 15)), type: Date, format: 'yyyy/mm/dd' },
						text('已整改')
					],
					[number(2), null, text('杂草'), null, null, text('6月底'), text('正在整改')],
					[number(3), null, text('危房'), null, null, text('长期'), null],
					[text('合计'), null, text('3'), null, null, null, null],
					[text('填报人：李四    审核人：王五')]
				]
			},
			{ sheet: '说明', data: [[text('本表由镇政府填写')]] }
		];
		const blob = await write(sheets as never).toBlob();
		const draft = await readFiles([
			{ name: 'a.xlsx', bytes: new Uint8Array(await blob.arrayBuffer()) }
		]);
		const [layer] = draft.layers;
		expect(layer!.columns.map((c) => c.meaning)).toEqual([
			'serial',
			'village',
			'title',
			'lon',
			'lat',
			'due_on',
			'progress'
		]);
		expect(
			layer!.rows.map((r) => [
				r.n,
				(r.parsed as TaskRow).villageName,
				(r.parsed as TaskRow).dueOn,
				(r.parsed as TaskRow).state
			])
		).toEqual([
			[4, '白马村', '2025-06-15', 'done'],
			[5, '白马村', '2025-06-30', 'said'],
			[6, '白马村', null, 'said']
		]);
		expect(draft.problems.map((p) => p.code).sort()).toEqual([
			'day_not_read',
			'headings_missing',
			'line_is_no_row',
			'line_is_sum',
			'rows_without_place',
			'year_guessed'
		]);
	});
});
