import { figureOf, type FormFacts } from '$lib/domain/form';
import type { Filling } from './form';
import type { Blank } from './propose';

/** What a code puts into a cell; `blank` where it is unknown or nobody chose. */
export function fillingOf(
	cell: Pick<Blank, 'percent' | 'hundred'>,
	code: string | null,
	facts: FormFacts
): Filling {
	if (!code) return { type: 'blank' };
	const serial = /^n\/(\d{1,4})$/.exec(code);
	if (serial) return { type: 'number', value: Number(serial[1]) };
	const value = figureOf(code, facts)?.value ?? null;
	switch (value?.type) {
		case 'number':
		case 'text':
			return value;
		case 'rate':
			return { ...value, as: cell.percent ? 'share' : cell.hundred ? 'hundred' : 'text' };
		default:
			return { type: 'blank' };
	}
}
