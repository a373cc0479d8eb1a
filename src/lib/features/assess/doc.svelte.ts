import { createContext } from 'svelte';
import { freeCode } from './codes';
import type { Item, Section, Standard } from '$lib/domain/standard';

/** A standard as it stands on the editor's page. */
export type Doc = { name: string; edition: string; official: boolean; body: Standard };

/** Every committed field is one step that can be taken back; values, never changed in place. */
export class StandardDoc {
	#past = $state.raw<Doc[]>([]);
	#now = $state.raw<Doc>() as Doc;
	#future = $state.raw<Doc[]>([]);
	#saved = $state.raw<Doc>() as Doc;

	constructor(doc: Doc) {
		this.#now = doc;
		this.#saved = doc;
	}
	get now(): Doc {
		return this.#now;
	}
	get body(): Standard {
		return this.#now.body;
	}
	get dirty(): boolean {
		return this.#now !== this.#saved;
	}
	get mayUndo(): boolean {
		return this.#past.length > 0;
	}
	get mayRedo(): boolean {
		return this.#future.length > 0;
	}

	edit(change: (doc: Doc) => void): void {
		const next = structuredClone(this.#now);
		change(next);
		if (JSON.stringify(next) === JSON.stringify(this.#now)) return;
		this.#past = [...this.#past.slice(-199), this.#now];
		this.#future = [];
		this.#now = next;
	}
	undo(): void {
		const before = this.#past.at(-1);
		if (!before) return;
		this.#past = this.#past.slice(0, -1);
		this.#future = [this.#now, ...this.#future];
		this.#now = before;
	}
	redo(): void {
		const [after, ...rest] = this.#future;
		if (!after) return;
		this.#future = rest;
		this.#past = [...this.#past, this.#now];
		this.#now = after;
	}
	/** What was sent is what is stored now. */
	saved(doc: Doc): void {
		this.#saved = doc;
	}

	section(at: number, change: (section: Section) => void): void {
		this.edit(({ body }) => change(body.sections[at]!));
	}
	/** `section` null: the bonus items. */
	item(section: number | null, at: number, change: (item: Item) => void): void {
		this.edit(({ body }) => change(listOf(body, section)[at]!));
	}
	addItem(section: number | null): void {
		this.edit(({ body }) => {
			const list = listOf(body, section);
			const prefix = section === null ? 'B' : `${body.sections[section]!.code}.`;
			list.push({ code: freeCode(body, prefix), zh: '', en: '', max: 5 });
		});
	}
	dropItem(section: number | null, at: number): void {
		this.edit(({ body }) => void listOf(body, section).splice(at, 1));
	}
	/** One place up or down within its list. */
	moveItem(section: number | null, at: number, by: -1 | 1): void {
		this.edit(({ body }) => swap(listOf(body, section), at, at + by));
	}
	addSection(): void {
		this.edit(({ body }) => {
			const codes = body.sections.map((s) => s.code);
			let n = codes.length + 1;
			while (codes.includes(String(n))) n++;
			body.sections.push({ code: String(n), zh: '', en: '', max: 10, items: [] });
		});
	}
	dropSection(at: number): void {
		this.edit(({ body }) => void body.sections.splice(at, 1));
	}
	moveSection(at: number, by: -1 | 1): void {
		this.edit(({ body }) => swap(body.sections, at, at + by));
	}
}

function listOf(body: Standard, section: number | null): Item[] {
	if (section !== null) return body.sections[section]!.items;
	body.bonus ??= [];
	return body.bonus;
}
function swap<T>(list: T[], a: number, b: number): void {
	if (b < 0 || b >= list.length) return;
	[list[a], list[b]] = [list[b]!, list[a]!];
}

export const [getDoc, setDoc] = createContext<StandardDoc>();
