import type { ProjectLine } from '$lib/domain/project';
import { headingOf } from '$lib/geo/ledger/headings';
import type { Table } from '$lib/geo/write/table';
import { phaseWord } from './officewords';

type Cell = string | number | null;

/** The list of projects with the headings that offices use; what each side scored stays beside the others. */
export function projectTable(township: string, projects: readonly ProjectLine[]): Table {
	const columns: [heading: string, read: (p: ProjectLine) => Cell][] = [
		[headingOf('village'), (p) => p.village],
		[headingOf('unit_name'), (p) => p.unitName],
		[headingOf('project'), (p) => p.title],
		[headingOf('present_grade'), (p) => p.presentGrade || '未评'],
		[headingOf('target_grade'), (p) => p.targetGrade],
		[headingOf('stage'), (p) => phaseWord[p.phase]],
		['进入该阶段', (p) => p.phaseOn],
		['评定标准', (p) => p.standard && (p.official ? p.standard : `${p.standard}（样板，非官方）`)],
		['等级线', (p) => p.line],
		['村自评', (p) => p.totals.self?.total ?? null],
		['乡镇初核', (p) => p.totals.town?.total ?? null],
		['县级评定', (p) => p.totals.county?.total ?? null],
		['市/省验收', (p) => p.totals.higher?.total ?? null],
		['评分条目', (p) => p.items.planned],
		['条目说了', (p) => p.items.said],
		['条目干了', (p) => p.items.done],
		['条目成了', (p) => p.items.proven],
		['工程节点', (p) => p.milestones.planned],
		['节点说了', (p) => p.milestones.said],
		['节点干了', (p) => p.milestones.done],
		['节点成了', (p) => p.milestones.proven],
		['受阻', (p) => p.milestones.blocked],
		['超期', (p) => p.milestones.overdue],
		['最近到期', (p) => p.nextDueOn],
		['计划资金（万元）', (p) => p.funds.planned],
		['到位资金（万元）', (p) => p.funds.allocated],
		['支出资金（万元）', (p) => p.funds.spent],
		['卡点', (p) => lines(p.blockers.map((b) => `${b.step}：${b.who}，${b.since}起`))],
		['请县区协调', (p) => lines(p.blockers.map((b) => b.ask))],
		['公示截止', (p) => p.noticeTo],
		['复核期限', (p) => p.reviewDueOn],
		[headingOf('lon'), (p) => p.at?.[0] ?? null],
		[headingOf('lat'), (p) => p.at?.[1] ?? null]
	];
	return {
		title: `${township}A级景区村庄创建项目清单`,
		headings: [headingOf('serial'), ...columns.map(([heading]) => heading)],
		rows: projects.map((p, n) => [n + 1, ...columns.map(([, read]) => read(p))])
	};
}

const lines = (all: readonly string[]): string => all.filter(Boolean).join('；');
