import {
	byCategory,
	byVillage,
	figures,
	numberOf,
	sum,
	type Figure,
	type Numbers,
	type Report
} from '$lib/domain/report';
import { taskKindCodes } from '$lib/domain/task';
import { toWorkbook, type Sheet } from '$lib/geo/write/xlsx';
import { blockerZh, figureZh, kindZh, periodZh, reportZh, typeZh } from './reportwords';

type Cell = string | number | null;
const zero: Numbers = sum([]);

/** The report as a workbook: 分村, 分类, 村×类别, 重点工作, 卡点, 到期, and the comparison where there is one. */
export function reportBook(report: Report, other: Report | null): Promise<Uint8Array> {
	const title = (what: string) =>
		`${report.township.name}${reportZh(report)}${what}（${periodZh(report)}）`;
	const place = (id: string | null) => report.villages.find((v) => v.id === id)?.name ?? '未落村';
	const sheet = (name: string, headings: string[], rows: Cell[][]): Sheet => ({
		name,
		table: { title: title(name), headings, rows }
	});
	const shown = figures.filter((f) => f !== 'due');
	const numbers = (n: Numbers) => shown.map((f) => numberOf(n, f));
	const words = (kind: 'task' | 'project') => shown.map((f) => figureZh(kind, f));
	const tasks = report.cells.filter((c) => c.kind === 'task');
	const villages = byVillage(report, 'task');
	const sheets = [
		sheet(
			'分村情况',
			['序号', '村', ...words('task')],
			[
				...villages.map((v, i): Cell[] => [i + 1, v.name ?? '未落村', ...numbers(v.n)]),
				['', '合计', ...numbers(sum(tasks))]
			]
		),
		sheet(
			'分类情况',
			['序号', '类别', ...words('task')],
			[
				...byCategory(report, taskKindCodes).map((c, i): Cell[] => [
					i + 1,
					typeZh(c.category),
					...numbers(c.n)
				]),
				['', '合计', ...numbers(sum(tasks))]
			]
		),
		sheet(
			'村和类别',
			['村', '类别', ...words('task')],
			villages.flatMap((v) =>
				taskKindCodes.flatMap((type): Cell[][] => {
					const own = tasks.filter(
						(c) => place(c.villageId) === (v.name ?? '未落村') && c.category === type
					);
					return own.length ? [[v.name ?? '未落村', typeZh(type), ...numbers(sum(own))]] : [];
				})
			)
		),
		sheet(
			'重点工作',
			['村', '工作', ...words('project')],
			(['project', 'plan'] as const).flatMap((kind) =>
				byVillage(report, kind)
					.filter((v) => v.n.some(Boolean))
					.map((v): Cell[] => [v.name ?? '未落村', kindZh[kind], ...numbers(v.n)])
			)
		),
		sheet(
			'卡点',
			['序号', '村', '工作', '事项', '卡点', '由谁解决', '起始日期', '请上级协调'],
			report.stuck.map((s, i) => [
				i + 1,
				place(s.villageId),
				kindZh[s.kind],
				s.title || typeZh(s.category),
				blockerZh[s.blocker],
				s.who,
				s.since,
				s.ask
			])
		),
		sheet(
			'下周到期',
			['序号', '到期日', '村', '工作', '事项'],
			report.due.map((d, i) => [
				i + 1,
				d.dueOn,
				place(d.villageId),
				kindZh[d.kind],
				d.title || typeZh(d.category)
			])
		)
	];
	return toWorkbook(other ? [...sheets, comparison(report, other, sheet)] : sheets);
}

function comparison(
	report: Report,
	other: Report,
	sheet: (name: string, headings: string[], rows: Cell[][]) => Sheet
): Sheet {
	const there = byVillage(other, 'task');
	const compared: Figure[] = [
		'found',
		'said',
		'done',
		'proven',
		'open',
		'carried',
		'overdue',
		'waiting',
		'blocked'
	];
	const row = (name: string, a: Numbers, b: Numbers): Cell[] => [
		name,
		...compared.flatMap((f) => [numberOf(a, f), numberOf(b, f), numberOf(a, f) - numberOf(b, f)])
	];
	const tasks = (r: Report) => sum(r.cells.filter((c) => c.kind === 'task'));
	return sheet(
		'对比',
		[
			'村',
			...compared.flatMap((f) => {
				const word = figureZh('task', f);
				return [word, `${word}（${periodZh(other)}）`, `${word}增减`];
			})
		],
		[
			...byVillage(report, 'task').map((v) =>
				row(v.name ?? '未落村', v.n, there.find((o) => o.id === v.id)?.n ?? zero)
			),
			row('合计', tasks(report), tasks(other))
		]
	);
}
