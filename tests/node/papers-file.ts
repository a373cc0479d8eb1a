import type { Exhibit, ProjectFile, StandardItem } from '../../src/lib/domain/projectfile';

/** An invented project file of 54 items (51 and three for bonus), 8 vetoes and 96 exhibits. Nobody's village. */
const sections: [string, number, [string, number][]][] = [
	[
		'旅游交通',
		80,
		[
			['区位交通便利，至少一种交通方式到达，每种5分，最多10分', 10],
			['外部道路硬化、路况与会车', 10],
			['主要路口旅游交通标识', 10],
			['停车场（车位数、生态化、管理）', 15],
			['村内游览道路与步行道', 10],
			['绿道骑行', 5],
			['无障碍通行', 5],
			['大巴回车', 5],
			['新能源充电', 10]
		]
	],
	[
		'环境卫生',
		90,
		[
			['村容整洁：无乱堆乱放、乱搭乱建、乱涂乱贴', 20],
			['生活垃圾收集、分类与清运', 15],
			['生活污水治理', 15],
			['河塘沟渠水体洁净', 10],
			['旅游厕所（数量、等级、管护）', 15],
			['建筑风貌', 5],
			['杆线整治', 5],
			['庭院美化', 5]
		]
	],
	[
		'基础设施与服务',
		120,
		[
			['游客服务中心（点）', 20],
			['全景图与导览牌', 10],
			['警示牌', 5],
			['餐饮服务', 15],
			['住宿服务（民宿、农家乐）', 15],
			['旅游购物与土特产', 10],
			['公共休息与景观设施', 10],
			['信息服务（通信、Wi-Fi、智慧导览）', 10],
			['消防设施', 10],
			['医疗点', 5],
			['监控', 5],
			['母婴室与便民服务', 5]
		]
	],
	[
		'特色活动与项目',
		100,
		[
			['核心吸引物与景观资源', 20],
			['休闲体验项目', 20],
			['非遗与手艺', 10],
			['古建与民俗', 10],
			['节庆活动', 15],
			['农旅融合产业', 10],
			['夜游', 5],
			['研学', 5],
			['文创产品', 5]
		]
	],
	[
		'综合管理',
		80,
		[
			['组织机构', 5],
			['管理制度', 10],
			['村庄规划', 10],
			['旅游规划', 5],
			['运营主体', 10],
			['利益联结（村集体收入）', 5],
			['安全管理', 10],
			['应急预案', 5],
			['投诉处理与服务质量', 10],
			['宣传营销与游客统计', 10]
		]
	],
	[
		'游客满意度',
		30,
		[
			['问卷份数', 10],
			['满意率', 15],
			['意见整改', 5]
		]
	]
];
const vetoes = [
	'三年内无旅游安全事故、环境污染事故、重大投诉',
	'有洁净的公共厕所',
	'有游览线路图和标识',
	'有安全制度和应急警示',
	'有管理机构和投诉处理办法',
	'有游客服务点',
	'不占永久基本农田、不碰生态保护红线',
	'核心区不在未治理的地质灾害隐患区'
];
const units = [
	'云溪村村民委员会',
	'云溪镇文化和旅游办公室',
	'云溪镇村镇建设办公室',
	'云溪村股份经济合作社'
];
const note = [
	'',
	'',
	'现场看过，与上报一致',
	'北入口少一块指示牌，已列入整改，完成后补照片；南入口的牌子字迹不清，需要更换'
];

const item = (code: string, zh: string, max: number): StandardItem => ({
	code,
	zh,
	max,
	evidence: { kinds: ['photo', 'doc'], zh: '点位、实景照片和证明文件' }
});
const body: ProjectFile['standard']['body'] = {
	total: 500,
	bonus_max: 15,
	grades: [
		{ grade: 'AAA', zh: 'AAA级', min: 450 },
		{ grade: 'AA', zh: 'AA级', min: 375 },
		{ grade: 'A', zh: 'A级', min: 300 }
	],
	assessors: [
		{ code: 'self', zh: '村自评' },
		{ code: 'town', zh: '乡镇初核' },
		{ code: 'county', zh: '县级评定' }
	],
	vetoes: vetoes.map((zh, i) => ({
		code: `V${i + 1}`,
		zh,
		...(i > 5 ? { grades: ['AAA', 'AA'] } : {})
	})),
	sections: sections.map(([zh, max, items], s) => ({
		code: `${s + 1}`,
		zh,
		max,
		items: items.map(([name, points], i) => item(`${s + 1}.${i + 1}`, name, points))
	})),
	bonus: ['国家级、省级乡村旅游等荣誉', '品牌民宿或A级景区依托', '运营创新做法被推广'].map(
		(zh, i) => item(`B${i + 1}`, zh, 5)
	)
};
const all = [...body.sections.flatMap((s) => s.items), ...body.bonus];
export const bytesOf = (n: number): Uint8Array =>
	Uint8Array.from({ length: 2000 + n }, (_, i) => (i * 31 + n * 7) & 0xff);

const pointsOf = (i: number, max: number) =>
	i % 11 === 5 ? null : Math.round(max * (10 - (i % 4))) / 10;
