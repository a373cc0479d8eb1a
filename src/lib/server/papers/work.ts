import type { ProjectFile } from '$lib/domain/projectfile';
import type { Part } from './paper';
import { scoresOf } from './scores';
import { points, shortDay } from './words';

/** The step's three facts by item: 说了 (decided), 干了 (reported), 成了 (accepted by somebody else). */
export function workParts(file: ProjectFile): Part[] {
	const items = allItems(file);
	const stepsOf = (code: string) => file.scores.find((s) => s.code === code)?.steps ?? [];
	const rows = items.flatMap((i) =>
		stepsOf(i.code).map((s) => ({
			cells: [i.code, s.title, s.unit, shortDay(s.saidOn), shortDay(s.doneOn), shortDay(s.provenOn)]
		}))
	);
	const without = items.filter((i) => !stepsOf(i.code).length).map((i) => i.code);
	const count = (column: number) => rows.filter((r) => r.cells[column] !== '—').length;
	return [
		{
			kind: 'paragraph',
			text: `各条目共列工作${rows.length}件：说了（议定）${count(3)}件，干了（责任单位报完成）${count(4)}件，成了（经他人验收）${count(5)}件。`
		},
		...(rows.length
			? [
					{
						kind: 'table' as const,
						columns: [
							{ head: '条目', width: 1.1, align: 'center' as const },
							{ head: '工作', width: 4.5, align: 'left' as const },
							{ head: '责任单位', width: 2.4, align: 'left' as const },
							...['说了', '干了', '成了'].map((head) => ({
								head,
								width: 1.8,
								align: 'center' as const
							}))
						],
						rows
					}
				]
			: []),
		...(without.length
			? [{ kind: 'paragraph' as const, text: `没有列工作的条目：${without.join('、')}。` }]
			: [])
	];
}

/** What is not well yet: blocked matters, points missing by the village's own account, what is open. */
export function problemParts(file: ProjectFile): Part[] {
	const gaps = allItems(file)
		.flatMap((item) => {
			const own = scoresOf(file, item.code).find((s) => s.assessor === 'self');
			if (own?.na) return [];
			return [{ item, given: own?.points ?? null, missing: item.max - (own?.points ?? 0) }];
		})
		.filter((g) => g.missing > 0)
		.sort((a, b) => b.missing - a.missing);
	const shown = gaps.slice(0, 12);
	const steps = file.scores.flatMap((s) => s.steps.map((step) => ({ code: s.code, ...step })));
	const open = steps.filter((s) => s.saidOn && !s.doneOn);
	const waiting = steps.filter((s) => s.doneOn && !s.provenOn);
	return [
		{ kind: 'heading', level: 2, text: '（一）受阻事项' },
		file.blockers.length
			? {
					kind: 'table',
					columns: [
						{ head: '事项', width: 4, align: 'left' },
						{ head: '受阻日期', width: 1.8, align: 'center' },
						{ head: '需要解决', width: 4, align: 'left' },
						{ head: '责任单位', width: 2.4, align: 'left' }
					],
					rows: file.blockers.map((b) => ({
						cells: [b.title, shortDay(b.since), b.needs, b.unit]
					}))
				}
			: { kind: 'paragraph', text: '没有登记的受阻事项。' },
		{ kind: 'heading', level: 2, text: '（二）失分条目' },
		...(shown.length
			? [
					{
						kind: 'paragraph' as const,
						text:
							`村自评未得满分的加上未评的共${gaps.length}项` +
							(gaps.length > shown.length ? `，差分最多的${shown.length}项如下。` : '，如下。')
					},
					{
						kind: 'table' as const,
						columns: [
							{ head: '编号', width: 1.2, align: 'center' as const },
							{ head: '评定内容', width: 5.6, align: 'left' as const },
							...['满分', '自评', '差分', '材料'].map((head) => ({
								head,
								width: 1.3,
								align: 'center' as const
							}))
						],
						rows: shown.map(({ item, given, missing }) => ({
							cells: [
								item.code,
								item.zh,
								points(item.max),
								given === null ? '未评' : points(given),
								points(missing),
								`${file.exhibits.filter((e) => e.items.includes(item.code)).length}件`
							]
						}))
					}
				]
			: [{ kind: 'paragraph' as const, text: '村自评各项均得满分。' }]),
		{ kind: 'heading', level: 2, text: '（三）下一步工作' },
		...byUnit('已议定、尚未完成', open),
		...byUnit('已报完成、等待验收', waiting)
	];
}

/** A sentence with the count, then a paragraph for each unit that has to act. */
function byUnit(what: string, steps: { code: string; title: string; unit: string }[]): Part[] {
	const units = [...new Set(steps.map((s) => s.unit))];
	return [
		{ kind: 'paragraph', text: `${what}的工作${steps.length ? `${steps.length}件。` : '没有。'}` },
		...units.map((unit): Part => {
			const own = steps.filter((s) => s.unit === unit);
			const list = own.map((s) => `${s.code} ${s.title}`).join('、');
			return { kind: 'paragraph', text: `${unit}${own.length}件：${list}。` };
		})
	];
}

const allItems = ({ standard: { body } }: ProjectFile) => [
	...body.sections.flatMap((s) => s.items),
	...body.bonus
];
