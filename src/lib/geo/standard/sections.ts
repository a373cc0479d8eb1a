import type { Section } from '$lib/domain/standard';
import { chineseNumber, pointsIn } from './cells';
import type { Found } from './found';
import { namesOf } from './itemof';
import type { Table, TableRow } from './table';

/** Where the next line belongs. */
export type Into = { section: Section | null; mode: 'section' | 'bonus' | 'veto' };

export const plainCode = (text: string): string =>
	text
		.normalize('NFKC')
		.replace(/\s+/g, '')
		.replace(/^第(.+)[章部分项]+$/, '$1')
		.replace(/[、.。:]+$/, '')
		.replace(/(?<=\d)[-—](?=\d)/g, '.');

/** '一、旅游交通（80分）' in one cell over the whole width. */
export const sectionWords = (
	row: TableRow
): { code: string; zh: string; max: number | null } | null => {
	const text = row.all[0]!.normalize('NFKC').trim();
	const m =
		/^([一二三四五六七八九十]{1,3}|\d{1,2})\s*[、.]\s*(.+?)\s*(?:\(?\s*(\d+(?:\.\d+)?)\s*分\s*\)?)?$/.exec(
			text
		);
	if (!m) return null;
	const number = chineseNumber(m[1]!);
	return { code: number ? String(number) : m[1]!, zh: m[2]!, max: m[3] ? Number(m[3]) : null };
};

export function openSection(row: TableRow, table: Table, found: Found, into: Into): void {
	into.mode = 'section';
	const words = row.all.length === 1 ? sectionWords(row) : null;
	const code = plainCode(row.text('code'));
	const names = namesOf(row, table);
	const said = pointsIn(row.text('max'));
	const inName = /[(（]\s*([\d０-９.]+)\s*分\s*[)）]$/.exec(names.zh);
	const section = newSection(
		words?.code ??
			String((table.has.has('kind') ? null : chineseNumber(code)) ?? row.text('code').trim()),
		words?.zh ?? (inName && !said ? names.zh.slice(0, inName.index).trim() : names.zh),
		words?.max ?? said?.points ?? (inName ? (pointsIn(inName[1]!)?.points ?? null) : null),
		found
	);
	section.en = found.fit(names.en && !words ? names.en : '', section.code);
	const source =
		row.text('source') === '原文' ? 'S' : row.text('source') === '样板' ? 'T' : said?.source;
	if (source) section.source = source;
	if (!said && row.text('max'))
		found.say('points_unreadable', { text: row.text('max') }, section.code);
	into.section = section;
}

function newSection(code: string, zh: string, max: number | null, found: Found): Section {
	const fits = codeIn(code, found) || String(found.sections.length + 1);
	const section: Section = {
		code: fits,
		zh: found.fit(zh, fits),
		en: '',
		max: max ?? 0,
		items: []
	};
	if (max === null) found.unsaid.add(section);
	found.sections.push(section);
	found.place(`§${fits}`);
	return section;
}

/** A table whose sections stand in a column of their own beside the items. */
export function sectionBeside(row: TableRow, found: Found, into: Into): void {
	const text = row.text('section').replace(/\s*\n\s*/g, '');
	if (!text || text === row.text('zh')) return;
	const words = sectionWords({ ...row, all: [text] });
	const bare = /^(.*?)\s*[(（]?\s*(\d+(?:\.\d+)?)\s*分\s*[)）]?$/.exec(text);
	const zh = words?.zh ?? bare?.[1] ?? text;
	if (/^加分/.test(zh)) {
		into.mode = 'bonus';
		found.bonusMax ??= pointsIn(row.text('sectionMax'))?.points ?? (bare ? Number(bare[2]) : null);
		return;
	}
	if (/^(一票否决|必达|必备|否决)/.test(zh)) return void (into.mode = 'veto');
	into.mode = 'section';
	const known = found.sections.find((s) => s.zh === zh);
	into.section =
		known ??
		newSection(
			words?.code ?? String(found.sections.length + 1),
			zh,
			pointsIn(row.text('sectionMax'))?.points ?? words?.max ?? (bare ? Number(bare[2]) : null),
			found
		);
}

/** The section a code belongs to by its first number, else the one above; one is made where there is none. */
export function sectionFor(code: string, told: boolean, found: Found, into: Into): Section {
	const number = told ? null : (/^(\d{1,2})\.\d/.exec(code)?.[1] ?? null);
	if (number && into.section?.code !== number) {
		const other = found.sections.find((s) => s.code === number);
		if (other) into.section = other;
		else if (!into.section || /^\d+$/.test(into.section.code)) into.section = null;
	}
	if (!into.section) {
		const made = number ?? String(found.sections.length + 1);
		found.say('section_made', {}, made);
		into.section = newSection(made, made, null, found);
	}
	return into.section;
}

export function codeIn(code: string, found: Found): string {
	if (code.length <= 12) return code;
	found.say('code_too_long', { text: code }, code.slice(0, 12));
	return code.slice(0, 12);
}
