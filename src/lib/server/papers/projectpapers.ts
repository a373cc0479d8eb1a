import type { ProjectFile } from '$lib/domain/projectfile';
import { catalogue } from './catalogue';
import type { Paper, Part } from './paper';
import { itemsTable, totalsTable, vetoTable } from './scores';
import { problemParts, workParts } from './work';
import { gradeWord, points, shortDay, templateMark, zhDay, zhNumber } from './words';

/** 自评报告 and 佐证材料目录. Pure: the same file gives the same papers. */
export const projectPapers = (file: ProjectFile): Paper[] => [report(file), catalogue(file)];

function report(file: ProjectFile): Paper {
	const { standard } = file;
	const chapters: [string, Part[]][] = [
		['基本情况', basics(file)],
		['创建过程', history(file)],
		[
			'各项得分',
			[
				...verdicts(file),
				{ kind: 'heading', level: 2, text: '（一）各大项得分' },
				totalsTable(file),
				{ kind: 'heading', level: 2, text: '（二）各条目得分' },
				itemsTable(file)
			]
		],
		[
			'一票否决项',
			standard.body.vetoes.length
				? [vetoTable(file)]
				: [{ kind: 'paragraph', text: '本标准没有一票否决项。' }]
		],
		['各项工作落实情况', workParts(file)],
		['存在问题和下一步工作', problemParts(file)]
	];
	return {
		name: '自评报告',
		title: `${file.title}自评报告`,
		mark: standard.official ? null : templateMark,
		parts: [
			...chapters.flatMap(([title, parts], i): Part[] => [
				{ kind: 'heading', level: 1, text: `${zhNumber(i + 1)}、${title}` },
				...parts
			]),
			{ kind: 'signature', unit: file.unit, day: zhDay(file.day) },
			{ kind: 'page' },
			{ kind: 'heading', level: 1, text: `${zhNumber(chapters.length + 1)}、意见签章` },
			{ kind: 'opinions', boxes: opinions(file) }
		]
	};
}

function basics(file: ProjectFile): Part[] {
	const { standard: s } = file;
	const grade = (g: string) => gradeWord(s.body, g);
	const bonus = s.body.bonus_max ? `，加分项合计最多${points(s.body.bonus_max)}分` : '';
	const sum = (of: (m: ProjectFile['money'][number]) => number) =>
		points(file.money.reduce((n, m) => n + Math.round(of(m) * 100), 0) / 100);
	return [
		{
			kind: 'paragraph',
			text: `创建单位${file.unit}，位于${file.township}${file.village}，${file.present ? `现为${grade(file.present)}` : '尚未评级'}，拟创建${grade(file.target)}景区村庄，目前处于${file.phase}阶段。`
		},
		{
			kind: 'paragraph',
			text: `评分依据为《${s.name}》（${s.edition}），总分${points(s.body.total)}分${bonus}。`
		},
		...(s.official
			? []
			: [
					{
						kind: 'paragraph' as const,
						text: '所用评分表为样板，非官方文本，不能作为评定依据；正式申报前须换成主管部门印发的评分表重新打分。'
					}
				]),
		{ kind: 'heading', level: 2, text: '（一）节点安排' },
		file.milestones.length
			? {
					kind: 'table',
					columns: [
						{ head: '节点', width: 5, align: 'left' },
						...['计划完成', '报完成', '验收'].map((head) => ({
							head,
							width: 2,
							align: 'center' as const
						}))
					],
					rows: file.milestones.map((m) => ({
						cells: [m.title, shortDay(m.dueOn), shortDay(m.doneOn), shortDay(m.provenOn)]
					}))
				}
			: { kind: 'paragraph', text: '没有登记节点。' },
		{ kind: 'heading', level: 2, text: '（二）资金来源' },
		file.money.length
			? {
					kind: 'table',
					columns: [
						{ head: '来源', width: 5, align: 'left' },
						...['计划（万元）', '到位（万元）', '支出（万元）'].map((head) => ({
							head,
							width: 2,
							align: 'center' as const
						}))
					],
					rows: [
						...file.money.map((m) => ({
							cells: [m.source, points(m.planned), points(m.received), points(m.spent)]
						})),
						{
							cells: ['合计', sum((m) => m.planned), sum((m) => m.received), sum((m) => m.spent)],
							strong: true
						}
					]
				}
			: { kind: 'paragraph', text: '没有登记资金。' }
	];
}

function history(file: ProjectFile): Part[] {
	if (!file.log.length) return [{ kind: 'paragraph', text: '没有登记过程。' }];
	return [
		{
			kind: 'table',
			columns: [
				{ head: '日期', width: 1.8, align: 'center' },
				{ head: '阶段', width: 2, align: 'center' },
				{ head: '办理单位', width: 2.6, align: 'left' },
				{ head: '情况', width: 5, align: 'left' }
			],
			rows: file.log.map((l) => ({ cells: [shortDay(l.day), l.phase, l.unit, l.note] }))
		}
	];
}

/** 村自评432分，达到AA级 … one sentence an assessor. */
function verdicts(file: ProjectFile): Part[] {
	const { body } = file.standard;
	return body.assessors.map((a) => ({
		kind: 'paragraph',
		text: `${a.zh}：${verdict(file, a.code)}。`
	}));
}

function verdict({ totals, standard: { body } }: ProjectFile, assessor: string): string {
	const total = totals.find((t) => t.assessor === assessor);
	if (!total || total.total === null) return '尚未评分';
	const reached = body.grades.find((g) => g.grade === total.grade);
	const byPoints = body.grades.find((g) => g.min <= total.total!);
	return (
		`合计${points(total.total)}分，` +
		(reached ? `达到${reached.zh}（${points(reached.min)}分以上）` : '未达到任何等级') +
		(byPoints && byPoints !== reached
			? `；分数到了${byPoints.zh}，但有一票否决项不符合或者未答`
			: '')
	);
}

function opinions(file: ProjectFile) {
	return file.standard.body.assessors.map((a) => {
		const said = verdict(file, a.code);
		return { heading: `${a.zh}意见`, text: said === '尚未评分' ? '' : `${said}。` };
	});
}
