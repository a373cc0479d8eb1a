import { codeOf, fits, type FormFacts, type Subject } from '$lib/domain/form';
import { sha256 } from '../sha256';
import { plainText, type Form, type FormCell, type FormTable } from './form';
import {
	bareHeading,
	listWords,
	meaningOf,
	ownWords,
	serialWords,
	topicOf,
	totalWords
} from './words';

/** A cell that can be filled in. */
export type Blank = {
	table: number;
	at: string;
	row: number;
	col: number;
	/** Headings beside and above it, as a person would name the cell. */
	label: string;
	/** What the map would put there: a code of `domain/form`, or the line's number; null where it does not know. */
	code: string | null;
	how: 'sure' | 'likely' | 'remembered' | 'none';
	percent: boolean;
	/** The heading asks for a hundred: 完成率（%）. */
	hundred: boolean;
};
export type Proposal = { title: string; blanks: Blank[] };

/** A line's number; not a figure of the map. */
export const serialCode = (n: number): string => `n/${n}`;

class Grid {
	readonly #by = new Map<string, FormCell>();
	readonly right: number;
	readonly bottom: number;
	readonly title: string;
	readonly #titles = new Set<FormCell>();

	constructor(readonly table: FormTable) {
		let right = 0;
		let bottom = 0;
		for (const c of table.cells) {
			right = Math.max(right, c.col + c.cols - 1);
			bottom = Math.max(bottom, c.row + c.rows - 1);
			for (let r = c.row; r < c.row + c.rows; r++)
				for (let k = c.col; k < c.col + c.cols; k++) this.#by.set(`${r}.${k}`, c);
		}
		this.right = right;
		this.bottom = bottom;
		// A heading over most of the columns, alone in its row, names the table and no column.
		for (const c of table.cells)
			if (
				c.kind === 'text' &&
				c.cols > 1 &&
				c.cols >= (right + 1) * 0.6 &&
				!table.cells.some((o) => o !== c && o.row === c.row && o.kind === 'text')
			)
				this.#titles.add(c);
		this.title = [...this.#titles].map((c) => c.text).join(' ');
	}

	at(row: number, col: number): FormCell | undefined {
		return this.#by.get(`${row}.${col}`);
	}

	/** Texts to the left in its row, the nearest first. */
	left(cell: FormCell): FormCell[] {
		return this.#walk(cell, (n) => this.at(cell.row, cell.col - n), cell.col);
	}

	/** Texts above in its column, the nearest first. */
	above(cell: FormCell): FormCell[] {
		const first = this.table.cells[0]?.row ?? 0;
		return this.#walk(cell, (n) => this.at(cell.row - n, cell.col), cell.row - first);
	}

	#walk(cell: FormCell, next: (n: number) => FormCell | undefined, most: number): FormCell[] {
		const found: FormCell[] = [];
		for (let n = 1; n <= most; n++) {
			const c = next(n);
			if (c && c !== cell && c.kind === 'text' && !this.#titles.has(c) && found.at(-1) !== c)
				found.push(c);
		}
		return found;
	}
}

/** Which cells of a form the map can fill, by its headings; `remembered`: what somebody chose the last time. */
export function propose(
	form: Form,
	facts: FormFacts,
	remembered: Readonly<Record<string, string>> | null = null
): Proposal {
	const named = subjects(facts);
	const blanks = form.tables.flatMap((table, n) => blanksOf(new Grid(table), n, facts, named));
	if (remembered)
		for (const b of blanks) {
			const code = remembered[keyOf(b)];
			b.code = code ?? null;
			b.how = code ? 'remembered' : 'none';
		}
	return { title: titleOf(form), blanks };
}

export const keyOf = (b: { table: number; at: string }): string => `${b.table}:${b.at}`;

type Named = (text: string) => Subject | null;

/** A heading as a place, a plan or a project: 白马村, 白马, 合计. */
function subjects(facts: FormFacts): Named {
	const by = new Map<string, Subject>();
	const put = (name: string, subject: Subject) => {
		const key = bareHeading(name);
		if (key && !by.has(key)) by.set(key, subject);
	};
	for (const v of facts.villages) put(v.name, { kind: 'v', id: v.id });
	for (const v of facts.villages)
		put(v.name.replace(/(村|社区|居委会|村委会)$/, ''), { kind: 'v', id: v.id });
	for (const p of facts.plans) put(p.title, { kind: 'p', id: p.id });
	for (const p of facts.projects) put(p.title, { kind: 'j', id: p.id });
	put(facts.township.name, { kind: 't', id: null });
	return (text) => {
		const bare = bareHeading(text);
		if (totalWords.test(bare)) return { kind: 't', id: null };
		return by.get(bare) ?? by.get(bare.replace(/(村委会|村民委员会|社区|居委会)$/, '村')) ?? null;
	};
}

function blanksOf(grid: Grid, table: number, facts: FormFacts, named: Named): Blank[] {
	const lists = listsOf(grid, facts);
	const out: Blank[] = [];
	for (const cell of grid.table.cells) {
		if (cell.kind !== 'empty') continue;
		const left = grid.left(cell);
		const above = grid.above(cell);
		if (!left.length && !above.length) continue;
		// Remarks and signatures are a person's own.
		const next = above[0] ?? left[0];
		if (next && ownWords.test(bareHeading(next.text))) continue;
		const label = [...above.slice(0, 3).reverse(), ...left.slice(0, 2).reverse()]
			.map((c) => plainText(c.text))
			.join(' · ');
		const guess = guessOf(cell, left, above, grid, lists, named);
		const near = guess?.heading ?? above[0]?.text ?? '';
		out.push({
			table,
			at: cell.at,
			row: cell.row,
			col: cell.col,
			label,
			code: guess?.code ?? null,
			how: guess?.code ? (guess.sure ? 'sure' : 'likely') : 'none',
			percent: cell.percent ?? false,
			hundred: /[%％]/.test(near)
		});
	}
	return out;
}

type List = { subjects: (Subject | null)[]; head: FormCell; from: number; own: number };

/** Empty lines under 村名 or 项目名称: one line for each village, plan or project, in their order. */
function listsOf(grid: Grid, facts: FormFacts): List | null {
	for (const cell of grid.table.cells) {
		if (cell.kind !== 'text' || cell.cols > 1) continue;
		const bare = bareHeading(cell.text);
		const kind = listWords.find((w) => w.sure.split('|').includes(bare))?.kind;
		if (!kind) continue;
		const from = cell.row + cell.rows;
		let lines = 0;
		while (from + lines <= grid.bottom && grid.at(from + lines, cell.col)?.kind === 'empty')
			lines++;
		// A name stands in the first line: the office listed them itself.
		if (lines < 2) continue;
		const topic = topicOf(
			`${grid.title}${grid
				.above(cell)
				.map((c) => c.text)
				.join('')}`
		);
		const ids: Subject[] =
			kind === 'v'
				? facts.villages.map((v) => ({ kind: 'v', id: v.id }))
				: kind === 'j' || topic === 'project'
					? facts.projects.map((p) => ({ kind: 'j', id: p.id }))
					: facts.plans.map((p) => ({ kind: 'p', id: p.id }));
		return {
			head: cell,
			from,
			own: cell.col,
			subjects: Array.from({ length: lines }, (_, n) => ids[n] ?? null)
		};
	}
	return null;
}

function guessOf(
	cell: FormCell,
	left: readonly FormCell[],
	above: readonly FormCell[],
	grid: Grid,
	list: List | null,
	named: Named
): { code: string; sure: boolean; heading: string } | null {
	const over = (from: number) =>
		`${above
			.slice(from)
			.map((c) => c.text)
			.join('')}${grid.title}`;
	// A line of a list that is still empty.
	if (list && cell.row >= list.from && cell.row < list.from + list.subjects.length) {
		const n = cell.row - list.from;
		const subject = list.subjects[n] ?? null;
		const head = above[0];
		if (!subject || !head) return null;
		if (cell.col === list.own)
			return { code: codeOf(subject, 'name'), sure: true, heading: head.text };
		if (serialWords.test(bareHeading(head.text)))
			return { code: serialCode(n + 1), sure: true, heading: head.text };
		return asked(subject, head.text, over(1));
	}
	const rowSubject = firstOf(left, named);
	if (rowSubject) {
		for (const [n, head] of above.entries()) {
			const found = asked(rowSubject, head.text, over(n + 1));
			if (found) return found;
		}
		return null;
	}
	const columnSubject = firstOf(above, named);
	if (columnSubject) return left[0] ? asked(columnSubject, left[0].text, grid.title) : null;
	// One column of labels, each with its blank: the township is meant. A heading right above only where none is beside.
	const beside = left[0];
	if (beside && beside.col + beside.cols === cell.col)
		return asked({ kind: 't', id: null }, beside.text, grid.title);
	return null;
}

const firstOf = (cells: readonly FormCell[], named: Named): Subject | null => {
	for (const c of cells) {
		const subject = named(c.text);
		if (subject) return subject;
	}
	return null;
};

function asked(subject: Subject, heading: string, around: string) {
	const meaning = meaningOf(heading, around);
	if (!meaning) return null;
	// 村名 of a village, 项目名称 of a plan.
	if (!fits(meaning.metric, subject.kind)) return null;
	return {
		code: codeOf(subject, meaning.metric, meaning.unit),
		sure: meaning.sure,
		heading
	};
}

/** The form's headings without days and figures: next month's is the same form. */
export function fingerprintOf(form: Form): Promise<string> {
	const lines = form.tables.map((t) =>
		t.cells
			.filter((c) => c.kind === 'text')
			.map((c) => `${c.at}=${plainText(c.text).replace(/[\d年月日一二三四季度周第.\-/]+/g, '')}`)
			.filter((line) => !line.endsWith('='))
			.join('\n')
	);
	return sha256(new TextEncoder().encode(`${form.kind}\n${lines.join('\n\n')}`));
}

function titleOf(form: Form): string {
	for (const table of form.tables) {
		const title = new Grid(table).title || table.cells.find((c) => c.kind === 'text')?.text;
		if (title) return title.replace(/\s+/g, ' ').slice(0, 100);
	}
	return '表格';
}

/** A month that the form's title names: its first and last day. */
export function periodOf(title: string): { from: string; to: string } | null {
	const m = /(20\d{2})\s*年\s*(\d{1,2})\s*月/.exec(title.normalize('NFKC'));
	if (!m || Number(m[2]) < 1 || Number(m[2]) > 12) return null;
	const month = `${m[1]}-${m[2]!.padStart(2, '0')}`;
	const last = new Date(Date.UTC(Number(m[1]), Number(m[2]), 0)).getUTCDate();
	return { from: `${month}-01`, to: `${month}-${last}` };
}
