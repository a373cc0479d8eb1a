import * as d from 'docx';
import { fontTable, paragraphStyles, twips } from './docx-styles';
import {
	opinionFoot,
	opinionHeight,
	page,
	pairHeight,
	signatureIndent,
	sizes,
	textWidth
} from './layout';
import { cleaned, type Cell, type Paper, type Part } from './paper';
import { sizeOf } from './picture';

/** The paper as an editable Word file: same text, same measures as the PDF. */
export async function paperDocx(paper: Paper): Promise<Uint8Array> {
	const { title, mark, parts } = cleaned(paper);
	const head = new d.Header({ children: mark ? [styled('Mark', mark)] : [] });
	const document = new d.Document({
		title,
		creator: '乡图',
		styles: paragraphStyles,
		evenAndOddHeaderAndFooters: true,
		sections: [
			{
				properties: {
					page: {
						size: { width: twips(page.width), height: twips(297) },
						margin: {
							top: twips(page.top),
							left: twips(page.left),
							right: twips(page.right),
							bottom: twips(page.bottom),
							header: twips(20),
							footer: twips(page.bottom - page.footer - 6)
						}
					}
				},
				headers: { default: head, even: head },
				footers: { default: numbered('right'), even: numbered('left') },
				children: [
					styled('Title', title),
					...parts.flatMap((part, i) => printed(part, parts[i + 1]?.kind === 'signature'))
				]
			}
		]
	});
	return d.Packer.pack(document, 'uint8array', undefined, [
		{ path: 'word/fontTable.xml', data: fontTable }
	]);
}

/** A line break in the text is a paragraph of its own. */
const paragraphs = (style: string, text: string, more: d.IParagraphOptions = {}): d.Paragraph[] =>
	text.split('\n').map((line) => new d.Paragraph({ ...more, style, text: line }));
const styled = (style: string, text: string, more?: d.IParagraphOptions): d.Paragraph =>
	paragraphs(style, text.replaceAll('\n', ' '), more)[0]!;

/** 一字线 on both sides, one letter in from the outer edge. */
const numbered = (side: 'left' | 'right') =>
	new d.Footer({
		children: [
			new d.Paragraph({
				style: 'PageNumber',
				alignment: side,
				indent: { [side]: sizes.pageNumber * 20 },
				children: [new d.TextRun({ children: ['— ', d.PageNumber.CURRENT, ' —'] })]
			})
		]
	});

/** A signature must not stand on a page without text (GB/T 9704 7.3.5): what is before it stays with it. */
function printed(part: Part, signed: boolean): d.FileChild[] {
	switch (part.kind) {
		case 'line':
			return paragraphs('Line', part.text, { alignment: part.align });
		case 'heading':
			return [styled(`Heading${part.level}`, part.text)];
		case 'paragraph':
			return paragraphs('Normal', part.text, signed ? { keepNext: true, keepLines: true } : {});
		case 'table':
			return [styled('BeforeTable', ''), table(part), styled('AfterTable', '')];
		case 'picture':
			return picture(part);
		case 'pictures':
			return pictures(part);
		case 'page':
			return [new d.Paragraph({ children: [new d.PageBreak()] })];
		case 'signature': {
			const indent = signatureIndent(part.unit, part.day);
			const right = (letters: number) => ({
				alignment: 'right' as const,
				indent: { right: letters * sizes.body * 20 },
				keepLines: true
			});
			return [
				styled('Line', '', { keepNext: true }),
				styled('Line', part.unit, { ...right(indent.unit), keepNext: true }),
				styled('Line', part.day, right(indent.day))
			];
		}
		case 'opinions':
			return [styled('BeforeTable', ''), opinions(part), styled('AfterTable', '')];
	}
}

/** Looks like any other text of its style: a paper is printed, and blue words are not of it. */
const leading = (
	style: string,
	{ text, href }: Exclude<Cell, string>,
	alignment: 'left' | 'center'
) =>
	new d.Paragraph({
		style,
		alignment,
		children: [new d.ExternalHyperlink({ link: href, children: [new d.TextRun(text)] })]
	});

