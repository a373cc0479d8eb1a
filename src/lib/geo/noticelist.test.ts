import { expect, it } from 'vitest';
import { readNoticeList } from './noticelist';
import { toXLSX } from './write/xlsx';

const csv = (text: string, amounts = true) =>
	readNoticeList(new TextEncoder().encode(text), '名单.csv', amounts);

it('takes the allowed columns in their order, whatever stands above, and masks phones', () => {
	const list = csv(
		'补助对象名单,,,\n序号,户主姓名,村,组\n1,张三,白马村,一组\n2,李四13812345678,白马村,二组\n'
	);
	expect(list).toEqual({
		columns: ['no', 'name', 'place'],
		rows: [
			{ no: '1', name: '张三', place: '白马村一组' },
			{ no: '2', name: '李四138****5678', place: '白马村二组' }
		],
		problems: [],
		masked: 1
	});
	// From the clipboard of a spreadsheet.
	expect(csv('姓名\t补助金额（元）\n张三\t2000').rows).toEqual([{ name: '张三', amount: '2000' }]);
});

it('refuses every other column by its name and passes nothing of the table on', () => {
	const list = csv('序号,姓名,身份证号,银行账号,备注,村组\n1,张三,110105194912310021,x,y,白马');
	expect(list.rows).toEqual([]);
	expect(list.problems).toEqual([
		{ kind: 'column', heading: '身份证号' },
		{ kind: 'column', heading: '银行账号' },
		{ kind: 'column', heading: '备注' }
	]);
	expect(csv('姓名,金额\n张三,1', false).problems).toEqual([{ kind: 'amount' }]);
	expect(csv('姓名,村,\n张三,白马,12').problems).toEqual([{ kind: 'column', heading: 'C' }]);
});

it('says the line and the column of a number that may not be there', () => {
	const list = csv(
		'序号,姓名,事项\n1,张三,改厕\n2,李四,身份证１１０１０５１９４９１２３１００２ｘ\n3,王五,卡6222021234567890128'
	);
	expect(list.rows).toEqual([]);
	expect(list.problems).toEqual([
		{ kind: 'id_number', line: 3, heading: '事项' },
		{ kind: 'bank_number', line: 4, heading: '事项' }
	]);
});

it('reads a workbook, and says what is none', async () => {
	const bytes = await toXLSX({
		title: '名单',
		headings: ['序号', '姓名', '事项'],
		rows: [[1, '张三', '改厕']]
	});
	expect(readNoticeList(bytes, '名单.xlsx', false)).toMatchObject({
		rows: [{ no: '1', name: '张三', item: '改厕' }],
		problems: []
	});
	expect(readNoticeList(new Uint8Array([0x50, 0x4b, 3, 4]), '坏.xlsx', false).problems).toEqual([
		{ kind: 'unreadable' }
	]);
	expect(csv('甲,乙\n1,2').problems).toEqual([{ kind: 'no_heading' }]);
	expect(csv('姓名,村\n').problems).toEqual([{ kind: 'no_rows' }]);
});
