/** An office's form as a file: read into tables, and the same file back with values in its empty cells. */
import { zipSync, type Zippable } from 'fflate';
import { newBudget } from '../geometry';
import { Refused } from '../problems';
import { decode } from '../text';
import { below, readTree, readXml } from '../xml';
import { isZip, unzip, type Member } from '../zip';
import { documentTables, fillDocument } from './docxform';
import { formLimits, type Filling, type Fillings, type Form } from './form';
import { fillSheet, sheetTable } from './xlsxform';
import { percentStyles, Yellow } from './xlsxstyle';

type Book = { members: Member[]; text: (path: string) => string | null };

function open(bytes: Uint8Array): Book {
	if (bytes.length > formLimits.bytes)
		throw new Refused('file_too_large', { limit: formLimits.bytes / 1024 / 1024 });
	if (bytes[0] === 0xd0 && bytes[1] === 0xcf) throw new Refused('form_old_office');
	if (!isZip(bytes)) throw new Refused('form_unknown');
	const budget = newBudget();
	const members = unzip(bytes, budget, () => true);
	const find = (path: string) => members.find((m) => m.name.toLowerCase() === path.toLowerCase());
	return {
		members,
		text: (path) => {
			const member = find(path);
			if (!member) return null;
			const { text } = decode(member.bytes);
			// Well-formed, without a document type and not too deep: only then it is looked at by place.
			readXml(text, { open: () => undefined, text: () => undefined, close: () => undefined });
			return text;
		}
	};
}

/** Visible sheets with their paths, in order. */
function sheetsOf(book: Book): { name: string; path: string }[] {
	const workbook = book.text('xl/workbook.xml');
	const rels = book.text('xl/_rels/workbook.xml.rels');
	if (!workbook || !rels) throw new Refused('xlsx_broken');
	const targets = new Map<string, string>();
	for (const r of below(readTree(rels), 'Relationship'))
		targets.set(r.attributes.get('Id') ?? '', r.attributes.get('Target') ?? '');
	const sheets = [...below(readTree(workbook), 'sheet')]
		.filter((s) => !/hidden/i.test(s.attributes.get('state') ?? ''))
		.map((s) => {
			const target = targets.get(s.attributes.get('r:id') ?? '') ?? '';
			return {
				name: s.attributes.get('name') ?? '',
				path: target.startsWith('/') ? target.slice(1) : `xl/${target}`
			};
		})
		.filter((s) => /worksheets\//.test(s.path));
	if (!sheets.length) throw new Refused('xlsx_no_sheet');
	return sheets.slice(0, 20);
}

function stringsOf(book: Book): string[] {
	const xml = book.text('xl/sharedStrings.xml');
	if (!xml) return [];
	return readTree(xml).children.map((si) =>
		si.children
			.flatMap((c) =>
				c.name === 't' ? [c.text] : c.name === 'r' ? [...below(c, 't')].map((t) => t.text) : []
			)
			.join('')
	);
}

/** Reads a workbook or a document. Throws `Refused` for anything else. */
export function readForm(bytes: Uint8Array): Form {
	const book = open(bytes);
	const document = book.text('word/document.xml');
	if (document) {
		const tables = documentTables(document);
		if (!tables.length) throw new Refused('form_no_table');
		return { kind: 'docx', tables };
	}
	if (book.members.some((m) => /vbaProject/i.test(m.name))) throw new Refused('form_macros');
	const strings = stringsOf(book);
	const percents = percentStyles(book.text('xl/styles.xml'));
	const tables = sheetsOf(book).map(({ name, path }) => {
		const xml = book.text(path);
		if (!xml) throw new Refused('xlsx_broken');
		return sheetTable(name, xml, strings, percents);
	});
	if (!tables.some((t) => t.cells.length)) throw new Refused('form_no_table');
	return { kind: 'xlsx', tables };
}

/** The same file with these cells filled; every other byte of its contents stays. `mark`: blanks become yellow. */
export function fillForm(bytes: Uint8Array, fillings: Fillings, mark: boolean): Uint8Array {
	const book = open(bytes);
	const changed = new Map<string, string>();
	const by = (table: number) =>
		new Map<string, Filling>(
			fillings.filter((f) => f.table === table).map((f) => [f.at, f.filling])
		);
	const document = book.text('word/document.xml');
	if (document) {
		const tables = documentTables(document);
		changed.set(
			'word/document.xml',
			fillDocument(
				document,
				tables.map((_, n) => by(n)),
				mark
			)
		);
	} else {
		const styles = book.text('xl/styles.xml');
		const strings = stringsOf(book);
		const yellow = styles && mark ? new Yellow(styles) : null;
		for (const [n, { path }] of sheetsOf(book).entries()) {
			const wanted = by(n);
			if (wanted.size)
				changed.set(
					path.toLowerCase(),
					fillSheet(book.text(path)!, strings, wanted, (s) => yellow?.of(s) ?? null)
				);
		}
		if (yellow) changed.set('xl/styles.xml', yellow.written());
		const workbook = book.text('xl/workbook.xml')!;
		changed.set('xl/workbook.xml', reckonAnew(workbook));
	}
	const out: Zippable = {};
	for (const m of book.members) {
		const text = changed.get(m.name.toLowerCase());
		out[m.name] = text === undefined ? m.bytes : new TextEncoder().encode(text);
	}
	return zipSync(out, { level: 6, mtime: new Date(2020, 0, 1) });
}

/** Formulas are reckoned when the workbook is opened. */
function reckonAnew(workbook: string): string {
	const there = /<((?:[\w.-]+:)?)calcPr([^>]*?)(\/?)>/.exec(workbook);
	if (there) {
		const rest = there[2]!.replace(/\sfullCalcOnLoad\s*=\s*("[^"]*"|'[^']*')/, '');
		return workbook.replace(there[0], `<${there[1]}calcPr${rest} fullCalcOnLoad="1"${there[3]}>`);
	}
	// By the schema it stands after the names and before what follows them.
	const after =
		/<\/(?:[\w.-]+:)?definedNames>|<(?:[\w.-]+:)?definedNames[^>]*\/>/.exec(workbook) ??
		/<\/(?:[\w.-]+:)?externalReferences>/.exec(workbook) ??
		/<\/((?:[\w.-]+:)?)sheets>/.exec(workbook);
	if (!after) return workbook;
	const prefix = /<([\w.-]+:)?sheets\b/.exec(workbook)?.[1] ?? '';
	const at = after.index + after[0].length;
	return `${workbook.slice(0, at)}<${prefix}calcPr fullCalcOnLoad="1"/>${workbook.slice(at)}`;
}
