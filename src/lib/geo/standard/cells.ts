import type { Cell } from '../read/sheet';
import { clean } from '../text';

export const textOf = (cell: Cell | undefined): string =>
	cell === null || cell === undefined ? '' : clean(String(cell)).text.trim();

/** Points and counts: at most two decimals; null for anything else. */
export function numberOf(cell: Cell | undefined): number | null {
	const text = textOf(cell).normalize('NFKC').replace(/分$/, '');
	return /^\d{1,7}(\.\d{1,2})?$/.test(text) ? Number(text) : null;
}
