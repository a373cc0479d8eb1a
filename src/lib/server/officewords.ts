import type { Phase } from '$lib/domain/project';
import type { Verdict } from '$lib/domain/scenario';

/** Files are written in the office's language, whatever the reader's: these are its words (domain.md A.2). */
export const phaseWord: Record<Phase, string> = {
	planned: '列入计划',
	building: '创建中',
	self_assessed: '村自评',
	town_checked: '乡镇初核',
	county_assessed: '县级评定',
	higher_accepted: '市/省验收',
	public_notice: '公示',
	objection: '异议处理',
	listed: '公布授牌',
	review_due: '待复核',
	kept: '复核保留',
	warned: '警告',
	rectify: '限期整改',
	downgraded: '降级',
	delisted: '摘牌'
};

/** Of a check of land; what nobody looked at is said to be so. */
export const verdictWord: Record<Verdict, string> = {
	red: '冲突',
	yellow: '需审查',
	not_checked: '未核查',
	info: '有提示',
	green: '未发现冲突'
};

export const stateWordsZh = {
	found: '发现',
	said: '说了',
	done: '干了',
	proven: '成了',
	dropped: '不受理'
};

export const standingWordsZh = {
	said: '说了',
	done: '干了',
	proven: '成了',
	blocked: '受阻',
	overdue: '超期',
	dropped: '收回',
	adopted: '已采纳'
};
