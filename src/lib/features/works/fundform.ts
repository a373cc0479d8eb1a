import type { Amount } from '$lib/domain/funds';
import { amounts } from '$lib/domain/funds';
import type { Fund, FundSource } from '$lib/domain/project';

/** A line of money while somebody types: texts, as typed. */
export type FundForm = Record<Amount, string> & { source: FundSource; work: string; note: string };

const text = (n: number | null | undefined) => (n === null || n === undefined ? '' : String(n));

export const formOfFund = (fund: Fund | null): FundForm => ({
	source: fund?.source ?? 'county',
	work: fund?.workId ?? '',
	planned: text(fund?.planned),
	allocated: text(fund?.allocated),
	spent: text(fund?.spent),
	note: fund?.note ?? ''
});

/** '1,200.5' → 1200.5, '' → null (nobody said it); undefined where it is no amount of money. */
export function readAmount(typed: string): number | null | undefined {
	const plain = typed.normalize('NFKC').replaceAll(/[,，\s]/g, '');
	if (plain === '') return null;
	const n = Number(plain);
	return /^\d+(\.\d{1,2})?$/.test(plain) && n <= 1e10 ? n : undefined;
}

export function readFund(form: FundForm) {
	const read = {
		planned: readAmount(form.planned),
		allocated: readAmount(form.allocated),
		spent: readAmount(form.spent)
	};
	const wrong = amounts.filter((key) => read[key] === undefined);
	if (wrong.length) return { wrong };
	return {
		fund: {
			source: form.source,
			work: form.work || null,
			planned: read.planned ?? null,
			allocated: read.allocated ?? null,
			spent: read.spent ?? null,
			note: form.note.trim()
		}
	};
}

/** As the op carries a line that stands there now. */
export const payloadOf = ({ source, workId, planned, allocated, spent, note }: Fund) => ({
	source,
	work: workId,
	planned,
	allocated,
	spent,
	note
});
