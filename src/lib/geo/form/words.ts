import type { Metric, Unit } from '$lib/domain/form';

/** Of what a heading speaks where its own words do not say. */
export type Topic = 'task' | 'project' | 'plan';

/**
 * Headings as offices write them. `sure`: the whole heading; `likely`: in it. The first that fits counts, so what is
 * narrower stands above what is wider.
 */
type Rule = { metric: Metric; sure: string; likely?: RegExp; topic?: Topic };

const rules: Rule[] = [
	{
		metric: 'task.rate',
		sure: '完成率|整改率|整改完成率|销号率|办结率|任务完成率|问题整改率',
		likely: /(完成|整改|销号|办结)率/
	},
	{
		metric: 'task.open',
		sure: '未整改|未整改数|未完成|未完成数|未完成整改|未完成整改数|正在整改|正在整改数|剩余问题|剩余问题数|尚未整改|整改中',
		likely: /(未|正在|尚未|剩余)(完成)?(整改|完成|办结|问题)/
	},
	{
		metric: 'task.overdue',
		sure: '超期|超期数|逾期|逾期数|超期未整改|逾期未整改',
		likely: /超期|逾期/
	},
	{
		metric: 'task.blocked',
		sure: '受阻|受阻数|卡点|卡点数|堵点|存在困难',
		likely: /受阻|卡点|堵点/
	},
	{
		metric: 'task.proven',
		sure: '已销号|销号数|已验收|验收数|验收合格|核查通过|已核查销号|成了|验收销号数',
		likely: /销号|验收(合格|通过|数)|核查通过/,
		topic: 'task'
	},
	{
		metric: 'task.done',
		sure: '已整改|已整改数|整改数|整改完成|整改完成数|完成整改|完成整改数|已完成整改|已完成|已完成数|完成数|办结数|已办结|已整改问题数|完成整改问题数|干了',
		likely: /(已|完成)整改|整改(完成|到位)|办结/
	},
	{
		metric: 'task.said',
		sure: '交办数|已交办|交办|交办问题数|下达任务|任务数|任务总数|立行立改交办|说了',
		likely: /交办/
	},
	{
		metric: 'task.found',
		sure: '问题数|问题总数|问题个数|发现问题|发现问题数|排查问题|排查问题数|排查发现问题数|发现数|排查数|问题数量|问题',
		likely: /(发现|排查).*问题|问题(总)?(数|个数|数量)/
	},
	{
		metric: 'project.count',
		sure: '景区村庄数|创建村数|创建数|a级景区村庄数|景区村数|创建项目数',
		likely: /(景区村|创建).*(数|个数)/
	},
	{
		metric: 'plan.count',
		sure: '产业项目数|谋划项目数|谋划数|招商项目数|储备项目数',
		likely: /(产业|谋划|招商|储备)项目(个)?数/
	},
	{ metric: 'project.count', sure: '项目数|项目个数', topic: 'project' },
	{ metric: 'plan.count', sure: '项目数|项目个数|项目数量' },
	{
		metric: 'project.allocated',
		sure: '到位资金|资金到位|已到位资金|到位',
		likely: /到位/,
		topic: 'project'
	},
	{
		metric: 'plan.allocated',
		sure: '到位资金|资金到位|已到位资金|到位|资金到位情况',
		likely: /到位/
	},
	{
		metric: 'project.spent',
		sure: '完成投资|已完成投资|累计完成投资|支付资金|已支付|支出',
		likely: /(完成投资|支付|支出)/,
		topic: 'project'
	},
	{
		metric: 'plan.spent',
		sure: '完成投资|已完成投资|累计完成投资|支付资金|已支付|支出',
		likely: /(完成投资|支付|支出)/
	},
	{
		metric: 'project.planned',
		sure: '投资|总投资|计划投资|投资额|创建资金|计划资金',
		likely: /投资/,
		topic: 'project'
	},
	{
		metric: 'plan.invest',
		sure: '投资|总投资|计划投资|投资额|估算投资|项目投资|计划总投资|项目总投资|概算投资',
		likely: /投资(额|规模|总额)?$/
	},
	{
		metric: 'plan.land',
		sure: '用地面积|占地面积|占地|用地|拟用地面积|流转面积|用地规模',
		likely: /(用地|占地|流转)/
	},
	{ metric: 'plan.jobs', sure: '带动就业|就业人数|带动就业人数|吸纳就业', likely: /就业/ },
	{ metric: 'plan.output', sure: '年产值|产值|预计年产值', likely: /产值/ },
	{ metric: 'plan.tax', sure: '年税收|税收|预计税收', likely: /税收/ },
	{
		metric: 'plan.income',
		sure: '村集体增收|村集体年增收|集体增收|村集体收入',
		likely: /集体.*(增收|收入)/
	},
	{ metric: 'plan.category', sure: '产业类别|产业类型|项目类别|项目类型' },
	{
		metric: 'plan.content',
		sure: '建设内容|主要建设内容|建设内容及规模|建设规模及内容',
		likely: /建设(内容|规模)/
	},
	{ metric: 'plan.leader', sure: '牵头领导|责任领导|包抓领导|包联领导' },
	{ metric: 'plan.unit', sure: '责任单位|牵头单位|实施单位', topic: 'plan' },
	{ metric: 'plan.party', sure: '投资主体|业主|建设单位|项目业主|业主单位|投资方|意向企业' },
	{ metric: 'project.grade', sure: '创建等级|目标等级|拟创等级|申报等级|创建目标' },
	{ metric: 'project.present', sure: '现有等级|目前等级|现等级' },
	{ metric: 'project.unit', sure: '景区村庄名称|景区名称|创建单位名称' },
	{ metric: 'people', sure: '人口|人口数|总人口|户籍人口|人数|常住人口', likely: /人口/ },
	{ metric: 'households', sure: '户数|总户数|户籍户数|农户数', likely: /户数/ },
	{
		metric: 'area',
		sure: '面积|总面积|村域面积|国土面积|区域面积|辖区面积',
		likely: /(村域|国土|区域|辖区)面积/
	},
	{
		metric: 'contacts',
		sure: '包村干部|包村领导|包联干部|联村干部|驻村干部',
		likely: /(包村|联村|驻村|包联)/
	},
	{
		metric: 'answers',
		sure: '责任人|负责人|具体责任人|村级责任人|整改责任人|网格员|联系人',
		likely: /责任人$/
	},
	{
		metric: 'town',
		sure: '乡镇|乡镇名称|填报单位|填报乡镇|镇街|乡镇街道|上报单位|报送单位|单位',
		likely: /^填报单位|^报送单位|^上报单位/
	},
	{
		metric: 'today',
		sure: '填报日期|填报时间|填表日期|填表时间|报送时间|截止日期|统计截止时间|截至日期'
	}
];

