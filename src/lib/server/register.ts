import { standingOf, type RegisterRow } from '$lib/domain/meeting';
import type { Table } from '$lib/geo/write/table';
import { standingWordsZh } from './officewords';

type Cell = string | number | null;

/** 督办台账 with the headings of a register: content, source, date, unit, deadline, how it stands, chases. */
export function registerTable(
	township: string,
	rows: readonly RegisterRow[],
	today: string
): Table {
	const columns: [heading: string, read: (d: RegisterRow, i: number) => Cell][] = [
		['序号', (_, i) => i + 1],
		['督办事项', (d) => d.text],
		['来源', (d) => [d.meeting, d.number].filter(Boolean).join(' ')],
		['立项日期', (d) => d.on],
		['责任单位', (d) => d.leadUnit],
		['责任人', (d) => d.leadName],
		['配合单位', (d) => d.helpers],
		['首次时限', (d) => d.step?.firstDueOn ?? d.dueOn],
		['现时限', (d) => d.step?.dueOn ?? d.dueOn],
		['完成标准', (d) => d.doneMeans],
		['进度', (d) => standingWordsZh[standingOf(d, today)]],
		['报完成日期', (d) => d.step?.doneOn ?? null],
		['核验日期', (d) => d.step?.provenOn ?? null],
		['核验人', (d) => d.step?.provenName ?? null],
		['卡点', (d) => (d.step?.blocker ? `${d.step.blocker.who}，${d.step.blocker.since}起` : null)],
		['催办', (d) => d.chases.map((c) => c.on).join('、')],
		['请县区协调', (d) => d.ask]
	];
	return {
		title: `${township}督办台账`,
		headings: columns.map(([heading]) => heading),
		rows: rows.map((d, i) => columns.map(([, read]) => read(d, i) ?? null))
	};
}
