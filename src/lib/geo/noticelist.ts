import {
	columnWordsZh,
	noticeColumns,
	type NoticeColumn,
	type NoticeRow
} from '$lib/domain/publicnotice';
import { rowsMost } from '$lib/domain/publicnoticeops';
import { findKind, maskPhones } from '$lib/domain/personal';
import { newBudget } from './geometry';
import { Problems, Refused } from './problems';
import { readCsv } from './read/csv';
import type { Sheet } from './read/sheet';
import { readXlsx } from './read/xlsx';

export type ListProblem =
	| { kind: 'unreadable' }
	| { kind: 'no_heading' }
	| { kind: 'no_rows' }
	| { kind: 'too_many'; most: number }
	/** A column that no notice has, by its name. */
	| { kind: 'column'; heading: string }
	| { kind: 'amount' }
	/** `line` as the office sees it in its file. */
	| { kind: 'id_number' | 'bank_number' | 'too_long'; line: number; heading: string };

export type NoticeList = {
	columns: NoticeColumn[];
	rows: NoticeRow[];
	problems: ListProblem[];
	/** Mobile numbers that were made stars. */
	masked: number;
};

const most: Record<NoticeColumn, number> = { no: 10, name: 60, place: 60, item: 200, amount: 30 };
/** What a heading says, without brackets, units and spaces. */
const meanings: [NoticeColumn, RegExp][] = [
	['no', /^(序号|编号|序列|号)$/],
	['name', /^(姓名|户主|户主姓名|农户姓名|农户|申请人|申请人姓名|补助对象|受益人|对象姓名|名单)$/],
	[
		'place',
		/^(村组|村|组|村别|组别|行政村|自然村|社区|所在村|所在村组|所属村|村民小组|小组|村名|村居|村社区)$/
	],
	['item', /^(事项|公示事项|项目|项目名称|补助事项|补助项目|补贴项目|内容|建设内容|类别|类型)$/],
	['amount', /^(金额|补助金额|补贴金额|补助资金|补贴资金|发放金额|资金|拟补助金额)$/]
];
const said = (cell: unknown): string =>
	String(cell ?? '')
		.normalize('NFKC')
		.replace(/\(.*?\)/g, '')
		.replace(/[\s、,/·:：*]/g, '');
const meaningOf = (heading: string): NoticeColumn | null =>
	meanings.find(([, words]) => words.test(said(heading)))?.[0] ?? null;

/** A table from a file (XLSX, CSV) or from the clipboard; never throws. Nothing of a refused table is passed on. */
export function readNoticeList(bytes: Uint8Array, file: string, amounts: boolean): NoticeList {
	const none = (...problems: ListProblem[]): NoticeList => ({
		columns: [],
		rows: [],
		problems,
		masked: 0
	});
	const source = { file, budget: newBudget(), problems: new Problems() };
	let sheet: Sheet | undefined;
	try {
		const zip = bytes[0] === 0x50 && bytes[1] === 0x4b;
		sheet = zip ? readXlsx(bytes, source).find((s) => s.lines.length > 0) : readCsv(bytes, source);
	} catch (error) {
		if (!(error instanceof Refused)) throw error;
		return none({ kind: 'unreadable' });
	}
	if (!sheet) return none({ kind: 'no_rows' });
	// Titles may stand above: the headings are the first line with two known ones, or a name.
	const head = sheet.lines.slice(0, 12).findIndex((l) => {
		const known = l.cells.map((c) => meaningOf(String(c ?? ''))).filter(Boolean);
		return known.length >= 2;
	});
	if (head < 0) return none({ kind: 'no_heading' });
	const headings = sheet.lines[head]!.cells.map((c) => String(c ?? '').trim());
	const meant = headings.map(meaningOf);
	const wrong = headings.flatMap((heading, i): ListProblem[] => {
		if (!heading) return [];
		if (!meant[i]) return [{ kind: 'column', heading: heading.slice(0, 60) }];
		return meant[i] === 'amount' && !amounts ? [{ kind: 'amount' }] : [];
	});
	// A column without a heading may hold anything.
	const body = sheet.lines.slice(head + 1);
	const width = Math.max(0, ...body.map((l) => l.cells.length));
	for (let i = 0; i < width; i++)
		if (!headings[i] && body.some((l) => String(l.cells[i] ?? '').trim()))
			wrong.push({ kind: 'column', heading: `${String.fromCharCode(65 + (i % 26))}` });
	if (wrong.length) return none(...wrong);
	const columns = noticeColumns.filter((c) => meant.includes(c));
	return rowsOf(body, meant, columns);
}

function rowsOf(
	body: Sheet['lines'],
	meant: (NoticeColumn | null)[],
	columns: NoticeColumn[]
): NoticeList {
	const list: NoticeList = { columns, rows: [], problems: [], masked: 0 };
	for (const { line, cells } of body) {
		const row: NoticeRow = {};
		meant.forEach((column, i) => {
			const text = String(cells[i] ?? '').trim();
			// 村 and 组 in two columns become one.
			if (column && text) row[column] = `${row[column] ?? ''}${text}`;
		});
		for (const c of columns) {
			const text = row[c];
			if (!text) continue;
			const at = { line, heading: columnWordsZh[c] };
			if (findKind(text, 'id')) list.problems.push({ kind: 'id_number', ...at });
			else if (findKind(text, 'bank')) list.problems.push({ kind: 'bank_number', ...at });
			else if (text.length > most[c]) list.problems.push({ kind: 'too_long', ...at });
			const shown = maskPhones(text);
			if (shown !== text) list.masked++;
			row[c] = shown;
		}
		// A line of totals or a remark under the table has no name and no item.
		if (Object.keys(row).length) list.rows.push(row);
	}
	if (!list.rows.length) list.problems.push({ kind: 'no_rows' });
	if (list.rows.length > rowsMost) list.problems.push({ kind: 'too_many', most: rowsMost });
	if (list.problems.length) return { ...list, rows: [] };
	return list;
}
