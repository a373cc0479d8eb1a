import type { ScoreValue } from '$lib/domain/project';
import type { Rule } from '$lib/domain/standard';

/** What is typed into a cell: text as it stands there, for a rate in percent, for a choice its number. */
export type Entry = { text: string; na: boolean; note: string };

const decimal = /^\d{1,8}([.。]\d{1,4})?$/;
const asNumber = (text: string): number | null => {
	const plain = text.trim().normalize('NFKC').replace('。', '.');
	return decimal.test(plain) ? Number(plain) : null;
};
const wholeHundredths = (n: number): boolean => Math.abs(n * 100 - Math.round(n * 100)) < 1e-7;

/** The value that a typed text means by an item's rule; null where it means none. `most`: the item's points. */
export function valueOf(rule: Rule, text: string, most: number): ScoreValue | null {
	if (rule.type === 'yes_no')
		return text === 'yes' ? { yes: true } : text === 'no' ? { yes: false } : null;
	const n = asNumber(text.replace(/%$/, ''));
	if (n === null) return null;
	switch (rule.type) {
		case 'max':
			return n <= most && wholeHundredths(n) ? { points: n } : null;
		case 'tiered':
			return Number.isInteger(n) && n < rule.options.length ? { option: n } : null;
		case 'per_unit':
			return n <= 1e7 ? { count: n } : null;
		case 'deduct_per_finding':
			return Number.isInteger(n) && n <= 1e6 ? { findings: n } : null;
		case 'rate':
			return n <= 100 ? { rate: Math.round(n * 1e4) / 1e6 } : null;
	}
}

/** The text that stands for a value, the other way round. */
export function textOf(value: ScoreValue | null): string {
	if (!value) return '';
	if ('points' in value) return String(value.points);
	if ('option' in value) return String(value.option);
	if ('count' in value) return String(value.count);
	if ('findings' in value) return String(value.findings);
	if ('rate' in value) return String(Math.round(value.rate * 1e6) / 1e4);
	return value.yes ? 'yes' : 'no';
}

/** Typed instead of a number: not applicable. */
export const meansNA = (text: string): boolean => /^(-|—|\/|na|n\/a|无)$/i.test(text.trim());
