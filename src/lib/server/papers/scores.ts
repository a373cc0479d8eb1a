import type { FiledScore, ProjectFile, StandardItem } from '$lib/domain/projectfile';
import type { Column, Part, Row } from './paper';
import { gradeWord, points, scoreWord, shortDay } from './words';

const assessorColumns = (file: ProjectFile): Column[] =>
	file.standard.body.assessors.map((a) => ({ head: a.zh, width: 1, align: 'center' }));

const totalOf = (file: ProjectFile, assessor: string) =>
	file.totals.find((t) => t.assessor === assessor);

/** Sections by assessors, with the sums and the grade that each reaches. */
export function totalsTable(file: ProjectFile): Part {
	const { body } = file.standard;
	const each = (of: (t: ProjectFile['totals'][number]) => string) =>
		body.assessors.map((a) => {
			const total = totalOf(file, a.code);
			return total ? of(total) : '—';
		});
	const rows: Row[] = [
		...body.sections.map((s) => ({
			cells: [s.code, s.zh, points(s.max), ...each((t) => points(t.sections[s.code]))]
		})),
		...(body.bonus.length
			? [{ cells: ['', '加分', points(body.bonus_max), ...each((t) => points(t.bonus))] }]
			: []),
		{ cells: ['', '合计', points(body.total), ...each((t) => points(t.total))], strong: true },
		{
			cells: [
				'',
				'达到等级',
				'',
				...each((t) => (t.total === null ? '—' : t.grade ? gradeWord(body, t.grade) : '未达到'))
			],
			strong: true
		}
	];
	return {
		kind: 'table',
		columns: [
			{ head: '编号', width: 1, align: 'center' },
			{ head: '大项', width: 4, align: 'left' },
			{ head: '满分', width: 1.2, align: 'center' },
			...assessorColumns(file).map((c) => ({ ...c, width: 1.6 }))
		],
		rows
	};
}

/** Every item with what each assessor gave and why; each section ends with its subtotals. */
export function itemsTable(file: ProjectFile): Part {
	const { body } = file.standard;
	const groups = [
		...body.sections.map((s) => ({ ...s, sum: (a: string) => totalOf(file, a)?.sections[s.code] })),
		...(body.bonus.length
			? [
					{
						code: '',
						zh: '加分项',
						max: body.bonus_max,
						items: body.bonus,
						sum: (a: string) => totalOf(file, a)?.bonus
					}
				]
			: [])
	];
	return {
		kind: 'table',
		columns: [
			{ head: '编号', width: 1, align: 'center' },
			{ head: '评定内容', width: 3.8, align: 'left' },
			{ head: '满分', width: 1.1, align: 'center' },
			...assessorColumns(file),
			{ head: '评分说明', width: 5.2, align: 'left' }
		],
		rows: groups.flatMap((g) => [
			...g.items.map((i) => ({ cells: itemCells(file, i) })),
			{
				cells: [
					g.code,
					`${g.zh}小计`,
					points(g.max),
					...body.assessors.map((a) => points(g.sum(a.code))),
					''
				],
				strong: true
			}
		])
	};
}

function itemCells(file: ProjectFile, item: StandardItem): string[] {
	const { assessors } = file.standard.body;
	const scores = scoresOf(file, item.code);
	const given = (code: string) => scores.find((s) => s.assessor === code);
	const why = assessors.flatMap((a) => {
		const score = given(a.code);
		const words = [score?.value, score?.note].filter(Boolean).join('；');
		return words ? [`${a.zh}：${words}${score!.day ? `（${shortDay(score!.day)}）` : ''}`] : [];
	});
	return [
		item.code,
		item.zh,
		points(item.max),
		...assessors.map((a) => scoreWord(given(a.code))),
		why.join('\n')
	];
}

export const scoresOf = (file: ProjectFile, code: string): FiledScore[] =>
	file.scores.find((s) => s.code === code)?.scores ?? [];

export function vetoTable(file: ProjectFile): Part {
	const { body } = file.standard;
	const word = (met: boolean | null | undefined) =>
		met === true ? '符合' : met === false ? '不符合' : '未答';
	return {
		kind: 'table',
		columns: [
			{ head: '编号', width: 1.2, align: 'center' },
			{ head: '必须具备的条件', width: 4.6, align: 'left' },
			{ head: '适用等级', width: 1.4, align: 'center' },
			...assessorColumns(file).map((c) => ({ ...c, width: 1.3 })),
			{ head: '说明', width: 2.6, align: 'left' }
		],
		rows: body.vetoes.map((v) => {
			const answers = file.vetoes.find((f) => f.code === v.code)?.answers ?? [];
			const of = (code: string) => answers.find((a) => a.assessor === code);
			return {
				cells: [
					v.code,
					v.zh,
					v.grades?.length ? v.grades.map((g) => gradeWord(body, g)).join('、') : '各级',
					...body.assessors.map((a) => word(of(a.code)?.met)),
					body.assessors
						.flatMap((a) => (of(a.code)?.note ? [`${a.zh}：${of(a.code)!.note}`] : []))
						.join('\n')
				]
			};
		})
	};
}
