import { grades } from '$lib/domain/thing';
import type { Item } from '$lib/domain/standard';
import { chineseNumber, pointsIn } from './cells';
import type { Found } from './found';
import { itemOf, namesOf } from './itemof';
import { linesIn, type Line } from './lines';
import {
	codeIn,
	openSection,
	plainCode,
	sectionBeside,
	sectionFor,
	sectionWords,
	type Into
} from './sections';
import type { Table, TableRow } from './table';
import { lineKinds, type LineKind } from './words';

type Kind = LineKind | 'bonusHead' | 'vetoHead' | 'sum' | 'lines' | 'unread';
/** The lines of one table into the standard: which is a section, an item, a bonus, a veto, its own words decide. */
export function readRows(table: Table, found: Found): Line[] {
	const lines: Line[] = [];
	const chinese = table.rows.some((r) => chineseNumber(plainCode(r.text('code'))) !== null);
	const into: Into = { section: null, mode: modeOf(table.sheet.name) };
	const say = (code: 'grade_unknown' | 'row_not_read', _: number, text: string) =>
		found.say(code, { text });
	for (const row of table.rows) {
		if (!row.all.length) continue;
		found.at(table.sheet.name, row.line);
		if (table.has.has('section') && !table.has.has('kind')) sectionBeside(row, found, into);
		const kind = kindOfRow(row, table, into, chinese);
		switch (kind) {
			case 'section':
				openSection(row, table, found, into);
				break;
			case 'bonusHead':
				into.mode = 'bonus';
				found.bonusMax = pointsIn(row.text('max'))?.points ?? numberBehind(row) ?? found.bonusMax;
				break;
			case 'vetoHead':
				into.mode = 'veto';
				break;
			case 'sum':
				found.total = pointsIn(row.text('max'))?.points ?? numberBehind(row) ?? found.total;
				break;
			case 'lines':
				lines.push(...(linesIn(gradeText(row), row.line, say) ?? []));
				break;
			case 'veto':
				addVeto(row, table, found);
				break;
			case 'item':
			case 'bonus':
				addItem(row, table, found, into, kind);
				break;
			case 'unread':
				found.say('row_not_read', { text: row.all.join(' ') });
		}
	}
	return lines;
}

const modeOf = (sheet: string): Into['mode'] =>
	/一票否决|否决|必达|必备|前置/.test(sheet) ? 'veto' : /^加分/.test(sheet) ? 'bonus' : 'section';
const numberBehind = (row: TableRow): number | null => {
	const m = /(\d+(?:\.\d+)?)\s*分/.exec(row.all.join(' ').normalize('NFKC'));
	return m ? Number(m[1]) : null;
};
/** A number of a column without its unit would not be read as points of a line. */
const gradeText = (row: TableRow): string => [...new Set(row.all)].join(' ');

function kindOfRow(row: TableRow, table: Table, into: Into, chinese: boolean): Kind {
	const told = (Object.keys(lineKinds) as LineKind[]).find(
		(k) => lineKinds[k] === row.text('kind')
	);
	if (told) return told;
	const code = plainCode(row.text('code'));
	const first = row.all[0]!.normalize('NFKC').replace(/\s+/g, '');
	const only = row.all.length === 1;
	const coded = code !== first || row.text('code') === '' ? code : '';
	if (/^(合计|总计|总分|满分合计|共计)/.test(first) && !row.text('rule')) return 'sum';
	if (/^(加分项?|附加分|bonus)/i.test(first) && !/^[B]\d/i.test(code) && row.all.length <= 3)
		return 'bonusHead';
	if (/^(一票否决|否决|必达|必备|前置|强制)/.test(first) && !/^V\d/i.test(code) && !points(row))
		return 'vetoHead';
	if (/^V\d/i.test(code)) return 'veto';
	if (/^B\d/i.test(code)) return 'bonus';
	if (/^(A{1,6}级?|等级|分数线|得分|总分)/.test(first) || /A{1,6}级/.test(first)) {
		const read = linesIn(gradeText(row), row.line, () => {});
		if (read) return 'lines';
	}
	if (only && !coded && sectionWords(row)) return 'section';
	if (chineseNumber(code) !== null || (!chinese && /^\d{1,2}$/.test(code) && into.mode !== 'veto'))
		return into.mode === 'bonus' && !chinese && row.text('rule') ? 'bonus' : 'section';
	if (into.mode === 'veto') return row.text('zh') ? 'veto' : 'unread';
	if (into.mode === 'bonus')
		return row.text('zh') && (code || row.text('max')) ? 'bonus' : 'unread';
	if (code && code !== row.text('zh')) return 'item';
	return row.text('zh') && row.text('max') ? 'item' : 'unread';
}
const points = (row: TableRow): boolean => pointsIn(row.text('max')) !== null;

function addItem(
	row: TableRow,
	table: Table,
	found: Found,
	into: Into,
	kind: 'item' | 'bonus'
): void {
	const told = table.has.has('kind');
	let code = told ? row.text('code') : plainCode(row.text('code')).replace(/[()]/g, '');
	const list: Item[] =
		kind === 'bonus' ? found.bonus : (sectionFor(code, told, found, into)?.items ?? []);
	const prefix = kind === 'bonus' ? 'B' : `${into.section!.code}.`;
	const number = chineseNumber(code);
	if (!told && number) code = `${prefix}${number}`;
	else if (!told && /^\d{1,2}$/.test(code)) code = `${prefix}${code}`;
	// A workbook keeps 1.10 as the number 1.1.
	const tenth = `${prefix}${list.length + 1}`;
	if (row.isNumber('code') && found.has(code) && tenth === `${code}0`) {
		found.say('code_was_number', { before: code, after: tenth }, tenth, false);
		code = tenth;
	}
	if (!code) {
		for (let n = list.length + 1; !code || found.has(code); n++) code = `${prefix}${n}`;
		found.say('code_made', { text: row.text('zh') }, code, false);
	}
	code = codeIn(code, found);
	const item = itemOf(row, table, code, found);
	if (!item) return;
	found.place(code);
	list.push(item);
}

function addVeto(row: TableRow, table: Table, found: Found): void {
	const names = namesOf(row, table);
	const zh = names.zh || (row.all.length === 1 ? row.all[0]! : '');
	let code = table.has.has('kind')
		? row.text('code')
		: plainCode(row.text('code')).replace(/[()]/g, '');
	const number = chineseNumber(code) ?? (/^\d{1,2}$/.test(code) ? Number(code) : null);
	if (!table.has.has('kind')) {
		if (number) code = `V${number}`;
		if (!code || code === zh) code = `V${found.vetoes.length + 1}`;
	}
	code = codeIn(code, found);
	if (!zh) return found.say('name_missing', { text: row.all.join(' ') }, code);
	const words = row
		.text('grades')
		.normalize('NFKC')
		.split(/[、,;\s]+/)
		.filter(Boolean);
	const held = grades.filter((g) => words.some((w) => w.replace(/级$/, '') === g));
	for (const word of words)
		if (!grades.some((g) => g === word.replace(/级$/, '')))
			found.say('word_unknown', { text: word }, code);
	found.place(code);
	found.vetoes.push({
		code,
		zh: found.fit(zh, code),
		en: found.fit(names.en, code),
		...(held.length && { grades: held })
	});
}
