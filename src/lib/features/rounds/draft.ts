import { sheetSchema, type SheetItem } from '$lib/domain/round';
import type { TaskKind } from '$lib/domain/task';

/** A line of the sheet while it is being typed: numbers are still text, no zeroing kind is ''. */
export type ItemDraft = {
	code: string;
	label: string;
	points: string;
	perFinding: string;
	category: TaskKind | '';
	zeroLabel: string;
	zeroCategory: TaskKind | '';
};

export const toDraft = (item: SheetItem): ItemDraft => ({
	code: item.code,
	label: item.label,
	points: String(item.points),
	perFinding: String(item.perFinding),
	category: item.category ?? '',
	zeroLabel: item.zeroOn?.label ?? '',
	zeroCategory: item.zeroOn?.category ?? ''
});

/** A code that the sheet does not have yet. */
export function newCode(items: readonly ItemDraft[]): string {
	for (let n = items.length + 1; ; n++)
		if (!items.some((i) => i.code === `ITEM${n}`)) return `ITEM${n}`;
}

/** The sheet as it would be sent, or null while something is missing. */
export function fromDraft(items: readonly ItemDraft[]): SheetItem[] | null {
	const read = sheetSchema.safeParse(
		items.map((i) => ({
			code: i.code,
			label: i.label,
			points: amount(i.points),
			perFinding: amount(i.perFinding),
			category: i.category || null,
			zeroOn: i.zeroLabel.trim() ? { label: i.zeroLabel, category: i.zeroCategory || null } : null
		}))
	);
	return read.success ? read.data : null;
}

const amount = (text: string): number => (String(text).trim() === '' ? NaN : Number(text));
