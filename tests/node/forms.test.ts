/**
 * The form answerer: three made forms (rows of villages under merged headings, one column, a table in a document)
 * are read, filled from known facts and written back; what stood in them stays, what nobody knows is marked.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { strToU8, strFromU8, unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { figureOf, type FormFacts, type FormVillage } from '../../src/lib/domain/form';
import { fillForm, readForm } from '../../src/lib/geo/form/file';
import { fillingOf } from '../../src/lib/geo/form/filling';
import type { FormCell } from '../../src/lib/geo/form/form';
import { fingerprintOf, keyOf, periodOf, propose } from '../../src/lib/geo/form/propose';
import { Refused } from '../../src/lib/geo/problems';
import { readXlsx } from '../../src/lib/geo/read/xlsx';
import { newBudget } from '../../src/lib/geo/geometry';
import { Problems } from '../../src/lib/geo/problems';
import { documentForm, oneColumnForm, villageForm } from './forms-made';

const uuid = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const counts = (planned: number, said: number, done: number, proven: number) => ({
	planned,
	said,
	done,
	proven,
	blocked: 1,
	overdue: 2
});
const none = { task: null, project: null, plan: null };
const village = (n: number, name: string, more: Partial<FormVillage> = {}): FormVillage => ({
	id: uuid(n),
	name,
	people: 1000 + n,
	households: 300 + n,
	area: 2_000_000 * n,
	contacts: n === 1 ? ['陈包村'] : [],
	reporters: ['李网格', '=cmd|calc'],
	at: { ...none, task: counts(30 * n, 20 * n, 15 * n, 10 * n) },
	before: { ...none, task: counts(10 * n, 8 * n, 5 * n, 4 * n) },
	...more
});
const names = ['白马村', '云台村', '新桥村'];
const facts: FormFacts = {
	township: { id: uuid(100), name: '云溪镇' },
	today: '2026-11-28',
	from: '2026-11-01',
	to: '2026-11-28',
	villages: [
		village(1, '白马村'),
		village(2, '云台村'),
		// Nobody ever looked here, and nobody wrote down how many live here.
		village(3, '新桥村', { at: none, before: none, households: null, reporters: [] })
	],
	elsewhere: { at: none, before: none },
	plans: [
		{
			id: uuid(50),
			title: '茶厂',
			villageId: uuid(1),
			village: '白马村',
			category: '农产品加工',
			content: '',
			unit: '农业办',
			leader: '',
			party: '',
			invest: 1200.5,
			allocated: null,
			spent: null,
			output: null,
			tax: null,
			income: null,
			land: 20,
			jobs: null,
			households: null
		}
	],
	projects: []
};

/** Reads, proposes, fills and reads again. */
async function roundTrip(
	bytes: Uint8Array,
	change: (code: string | null, label: string) => string | null = (c) => c
) {
	const form = readForm(bytes);
	const { blanks, title } = propose(form, facts);
	const chosen = blanks.map((b) => ({ ...b, code: change(b.code, b.label) }));
	const fillings = chosen.map((b) => ({
		table: b.table,
		at: b.at,
		filling: fillingOf(b, b.code, facts)
	}));
	const out = fillForm(bytes, fillings, true);
	return {
		form,
		blanks: chosen,
		title,
		out,
		after: readForm(out),
		fingerprint: await fingerprintOf(form)
	};
}
const textAt = (cells: readonly FormCell[], at: string) =>
	cells.find((c) => c.at === at)?.text ?? '';
const part = (bytes: Uint8Array, name: string) => strFromU8(unzipSync(bytes)[name]!);
const keep = (name: string, bytes: Uint8Array) => {
	if (!process.env.KEEP_FORMS) return;
	mkdirSync(process.env.KEEP_FORMS, { recursive: true });
	writeFileSync(`${process.env.KEEP_FORMS}/${name}`, bytes);
};

