import type { Item, Standard } from '$lib/domain/standard';
import { toWorkbook } from '../write/xlsx';
import { ruleText } from './rules';
import {
	bonusCode,
	featureWords,
	headings,
	kindWords,
	settings,
	sheets,
	vetoHeadings
} from './words';

export type NamedStandard = { name: string; edition: string; official: boolean; body: Standard };

/** A standard as a workbook that can be changed and loaded again: items, vetoes, settings. */
export function standardWorkbook({ name, edition, official, body }: NamedStandard) {
	const titled = official ? name : `${name}（样板，非官方）`;
	const row = (item: Item, code: string, section: string, max: number, en: string) => [
		code,
		section,
		max,
		en,
		item.code,
		item.zh,
		item.max,
		ruleText(item.rule),
		(item.evidence?.kinds ?? []).map((k) => kindWords[k]).join('、'),
		item.evidence?.zh ?? '',
		(item.features ?? []).map((f) => featureWords[f]).join('、'),
		item.source === 'S' ? '原文' : item.source === 'T' ? '样板' : '',
		item.en ?? '',
		item.evidence?.en ?? ''
	];
	const settled: [string, string | number][] = [
		[settings.name, name],
		[settings.edition, edition],
		[settings.total, body.total],
		[settings.bonus_max, body.bonus_max ?? 0],
		[settings.bonus_counts, yes(body.bonus_counts ?? true)],
		[settings.redistribute_na, yes(body.redistribute_na ?? false)],
		[settings.review_months, body.review_months ?? 36],
		[settings.notice_days, body.notice_days ?? 5],
		...body.grades.flatMap((g): [string, string | number][] => [
			[settings[g.grade], g.min],
			[settings[`${g.grade}_name`], g.zh]
		]),
		[settings.higher, (body.higher ?? []).join('、')],
		[settings.assessors, body.assessors.map((a) => `${a.code}=${a.zh}`).join('；')],
		[settings.faithfulness, body.faithfulness?.zh ?? ''],
		[settings.faithfulnessEn, body.faithfulness?.en ?? '']
	];
	return toWorkbook([
		{
			name: sheets.items,
			table: {
				title: titled,
				headings: Object.values(headings).map(([first]) => first),
				rows: [
					...body.sections.flatMap((s) =>
						s.items.map((i) => row(i, s.code, s.zh, s.max, s.en ?? ''))
					),
					...(body.bonus ?? []).map((i) => row(i, bonusCode, '加分项', body.bonus_max ?? 0, ''))
				]
			}
		},
		{
			name: sheets.vetoes,
			table: {
				title: `${titled}：一票否决`,
				headings: Object.values(vetoHeadings),
				rows: (body.vetoes ?? []).map((v) => [
					v.code,
					v.zh,
					(v.grades ?? []).join('、'),
					v.en ?? ''
				])
			}
		},
		{
			name: sheets.settings,
			table: { title: `${titled}：设置`, headings: ['名目', '值'], rows: settled }
		}
	]);
}

const yes = (on: boolean): string => (on ? '是' : '否');
