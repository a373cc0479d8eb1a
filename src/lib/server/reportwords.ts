import type { Kind } from '$lib/domain/fact';
import { kindOf, type Period } from '$lib/domain/period';
import type { Figure, Report } from '$lib/domain/report';
import type { BlockerKind } from '$lib/domain/thing';
import { taskKinds, type TaskKind } from '$lib/domain/task';
import { zhDay } from './papers/words';

/** Files are written in the office's language, whatever the reader's. */
const ofTasks: Record<Figure, string> = {
	found: '新发现',
	said: '交办',
	done: '整改',
	proven: '核查通过',
	open: '未整改',
	waiting: '待核查',
	overdue: '超期',
	carried: '往期未整改',
	blocked: '受阻',
	due: '七日内到期',
	all_found: '累计发现',
	all_said: '累计交办',
	all_done: '累计整改',
	all_proven: '累计核查通过'
};
const ofSteps: Partial<Record<Figure, string>> = {
	said: '说了',
	done: '干了',
	proven: '成了',
	open: '没干',
	waiting: '待核验',
	all_found: '节点',
	all_said: '累计说了',
	all_done: '累计干了',
	all_proven: '累计成了'
};
export const figureZh = (kind: Kind, figure: Figure): string =>
	(kind === 'task' ? undefined : ofSteps[figure]) ?? ofTasks[figure];

export const kindZh: Record<Kind, string> = {
	task: '整治任务',
	project: '景区村庄创建',
	plan: '产业项目'
};
export const blockerZh: Record<BlockerKind, string> = {
	approval: '审批',
	money: '资金',
	person: '人员',
	land: '用地',
	weather: '天气',
	other: '其他'
};
export const typeZh = (code: string): string => taskKinds[code as TaskKind]?.zh ?? code;

/** 2026年11月16日至22日: what is the same is said once. */
export function periodZh({ from, to }: Period): string {
	if (from === to) return zhDay(from);
	const rest = zhDay(to);
	const same =
		from.slice(0, 7) === to.slice(0, 7) ? '月' : from.slice(0, 4) === to.slice(0, 4) ? '年' : '';
	return `${zhDay(from)}至${same ? rest.slice(rest.indexOf(same) + 1) : rest}`;
}

/** 周报, 月报; of a campaign with its name. */
export const reportZh = (report: Pick<Report, 'from' | 'to' | 'campaign'>): string =>
	report.campaign
		? `${report.campaign}专项报告`
		: { week: '重点工作周报', month: '重点工作月报', own: '重点工作情况报告' }[kindOf(report)];

export const rulesZh =
	'各数按期末当日24时图上的记录统计，以后再查不变。新发现、交办、整改、核查通过为本期内发生且期末仍成立的，被退回、撤回的不计；未整改为没有报完成的；待核查为报了完成、尚无他人核查的；超期为过了期限没有报完成的；往期未整改为本期开始前发现、期末未整改的。不受理、并案的不计。撤销的导入视同从未导入。';
export const pairsRuleZh =
	'选取办法：本期核查通过、整改前后照片齐全且不与其他照片雷同的，现场核查的在前，每村先取一处，再按核查日期由近及远，取三处。';
