import type { Item, Standard } from '$lib/domain/standard';
import type { Table } from '../write/table';
import { toWorkbook, type Sheet } from '../write/xlsx';
import { optionLines, ruleText } from './rules';
import {
	featureWords,
	headingText,
	kindWords,
	lineHeadings,
	lineKinds,
	ownColumns,
	settingHeadings,
	settings,
	sheets,
	sources,
	type Column
} from './words';

export type NamedStandard = { name: string; edition: string; official: boolean; body: Standard };
type Row = Partial<Record<Column, string | number>>;

/** A standard as a workbook that can be printed, changed and loaded again: table, grade lines, settings. */
export const standardWorkbook = (standard: NamedStandard): Promise<Uint8Array> =>
	toWorkbook(standardSheets(standard));

export function standardSheets({ name, edition, official, body }: NamedStandard): Sheet[] {
	const titled = official ? name : `${name}（样板，非官方）`;
	const sheet = (name: string, headings: string[], rows: Table['rows']): Sheet => ({
		name,
		table: { title: name === sheets.items ? titled : `${titled}：${name}`, headings, rows }
	});
	const rows: Row[] = [
		...body.sections.flatMap(({ items, ...section }): Row[] => [
			{
				kind: lineKinds.section,
				code: section.code,
				zh: section.zh,
				max: section.max,
				en: section.en ?? '',
				source: section.source ? sources[section.source] : ''
			},
			...items.map((i) => ({ kind: lineKinds.item, ...itemRow(i) }))
		]),
		...(body.bonus ?? []).map((i) => ({ kind: lineKinds.bonus, ...itemRow(i) })),
		...(body.vetoes ?? []).map((v) => ({
			kind: lineKinds.veto,
			code: v.code,
			zh: v.zh,
			en: v.en ?? '',
			grades: (v.grades ?? []).join('、')
		}))
	];
	return [
		sheet(
			sheets.items,
			ownColumns.map(headingText),
			rows.map((row) => ownColumns.map((c) => row[c] ?? null))
		),
		sheet(
			sheets.lines,
			lineHeadings,
			body.grades.map((g) => [
				g.grade,
				g.zh,
				g.min,
				(body.higher ?? []).includes(g.grade) ? '是' : '',
				g.en ?? ''
			])
		),
		sheet(sheets.settings, settingHeadings, [
			[settings.name, name, ''],
			[settings.edition, edition, ''],
			[settings.total, body.total, ''],
			[settings.bonus_max, body.bonus_max ?? 0, ''],
			[settings.bonus_counts, yes(body.bonus_counts ?? true), ''],
			[settings.redistribute_na, yes(body.redistribute_na ?? false), ''],
			[settings.review_months, body.review_months ?? 36, ''],
			[settings.notice_days, body.notice_days ?? 5, ''],
			...body.assessors.map((a) => [settings[a.code], a.zh, a.en ?? '']),
			...(body.faithfulness
				? [[settings.faithfulness, body.faithfulness.zh, body.faithfulness.en]]
				: [])
		])
	];
}

const itemRow = (item: Item): Row => ({
	code: item.code,
	zh: item.zh,
	max: item.max,
	rule: ruleText(item.rule),
	evidence: item.evidence?.zh ?? '',
	kinds: (item.evidence?.kinds ?? []).map((k) => kindWords[k]).join('、'),
	features: (item.features ?? []).map((f) => featureWords[f]).join('、'),
	source: item.source ? sources[item.source] : '',
	en: item.en ?? '',
	evidenceEn: item.evidence?.en ?? '',
	ruleEn:
		item.rule?.type === 'tiered' && item.rule.options.some((o) => o.en)
			? optionLines(item.rule.options.map((o) => [o.points, o.en ?? '']))
			: ''
});

const yes = (on: boolean): string => (on ? '是' : '否');