function table({ columns, rows }: Extract<Part, { kind: 'table' }>): d.Table {
	const shares = columns.reduce((n, c) => n + c.width, 0);
	const widths = columns.map((c) => Math.floor((twips(textWidth) * c.width) / shares));
	const cell = (text: Cell, i: number, style: string, alignment: 'left' | 'center') =>
		new d.TableCell({
			width: { size: widths[i]!, type: 'dxa' },
			verticalAlign: 'center',
			children:
				typeof text === 'string'
					? paragraphs(style, text, { alignment })
					: [leading(style, text, alignment)]
		});
	return new d.Table({
		layout: 'fixed',
		width: { size: widths.reduce((a, b) => a + b, 0), type: 'dxa' },
		columnWidths: widths,
		margins: { left: twips(1.2), right: twips(1.2), top: twips(0.6), bottom: twips(0.6) },
		rows: [
			new d.TableRow({
				tableHeader: true,
				cantSplit: true,
				children: columns.map((c, i) => cell(c.head, i, 'TableHead', 'center'))
			}),
			...rows.map(
				(row) =>
					new d.TableRow({
						cantSplit: true,
						children: columns.map((c, i) =>
							cell(row.cells[i] ?? '', i, row.strong ? 'TableStrong' : 'TableText', c.align)
						)
					})
			)
		]
	});
}

function picture(part: Extract<Part, { kind: 'picture' }>): d.FileChild[] {
	const { width, height } = sizeOf(part.bytes);
	const wide = (Math.min(part.width, textWidth) / 25.4) * 96;
	return [
		new d.Paragraph({
			style: 'AfterTable',
			alignment: 'center',
			keepNext: true,
			children: [
				new d.ImageRun({
					type: part.type,
					data: part.bytes,
					transformation: { width: wide, height: (wide * height) / width }
				})
			]
		}),
		styled('TableText', part.caption, { alignment: 'center' })
	];
}

/** A table without lines, so that the pictures stay beside each other in every program. */
function pictures(part: Extract<Part, { kind: 'pictures' }>): d.FileChild[] {
	const each = textWidth / part.pictures.length;
	const column = Math.floor(twips(each));
	const none = { style: 'none' as const, size: 0, color: 'auto' };
	const borders = { top: none, bottom: none, left: none, right: none };
	return [
		styled('TableStrong', part.caption, { alignment: 'center', keepNext: true }),
		new d.Table({
			layout: 'fixed',
			width: { size: column * part.pictures.length, type: 'dxa' },
			columnWidths: part.pictures.map(() => column),
			borders: { ...borders, insideHorizontal: none, insideVertical: none },
			rows: [
				new d.TableRow({
					cantSplit: true,
					children: part.pictures.map((p) => {
						const { width, height } = sizeOf(p.bytes);
						const scale = Math.min((each - 4) / width, pairHeight / height) * (96 / 25.4);
						return new d.TableCell({
							borders,
							width: { size: column, type: 'dxa' },
							verticalAlign: 'bottom',
							children: [
								new d.Paragraph({
									style: 'AfterTable',
									alignment: 'center',
									keepNext: true,
									children: [
										new d.ImageRun({
											type: p.type,
											data: p.bytes,
											transformation: { width: width * scale, height: height * scale }
										})
									]
								}),
								styled('TableText', p.caption, { alignment: 'center' })
							]
						});
					})
				})
			]
		}),
		styled('AfterTable', '')
	];
}

function opinions({ boxes }: Extract<Part, { kind: 'opinions' }>): d.Table {
	const width = twips(textWidth);
	return new d.Table({
		layout: 'fixed',
		width: { size: width, type: 'dxa' },
		columnWidths: [width],
		margins: { left: twips(3), right: twips(3), top: twips(2), bottom: twips(2) },
		rows: boxes.map(
			(box) =>
				new d.TableRow({
					cantSplit: true,
					height: { value: twips(opinionHeight), rule: 'atLeast' },
					children: [
						new d.TableCell({
							width: { size: width, type: 'dxa' },
							children: [
								styled('OpinionHead', box.heading),
								...paragraphs('Opinion', box.text),
								...opinionFoot.map((line, i) =>
									styled('OpinionFoot', line, i ? {} : { spacing: { before: 560 } })
								)
							]
						})
					]
				})
		)
	});
}
