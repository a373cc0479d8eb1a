import { dayNumberOf, shift } from '$lib/domain/period';
import {
	byCategory,
	byVillage,
	numberOf,
	sum,
	type Figure,
	type Numbers,
	type Report
} from '$lib/domain/report';
import { placesHref, type Behind } from '$lib/domain/reportplaces';
import { taskKindCodes } from '$lib/domain/task';
import {
	blockerZh,
	figureZh,
	kindZh,
	pairsRuleZh,
	periodZh,
	reportZh,
	rulesZh,
	typeZh
} from '../reportwords';
import type { Paper, Part, Row } from './paper';
import { shortDay, zhDay, zhNumber } from './words';

type From = {
	report: Report;
	/** What it stands beside. */
	other: Report | null;
	/** JPEG of the photos of the pairs, by id; a pair without both is left out. */
	photos: ReadonlyMap<string, Uint8Array>;
	/** The address that people type; each number leads to its places there. */
	origin: string;
};
const inPeriod: Figure[] = ['found', 'said', 'done', 'proven'];
const atEnd: Figure[] = ['open', 'carried', 'overdue', 'waiting', 'blocked'];
const all = [...inPeriod, ...atEnd];
const ofWorks: Figure[] = [
	...(['all_found', 'said', 'done', 'proven'] as const),
	...(['all_said', 'all_done', 'all_proven', 'overdue', 'blocked'] as const)
];
const tasksOf = (r: Report) => sum(r.cells.filter((c) => c.kind === 'task'));
const text = (t: string): Part => ({ kind: 'paragraph', text: t });

/** 周报, 月报, 专项报告 in the office's form. Pure: the same report gives the same paper. */
export function reportPaper({ report, other, photos, origin }: From): Paper {
	const word = reportZh(report);
	const leads: Leads = (behind) => origin + placesHref(report, behind);
	let n = 0;
	const section = (heading: string, parts: Part[]): Part[] => [
		{ kind: 'heading', level: 1, text: `${zhNumber(++n)}、${heading}` },
		...parts
	];
	return {
		name: word,
		title: `${report.township.name}${word}`,
		mark: report.township.demo ? '演示数据，内容虚构' : null,
		parts: [
			{ kind: 'line', align: 'center', text: `（${periodZh(report)}）` },
			...section('人居环境整治', cleanup(report, leads)),
			...(report.campaign === null ? section('景区村庄创建和产业项目', works(report, leads)) : []),
			...section('卡点', stuck(report)),
			...section('下周到期', due(report)),
			...(report.campaign === null ? section('会议议定事项', decisions(report)) : []),
			...(other ? section(`与${periodZh(other)}对比`, compared(report, other)) : []),
			...section('整治前后', pairs(report, photos)),
			...section('统计口径', [text(rulesZh), ...ledgers(report)]),
			{ kind: 'signature', unit: report.township.name, day: zhDay(report.today) }
		]
	};
}

function cleanup(report: Report, leads: Leads): Part[] {
	const n = tasksOf(report);
	const x = (f: Figure) => numberOf(n, f);
	return [
		text(
			`本期新发现${x('found')}处，交办${x('said')}处，整改${x('done')}处，核查通过${x('proven')}处。${report.asOf < report.to ? `截至${zhDay(report.asOf)}` : '期末'}未整改${x('open')}处，其中往期${x('carried')}处、超期${x('overdue')}处；待核查${x('waiting')}处；受阻${x('blocked')}处。`
		),
		{ kind: 'heading', level: 2, text: '（一）分村情况' },
		counts(
			'村',
			[
				...byVillage(report, 'task').map((v): Line => [
					v.name ?? '未落村',
					v.n,
					{ kind: 'task', village: v.id ?? report.township.id }
				]),
				['合计', n, { kind: 'task' }]
			],
			all,
			leads
		),
		{ kind: 'heading', level: 2, text: '（二）分类情况' },
		counts(
			'类别',
			[
				...byCategory(report, taskKindCodes).map((c): Line => [
					typeZh(c.category),
					c.n,
					{ kind: 'task', type: c.category }
				]),
				['合计', n, { kind: 'task' }]
			],
			all,
			leads
		)
	];
}

/** A number's places, as an address. */
type Leads = (behind: Behind) => string;
/** Whose numbers, the numbers, and which those are. */
type Line = [string, Numbers, Omit<Behind, 'figure'>];

/** Rows in their own order, the last one printed as the total. */
function counts(
	head: string,
	rows: Line[],
	figures: readonly Figure[],
	leads: Leads,
	kind: 'task' | 'project' = 'task',
	total = true
): Part {
	return {
		kind: 'table',
		columns: [
			{ head, width: 2.4, align: 'left' },
			...figures.map((f) => ({ head: figureZh(kind, f), width: 1.2, align: 'center' as const }))
		],
		rows: rows.map(([name, n, whose], i): Row => ({
			cells: [
				name,
				...figures.map((figure) => {
					const text = String(numberOf(n, figure));
					return numberOf(n, figure) ? { text, href: leads({ ...whose, figure }) } : text;
				})
			],
			strong: total && i === rows.length - 1
		}))
	};
}