describe('rows of villages under merged headings', () => {
	it('is understood, filled and otherwise left as it was', async () => {
		const bytes = await villageForm(names);
		const { blanks, out, after, title } = await roundTrip(bytes);
		keep('villages.xlsx', out);
		keep('villages-empty.xlsx', bytes);
		expect(title).toContain('整治情况统计表');
		expect(periodOf(title)).toEqual({ from: '2026-11-01', to: '2026-11-30' });
		const cells = after.tables[0]!.cells;
		// 户数: somebody's figure stays, ours is filled, the unknown one stays empty.
		expect([textAt(cells, 'C4'), textAt(cells, 'C5'), textAt(cells, 'C6')]).toEqual([
			'321',
			'302',
			''
		]);
		// Found, done, proven of Baima; nothing of Xinqiao, where nobody ever looked.
		expect(['D4', 'E4', 'F4'].map((at) => textAt(cells, at))).toEqual(['30', '15', '10']);
		expect(['D6', 'E6', 'F6', 'G6'].map((at) => textAt(cells, at))).toEqual(['', '', '', '']);
		// The rate is proven ÷ said with its working in the cell.
		const sheet = part(out, 'xl/worksheets/sheet1.xml');
		expect(sheet).toMatch(/<c r="G4"[^>]*><f>ROUND\(10\/20\*100,1\)<\/f><v>50<\/v><\/c>/);
		// 2,000,000 m² are 3,000 mu.
		expect(textAt(cells, 'H4')).toBe('3000');
		expect([textAt(cells, 'I4'), textAt(cells, 'I5')]).toEqual(['陈包村', '李网格、=cmd|calc']);
		// A text is a text, whatever it looks like.
		expect(sheet).toContain('t="inlineStr"><is><t xml:space="preserve">李网格、=cmd|calc</t>');
		// The template's own formula is kept and reckoned anew; no formula of ours but the rates.
		expect(sheet).toContain('SUM(D4:D6)');
		const formulas = [...sheet.matchAll(/<f>([^<]*)<\/f>/g)].map((m) => m[1]);
		expect(formulas.filter((f) => !/^(ROUND\(\d+\/\d+\*100,1\)|=?SUM\(D4:D6\))$/.test(f!))).toEqual(
			[]
		);
		expect(part(out, 'xl/workbook.xml')).toContain('fullCalcOnLoad="1"');
		// The total of what is known everywhere: not of households, because one village's are not.
		expect([textAt(cells, 'C7'), textAt(cells, 'E7')]).toEqual(['', '45']);
		// Every blank that stayed is marked, and nothing else.
		const style = (at: string) => new RegExp(`<c r="${at}"[^>]*\\bs="(\\d+)"`).exec(sheet)?.[1];
		const old = part(bytes, 'xl/worksheets/sheet1.xml');
		const was = (at: string) => new RegExp(`<c r="${at}"[^>]*\\bs="(\\d+)"`).exec(old)?.[1];
		expect(style('D6')).not.toBe(was('D6'));
		expect(style('D4')).toBe(was('D4'));
		expect(part(out, 'xl/styles.xml')).toContain('FFFFFF00');
		// Nobody answers for all villages together.
		expect(blanks.filter((b) => b.how === 'none').map((b) => b.at)).toEqual(['I7']);
		// All other parts of the file are the same bytes.
		const [a, b] = [unzipSync(bytes), unzipSync(out)];
		expect(Object.keys(b).sort()).toEqual(Object.keys(a).sort());
		for (const name of Object.keys(a))
			if (!/sheet1\.xml$|styles\.xml$|workbook\.xml$/.test(name)) expect(b[name]).toEqual(a[name]);
		// Our own reader, and so every importer, reads it.
		const sheets = readXlsx(out, { file: 'x', budget: newBudget(), problems: new Problems() });
		expect(sheets[0]!.lines[3]!.cells.slice(1, 4)).toEqual(['白马村', 321, 30]);
	});

	it('is the same form next month, and another one with another column', async () => {
		const november = await roundTrip(await villageForm(names));
		const december = await roundTrip(await villageForm(names, '2026年12月'));
		expect(december.fingerprint).toBe(november.fingerprint);
		expect(await fingerprintOf(readForm(await villageForm(names.slice(1))))).not.toBe(
			november.fingerprint
		);
	});

	it('uses what was chosen the last time, and nothing it guesses itself', async () => {
		const form = readForm(await villageForm(names, '2026年12月'));
		const mapping = { '0:D4': `v:${uuid(1)}/task.found.p`, '0:E4': 't/people' };
		const { blanks } = propose(form, facts, mapping);
		expect(blanks.filter((b) => b.code).map((b) => [keyOf(b), b.code, b.how])).toEqual([
			['0:D4', mapping['0:D4'], 'remembered'],
			['0:E4', mapping['0:E4'], 'remembered']
		]);
		expect(
			fillingOf(
				blanks.find((b) => b.at === 'D4')!,
				mapping['0:D4'],
				facts
			)
		).toEqual({ type: 'number', value: 20 });
	});
});

it('one column of labels: the township answers, what it does not know is marked', async () => {
	const { out, after, blanks } = await roundTrip(await oneColumnForm());
	keep('one-column.xlsx', out);
	const cells = after.tables[0]!.cells;
	const found = Object.fromEntries(
		cells.filter((c) => c.col === 0).map((c) => [c.text, textAt(cells, `B${c.row}`)])
	);
	expect(found).toMatchObject({
		填报单位: '云溪镇',
		产业项目数: '1',
		'计划总投资（万元）': '1200.5',
		'用地面积（亩）': '20',
		'带动就业（人）': '',
		发现问题数: '90',
		交办数: '60',
		整改率: '50%',
		受灾人数: ''
	});
	expect(blanks.find((b) => b.label.includes('受灾人数'))).toMatchObject({
		how: 'none',
		code: null
	});
});

