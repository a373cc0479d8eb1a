import { grades, type Grade } from '$lib/domain/thing';
import type { Standard } from '$lib/domain/standard';
import type { Sheet } from '../read/sheet';
import { numberOf, textOf } from './cells';
import { lineHeadings } from './words';

export type Line = Standard['grades'][number] & { higher: boolean; row: number };
type Say = (code: 'grade_unknown' | 'row_not_read', row: number, text: string) => void;

/** A grade as a word of its own: not part of a longer name, more than three A's as well. */
const grade = /(?<![A-Za-z])A{1,6}(?![A-Za-z])/g;

/**
 * Grade lines in running words: 'AAA级≥450分', '375≤AA＜450', 'A级：300-375分（不含375）'; a grade's line is
 * the smallest number beside it. Null where the text speaks of something else.
 */
export function linesIn(text: string, row: number, say: Say): Line[] | null {
	const plain = text.normalize('NFKC').replace(/\s+/g, ' ').trim();
	const many = (plain.match(grade) ?? []).length > 1;
	const clauses = plain.split(many ? /[;,、。\n]/ : /[;。\n]/).filter((c) => c.trim());
	const found: Line[] = [];
	for (const clause of clauses) {
		const named = clause.match(grade) ?? [];
		const numbers = (clause.match(/\d+(?:\.\d{1,2})?/g) ?? []).map(Number);
		const other = clause
			.replace(grade, '')
			.replace(
				/景区村庄?|旅游村|[级的为]|总?得?分数?线?|及?以上|以下|不?含|大于|小于|等于|达到|不?低于|不?少于|至少|满|到|至|[\d.\s≥≤<>=~～—\-:()（）|《》＞＜]/g,
				''
			);
		if (named.length !== 1 || !numbers.length || other.length > 2) return null;
		const min = Math.min(...numbers);
		const known = grades.find((g) => g === named[0]);
		if (known) found.push({ grade: known, zh: `${known}级`, en: '', min, higher: false, row });
		else say('grade_unknown', row, clause.trim());
	}
	return found;
}

/** A sheet of grade lines: our own columns, or a line of words each. */
export function readLines(sheet: Sheet, say: Say): Line[] {
	const head = sheet.lines.findIndex(({ cells }) => {
		const texts = cells.map(textOf);
		return texts.includes('等级') && texts.some((t) => lowest.test(t));
	});
	const at = (word: string | RegExp) =>
		sheet.lines[head]?.cells.findIndex((c) =>
			typeof word === 'string' ? textOf(c) === word : word.test(textOf(c))
		) ?? -1;
	const [code, name, min, higher, en] = [
		at('等级'),
		at(lineHeadings[1]!),
		at(lowest),
		at(lineHeadings[3]!),
		at(lineHeadings[4]!)
	];
	const all = sheet.lines.slice(head + 1).flatMap(({ line, cells }): Line[] => {
		const texts = cells.map(textOf).filter(Boolean);
		if (!texts.length) return [];
		const word = textOf(cells[code]).normalize('NFKC').replace(/级$/, '');
		const least = numberOf(cells[min]);
		const known = grades.find((g) => g === word);
		if (head >= 0 && known && least !== null)
			return [
				{
					grade: known,
					zh: name < 0 ? `${known}级` : textOf(cells[name]).slice(0, 300),
					en: textOf(cells[en]).slice(0, 300),
					min: least,
					higher: /^(是|√|✓|y)/i.test(textOf(cells[higher])),
					row: line
				}
			];
		// The title above the headings speaks of grades without a number.
		if (head < 0 && !/\d/.test(texts.join('').normalize('NFKC'))) return [];
		const found = linesIn(texts.join(' '), line, say);
		if (!found) say('row_not_read', line, texts.join(' '));
		return found ?? [];
	});
	return all;
}
const lowest = /最低分|分数线|分值|分数|得分|分$/;

/** From the highest grade down: in which order a table tells them says nothing. */
export const fromHighest = (lines: Line[]): Line[] =>
	[...lines].sort((a, b) => rank(b.grade) - rank(a.grade));
const rank = (g: Grade): number => grades.indexOf(g);
