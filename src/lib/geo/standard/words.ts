import type { EvidenceKind } from '$lib/domain/standard';
import type { FeatureKind } from '$lib/domain/project';

/** Headings and words of a standard's workbook; the reader knows these and what provinces' tables call them. */
export const headings = {
	sectionCode: ['大项编号'],
	section: ['大项', '大项名称', '项目类别', '一级指标'],
	sectionMax: ['大项分值', '大项满分'],
	sectionEn: ['大项英文'],
	code: ['编号', '序号', '条款'],
	zh: ['小项', '评价项目', '考评指标', '评定项目', '评分项目', '指标', '检查项目', '二级指标'],
	max: ['满分', '最高得分', '最高分', '分值', '标准分'],
	rule: ['给分办法', '评分办法', '计分办法', '分档得分'],
	kinds: ['佐证类型'],
	evidence: ['佐证说明', '佐证材料', '佐证', '证明材料'],
	features: ['地图点位'],
	source: ['分值来源'],
	en: ['英文'],
	evidenceEn: ['佐证英文']
} as const;
export type Column = keyof typeof headings;

export const vetoHeadings = { code: '编号', zh: '条件', grades: '适用等级', en: '英文' };
export const sheets = { items: '评分表', vetoes: '一票否决', settings: '设置' };
export const settings = {
	name: '名称',
	edition: '版本',
	total: '总分',
	bonus_max: '加分上限',
	bonus_counts: '加分计入等级',
	redistribute_na: '不适用分值分摊',
	review_months: '复核周期（月）',
	notice_days: '公示工作日',
	AAA: 'AAA级最低分',
	AA: 'AA级最低分',
	A: 'A级最低分',
	AAA_name: 'AAA级叫什么',
	AA_name: 'AA级叫什么',
	A_name: 'A级叫什么',
	higher: '需上级验收的等级',
	assessors: '评价方',
	faithfulness: '来源说明',
	faithfulnessEn: '来源说明（英文）'
} as const;

/** The section of the bonus items. */
export const bonusCode = '加分';

export const kindWords: Record<EvidenceKind, string> = {
	map: '地图',
	photo: '照片',
	doc: '文件',
	number: '数字',
	inspection: '检查记录',
	link: '产业项目'
};
export const featureWords: Record<FeatureKind, string> = {
	entrance: '入口',
	parking: '停车场',
	centre: '游客服务中心',
	toilet: '厕所',
	sign: '标识导览',
	route: '游线',
	road: '道路',
	sight: '景点',
	stop: '车站码头',
	shop: '购物',
	lodging: '住宿',
	food: '餐饮',
	rest: '休息点',
	safety: '安全设施',
	charging: '充电',
	waste: '垃圾收集',
	sewage: '污水设施',
	water: '水体'
};