const facts = all.map((it, i) => ({
	code: it.code,
	scores: [
		{
			assessor: 'self',
			value: i % 3 ? '' : `已建${(i % 4) + 1}处`,
			points: i === 6 ? null : pointsOf(i, it.max),
			na: i === 6,
			note: note[i % 4]!,
			day: '2026-10-12'
		},
		{
			assessor: 'town',
			value: '',
			points: i < 40 ? pointsOf(i + 1, it.max) : null,
			note: i % 9 ? '' : '扣分：材料不全，缺证照复印件',
			day: '2026-11-09'
		}
	],
	steps:
		i % 5 === 4
			? []
			: [
					{
						title: `${it.zh.split(/[（，：]/)[0]}建设和补短板`,
						unit: units[i % 4]!,
						saidOn: '2026-03-15',
						doneOn: i % 3 ? '2026-08-30' : null,
						provenOn: i % 3 && i % 2 ? '2026-09-20' : null
					}
				]
}));
const sum = (who: number, codes: readonly StandardItem[]) =>
	codes.reduce((n, c) => n + (facts.find((f) => f.code === c.code)!.scores[who]!.points ?? 0), 0);

const exhibits: Exhibit[] = Array.from({ length: 96 }, (_, i) => {
	const it = all[(i * 7) % 50]!;
	const photo = i % 3 !== 0;
	return {
		id: `e${String(i).padStart(3, '0')}`,
		title: `${it.zh.split(/[（，：]/)[0]}${photo ? '现场照片' : '证明材料'}${(i % 5) + 1}`,
		kind: i % 8 === 7 ? 'map' : photo ? 'photo' : 'doc',
		day: `2026-0${(i % 9) + 1}-1${i % 9}`,
		items: i % 10 ? [it.code] : [it.code, all[(i * 7 + 1) % 50]!.code],
		unit: units[i % 4]!,
		file:
			i % 8 === 7
				? null
				: { name: photo ? `IMG_${i}.JPG` : `扫描件${i}.pdf`, bytes: async () => bytesOf(i) }
	};
});

export const projectFile = (more: Partial<ProjectFile> = {}): ProjectFile => ({
	township: '云溪镇',
	title: '云溪村创建AAA级景区村庄',
	unit: '云溪镇云溪村村民委员会',
	village: '云溪村',
	present: 'AA',
	target: 'AAA',
	phase: '乡镇初核',
	log: [
		{ day: '2026-03-02', phase: '列入计划', unit: '云溪镇人民政府', note: '列入2026年度创建名单' },
		{
			day: '2026-03-15',
			phase: '创建中',
			unit: '云溪村村民委员会',
			note: '召开村民代表会议，议定创建方案和分工'
		},
		{
			day: '2026-10-12',
			phase: '村自评',
			unit: '云溪村村民委员会',
			note: '逐项打分，提交佐证材料'
		},
		{ day: '2026-11-09', phase: '乡镇初核', unit: '云溪镇文化和旅游办公室', note: '现场核对40项' }
	],
	standard: {
		name: 'A级景区村庄评分表（演示样板）',
		edition: '2026年第1版',
		official: false,
		body
	},
	scores: facts,
	vetoes: body.vetoes.map((v, i) => ({
		code: v.code,
		answers: [
			{ assessor: 'self', met: true, note: '', day: '2026-10-12' },
			{
				assessor: 'town',
				met: i === 7 ? null : i !== 2,
				note: i === 2 ? '线路图未覆盖后山步道' : '',
				day: '2026-11-09'
			}
		]
	})),
	totals: [0, 1].map((who) => {
		const bySection = body.sections.map((s) => [s.code, sum(who, s.items)] as const);
		const bonus = sum(who, body.bonus);
		const total = bySection.reduce((n, [, p]) => n + p, bonus);
		return {
			assessor: ['self', 'town'][who]!,
			sections: Object.fromEntries(bySection),
			bonus,
			total: Math.round(total * 100) / 100,
			grade: who === 0 ? (total >= 450 ? 'AAA' : total >= 375 ? 'AA' : 'A') : null
		};
	}),
	exhibits,
	milestones: [
		{ title: '方案议定', dueOn: '2026-03-31', doneOn: '2026-03-15', provenOn: '2026-03-20' },
		{ title: '停车场和旅游厕所建成', dueOn: '2026-08-31', doneOn: '2026-08-30', provenOn: null },
		{ title: '村自评', dueOn: '2026-10-15', doneOn: '2026-10-12', provenOn: '2026-10-12' },
		{ title: '县级评定', dueOn: '2026-12-20', doneOn: null, provenOn: null }
	],
	money: [
		{ source: '县级文旅专项', planned: 120, received: 60, spent: 55.5 },
		{ source: '镇级配套', planned: 40, received: 40, spent: 31.2 },
		{ source: '村集体自筹', planned: 25.5, received: 25.5, spent: 25.5 }
	],
	blockers: [
		{
			title: '北入口公厕用地',
			since: '2026-09-08',
			needs: '县自然资源部门明确是否占用耕地',
			unit: '云溪镇村镇建设办公室'
		},
		{
			title: '后山步道标识',
			since: '2026-10-20',
			needs: '追加资金3.2万元',
			unit: '云溪村村民委员会'
		}
	],
	day: '2026-11-23',
	...more
});
