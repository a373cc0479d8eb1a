import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { unzipSync } from 'fflate';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { clean } from '../../src/lib/geo/text';
import { listZip } from '../../src/lib/geo/zip';
import { paperDocx } from '../../src/lib/server/papers/docx';
import { safeName, uniqueNames } from '../../src/lib/server/papers/filename';
import { fontFolders, NoFont } from '../../src/lib/server/papers/fonts';
import { numberExhibits } from '../../src/lib/server/papers/numbered';
import { cellText, type Paper, type Part } from '../../src/lib/server/papers/paper';
import { NotPrinted, paperPdf as pdfBy } from '../../src/lib/server/papers/pdf';
import { setUp, type Press } from '../../src/lib/server/papers/press';
import { printPapers } from '../../src/lib/server/papers/print';
import { projectPapers } from '../../src/lib/server/papers/projectpapers';
import { projectZip, TooMuch } from '../../src/lib/server/papers/projectzip';
import { bytesOf, projectFile } from './papers-file';

let usual: Press;
const paperPdf = (paper: Paper, press: Press = usual) => pdfBy(paper, press);
beforeAll(async () => {
	usual = setUp(fontFolders());
});

const utf8 = (bytes: Uint8Array) => new TextDecoder('utf-8', { fatal: true }).decode(bytes);
const docxParts = async (paper: Paper) =>
	Object.fromEntries(
		Object.entries(unzipSync(await paperDocx(paper)))
			.filter(([name]) => /\.(xml|rels)$/.test(name))
			.map(([name, bytes]) => [name, utf8(bytes)])
	);
const paperOf = (...parts: Part[]): Paper => ({ name: '样稿', title: '样稿', mark: null, parts });
const style = (styles: string, id: string) =>
	new RegExp(`<w:style [^>]*w:styleId="${id}".*?</w:style>`, 's').exec(styles)![0];
const unescaped = (xml: string) =>
	xml
		.replace(/&lt;/g, '<')
		.replace(/&gt;/g, '>')
		.replace(/&quot;/g, '"')
		.replace(/&apos;/g, "'")
		.replace(/&amp;/g, '&');
const textsOf = (xml: string) =>
	[...xml.matchAll(/<w:p>.*?<\/w:p>|<w:p\/>/gs)].map((p) =>
		[...p[0].matchAll(/<w:t(?: [^>]*)?>(.*?)<\/w:t>/gs)].map((t) => unescaped(t[1]!)).join('')
	);
const drained = async (stream: ReadableStream<Uint8Array>) => {
	const chunks: Uint8Array[] = [];
	for await (const chunk of stream as unknown as AsyncIterable<Uint8Array>) chunks.push(chunk);
	return new Uint8Array(Buffer.concat(chunks));
};

/** What people type to break documents: the big list, then Typst, XML and Word fields. */
const hostile: string[] = [
	...JSON.parse(readFileSync('tests/fixtures/blns/blns.json', 'utf8')),
	'#let x = 1; #x',
	'#read("/etc/passwd")',
	'*粗* _斜_ `码` $x^2$ <标签> @引用 // 注释 /* 注释 */ \\ ~ --- ...',
	'= 标题',
	'- 列表\n+ 列表\n/ 词: 义',
	'#set page(width: 1pt)',
	'</w:t></w:r></w:p><w:p/>',
	'<w:fldSimple w:instr="DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe"/>',
	']]><!--&amp;&#0;&#x10FFFF;-->',
	'\u202e倒写\u200b零宽\ufeff',
	'\ud800 半个',
	'\u0000\u0007\u001b控制',
	'一行\r\n二行\r三行\u2028四行',
	'a'.repeat(5000),
	'长'.repeat(5000)
];

