import { featureKinds } from '$lib/domain/project';
import { evidenceKinds, standardSchema, type Item, type Standard } from '$lib/domain/standard';
import { newBudget } from '../geometry';
import { Problems, Refused } from '../problems';
import type { Cell, Sheet } from '../read/sheet';
import { readXlsx } from '../read/xlsx';
import { numberOf, textOf } from './cells';
import { ruleOf } from './rules';
import { readSettings, readVetoes } from './settings';
import { bonusCode, featureWords, headings, kindWords, sheets, type Column } from './words';

/** What was noticed in a standard's workbook; `line` as the office sees it. */
export type SheetProblem = {
	code:
		| 'unreadable'
		| 'no_table'
		| 'no_settings'
		| 'no_points'
		| 'bad_rule'
		| 'bad_word'
		| 'no_section'
		| 'cut'
		| 'not_a_standard';
	sheet: string;
	line: number | null;
	text: string;
};
export type ReadStandard = {
	name: string;
	edition: string;
	standard: Standard | null;
	problems: SheetProblem[];
};
type Say = (code: SheetProblem['code'], line: number | null, text?: string) => void;

/** Reads a workbook as `standardWorkbook` writes it, or a province's table with the usual headings. Never throws. */
export function readStandardFile(bytes: Uint8Array, file: string): ReadStandard {
	const problems: SheetProblem[] = [];
	const fail = (code: SheetProblem['code'], text: string): ReadStandard => ({
		name: '',
		edition: '',
		standard: null,
		problems: [...problems, { code, sheet: '', line: null, text }]
	});
	let found: Sheet[];
	try {
		found = readXlsx(bytes, { file, budget: newBudget(), problems: new Problems() });
	} catch (error) {
		return fail('unreadable', error instanceof Refused ? error.code : '');
	}
	const table = found.map((s) => ({ sheet: s, head: headOf(s) })).find((x) => x.head !== null);
	if (!table?.head) return fail('no_table', '');
	const { sheet, head } = table;
	const say: Say = (code, line, text = '') =>
		problems.push({ code, sheet: sheet.name, line, text: text.slice(0, 80) });

	const settled = readSettings(found.find((s) => s.name === sheets.settings));
	if (!settled.there) say('no_settings', null);
	const parts = readItems(sheet, head, say);
	const body: Standard = {
		...settled.body,
		total: settled.total ?? parts.sections.reduce((n, s) => n + Math.round(s.max * 100), 0) / 100,
		sections: parts.sections,
		bonus: parts.bonus,
		vetoes: readVetoes(found.find((s) => s.name === sheets.vetoes))
	};
	const checked = standardSchema.safeParse(body);
	const name = settled.name || titleOf(sheet, head.line) || file.replace(/\.[^.]+$/, '');
	if (!checked.success) say('not_a_standard', null, checked.error.issues[0]?.path.join('.') ?? '');
	return {
		name: name.slice(0, 120),
		edition: settled.edition.slice(0, 80),
		standard: checked.success ? checked.data : null,
		problems
	};
}

type Head = { line: number; at: Partial<Record<Column, number>> };

/** The line of headings: one that names at least an item and its points. */
function headOf(sheet: Sheet): Head | null {
	for (const { line, cells } of sheet.lines.slice(0, 20)) {
		const at: Head['at'] = {};
		cells.forEach((cell, n) => {
			const word = textOf(cell).replace(/\s/g, '');
			for (const [column, names] of Object.entries(headings) as [Column, readonly string[]][])
				if (at[column] === undefined && names.includes(word)) at[column] = n;
		});
		if (at.zh !== undefined && at.max !== undefined) return { line, at };
	}
	return null;
}

function readItems(sheet: Sheet, { line: first, at }: Head, say: Say) {
	const sections: Standard['sections'] = [];
	const bonus: Item[] = [];
	let into: Item[] | null = null;
	for (const { line, cells } of sheet.lines) {
		if (line <= first) continue;
		const cell = (column: Column): Cell =>
			at[column] === undefined ? null : (cells[at[column]] ?? null);
		const text = (column: Column, most = 300): string => {
			const whole = textOf(cell(column));
			if (whole.length > most) say('cut', line, whole);
			return whole.slice(0, most);
		};
		const zh = text('zh');
		const max = numberOf(cell('max'));
		const sectionCode = text('sectionCode', 12);
		if (sectionCode === bonusCode || /^加分/.test(text('section'))) into = bonus;
		else if (sectionCode && !sections.some((s) => s.code === sectionCode)) {
			const name = text('section') || zh;
			into = [];
			sections.push({
				code: sectionCode,
				zh: name,
				en: text('sectionEn'),
				max: numberOf(cell('sectionMax')) ?? 0,
				items: into
			});
		} else if (sectionCode) into = sections.find((s) => s.code === sectionCode)!.items;
		else if (
			at.sectionCode === undefined &&
			zh &&
			/^(\d{1,2}|[一二三四五六七八九十]{1,3})$/.test(text('code', 12))
		) {
			// A province's table: the section is a line of its own above its items.
			into = [];
			sections.push({ code: text('code', 12), zh, max: max ?? 0, items: into });
			continue;
		}
		if (!zh) continue;
		if (!into) {
			say('no_section', line, zh);
			continue;
		}
		if (max === null || max <= 0) {
			say('no_points', line, zh);
			continue;
		}
		const rule = ruleOf(text('rule'));
		if (!rule) say('bad_rule', line, text('rule'));
		const kinds = wordsIn(text('kinds'), evidenceKinds, kindWords, (w) => say('bad_word', line, w));
		const features = wordsIn(text('features'), featureKinds, featureWords, (w) =>
			say('bad_word', line, w)
		);
		const [evidence, evidenceEn] = [text('evidence'), text('evidenceEn')];
		const source = { 原文: 'S', 样板: 'T' }[text('source')] as 'S' | 'T' | undefined;
		into.push({
			code: text('code', 12) || `${sections.at(-1)?.code ?? 'B'}.${into.length + 1}`,
			zh,
			en: text('en'),
			max,
			...(source && { source }),
			...(rule && rule.type !== 'max' && { rule }),
			...((kinds.length || evidence) && { evidence: { kinds, zh: evidence, en: evidenceEn } }),
			...(features.length && { features })
		});
	}
	// Where the table does not say what a section holds, it holds its items.
	for (const section of sections)
		if (section.max === 0)
			section.max = section.items.reduce((n, i) => n + Math.round(i.max * 100), 0) / 100;
	return { sections, bonus };
}

function wordsIn<T extends string>(
	text: string,
	known: readonly T[],
	words: Record<T, string>,
	strange: (word: string) => void
): T[] {
	return text
		.split(/[、,，;；\s]+/)
		.filter(Boolean)
		.flatMap((word) => {
			const kind = known.find((k) => words[k] === word || k === word);
			if (!kind) strange(word);
			return kind ? [kind] : [];
		});
}

/** The title above the headings. */
const titleOf = (sheet: Sheet, head: number): string =>
	sheet.lines
		.filter((l) => l.line < head)
		.flatMap((l) => l.cells.map(textOf))
		.find(Boolean) ?? '';
