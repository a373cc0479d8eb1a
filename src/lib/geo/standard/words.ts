import { featureKinds, type FeatureKind } from '$lib/domain/project';
import { evidenceKinds, type EvidenceKind } from '$lib/domain/standard';
import { splitHeading } from '../ledger/headings';

/**
 * Headings of a standard's table as offices write them; the first is the one our own tables carry. Where no
 * spelling fits, `like` decides by a part of the heading.
 */
const columns = {
	kind: ['类别', '行别'],
	section: ['大项', '大项名称', '一级指标', '评价类别', '项目类别', '评定大项'],
	sectionMax: ['大项分值', '大项满分', '大项得分'],
	code: ['编号', '序号', '代码', '条款', '条款号', '序', 'no', 'no.', 'code'],
	zh: [
		...['考评指标', '小项', '项目', '指标', '二级指标', '三级指标', '条件', '内容', '评价要素'],
		...['item', 'criterion', 'criteria', 'indicator']
	],
	max: [
		'最高得分',
		'最高分',
		'分值',
		'满分',
		'标准分',
		'标准分值',
		'分数',
		'大项分',
		'max',
		'points'
	],
	rule: ['分档得分', '给分办法', '评分细则', '评分说明', '分项得分', 'rule', 'scoring'],
	kinds: ['佐证方式', '佐证类型', '佐证形式'],
	evidence: ['佐证材料', '佐证说明', '备查资料', '需提供资料', 'evidence'],
	features: ['地图要素', '地图点位'],
	grades: ['适用等级', '适用级别'],
	source: ['分值来源'],
	en: ['英文', 'english'],
	evidenceEn: ['佐证英文'],
	ruleEn: ['分档英文']
} as const;
export type Column = keyof typeof columns;

const like: [RegExp, Column][] = [
	[
		/分档|给分|计分|赋分|(评分|评定|考评|评价|得分|扣分|打分)(标准|办法|方法|依据|规则|细则)/,
		'rule'
	],
	[/佐证|证明|备查|支撑材料|印证/, 'evidence'],
	[/最高|满分|分值|标准分/, 'max'],
	[/(考评|考核|评价|评分|评定|检查|创建|测评|评估)(指标|项目|内容|要素|条件|要求)/, 'zh'],
	[/编号|序号/, 'code']
];
/** Columns in which somebody's points are written, and whose. */
const sides = [
	['self', /自评|自查/],
	['town', /(乡|镇|街道).*(初核|核|评|审)|初核/],
	['county', /(县|区).*(初审|评|审|核|验收)|初审|初评/],
	['higher', /(省|市|国家).*(评|审|核|验收)/]
] as const;

export type Heading =
	{ column: Column; both: boolean } | { side: (typeof sides)[number][0] } | { points: true };

/** What a heading says; null when nobody knows. `both`: Chinese and English in one cell. */
export function headingOf(text: string): Heading | null {
	const { plain, unit } = splitHeading(text);
	if (!plain || text.length > 40) return null;
	const english = /英|^en/i.test(unit) && !/zh|中/i.test(unit);
	const into = (column: Column): Heading => ({
		column: !english
			? column
			: column === 'evidence'
				? 'evidenceEn'
				: column === 'rule'
					? 'ruleEn'
					: 'en',
		both: /zh.*en|中.*英/i.test(unit)
	});
	for (const [column, names] of Object.entries(columns) as [Column, readonly string[]][])
		if (names.includes(plain)) return into(column);
	const side = sides.find(([, say]) => say.test(plain) && !/标准|办法|内容|指标|材料/.test(plain));
	if (side) return { side: side[0] };
	const found = like.find(([say]) => say.test(plain));
	if (found) return into(found[1]);
	return /^(实?得分|评分|累计|扣分|小计|备注|说明|a{1,5}级?)$/.test(plain)
		? { points: true }
		: null;
}
export const headingText = (column: Column): string => columns[column][0];
/** In the order of our own table. */
export const ownColumns = [
	...(['kind', 'code', 'zh', 'max', 'rule', 'evidence', 'kinds', 'features', 'grades'] as const),
	...(['source', 'en', 'evidenceEn', 'ruleEn'] as const)
];

/** What a line of our own table is. */
export const lineKinds = { section: '大项', item: '小项', bonus: '加分', veto: '必达' } as const;
export type LineKind = keyof typeof lineKinds;
export const sheets = { items: '评分表', lines: '等级线', settings: '设置' };
export const lineHeadings = ['等级', '名称', '最低分', '上级验收', '英文'];
export const settingHeadings = ['名目', '值', '英文'];
export const settings = {
	name: '名称',
	edition: '版本',
	total: '总分',
	bonus_max: '加分上限',
	bonus_counts: '加分计入等级',
	redistribute_na: '不适用分值分摊',
	review_months: '复核周期（月）',
	notice_days: '公示工作日',
	faithfulness: '来源说明',
	self: '评价方：村',
	town: '评价方：乡镇',
	county: '评价方：县',
	higher: '评价方：上级'
} as const;
export const sources = { S: '原文', T: '样板' } as const;

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
export const kindOf = (word: string): EvidenceKind | undefined =>
	evidenceKinds.find((k) => kindWords[k] === word || k === word);
export const featureOf = (word: string): FeatureKind | undefined =>
	featureKinds.find((k) => featureWords[k] === word || k === word);
