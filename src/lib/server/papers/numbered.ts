import type { Exhibit, ProjectFile } from '$lib/domain/projectfile';

/** A place in the standard where exhibits stand. */
export type Slot = { code: string; zh: string; folder: { code: string; zh: string } };
/** An exhibit with its number in the catalogue, which its file carries too. */
export type Numbered = { exhibit: Exhibit; slot: Slot; number: string };

/** All items of the standard in its order, then what belongs to none. */
export function slotsOf({ standard: { body } }: ProjectFile): Slot[] {
	const bonus = { code: '加分', zh: '加分项' };
	const veto = { code: '否决', zh: '一票否决项' };
	return [
		...body.sections.flatMap((s) =>
			s.items.map((i) => ({ code: i.code, zh: i.zh, folder: { code: s.code, zh: s.zh } }))
		),
		...body.bonus.map((i) => ({ code: i.code, zh: i.zh, folder: bonus })),
		...body.vetoes.map((v) => ({ code: v.code, zh: v.zh, folder: veto })),
		{ code: '', zh: '', folder: { code: '其他', zh: '材料' } }
	];
}

/**
 * Exhibits in the order of the standard, numbered within the first item each speaks for: 2.5-01. One that
 * speaks for several items is filed once and listed with all its items.
 */
export function numberExhibits(file: ProjectFile): Numbered[] {
	const slots = slotsOf(file);
	const last = slots.at(-1)!;
	const slotOf = (e: Exhibit) => slots.find((s) => s.code && e.items.includes(s.code)) ?? last;
	return slots.flatMap((slot) =>
		file.exhibits
			.filter((e) => slotOf(e) === slot)
			.sort((a, b) => compare(a.day ?? '', b.day ?? '') || compare(a.id, b.id))
			.map((exhibit, i) => ({
				exhibit,
				slot,
				number: `${slot.code || slot.folder.code}-${String(i + 1).padStart(2, '0')}`
			}))
	);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