/** The heading of a column that lists villages, projects or plans one below the other. */
export const listWords: { kind: 'v' | 'p' | 'j'; sure: string }[] = [
	{ kind: 'v', sure: '村名|行政村|村|村(社区)|村社区|行政村名称|村名称|村居|村别|所在村' },
	{ kind: 'j', sure: '创建村|创建项目|景区村庄项目' },
	{ kind: 'p', sure: '项目名称|产业项目|产业项目名称|谋划项目|项目' }
];
export const totalWords = /^(合计|总计|全镇合计|全镇|全乡|全乡合计|小计|共计|总数)$/;
export const ownWords = /^(备注|说明|备考|签字|签名|盖章|签章)$/;
export const serialWords = /^(序号|序|编号|no\.?)$/;

const topics: [RegExp, Topic][] = [
	[/景区|创建/, 'project'],
	[/产业|招商|谋划|投资/, 'plan'],
	[/整治|整改|问题|环境|清洁|人居/, 'task']
];
export const topicOf = (text: string): Topic | null =>
	topics.find(([pattern]) => pattern.test(text))?.[1] ?? null;

const unitWords: [RegExp, Unit][] = [
	[/平方公里|km2|km²|平方千米/i, 'km2'],
	[/公顷|ha/i, 'ha'],
	[/亩/, 'mu'],
	[/平方米|m2|㎡/i, 'm2'],
	[/亿元/, 'yi'],
	[/万元/, 'yuan'],
	[/元/, 'yuan']
];
const money =
	/^(plan\.(invest|allocated|spent|output|tax|income)|project\.(planned|allocated|spent))$/;

export function unitOf(metric: Metric, heading: string): Unit | null {
	if (metric === 'area' || metric === 'plan.land') {
		const unit = unitWords.find(
			([p, u]) => p.test(heading) && ['km2', 'ha', 'mu', 'm2'].includes(u)
		)?.[1];
		return unit ?? null;
	}
	if (!money.test(metric) || /万元/.test(heading)) return null;
	return /亿元/.test(heading) ? 'yi' : /元/.test(heading) ? 'yuan' : null;
}

/** A heading without brackets, unit signs, spaces and its colon. */
export const bareHeading = (text: string): string =>
	text
		.normalize('NFKC')
		.replace(/[([【][^)\]】]*[)\]】]/g, '')
		.replace(/[\s*#★:：。.,、]+/g, '')
		.toLowerCase();

const period = /^(本|当)(月|周|季度|季|期)|^(新增|本月新增)|(本月|当月|本周|新增)/;
const inPeriod: Partial<Record<Metric, Metric>> = {
	'task.found': 'task.found.p',
	'task.said': 'task.said.p',
	'task.done': 'task.done.p',
	'task.proven': 'task.proven.p'
};

export type Meaning = { metric: Metric; unit: Unit | null; sure: boolean };

/** What a heading asks; `around`: the headings over it and the table's title. */
export function meaningOf(heading: string, around: string): Meaning | null {
	const bare = bareHeading(heading);
	if (!bare || bare.length > 30) return null;
	const topic = topicOf(bare) ?? topicOf(around);
	const now = period.test(bare) || (period.test(bareHeading(around)) && !/累计/.test(bare));
	const plain = bare
		.replace(/^(本|当)(月|周|季度|季|期)(新增)?|^新增|^累计/, '')
		.replace(/(个|件|处|条|人|户|万元|亿元|元|亩|%)$/, '');
	const found = find([bare, plain], topic);
	if (!found) return null;
	const metric = now ? (inPeriod[found.metric] ?? found.metric) : found.metric;
	return { metric, unit: unitOf(metric, heading + around), sure: found.sure };
}

function find(tries: readonly string[], topic: Topic | null) {
	for (const sure of [true, false])
		for (const r of rules) {
			if (r.topic && r.topic !== topic) continue;
			for (const t of tries)
				if (sure ? r.sure.split('|').includes(t) : (r.likely?.test(t) ?? false))
					return { metric: r.metric, sure };
		}
	return null;
}
