import type { RoundState, SheetItem } from '$lib/domain/round';
import * as m from '$lib/i18n/paraglide/messages';
import { getLocale } from '$lib/i18n/paraglide/runtime';

export const stateWords: Record<RoundState, () => string> = {
	ready: m.rounds_state_ready,
	under_way: m.rounds_state_under_way,
	finished: m.rounds_state_finished,
	cancelled: m.rounds_state_cancelled
};

/** Points as they are written: 4.5, never 4.50. */
export const pointsWord = (n: number): string =>
	new Intl.NumberFormat(getLocale(), { maximumFractionDigits: 2 }).format(n);

export const labelOf = (
	sheet: readonly SheetItem[],
	f: { item: string; zero: boolean }
): string => {
	const item = sheet.find((i) => i.code === f.item);
	return (f.zero ? item?.zeroOn?.label : item?.label) ?? f.item;
};
