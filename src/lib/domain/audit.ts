import { uuid } from './id';

/** One row of what happened or was refused, as the auditor reads it. `at` is ISO; `above`: in the chain above all townships. */
export type AuditRow = {
	at: string;
	chain: 'events' | 'refusals';
	seq: number;
	above: boolean;
	who: string;
	session: string | null;
	action: string;
	kind: string;
	object: string | null;
	title: string;
	ok: boolean;
	detail: string;
};

export type AuditPage = {
	today: string;
	/** False where this person administers and only reads that somebody looked at contacts too fast. */
	audits: boolean;
	more: boolean;
	rows: AuditRow[];
	actions: string[];
};

/** What narrows the page. Never a person: nobody's day can be followed here. */
export type AuditFilter = {
	action?: string;
	/** Days, ISO, both included. */
	from?: string;
	to?: string;
	object?: string;
	ok?: '' | 'true' | 'false';
	/** The time of the last row seen: older ones follow. */
	before?: string;
	limit?: number;
};

/** Of both chains of a township, or where the first one breaks. */
export type Verdict = {
	whole: boolean;
	count?: number;
	refusals?: number;
	head?: string;
	chain?: 'events' | 'refusals';
	broken_at?: number;
};

/** The head of a chain at some moment, as it is written down off this machine. */
export type ChainHead = {
	chain: 'events' | 'refusals';
	township: string;
	seq: number;
	hash: string;
};

/** Why somebody wants to see a whole telephone number. */
export const purposes = ['call', 'check', 'visit', 'complaint'] as const;
export type Purpose = (typeof purposes)[number];

/** Why a person's data is looked for and taken out. */
export const erasureReasons = ['asked', 'wrong', 'expired'] as const;
export type ErasureReason = (typeof erasureReasons)[number];

/** A place in the database in which the person stands. */
export type Trace = { cell: string; table: string; column: string; value: string };
export type Sought = { name: string; phone: string; reason: ErasureReason };

const day = /^\d{4}-\d{2}-\d{2}$/;

/** The filter of an address; whatever is not well formed is left out. */
export function readAuditFilter(params: URLSearchParams): AuditFilter {
	const take = (key: string, form: RegExp) => {
		const value = params.get(key) ?? '';
		return form.test(value) ? { [key]: value } : {};
	};
	return {
		...take('action', /^[a-z_.]{1,60}$/),
		...take('from', day),
		...take('to', day),
		...take('object', uuid),
		...take('ok', /^(true|false)$/),
		...take('before', /^\d{4}-\d{2}-\d{2}T[\d:.]+\+00:00$/)
	};
}
