import type { Score } from '$lib/domain/project';
import type { Payload } from '$lib/domain/op';
import type { Rule } from '$lib/domain/standard';
import { meansNA, textOf, valueOf, type Entry } from './entry';

/** Where drafts outlive the page: the browser's own for the tab, or nothing on the server. */
export type Keep = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
export const tabKeep = (): Keep | null => {
	try {
		return typeof sessionStorage === 'undefined' ? null : sessionStorage;
	} catch {
		// A browser that keeps nothing at all throws at the mere name.
		return null;
	}
};

/** A thing that can be scored: an item, or a veto with the rule yes/no. */
export type Scorable = { code: string; rule: Rule; max: number; mayBeNA: boolean };
type Line = Payload<'project.score'>['scores'][number];

/** Scores that were typed and not saved; they outlive a reload of the page, not the tab. */
export class ScoreDraft {
	#entries = $state<Record<string, Entry>>({});
	readonly #key: string;
	readonly #keep: Keep | null;
	readonly #stored: (code: string) => Score | undefined;

	constructor(key: string, stored: (code: string) => Score | undefined, keep = tabKeep()) {
		this.#key = key;
		this.#stored = stored;
		this.#keep = keep;
		this.#entries = read(keep?.getItem(key) ?? null);
	}

	/** What the cell shows: the draft, else what is stored. */
	entry(code: string): Entry {
		return this.#entries[code] ?? entryOf(this.#stored(code));
	}
	touched(code: string): boolean {
		return code in this.#entries;
	}
	get codes(): string[] {
		return Object.keys(this.#entries);
	}
	get count(): number {
		return this.codes.length;
	}

	set(code: string, change: Partial<Entry>): void {
		const next = { ...this.entry(code), ...change };
		if (change.text !== undefined) next.na = meansNA(change.text);
		if (next.na) next.text = '';
		// What is back to what is stored is no change.
		if (same(next, entryOf(this.#stored(code)))) delete this.#entries[code];
		else this.#entries[code] = next;
		this.#write();
	}
	/** The field was left: emptied, it takes nothing away, for a score stays once given. */
	settle(code: string): void {
		const entry = this.#entries[code];
		const stored = entryOf(this.#stored(code));
		if (entry && !entry.na && !entry.text.trim() && entry.note.trim() === stored.note)
			this.drop([code]);
	}
	drop(codes: readonly string[] = this.codes): void {
		for (const code of codes) delete this.#entries[code];
		this.#write();
	}

	/** What is typed and means nothing by the item's rule. */
	wrong(one: Scorable): boolean {
		const entry = this.#entries[one.code];
		if (!entry || entry.na) return false;
		return valueOf(one.rule, entry.text, one.max) === null;
	}
	/** As the op carries it; what is wrong stays in the draft. */
	lines(all: readonly Scorable[]): Line[] {
		return all.flatMap((one): Line[] => {
			const entry = this.#entries[one.code];
			if (!entry) return [];
			if (entry.na) return one.mayBeNA ? [{ item: one.code, na: true, note: entry.note }] : [];
			const value = valueOf(one.rule, entry.text, one.max);
			return value ? [{ item: one.code, value, note: entry.note }] : [];
		});
	}

	#write(): void {
		try {
			if (this.count) this.#keep?.setItem(this.#key, JSON.stringify(this.#entries));
			else this.#keep?.removeItem(this.#key);
		} catch {
			// A full or closed store: the draft lives as long as the page, and leaving it warns.
		}
	}
}

const entryOf = (score: Score | undefined): Entry => ({
	text: textOf(score?.value ?? null),
	na: score?.na ?? false,
	note: score?.note ?? ''
});
const same = (a: Entry, b: Entry): boolean =>
	a.na === b.na && a.text.trim() === b.text && a.note.trim() === b.note;

/** A draft from the store is foreign text like any other. */
function read(text: string | null): Record<string, Entry> {
	if (!text) return {};
	try {
		const known = Object.entries(JSON.parse(text) as Record<string, Partial<Entry>>);
		return Object.fromEntries(
			known.map(([code, e]) => [
				code,
				{ text: String(e.text ?? ''), na: e.na === true, note: String(e.note ?? '').slice(0, 1000) }
			])
		);
	} catch {
		return {};
	}
}