function works(report: Report, leads: Leads): Part[] {
	const facts = (s: Report['moved'][number]) =>
		[
			s.saidOn && `说了（${shortDay(s.saidOn)}）`,
			s.doneOn && `干了（${shortDay(s.doneOn)}）`,
			s.provenOn && `成了（${shortDay(s.provenOn)}）`
		]
			.filter(Boolean)
			.join('、');
	return [
		counts(
			'工作',
			(['project', 'plan'] as const).map((kind) => [
				kindZh[kind],
				sum(report.cells.filter((c) => c.kind === kind)),
				{ kind }
			]),
			ofWorks,
			leads,
			'project',
			false
		),
		...(report.moved.length
			? report.moved.map((s, i) => text(`${i + 1}. ${s.title}：${facts(s)}。`))
			: [text('本期没有节点变化。')])
	];
}

const place = (report: Report, id: string | null): string =>
	report.villages.find((v) => v.id === id)?.name ?? '未落村';
const called = (x: { kind: string; title: string; category?: string }): string =>
	x.title || (x.kind === 'task' ? typeZh(x.category ?? '') : '');

function stuck(report: Report): Part[] {
	if (!report.stuck.length) return [text('没有卡点。')];
	return [
		{
			kind: 'table',
			columns: [
				{ head: '序号', width: 0.8, align: 'center' },
				{ head: '村', width: 1.5, align: 'left' },
				{ head: '事项', width: 3.4, align: 'left' },
				{ head: '卡点', width: 1, align: 'center' },
				{ head: '由谁解决', width: 2.4, align: 'left' },
				{ head: '起始', width: 1.7, align: 'center' },
				{ head: '天数', width: 0.9, align: 'center' }
			],
			rows: report.stuck.map((s, i) => ({
				cells: [
					String(i + 1),
					place(report, s.villageId),
					called(s) + (s.ask ? `（请上级协调：${s.ask}）` : ''),
					blockerZh[s.blocker],
					s.who,
					shortDay(s.since),
					String(dayNumberOf(report.asOf) - dayNumberOf(s.since))
				]
			}))
		}
	];
}

function due(report: Report): Part[] {
	const total = numberOf(sum(report.cells), 'due');
	const days = periodZh({ from: shift(report.asOf, 1), to: shift(report.asOf, 7) });
	if (!total) return [text(`${days}没有到期事项。`)];
	return [
		text(
			`${days}到期${total}项${total > report.due.length ? `，列出最早到期的${report.due.length}项` : ''}。`
		),
		{
			kind: 'table',
			columns: [
				{ head: '到期日', width: 1.6, align: 'center' },
				{ head: '村', width: 1.6, align: 'left' },
				{ head: '工作', width: 1.8, align: 'left' },
				{ head: '事项', width: 5, align: 'left' }
			],
			rows: report.due.map((d) => ({
				cells: [shortDay(d.dueOn), place(report, d.villageId), kindZh[d.kind], called(d)]
			}))
		}
	];
}

function decisions(report: Report): Part[] {
	if (!report.decisions.length) return [text('没有临近到期的议定事项。')];
	return [
		{
			kind: 'table',
			columns: [
				{ head: '议定事项', width: 4.6, align: 'left' },
				{ head: '会议', width: 2.6, align: 'left' },
				{ head: '责任', width: 1.8, align: 'left' },
				{ head: '期限', width: 1.8, align: 'center' }
			],
			rows: report.decisions.map((d) => ({
				cells: [d.text, d.meeting, d.lead ?? '—', shortDay(d.dueOn) + (d.overdue ? '（超期）' : '')]
			}))
		}
	];
}

function compared(report: Report, other: Report): Part[] {
	const [here, there] = [tasksOf(report), tasksOf(other)];
	const row = (f: Figure): Row => {
		const [a, b] = [numberOf(here, f), numberOf(there, f)];
		return {
			cells: [
				figureZh('task', f),
				String(a),
				String(b),
				a === b ? '持平' : `${a > b ? '+' : '−'}${Math.abs(a - b)}`
			]
		};
	};
	return [
		{
			kind: 'table',
			columns: [
				{ head: '整治任务', width: 2, align: 'left' },
				{ head: '本期', width: 1, align: 'center' },
				{ head: '对比期', width: 1, align: 'center' },
				{ head: '增减', width: 1, align: 'center' }
			],
			rows: all.map(row)
		}
	];
}

function pairs(report: Report, photos: From['photos']): Part[] {
	const parts = report.pairs.flatMap((p): Part[] => {
		const [before, after] = [photos.get(p.before), photos.get(p.after)];
		if (!before || !after) return [];
		const how = { on_site: '现场核查', desk: '资料核查', ledger: '按台账' }[p.how];
		return [
			{
				kind: 'pictures',
				caption: `${place(report, p.villageId)} ${called({ ...p, kind: 'task' })}（${zhDay(p.provenOn)}${how}通过）`,
				pictures: [
					{ type: 'jpg', bytes: before, caption: '整改前' },
					{ type: 'jpg', bytes: after, caption: '整改后' }
				]
			}
		];
	});
	return parts.length
		? [...parts, text(pairsRuleZh)]
		: [text('本期没有前后照片齐全的核查通过事项。')];
}

function ledgers(report: Report): Part[] {
	return [
		...(report.since && report.from < report.since
			? [text(`本镇自${zhDay(report.since)}起在图上记事，此前按导入台账所记日期统计。`)]
			: []),
		...(report.late
			? [
					text(
						report.ledger
							? `数字含${report.late}条期后导入的台账记录，按台账所记日期计入。`
							: `另有${report.late}条期后导入的台账记录日期在期内或期前，当时的报告没有这些，未计入。`
					)
				]
			: [])
	];
}
