import type { Meaning } from '../draft';

/**
 * Headings as offices write them (domain.md E.4). The first of each is the one our own tables carry, so that
 * what goes out comes in again.
 */
export const synonyms: Record<Meaning, string> = {
	serial: '序号|编号|序|no|no.|№',
	town: '乡镇|镇街|乡镇街道|镇|街道|所属乡镇|乡镇名称|所在乡镇|township|town',
	village:
		'行政村|村|村社区|社区|村居|村名|村名称|所在村|所属村|行政村名称|所在行政村|村委会|村居名称|涉及村|village',
	group: '自然村|村民小组|组|小组|组别|村组|屯|自然村组|村小组|所在组|自然屯|group',
	name: '名称|name|点名|图斑名称|地块名称|隐患点名称|灾害点名称|隐患点|灾害点|xzqmc|zldwmc|qsdwmc|mc|cm|cmc|cunmc|xiangmc|title',
	code: '代码|编码|行政区代码|行政区划代码|区划代码|村代码|统计代码|统计用区划代码|xzqdm|zldwdm|qsdwdm|dm|code',
	level: '级别|层级|level',
	people: '人口|户籍人口|总人口|人数|人口数|常住人口|hjrk|rk|people|population',
	households: '户数|总户数|户籍户数|威胁户数|受威胁户数|涉及户数|hs|households',
	title:
		'问题描述|存在问题|存在的问题|问题|主要问题|问题内容|具体问题|发现问题|发现的问题|问题情况|问题表现|问题事项|问题点位描述|issue|problem',
	category: '问题类型|类别|类型|问题类别|问题分类|项目类别|产业类型|产业类别|项目类型|category',
	place:
		'具体位置|点位|位置|地点|详细地址|问题点位|具体地点|问题位置|地址|点位名称|问题地点|建设地点|项目地点|建设位置|location|place',
	lon: '经度|东经|x|lon|lng|long|longitude|x坐标|坐标x|横坐标|经度坐标|东坐标|e',
	lat: '纬度|北纬|y|lat|latitude|y坐标|坐标y|纵坐标|纬度坐标|北坐标|n',
	lonlat: '坐标|经纬度|经纬度坐标|位置坐标|gps坐标|gps|点位坐标|坐标经纬度|地理坐标|coordinates',
	unit: '责任单位|牵头单位|责任部门|整改责任单位|实施单位|牵头责任单位|责任主体|整改单位|主管单位|行业主管部门|unit',
	leader: '责任领导|包抓领导|包联领导|包村领导|分管领导|县级领导|包保领导|leader',
	answers:
		'责任人|联系人|整改责任人|负责人|具体责任人|村级责任人|责任人姓名|整改负责人|responsible',
	phone: '联系电话|电话|手机|手机号|手机号码|联系方式|电话号码|责任人电话|phone',
	fix: '整改措施|措施|处理措施|整治措施|整改方案|整改要求|整改办法|解决措施|fix',
	due_on:
		'整改时限|完成时限|整改期限|时限|限期|完成期限|计划完成时间|整改完成时限|要求完成时间|拟完成时间|预计完成时间|整改时限要求|限时|计划完成时限|计划竣工时间|duedate|due',
	found_on:
		'发现时间|检查时间|发现日期|排查时间|检查日期|排查日期|登记日期|登记时间|上报时间|巡查时间|巡查日期|found',
	said_on: '交办时间|交办日期|下发时间|派单时间|下达时间|派发时间|said',
	done_on:
		'完成时间|完成日期|整改完成时间|实际完成时间|办结时间|办结日期|整改完成日期|整改时间|done',
	proven_on: '核查时间|销号时间|验收时间|核查日期|销号日期|验收日期|复查时间|复核时间|proven',
	progress:
		'整改情况|进展情况|整改进展|完成情况|整改状态|状态|整改结果|落实情况|目前进展|进展|推进情况|整改进度|办理情况|整改落实情况|整改完成情况|工作进展|status|progress',
	done: '是否完成|是否整改|是否整改到位|是否整改完成|是否办结|是否完成整改|是否已整改',
	proven: '是否销号|销号情况|是否验收|是否通过验收|销号|是否已销号|是否核销|验收情况|是否验收销号',
	proven_by: '核查人|验收人|销号人|复查人|核验人|督查人|核查人员|验收人员|复核人',
	note: '备注|说明|备考|其他说明|remark|remarks|note|notes',
	project: '项目名称|项目|工程名称|project',
	nature: '建设性质|项目性质',
	content:
		'建设内容|建设内容及规模|建设规模及内容|主要建设内容|建设规模|建设规模和内容|项目内容|主要建设内容及规模|content',
	land: '用地面积|占地面积|占地|用地|用地规模|拟用地面积|占地规模|流转面积|land',
	invest:
		'总投资|计划投资|投资额|投资|估算总投资|投资规模|概算投资|计划总投资|项目总投资|概算总投资|invest',
	spent: '累计完成投资|已完成投资|完成投资|spent',
	jobs: '带动就业|就业人数|带动就业人数|预计带动就业|jobs',
	party: '投资主体|业主|建设单位|项目业主|实施主体|建设主体|业主单位|投资方|意向企业',
	stage: '项目阶段|阶段|当前阶段|前期工作|项目进度|所处阶段|项目状态|前期工作进展|stage',
	target_grade: '创建等级|目标等级|创建目标|拟创等级|申报等级|创建级别|a级|目标级别|景区等级',
	present_grade: '现有等级|现等级|已有等级|现有级别|目前等级',
	unit_name: '景区名称|景区|景区村庄名称|景区村庄|单元名称|创建单位名称|景区村名称',
	type: '灾害类型|隐患类型|灾种|灾害种类|灾害类别|type'
};

const byHeading = new Map<string, Meaning>();
for (const [meaning, all] of Object.entries(synonyms))
	for (const s of all.split('|')) if (!byHeading.has(s)) byHeading.set(s, meaning as Meaning);

/** The heading our own tables use for a meaning. */
export const headingOf = (meaning: Meaning): string => synonyms[meaning].split('|')[0]!;

/** A heading without its unit, its number signs and its spaces: '*占地面积（亩）' → '占地面积', unit '亩'. */
export function splitHeading(heading: string): { plain: string; unit: string } {
	const text = heading.normalize('NFKC').replace(/[\s*#★☆▲]+/g, '');
	const unit = /[([【]([^)\]】]*)[)\]】]/.exec(text)?.[1] ?? '';
	const plain = text
		.replace(/[([【][^)\]】]*[)\]】]/g, '')
		.replace(/[:。.,、]+$/, '')
		.toLowerCase();
	return { plain, unit: unit || (/(亩|公顷|平方米|万元|亿元|元)$/.exec(plain)?.[1] ?? '') };
}

/** What a heading means, null when nobody knows. */
export function meaningOf(heading: string): Meaning | null {
	const { plain, unit } = splitHeading(heading);
	const tries = [
		plain,
		plain + unit.toLowerCase(),
		plain.replace(/(亩|公顷|平方米|万元|亿元|元)$/, ''),
		plain.replace(/\/.*$/, ''),
		plain.replace(/^.*[·/]/, ''),
		plain.replace(/或/g, ''),
		// '责任人及电话' holds a name first.
		plain.replace(/(及|和|、)(其)?(联系)?(电话|方式|职务)$/, ''),
		plain.replace(/^(问题|整改|目前|主要|所在|所属)/, ''),
		plain.replace(/(姓名|名称|要求)$/, '')
	];
	for (const t of tries) {
		const found = byHeading.get(t);
		if (found) return found;
	}
	return null;
}
