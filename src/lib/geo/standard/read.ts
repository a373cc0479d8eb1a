import { standardSchema, type Standard } from '$lib/domain/standard';
import { problemsOf } from '$lib/domain/standardproblems';
import { hundredths } from '$lib/domain/score';
import type { Assessor } from '$lib/domain/project';
import { newBudget } from '../geometry';
import { Problems, Refused } from '../problems';
import type { Sheet } from '../read/sheet';
import { readXlsx } from '../read/xlsx';
import { Found, type SheetProblem } from './found';
import { fromHighest, readLines, type Line } from './lines';
import { readRows } from './rows';
import { readSettings, usualAssessors } from './settings';
import { tableIn } from './table';
import { sheets } from './words';

export type ReadStandard = {
	name: string;
	edition: string;
	/** What could be read, with its mistakes; null where that is no standard at all. */
	standard: Standard | null;
	/** What was noticed on the way and what does not add up, where it stands in the workbook. */
	problems: SheetProblem[];
};

/** Reads a workbook as `standardWorkbook` writes it, or a province's own table. Never throws. */
export function readStandardFile(bytes: Uint8Array, file: string): ReadStandard {
	const found = new Found();
	let book: Sheet[];
	try {
		book = readXlsx(bytes, { file, budget: newBudget(), problems: new Problems() });
	} catch (error) {
		if (!(error instanceof Refused)) throw error;
		found.say('workbook_unreadable');
		return { name: '', edition: '', standard: null, problems: found.problems };
	}
	const { name, edition, body } = readBook(book, found);
	const standard = body && standardSchema.safeParse(body);
	if (body) addsUp(body, found);
	return {
		name: (name || file.replace(/\.[^.]+$/, '')).slice(0, 120),
		edition,
		standard: standard?.success ? standard.data : null,
		problems: found.problems
	};
}

function readBook(book: Sheet[], found: Found) {
	const sides = new Set<Assessor>();
	const lines: Line[] = [];
	let settled: Sheet | undefined;
	let title = '';
	for (const sheet of book) {
		if (!sheet.lines.length) continue;
		const say = (code: Parameters<Found['say']>[0], line: number, text: string) => {
			found.at(sheet.name, line);
			found.say(code, { text });
		};
		if (sheet.name === sheets.settings) settled = sheet;
		else if (/等级|分数线/.test(sheet.name)) lines.push(...readLines(sheet, say));
		else {
			const table = tableIn(sheet);
			found.at(sheet.name, sheet.lines[0]!.line);
			if (!table) {
				found.say('sheet_not_read', { text: sheet.name }, '', false);
				continue;
			}
			title ||= table.title;
			for (const side of table.sides) sides.add(side);
			for (const { heading, line } of table.unknown) {
				found.at(sheet.name, line);
				found.say('column_not_used', { text: heading }, '', false);
			}
			lines.push(...readRows(table, found));
		}
	}
	for (const line of lines)
		found.places.set(`≥${line.grade}`, { sheet: lineSheet(book, line), line: line.row });
	const told = readSettings(settled, (code, line, text) => {
		found.at(sheets.settings, line);
		found.say(code, { text });
	});
	found.whole();
	if (!found.sections.length) {
		found.say('table_missing');
		return { name: '', edition: '', body: null };
	}
	if (!settled) found.say('settings_missing', {}, '', false);
	for (const section of found.unsaid) sumUp(section, found);
	const { name, edition, total, bonus_max, assessors, ...held } = told;
	const sum = found.sections.reduce((n, s) => n + hundredths(s.max), 0) / 100;
	const body: Standard = {
		total: total ?? found.total ?? sum,
		bonus_max: bonus_max ?? found.bonusMax ?? bonusSum(found),
		...held,
		higher: fromHighest(lines).flatMap((l) => (l.higher ? [l.grade] : [])),
		grades: fromHighest(lines).map(({ grade, zh, en, min }) => ({ grade, zh, en, min })),
		assessors: assessors.length || settled ? assessors : usualAssessors(sides),
		vetoes: found.vetoes,
		sections: found.sections,
		bonus: found.bonus
	};
	return { name: name || title, edition, body };
}

/** Where the table does not say what a section holds, it holds its items. */
function sumUp(section: Standard['sections'][number], found: Found): void {
	section.max = section.items.reduce((n, i) => n + hundredths(i.max), 0) / 100;
	found.stand(`§${section.code}`);
	found.say('section_points_summed', { sum: section.max }, section.code, false);
}
function bonusSum(found: Found): number {
	const sum = found.bonus.reduce((n, i) => n + hundredths(i.max), 0) / 100;
	found.whole();
	if (sum) found.say('bonus_cap_summed', { sum }, '', false);
	return sum;
}
const lineSheet = (book: Sheet[], { row }: Line): string =>
	book.find((s) => /等级|分数线/.test(s.name) && s.lines.some((l) => l.line === row))?.name ??
	book[0]!.name;

/** What does not add up in the standard itself, beside the lines it was read from. */
function addsUp(body: Standard, found: Found): void {
	for (const { code, where, detail, stops } of problemsOf(body)) {
		const section =
			code.startsWith('section_') ||
			body.sections.some((s) => s.code === where && !found.has(where));
		found.stand(section ? `§${where}` : /^(line|higher)_/.test(code) ? `≥${where}` : where);
		found.problems.push({
			code,
			...found.standing,
			where,
			detail,
			stops: stops !== null
		});
	}
}
