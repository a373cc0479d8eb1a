import { assessors } from '$lib/domain/project';
import type { Standard } from '$lib/domain/standard';
import { grades } from '$lib/domain/thing';
import type { Sheet } from '../read/sheet';
import { numberOf, textOf } from './cells';
import { settings } from './words';

/** What holds for the whole table; what the workbook does not say is the usual. */
export function readSettings(sheet: Sheet | undefined) {
	const told = new Map(
		(sheet?.lines ?? []).map(({ cells }) => [textOf(cells[0]), cells[1] ?? null])
	);
	const text = (name: string) => textOf(told.get(name));
	const number = (name: string) => numberOf(told.get(name));
	const yes = (name: string, usual: boolean) =>
		text(name) ? /^(是|y|1|true)/i.test(text(name)) : usual;
	const lines = grades.flatMap((grade) => {
		const min = number(settings[grade]);
		const zh = text(settings[`${grade}_name`]) || `${grade}级`;
		return min === null ? [] : [{ grade, zh: zh.slice(0, 300), en: '', min }];
	});
	const sides = text(settings.assessors)
		.split(/[；;]/)
		.flatMap((part) => {
			const [code, zh] = part.split('=').map((t) => t.trim());
			const known = assessors.find((a) => a === code);
			return known ? [{ code: known, zh: zh ?? '', en: '' }] : [];
		});
	const [zh, en] = [text(settings.faithfulness), text(settings.faithfulnessEn)];
	const body: Omit<Standard, 'total' | 'sections' | 'vetoes' | 'bonus'> = {
		bonus_max: number(settings.bonus_max) ?? 0,
		bonus_counts: yes(settings.bonus_counts, true),
		redistribute_na: yes(settings.redistribute_na, false),
		review_months: Math.trunc(within(number(settings.review_months), 1, 240, 36)),
		notice_days: Math.trunc(within(number(settings.notice_days), 5, 60, 5)),
		higher: grades.filter((g) =>
			text(settings.higher)
				.split(/[、,，\s]+/)
				.includes(g)
		),
		grades: lines.sort((a, b) => b.min - a.min),
		assessors: sides.length
			? sides
			: [
					{ code: 'self', zh: '村自评', en: 'Village' },
					{ code: 'town', zh: '乡镇初核', en: 'Township' },
					{ code: 'county', zh: '县级评定', en: 'County' }
				],
		...(zh && { faithfulness: { zh, en } })
	};
	const [name, edition] = [text(settings.name), text(settings.edition)];
	return { there: sheet !== undefined, name, edition, total: number(settings.total), body };
}

export function readVetoes(sheet: Sheet | undefined): NonNullable<Standard['vetoes']> {
	const lines = sheet?.lines ?? [];
	const head = lines.findIndex(({ cells }) => cells.some((c) => textOf(c) === '条件'));
	if (head < 0) return [];
	const at = (word: string) => lines[head]!.cells.findIndex((c) => textOf(c) === word);
	const [code, zh, held, en] = [at('编号'), at('条件'), at('适用等级'), at('英文')];
	return lines.slice(head + 1).flatMap(({ cells }, n) => {
		const text = textOf(cells[zh]).slice(0, 300);
		if (!text) return [];
		const named = textOf(cells[held]).split(/[、,，\s]+/);
		const only = grades.filter((g) => named.includes(g));
		return [
			{
				code: textOf(cells[code]).slice(0, 12) || `V${n + 1}`,
				zh: text,
				en: textOf(cells[en]).slice(0, 300),
				...(only.length && { grades: only })
			}
		];
	});
}

const within = (n: number | null, least: number, most: number, usual: number): number =>
	n === null ? usual : Math.min(most, Math.max(least, n));
