import type { IStylesOptions } from 'docx';
import {
	fonts,
	lineSpacing,
	sizes,
	tableSpacing,
	textWidth,
	titleSpacing,
	type Role
} from './layout';

/** Twentieths of a point. */
export const twips = (mm: number): number => Math.round((mm / 25.4) * 1440);

const latin = 'Times New Roman';
const font = (role: Role) => ({ ascii: latin, hAnsi: latin, cs: latin, eastAsia: fonts[role][0] });
/** docx counts letters in half points, lines in twips. `exactly` as docx spells it is not what Word knows. */
const run = (role: Role, points: number, bold = false) => ({
	font: font(role),
	size: points * 2,
	sizeComplexScript: points * 2,
	bold
});
const exact = (points: number) => ({
	line: points * 20,
	lineRule: 'exact' as const,
	before: 0,
	after: 0
});
const single = { line: 300, lineRule: 'auto' as const, before: 0, after: 0 };
const twoLetters = (points: number) => ({ firstLineChars: 200, firstLine: points * 40 });

const style = (id: string, name: string, r: ReturnType<typeof run>, paragraph: object) => ({
	id,
	name,
	basedOn: 'Normal',
	quickFormat: true,
	run: r,
	paragraph: { indent: { firstLineChars: 0, firstLine: 0 }, ...paragraph }
});

export const paragraphStyles: IStylesOptions = {
	default: {
		document: {
			run: { ...run('body', sizes.body), language: { value: 'en-US', eastAsia: 'zh-CN' } },
			paragraph: { spacing: exact(lineSpacing) }
		}
	},
	paragraphStyles: [
		{
			id: 'Normal',
			name: 'Normal',
			quickFormat: true,
			run: run('body', sizes.body),
			paragraph: {
				spacing: exact(lineSpacing),
				alignment: 'both',
				indent: twoLetters(sizes.body)
			}
		},
		style('Title', 'Title', run('title', sizes.title), {
			alignment: 'center',
			spacing: { ...exact(titleSpacing), after: lineSpacing * 20 },
			keepNext: true
		}),
		...(['hei', 'kai', 'body'] as const).map((role, i) =>
			style(`Heading${i + 1}`, `heading ${i + 1}`, run(role, sizes.body, role === 'body'), {
				alignment: 'left',
				spacing: exact(lineSpacing),
				indent: twoLetters(sizes.body),
				keepNext: true,
				outlineLevel: i
			})
		),
		style('Line', '单行', run('body', sizes.body), {
			alignment: 'left',
			spacing: exact(lineSpacing)
		}),
		style('TableHead', '表头', run('hei', sizes.table), {
			alignment: 'center',
			spacing: exact(tableSpacing)
		}),
		style('TableText', '表格', run('body', sizes.table), {
			alignment: 'left',
			spacing: exact(tableSpacing)
		}),
		style('TableStrong', '表格小计', run('body', sizes.table, true), {
			spacing: exact(tableSpacing)
		}),
		style('BeforeTable', '表前', run('body', 5), { spacing: exact(6), keepNext: true }),
		style('AfterTable', '表后', run('body', sizes.table), { spacing: single }),
		style('OpinionHead', '意见标题', run('hei', 14), { alignment: 'left', spacing: exact(24) }),
		style('Opinion', '意见', run('body', 14), { spacing: exact(24), indent: twoLetters(14) }),
		style('OpinionFoot', '意见落款', run('body', 14), {
			alignment: 'left',
			spacing: exact(24),
			indent: { left: twips(textWidth * 0.55), firstLineChars: 0, firstLine: 0 }
		}),
		style('Mark', '样板标记', run('hei', sizes.mark), { alignment: 'center', spacing: single }),
		style('PageNumber', '页码', run('body', sizes.pageNumber), { spacing: single })
	]
};

/**
 * Other names under which Word looks for a font that is not on the machine (OOXML 17.8.3.1), with the family
 * and character set by which it chooses when none is there. docx writes an empty table.
 */
const alternatives = {
	[fonts.title[0]]: ['FZXiaoBiaoSong-B05S', '华文中宋', 'Noto Serif CJK SC', '宋体'],
	[fonts.body[0]]: ['仿宋', 'FangSong', 'Noto Serif CJK SC'],
	[fonts.hei[0]]: ['SimHei', 'Noto Sans CJK SC'],
	[fonts.kai[0]]: ['楷体', 'KaiTi', 'Noto Serif CJK SC']
};

export const fontTable =
	'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' +
	'<w:fonts xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">' +
	Object.entries(alternatives)
		.map(
			([name, others]) =>
				`<w:font w:name="${name}"><w:altName w:val="${others.join(',')}"/>` +
				'<w:charset w:val="86"/><w:family w:val="modern"/><w:pitch w:val="fixed"/></w:font>'
		)
		.join('') +
	'</w:fonts>';