it('a table in a document keeps its looks and takes the values', async () => {
	const bytes = await documentForm(names);
	const { out, after } = await roundTrip(bytes);
	keep('document.docx', out);
	const texts: string[][] = [];
	for (const c of after.tables[0]!.cells) (texts[c.row] ??= []).push(c.text);
	expect(texts[2]).toEqual(['白马村', '301', '30', '15', '50%']);
	expect(texts[3]).toEqual(['云台村', '302', '60', '30', '50%']);
	expect(texts[4]).toEqual(['新桥村', '', '', '', '']);
	expect(texts[5]).toEqual(['合计', '', '90', '45', '50%']);
	const xml = part(out, 'word/document.xml');
	expect(xml.match(/w:fill="FFFF00"/g)).toHaveLength(5);
	expect(xml).toContain('注：数据截至月末。');
	// Taking our runs and marks away gives the template's own text.
	const bare = (text: string) => text.replace(/<[^>]+>/g, '');
	const given = bare(part(bytes, 'word/document.xml'));
	expect(bare(xml).length).toBeGreaterThan(given.length);
	for (const name of Object.keys(unzipSync(bytes)))
		if (name !== 'word/document.xml') expect(unzipSync(out)[name]).toEqual(unzipSync(bytes)[name]);
});

it('never writes over what stands in a cell, though it is asked to', async () => {
	const bytes = await villageForm(names);
	const out = fillForm(
		bytes,
		['A1', 'B4', 'C4', 'D7'].map((at) => ({
			table: 0,
			at,
			filling: { type: 'text', value: '改' } as const
		})),
		true
	);
	expect(readForm(out)).toEqual(readForm(bytes));
});

it('fills rows, cells and lines that the file does not even name', async () => {
	const bytes = await villageForm(names);
	const files = unzipSync(bytes);
	const name = 'xl/worksheets/sheet1.xml';
	// Another program leaves empty cells out, and whole rows; it may write a prefix.
	files[name] = strToU8(
		strFromU8(files[name]!)
			.replace(/<c r="[D-I][45]"[^>]*\/>/g, '')
			.replace(/<row r="6"[^>]*>.*?<\/row>/, '')
	);
	const { after } = await roundTrip(zipSync(files));
	const cells = after.tables[0]!.cells;
	expect(['D4', 'E5', 'I4'].map((at) => textAt(cells, at))).toEqual(['30', '30', '陈包村']);
});

it('refuses what is no form, by name', async () => {
	const refused = (bytes: Uint8Array) => {
		try {
			readForm(bytes);
			return 'read';
		} catch (error) {
			return error instanceof Refused ? error.code : String(error);
		}
	};
	const good = await villageForm(names);
	const files = unzipSync(good);
	const sheet = 'xl/worksheets/sheet1.xml';
	expect(refused(strToU8('你好'))).toBe('form_unknown');
	expect(refused(new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0, 0]))).toBe('form_old_office');
	expect(refused(good.subarray(0, good.length / 2))).toBe('zip_broken');
	expect(refused(zipSync({ 'a.txt': strToU8('x') }))).toBe('xlsx_broken');
	expect(
		refused(
			zipSync({ ...files, [sheet]: strToU8('<worksheet><sheetData><row></sheetData></worksheet>') })
		)
	).toBe('xml_broken');
	expect(
		refused(
			zipSync({
				...files,
				[sheet]: strToU8(`<!DOCTYPE a [<!ENTITY b "c">]>${strFromU8(files[sheet]!)}`)
			})
		)
	).toBe('xml_doctype');
	expect(refused(zipSync({ ...files, 'xl/vbaProject.bin': strToU8('x') }))).toBe('form_macros');
	expect(refused(zipSync({ ...files, '../evil': strToU8('x') }))).toBe('zip_name');
	expect(
		refused(
			zipSync({
				'word/document.xml': strToU8('<w:document xmlns:w="w"><w:body><w:p/></w:body></w:document>')
			})
		)
	).toBe('form_no_table');
	expect(refused(zipSync({ ...files, 'xl/media/bomb': new Uint8Array(20_000_000) }))).toBe(
		'zip_ratio'
	);
	expect(refused(new Uint8Array(11 * 1024 * 1024))).toBe('file_too_large');
});

it('says where a value comes from, and nothing for what is gone', () => {
	expect(figureOf(`v:${uuid(1)}/task.open`, facts)).toEqual({
		value: { type: 'number', value: 15 },
		of: '白马村',
		href: `/t/${uuid(100)}/tasks?village=${uuid(1)}&stage=found,assigned,doing,blocked,extension,returned`
	});
	expect(figureOf(`v:${uuid(9)}/task.open`, facts)).toBeNull();
	expect(figureOf('t/__proto__', facts)).toBeNull();
	expect(figureOf(`p:${uuid(50)}/task.open`, facts)).toBeNull();
	expect(figureOf('t/plan.invest@yuan', facts)?.value).toEqual({
		type: 'number',
		value: 12_005_000
	});
	expect(figureOf('t/plan.land@m2', facts)?.value).toEqual({ type: 'number', value: 13333.33 });
});
