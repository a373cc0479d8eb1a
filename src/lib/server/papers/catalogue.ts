import { exhibitKinds, type ProjectFile } from '$lib/domain/projectfile';
import { numberExhibits } from './numbered';
import type { Paper, Part } from './paper';
import { shortDay, templateMark, zhDay } from './words';

/** 佐证材料目录: every exhibit by its number, then the items that ask for evidence and have none. */
export function catalogue(file: ProjectFile): Paper {
	const numbered = numberExhibits(file);
	const bare = withoutEvidence(file);
	const without = numbered.filter((n) => !n.exhibit.file).length;
	return {
		name: '佐证材料目录',
		title: `${file.title}佐证材料目录`,
		mark: file.standard.official ? null : templateMark,
		parts: [
			{
				kind: 'paragraph',
				text:
					`共${numbered.length}件。编号前一部分是对应条目，文件按编号放在同名文件夹里。` +
					(without ? `标“无附件”的${without}件是图上位置或数据，没有单独的文件。` : '')
			},
			...(numbered.length
				? [
						{
							kind: 'table' as const,
							columns: [
								{ head: '编号', width: 1.8, align: 'center' as const },
								{ head: '材料名称', width: 4.4, align: 'left' as const },
								{ head: '类型', width: 1.6, align: 'center' as const },
								{ head: '对应条目', width: 1.7, align: 'center' as const },
								{ head: '提供单位', width: 2.6, align: 'left' as const },
								{ head: '日期', width: 1.9, align: 'center' as const }
							],
							rows: numbered.map(({ exhibit: e, number }) => ({
								cells: [
									number,
									e.title + (e.file ? '' : '（无附件）'),
									exhibitKinds[e.kind],
									e.items.join('、') || '—',
									e.unit,
									shortDay(e.day)
								]
							}))
						}
					]
				: []),
			{ kind: 'heading', level: 1, text: '缺材料的条目' },
			...(bare.length ? [bareTable(bare)] : [{ kind: 'paragraph' as const, text: '没有。' }]),
			{ kind: 'signature', unit: file.unit, day: zhDay(file.day) }
		]
	};
}

const withoutEvidence = ({ standard: { body }, exhibits }: ProjectFile) =>
	[...body.sections.flatMap((s) => s.items), ...body.bonus].filter(
		(i) => i.evidence?.kinds.length && !exhibits.some((e) => e.items.includes(i.code))
	);

const bareTable = (items: ReturnType<typeof withoutEvidence>): Part => ({
	kind: 'table',
	columns: [
		{ head: '编号', width: 1.2, align: 'center' },
		{ head: '评定内容', width: 5, align: 'left' },
		{ head: '要什么材料', width: 5, align: 'left' }
	],
	rows: items.map((i) => ({ cells: [i.code, i.zh, i.evidence!.zh] }))
});
