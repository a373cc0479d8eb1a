import { countsOf, intensityOf, investOf, muOf, type PlanLine } from '$lib/domain/plan';
import { headingOf } from '$lib/geo/ledger/headings';
import type { Table } from '$lib/geo/write/table';
import { verdictWord } from './officewords';

type Cell = string | number | null;
const two = (n: number | null): number | null => (n === null ? null : Math.round(n * 100) / 100);

/** The list of plans with the headings that offices use; contacts are not in it. */
export function planTable(township: string, plans: readonly PlanLine[], today: string): Table {
	const counts = (p: PlanLine) => countsOf(p.steps, p.blockers.length, today);
	const columns: [heading: string, read: (p: PlanLine) => Cell][] = [
		[headingOf('village'), (p) => p.village],
		[headingOf('project'), (p) => p.title],
		['编号', (p) => p.code],
		['类别', (p) => p.category],
		['投资主体', (p) => p.party],
		['总投资（万元）', investOf],
		['占地（亩）', (p) => two(muOf(p))],
		['建筑面积（平方米）', (p) => p.floorArea],
		['亩均投资（万元/亩）', (p) => two(intensityOf(p).invest_per_mu)],
		['亩均税收（万元/亩·年）', (p) => two(intensityOf(p).tax_per_mu)],
		['年产值（万元）', (p) => p.output],
		['年税收（万元）', (p) => p.tax],
		['村集体年增收（万元）', (p) => p.income],
		['直接就业（人）', (p) => p.jobs],
		['间接就业（人）', (p) => p.jobsIndirect],
		['受益户数', (p) => p.households],
		['责任单位', (p) => p.unit],
		['牵头领导', (p) => p.leader],
		['阶段数', (p) => counts(p).planned],
		['阶段说了', (p) => counts(p).said],
		['阶段干了', (p) => counts(p).done],
		['阶段成了', (p) => counts(p).proven],
		['超期', (p) => counts(p).overdue],
		['用地核查', (p) => verdictWord[p.check?.holds ? p.check.verdict : 'not_checked']],
		['核查日期', (p) => p.check?.on ?? null],
		['卡点', (p) => p.blockers.map((b) => `${b.step}：${b.who}，${b.since}起`).join('；')],
		[
			'请县区协调',
			(p) =>
				p.blockers
					.map((b) => b.ask)
					.filter(Boolean)
					.join('；')
		],
		[headingOf('lon'), (p) => p.at?.[0] ?? null],
		[headingOf('lat'), (p) => p.at?.[1] ?? null]
	];
	return {
		title: `${township}产业项目清单`,
		headings: [headingOf('serial'), ...columns.map(([heading]) => heading), '说明'],
		rows: plans.map((p, n) => [
			n + 1,
			...columns.map(([, read]) => read(p)),
			'仅供谋划参考，以自然资源主管部门审查意见为准'
		])
	};
}