describe('DOCX', () => {
	it('has the fonts, sizes and spacing of GB/T 9704-2012', async () => {
		const parts = await docxParts(projectPapers(projectFile())[0]!);
		const styles = parts['word/styles.xml']!;
		const expected: [string, string, number, string][] = [
			['Title', '方正小标宋简体', 44, 'w:line="720"'],
			['Normal', '仿宋_GB2312', 32, 'w:line="560"'],
			['Heading1', '黑体', 32, 'w:line="560"'],
			['Heading2', '楷体_GB2312', 32, 'w:line="560"'],
			['Heading3', '仿宋_GB2312', 32, 'w:line="560"'],
			['TableText', '仿宋_GB2312', 21, 'w:line="300"'],
			['TableHead', '黑体', 21, 'w:line="300"']
		];
		for (const [id, font, size, line] of expected) {
			const xml = style(styles, id);
			expect(xml, id).toContain(`w:eastAsia="${font}"`);
			expect(xml, id).toContain('w:ascii="Times New Roman"');
			expect(xml, id).toContain(`<w:sz w:val="${size}"/>`);
			expect(xml, id).toContain(line);
			expect(xml, id).toContain('w:lineRule="exact"');
		}
		expect(style(styles, 'Title')).toContain('<w:jc w:val="center"/>');
		expect(style(styles, 'Normal')).toContain('w:firstLineChars="200"');
		expect(Object.values(parts).join('')).not.toContain('exactly');
		const body = parts['word/document.xml']!;
		// 37, 28, 26 and 35 mm in twentieths of a point.
		expect(body).toMatch(/<w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1587"/);
		expect(body).toMatch(/<w:pgSz w:w="11906" w:h="16838"/);
		expect(parts['word/settings.xml']).toContain('<w:evenAndOddHeaders/>');
		for (const name of ['仿宋,FangSong,Noto Serif CJK SC', 'FZXiaoBiaoSong-B05S', 'SimHei'])
			expect(parts['word/fontTable.xml']).toContain(name);
	});

	it('prints the page number at the outer edge and the mark on every page', async () => {
		const parts = await docxParts(projectPapers(projectFile())[0]!);
		const target = (kind: string, type: string) => {
			const id = new RegExp(`<w:${kind}Reference(?=[^>]*w:type="${type}")[^>]*r:id="([^"]+)"`).exec(
				parts['word/document.xml']!
			)![1];
			const rels = parts['word/_rels/document.xml.rels']!;
			const rel = [...rels.matchAll(/<Relationship [^>]*>/g)].find((r) => r[0].includes(`"${id}"`));
			return parts[`word/${/Target="([^"]+)"/.exec(rel![0])![1]}`]!;
		};
		expect(target('footer', 'default')).toContain('<w:jc w:val="right"/>');
		expect(target('footer', 'even')).toContain('<w:jc w:val="left"/>');
		for (const type of ['default', 'even']) {
			expect(target('footer', type)).toContain('PAGE');
			expect(target('header', type)).toContain('样板，非官方');
		}
		const official = projectFile();
		official.standard = { ...official.standard, official: true };
		for (const paper of projectPapers(official))
			expect(Object.values(await docxParts(paper)).join('')).not.toContain('样板，非官方');
	});

	it('carries hostile text to the letter, as text', async () => {
		const lines = hostile.map((text) => clean(text).text.replace(/\r\n?|[\u2028\u2029]/g, '\n'));
		const parts = await docxParts(
			paperOf(
				...hostile.map((text): Part => ({ kind: 'paragraph', text })),
				{
					kind: 'table',
					columns: [{ head: '话', width: 1, align: 'left' }],
					rows: hostile.map((text) => ({ cells: [text] }))
				},
				{ kind: 'opinions', boxes: hostile.slice(0, 50).map((text) => ({ heading: '意见', text })) }
			)
		);
		const arrived = textsOf(parts['word/document.xml']!);
		const written = lines.flatMap((l) => l.split('\n'));
		expect(arrived.slice(1, 1 + written.length)).toEqual(written);
		const cells = arrived.slice(1 + written.length + 2);
		expect(cells.slice(0, written.length)).toEqual(written);
		// Nothing of it became an element.
		expect(parts['word/document.xml']).not.toMatch(/<w:fldSimple|<!--|<!\[CDATA/);
	});
});

describe('PDF', () => {
	/** Looks at what Typst has set, by asking it for its headings. */
	const looking = () => {
		const real = usual;
		const seen: { headings: any[]; pages: number; data: any } = {
			headings: [],
			pages: 0,
			data: null
		};
		const compiler = new Proxy(real.compiler, {
			get(target: any, key) {
				if (key === 'mapShadow')
					return (name: string, bytes: Buffer) => {
						if (name.endsWith('paper.json')) seen.data = JSON.parse(utf8(bytes));
						target.mapShadow(name, bytes);
					};
				if (key !== 'compile') return target[key].bind(target);
				return (args: any) => {
					const compiled = target.compile(args);
					if (!compiled.result) return compiled;
					const { result } = compiled;
					seen.headings = target.query(result, { selector: 'heading', field: 'body' });
					seen.pages = result.numOfPages;
					return { result };
				};
			}
		});
		return { seen, press: { ...real, compiler } };
	};

	it('reads no text as markup: each hostile string is one text, to the letter', () => {
		const { seen, press } = looking();
		const texts = hostile.filter((t) => clean(t).text);
		const parts = texts.map((text): Part => ({ kind: 'heading', level: 1, text }));
		const { bytes, unwritable } = paperPdf(paperOf(...parts), press);
		expect(utf8(bytes.subarray(0, 5))).toBe('%PDF-');
		expect(seen.headings).toHaveLength(texts.length);
		const spelled = new RegExp(
			`[${unwritable.map((c) => `\\u{${c.codePointAt(0)!.toString(16)}}`).join('')}]`,
			'gu'
		);
		seen.headings.forEach((body, i) => {
			expect(body.func, texts[i]).toBe('text');
			const expected = clean(texts[i]!)
				.text.replace(/[\ufe0e\ufe0f]/g, '')
				.replace(/\r\n?|[\u2028\u2029]/g, '\n')
				.replace(
					spelled,
					(c) => `〔U+${c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}〕`
				);
			const arrived = body.text.replaceAll('\u200b', '');
			expect(arrived.replace(/\p{Default_Ignorable_Code_Point}/gu, '')).toBe(
				expected.replace(/\p{Default_Ignorable_Code_Point}/gu, '')
			);
		});
	});

	it('takes hostile text in every part of a paper', () => {
		const text = hostile.join('\n');
		const { bytes } = paperPdf({
			name: text,
			title: text,
			mark: hostile[3]!,
			parts: [
				{ kind: 'line', text, align: 'right' },
				{ kind: 'paragraph', text },
				{
					kind: 'table',
					columns: [
						{ head: '一', width: 1, align: 'left' },
						{ head: hostile[3]!, width: 1, align: 'center' }
					],
					rows: hostile.map((t) => ({ cells: [t, t], strong: true }))
				},
				{ kind: 'signature', unit: hostile[40]!, day: hostile[50]! }
			]
		});
		expect(bytes.length).toBeGreaterThan(10_000);
	});

	it('prints a letter that no font has by its number, and says so', () => {
		const { seen, press } = looking();
		const part: Part = { kind: 'heading', level: 1, text: '𬭎村😀一等奖❤️' };
		const { unwritable } = paperPdf(paperOf(part), press);
		expect(unwritable).toContain('😀');
		expect(unwritable).not.toContain('村');
		expect(seen.headings[0].text).toContain('村〔U+1F600〕一等奖');
		expect(seen.headings[0].text).not.toContain('\ufe0f');
	});

	it('says in words what to do on a machine that cannot write Chinese', () => {
		const empty = mkdtempSync(path.join(tmpdir(), 'xt-fonts-'));
		writeFileSync(path.join(empty, 'broken.ttf'), Buffer.alloc(64, 1));
		writeFileSync(path.join(empty, 'short.ttc'), 'ttcf\0\0');
		writeFileSync(
			path.join(empty, 'lies.ttc'),
			Buffer.from('ttcf\0\x01\0\0\xff\xff\xff\xff', 'latin1')
		);
		expect(() => setUp([empty, path.join(empty, 'nowhere')])).toThrow(NoFont);
		try {
			setUp([empty]);
		} catch (error) {
			expect(String(error)).toMatch(/fonts-noto-cjk.*XT_FONTS.*DOCX/s);
		}
	});

	it('looks into the folder that the operator names first', () => {
		const before = process.env.XT_FONTS;
		process.env.XT_FONTS = '/srv/字体';
		expect(fontFolders()[0]).toBe('/srv/字体');
		if (before === undefined) delete process.env.XT_FONTS;
		else process.env.XT_FONTS = before;
	});

	it('sets pictures, refuses what is none, and prints on after that', async () => {
		const png = await sharp({ create: { width: 40, height: 20, channels: 3, background: '#0a0' } })
			.png()
			.toBuffer();
		const jpg = await sharp(png).jpeg().toBuffer();
		const picture = (type: 'png' | 'jpg', bytes: Uint8Array): Part => ({
			kind: 'picture',
			type,
			bytes,
			width: 400,
			caption: '图1 北入口'
		});
		const good = paperOf(picture('png', png), picture('jpg', jpg));
		const with2 = paperPdf(good).bytes.length;
		expect(with2).toBeGreaterThan(paperPdf(paperOf()).bytes.length + 500);
		const xml = (await docxParts(good))['word/document.xml']!;
		// 156 mm wide in EMU, half as high.
		const [, cx, cy] = /<wp:extent cx="(\d+)" cy="(\d+)"/.exec(xml)!.map(Number);
		expect(cx! / 36_000).toBeCloseTo(156, 0);
		expect(cx! / cy!).toBeCloseTo(2, 1);
		expect(() => paperPdf(paperOf(picture('png', Buffer.from('no picture'))))).toThrow(NotPrinted);
		expect(paperPdf(good).bytes.length).toBe(with2);
	});

	it('does not leave a signature alone on a page', () => {
		const { seen, press } = looking();
		const filled = (n: number) =>
			paperOf(
				...Array.from({ length: n }, (): Part => ({ kind: 'line', text: '行', align: 'left' })),
				{ kind: 'paragraph', text: '最后一段。' },
				{ kind: 'signature', unit: '云溪村村民委员会', day: '2026年11月23日' }
			);
		const pages = (parts: Paper) => (paperPdf(parts, press), seen.pages);
		const fits = Array.from({ length: 30 }, (_, n) => n).findLast((n) => pages(filled(n)) === 1)!;
		expect(fits).toBeGreaterThan(10);
		// One line more and the signature goes over: the paragraph has room, and goes with it all the same.
		expect(pages(filled(fits + 1))).toBe(2);
		expect(seen.data.parts.map((p: any) => p.kind).slice(-2)).toEqual(['line', 'signature']);
		expect(seen.data.parts.at(-1).last).toBe('最后一段。');
	});
});

describe('project papers', () => {
	const tables = (paper: Paper) => paper.parts.filter((p) => p.kind === 'table');
	const [report, catalogue] = projectPapers(projectFile()) as [Paper, Paper];

	it('have a row for each of 54 items and a subtotal for each section', () => {
		const scores = tables(report).find((t) => t.columns.at(-1)!.head === '评分说明')!;
		expect(scores.columns.map((c) => c.head)).toEqual([
			'编号',
			'评定内容',
			'满分',
			'村自评',
			'乡镇初核',
			'县级评定',
			'评分说明'
		]);
		const strong = scores.rows.filter((r) => r.strong);
		expect(scores.rows.length - strong.length).toBe(54);
		expect(strong).toHaveLength(7);
		// The subtotal is the sum of what is printed above it (no section of this file is capped).
		let sum = 0;
		for (const row of scores.rows) {
			if (!row.strong) sum += Number(row.cells[3]) || 0;
			else {
				expect(Number(row.cells[3]), cellText(row.cells[1]!)).toBeCloseTo(sum, 2);
				sum = 0;
			}
		}
		const traffic = scores.rows.find((r) => r.cells[0] === '1.7')!;
		expect(traffic.cells.slice(3, 6)).toEqual(['不适用', '3.5', '—']);
	});

	it('say that a veto keeps the grade away, and never fill in an answer', () => {
		const texts = report.parts.flatMap((p) => (p.kind === 'paragraph' ? [p.text] : []));
		expect(texts.find((t) => t.startsWith('乡镇初核'))).toMatch(
			/未达到任何等级；分数到了A级，但有一票否决项不符合或者未答/
		);
		const veto = tables(report).find((t) => t.columns[1]!.head === '必须具备的条件')!;
		expect(veto.rows[2]!.cells.slice(3, 6)).toEqual(['符合', '不符合', '未答']);
		expect(veto.rows[7]!.cells[4]).toBe('未答');
		expect(veto.rows[7]!.cells[2]).toBe('AAA级、AA级');
	});

	it('ask for the opinions of village, town and county on the last page', () => {
		const last = report.parts.at(-1)!;
		expect(last.kind === 'opinions' && last.boxes.map((b) => b.heading)).toEqual([
			'村自评意见',
			'乡镇初核意见',
			'县级评定意见'
		]);
		expect(last.kind === 'opinions' && last.boxes[2]!.text).toBe('');
		expect(report.parts.at(-3)!.kind).toBe('page');
	});

	it('list every exhibit once, in the order of the standard, and what is missing', () => {
		const list = tables(catalogue)[0]!;
		expect(list.columns.map((c) => c.head)).toEqual([
			'编号',
			'材料名称',
			'类型',
			'对应条目',
			'提供单位',
			'日期'
		]);
		expect(list.rows).toHaveLength(96);
		expect(new Set(list.rows.map((r) => r.cells[0])).size).toBe(96);
		const items = list.rows.map((r) => cellText(r.cells[0]!).split('-')[0]!.split('.').map(Number));
		const order = items.map(([s, i]) => s! * 100 + i!);
		expect(order).toEqual([...order].sort((a, b) => a - b));
		const bare = tables(catalogue)[1]!.rows.map((r) => r.cells[0]);
		const cited = projectFile().exhibits.flatMap((e) => e.items);
		expect(bare.length).toBeGreaterThan(0);
		for (const code of bare) expect(cited).not.toContain(code);
	});

	it('stand with nothing in them', () => {
		const empty = projectFile({
			log: [],
			scores: [],
			vetoes: [],
			totals: [],
			exhibits: [],
			milestones: [],
			money: [],
			blockers: [],
			present: null
		});
		for (const paper of projectPapers(empty)) {
			expect(paperPdf(paper).bytes.length).toBeGreaterThan(1000);
			expect(JSON.stringify(paper)).not.toMatch(/undefined|null级|NaN/);
		}
	});

	it('are the same for the same file', () => {
		expect(projectPapers(projectFile())).toEqual(projectPapers(projectFile()));
	});
});

describe('printing in a process of its own', () => {
	const papers = projectPapers(projectFile());

	it('gives both papers in both formats, the same as in this process', async () => {
		const sheets = await printPapers(papers);
		expect(sheets.map((s) => `${s.paper}${s.ending}`)).toEqual([
			'0.docx',
			'0.pdf',
			'1.docx',
			'1.pdf'
		]);
		expect(sheets.map((s) => s.note)).toEqual([null, null, null, null]);
		expect(sheets[1]!.bytes!.length).toBe(paperPdf(papers[0]!).bytes.length);
		expect(Object.keys(unzipSync(sheets[2]!.bytes!))).toContain('word/document.xml');
	});

	it('gives the DOCX on a machine without Chinese fonts, and the words of NoFont', async () => {
		const sheets = await printPapers(papers, { folders: ['/usr/share/doc/nothing'] });
		expect(sheets.map((s) => !!s.bytes)).toEqual([true, false, true, false]);
		expect(sheets[1]!.note).toMatch(/fonts-noto-cjk.*XT_FONTS/);
	});

	it('ends with words when it takes too long, too much memory, or cannot start', async () => {
		const late = await printPapers(papers, { timeoutMs: 1 });
		expect(late.map((s) => s.note)).toEqual(Array(4).fill('文件太大，在限定时间内没有做完。'));
		for (const options of [{ memoryMb: 1 }, { script: '/nowhere.js' }]) {
			const sheets = await printPapers(papers, options);
			expect(sheets).toHaveLength(4);
			expect(sheets[1]).toMatchObject({ bytes: null, note: expect.stringContaining('中途停止') });
		}
	});
});

describe('the zip', () => {
	it('holds papers and exhibits in folders of section and item, as our own reader lists it', async () => {
		const file = projectFile();
		const bytes = await drained(projectZip(file));
		const names = listZip(bytes);
		expect(names.slice(0, 4)).toEqual([
			'自评报告.docx',
			'自评报告.pdf',
			'佐证材料目录.docx',
			'佐证材料目录.pdf'
		]);
		expect(names).toContain('2 环境卫生/2.5 旅游厕所/01 旅游厕所证明材料5.pdf');
		expect(names).toHaveLength(4 + file.exhibits.filter((e) => e.file).length);
		const held = unzipSync(bytes);
		for (const { exhibit, number } of numberExhibits(file)) {
			if (!exhibit.file) continue;
			const [item, serial] = number.split('-');
			const name = names.find((n) => n.includes(`/${item} `) && n.includes(`/${serial} `))!;
			expect(Buffer.compare(held[name]!, bytesOf(Number(exhibit.id.slice(1)))), name).toBe(0);
		}
		// Each entry says that its name is UTF-8 (bit 11), in the directory as at the file.
		const view = Buffer.from(bytes);
		let at = view.readUInt32LE(view.length - 6);
		for (const name of names) {
			expect(view.readUInt32LE(at)).toBe(0x02014b50);
			expect(view.readUInt16LE(at + 8) & 0x800, name).toBe(0x800);
			expect(view.readUInt16LE(view.readUInt32LE(at + 42) + 6) & 0x800, name).toBe(0x800);
			at +=
				46 + view.readUInt16LE(at + 28) + view.readUInt16LE(at + 30) + view.readUInt16LE(at + 32);
		}
		expect(utf8(unzipSync(held['自评报告.docx']!)['word/document.xml']!)).toContain('自评报告');
	});

	it('reads an exhibit only after the one before has left', async () => {
		let read = 0;
		let left = 0;
		const size = 100_000;
		const exhibits = projectFile()
			.exhibits.slice(0, 20)
			.map((e) => ({
				...e,
				file: {
					name: 'a.jpg',
					bytes: async () => {
						expect(left).toBeGreaterThanOrEqual(read * size);
						read++;
						return new Uint8Array(size);
					}
				}
			}));
		const stream = projectZip(projectFile({ exhibits }));
		expect(read).toBe(0);
		let papers = true;
		for await (const chunk of stream as unknown as AsyncIterable<Uint8Array>) {
			if (read > 0) papers = false;
			if (!papers) left += chunk.length;
		}
		expect(read).toBe(20);
	});

	it('stops reading when nobody takes it any more', async () => {
		let read = 0;
		const exhibits = projectFile().exhibits.map((e) => ({
			...e,
			file: { name: 'a.jpg', bytes: async () => bytesOf(read++) }
		}));
		const reader = projectZip(projectFile({ exhibits })).getReader();
		while (read < 3) await reader.read();
		await reader.cancel();
		await new Promise((done) => setTimeout(done, 50));
		expect(read).toBe(3);
	});

	it('is whole although an exhibit is lost and a letter cannot be printed, and says both', async () => {
		const file = projectFile();
		const broken = file.exhibits.find((e) => e.file)!;
		broken.title = '丢了的😀照片';
		const exhibits = file.exhibits.map((e) =>
			e === broken
				? { ...e, file: { name: 'x.jpg', bytes: () => Promise.reject(new Error('gone')) } }
				: e
		);
		const held = unzipSync(await drained(projectZip({ ...file, exhibits })));
		const note = utf8(held['未放入的内容.txt']!);
		expect(note).toContain('丢了的😀照片：原文件读不出来');
		expect(note).toContain('佐证材料目录.pdf：本机字体没有这些字');
		expect(Object.keys(held)).toHaveLength(4 + file.exhibits.filter((e) => e.file).length);
	});

	it('keeps hostile names inside, short, unique and fit for Windows', async () => {
		const names = [
			...hostile,
			'../../etc/passwd',
			'..\\..\\windows\\system32',
			'/绝对',
			'C:\\盘',
			'CON',
			'nul.txt',
			'COM1',
			'尾点...',
			'尾空格   ',
			'.隐藏',
			'😀'.repeat(100),
			'同名',
			'同名',
			'ABC',
			'abc',
			''
		];
		const file = projectFile();
		const body = structuredClone(file.standard.body);
		body.sections[0]!.code = '../..';
		body.sections[0]!.zh = 'C:\\Windows';
		body.sections[0]!.items[0]!.zh = '../'.repeat(50);
		const exhibits = names.map((title, i) => ({
			...file.exhibits[0]!,
			id: `h${i}`,
			title,
			items: i % 2 ? ['1.1'] : ['没有这一条'],
			file: { name: `${title}.JPG`, bytes: async () => bytesOf(1) }
		}));
		const few = (from: number) => ({
			...file,
			standard: { ...file.standard, body },
			exhibits: exhibits.slice(from, from + 150)
		});
		for (let from = 0; from < exhibits.length; from += 150) {
			const bytes = await drained(projectZip(few(from)));
			// Our reader refuses absolute names, `..`, names twice.
			const listed = listZip(bytes);
			expect(listed.filter((n) => n.includes('/'))).toHaveLength(few(from).exhibits.length);
			for (const name of listed)
				for (const part of name.split('/')) {
					expect([...part].length, name).toBeLessThanOrEqual(80);
					expect(Buffer.byteLength(part), name).toBeLessThanOrEqual(255);

					expect(part).not.toMatch(/[\\:*?"<>|\u0000-\u001f]|^\.|[. ]$|^ /);
					expect(part).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i);
				}
		}
	});

	it('refuses at once what a zip cannot hold', () => {
		const one = projectFile().exhibits[0]!;
		expect(() => projectZip(projectFile({ exhibits: Array(60_001).fill(one) }))).toThrow(TooMuch);
	});

	it('names: reserved, empty, cut with the ending kept', () => {
		expect(safeName('CON')).toBe('_CON');
		expect(safeName('aux.h')).toBe('_aux.h');
		expect(safeName('...')).toBe('未命名');
		expect(safeName('长'.repeat(200), '.jpg')).toBe('长'.repeat(76) + '.jpg');
		expect(safeName('a/b\\c:d')).toBe('a b c d');
		const name = uniqueNames();
		expect([name('x/', 'A', '.jpg'), name('x/', 'a', '.jpg'), name('y/', 'a', '.jpg')]).toEqual([
			'x/A.jpg',
			'x/a (2).jpg',
			'y/a.jpg'
		]);
	});
});
