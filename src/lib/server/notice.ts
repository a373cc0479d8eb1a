import { createHash } from 'node:crypto';
import type { CellObject, SheetData } from 'write-excel-file/universal';
import type { Notice, NoticeTable } from '$lib/domain/notice';
import * as m from '$lib/i18n/paraglide/messages';

const escape = (text: string): string =>
	text.replace(
		/[&<>"']/g,
		(c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[c]!
	);

const cell = (value: string | number | null): string =>
	value === null ? '' : escape(String(value));

const style = `
@page { size: A4; margin: 22mm 18mm 20mm 20mm }
@page across { size: A4 landscape; margin: 18mm }
* { box-sizing: border-box }
body { margin: 0; background: #e9ecee; color: #000; font: 12pt/1.75 'FangSong', '仿宋', 'STFangsong', 'Noto Serif CJK SC', 'Noto Sans CJK SC', 'SimSun', serif }
nav { position: sticky; top: 0; display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; padding: 8px 16px; background: #fff; border-bottom: 1px solid #c8cfd4; font: 15px/1.4 system-ui, 'Noto Sans CJK SC', sans-serif }
nav a, nav button { font: inherit; color: inherit; padding: 8px 10px; border: 1px solid #c8cfd4; border-radius: 8px; background: #fff; text-decoration: none; cursor: pointer }
nav button { background: #1a2127; color: #fff; border-color: #1a2127 }
nav a[aria-current] { border-color: #000; font-weight: 700 }
nav a:focus-visible, nav button:focus-visible { outline: 3px solid #1f6feb; outline-offset: 2px }
main { max-width: 210mm; margin: 16px auto; padding: 22mm 18mm; background: #fff; box-shadow: 0 1px 6px #0003 }
h1 { margin: 0; text-align: center; font: 700 20pt/1.4 'Noto Sans CJK SC', 'SimHei', '黑体', sans-serif }
.no { text-align: center; text-indent: 0; margin: 0 0 6mm }
h2 { margin: 5mm 0 1mm; font: 700 13pt/1.6 'Noto Sans CJK SC', 'SimHei', '黑体', sans-serif; break-after: avoid }
p { margin: 0 0 1mm; text-indent: 2em; overflow-wrap: anywhere }
p.plain { text-indent: 0 }
.wide { overflow-x: auto }
table { width: 100%; border-collapse: collapse; margin: 2mm 0; font-size: 10pt; line-height: 1.4 }
th, td { border: 1px solid #000; padding: 1mm 1.2mm; text-align: center; vertical-align: middle; overflow-wrap: anywhere }
thead { display: table-header-group }
tr { break-inside: avoid }
.left td:nth-child(2), .left td:first-child { white-space: nowrap }
.scores { table-layout: fixed }
.scores th, .scores td { padding: 1mm .5mm }
.scores th:first-child { width: 8mm }
.scores th:nth-child(2) { width: 20mm }
.left td:nth-child(3), .left td:nth-child(4), .left td:nth-child(6) { text-align: left }
.sign { margin-top: 10mm; text-align: right; text-indent: 0 }
@media screen and (max-width: 760px) { main { margin: 0; padding: 16px 12px; box-shadow: none } th, td { min-width: 3em } .scores { min-width: 170mm } }
@media print { body { background: #fff } nav { display: none } main { margin: 0; padding: 0; box-shadow: none; max-width: none } .wide { overflow: visible } .many { page: across } }`;

const script = `document.getElementById('print').addEventListener('click', () => print());`;

/** Nothing but this text, this style and the one line that prints. */
export const noticePolicy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** A sheet with many items gets a page across. */
const table = (t: NoticeTable, kind: 'scores' | 'left'): string =>
	`<div class="wide${t.headings.length > 15 ? ' many' : ''}"><table class="${kind}"><thead><tr>${t.headings
		.map(
			(h) =>
				`<th scope="col">${escape(h).replace(/（[^（）]*分）$/, (points) => `<br>${points.slice(1, -1)}`)}</th>`
		)
		.join('')}</tr></thead><tbody>${t.rows
		.map((r) =>
			kind === 'scores' && r.slice(2).every((c) => c === null)
				? `<tr><td>${cell(r[0]!)}</td><td>${cell(r[1]!)}</td><td colspan="${r.length - 2}">未查完，不评分</td></tr>`
				: `<tr>${r.map((c) => `<td>${cell(c)}</td>`).join('')}</tr>`
		)
		.join('')}</tbody></table></div>`;

/** The document as a page of its own: no account, no list of members, nothing but what is printed. */
export function noticeHtml(n: Notice, back: string): string {
	const link = (order: string, word: string) =>
		`<a href="?order=${order}"${n.order === order ? ' aria-current="true"' : ''}>${escape(word)}</a>`;
	return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(n.title)} 通报</title><style>${style}</style></head><body>
<nav><a href="${escape(back)}">← ${escape(m.rounds_back())}</a><button type="button" id="print">${escape(m.rounds_print())}</button>${link('code', m.rounds_order_code())}${link('score', m.rounds_order_score())}<a href="${escape(back)}/notice.xlsx?order=${n.order}" download>${escape(m.rounds_xlsx())}</a></nav>
<main>
<h1>关于${escape(n.title)}情况的通报</h1>
<p class="no">${escape(n.number)}</p>
<h2>一、检查情况</h2>
<p>时间范围：${escape(n.period)}。</p>
<p>方式：${escape(n.way)}。</p>
<p>抽查的村：${escape(n.villages)}。</p>
${n.drawn.map((line) => `<p>${escape(line)}</p>`).join('\n')}
<h2>二、各村各项得分</h2>
<p class="plain">${n.order === 'score' ? '（按合计得分由高到低排列）' : '（按村编码排列，不分先后）'}</p>
${table(n.scores, 'scores')}
${n.unknown.length ? `<p>未查完、不评分的村：${escape(n.unknown.join('、'))}。未查不等于满分。</p>` : ''}
<h2>三、发现的主要问题（${n.count}处）</h2>
${n.problems.rows.length ? table(n.problems, 'left') : '<p>未发现问题。</p>'}
<h2>四、整改要求和时限</h2>
${n.demand
	.split('\n')
	.filter(Boolean)
	.map((line) => `<p>${escape(line)}</p>`)
	.join('')}
<p>整改时限：${n.due ? `${escape(n.due)}前` : '见上表各项时限'}。</p>
<p class="sign">${escape(n.office)}<br>${escape(n.day)}</p>
</main>
<script>${script}</script>
</body></html>
`;
}

const grid = (title: string, lines: string[], t: NoticeTable): SheetData => {
	const across = (value: string, more: object) => [
		{ value, type: String, columnSpan: t.headings.length, wrap: true, ...more },
		...Array.from({ length: t.headings.length - 1 }, () => null)
	];
	return [
		across(title, { fontWeight: 'bold', fontSize: 16, align: 'center', height: 30 }),
		...lines.map((line) => across(line, {})),
		t.headings.map((value) => ({
			value,
			type: String,
			fontWeight: 'bold',
			wrap: true,
			align: 'center',
			borderStyle: 'thin'
		})),
		...t.rows.map((row) =>
			row.map((value): CellObject | null =>
				value === null || value === ''
					? ({ borderStyle: 'thin' } as never)
					: ({
							value,
							type: typeof value === 'number' ? Number : String,
							wrap: typeof value !== 'number',
							borderStyle: 'thin'
						} as never)
			)
		)
	] as SheetData;
};

/** The same as a workbook: scores on the first sheet, problems on the second. */
export async function noticeXlsx(n: Notice): Promise<Uint8Array> {
	const { default: write } = await import('write-excel-file/universal');
	const blob = await write([
		{
			sheet: '各村得分',
			data: grid(
				`关于${n.title}情况的通报`,
				[
					n.number,
					`时间范围：${n.period}。方式：${n.way}。`,
					...n.drawn,
					n.order === 'score' ? '按合计得分由高到低排列' : '按村编码排列，不分先后',
					...(n.unknown.length ? [`未查完、不评分的村：${n.unknown.join('、')}`] : [])
				].filter(Boolean),
				n.scores
			),
			columns: n.scores.headings.map((_, i) => ({ width: i === 0 ? 6 : 14 })),
			orientation: 'landscape'
		},
		{
			sheet: '问题清单',
			data: grid(
				`发现的主要问题（${n.count}处）`,
				[`整改要求：${n.demand}`, `整改时限：${n.due ? `${n.due}前` : '见各项时限'}`],
				n.problems
			),
			columns: [6, 14, 26, 20, 8, 40, 18].map((width) => ({ width })),
			orientation: 'landscape'
		}
	]).toBlob();
	return new Uint8Array(await blob.arrayBuffer());
}
