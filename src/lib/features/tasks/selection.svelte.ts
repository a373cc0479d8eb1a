import { SvelteMap } from 'svelte/reactivity';
import type { TaskLine } from '$lib/domain/tasks';

/** The rows that are ticked. Shift takes everything between the last tick and this one. */
export class Selection {
	readonly #rows = new SvelteMap<string, TaskLine>();
	#last: string | null = null;

	get size(): number {
		return this.#rows.size;
	}
	has(id: string): boolean {
		return this.#rows.has(id);
	}
	/** The ticked rows, as they were last read. */
	get rows(): TaskLine[] {
		return [...this.#rows.values()];
	}
	toggle(row: TaskLine, among: readonly TaskLine[], shift: boolean): void {
		const on = !this.#rows.has(row.id);
		const from = shift ? among.findIndex((r) => r.id === this.#last) : -1;
		const to = among.indexOf(row);
		const some =
			from < 0 || to < 0 ? [row] : among.slice(Math.min(from, to), Math.max(from, to) + 1);
		for (const r of some)
			if (on) this.#rows.set(r.id, r);
			else this.#rows.delete(r.id);
		this.#last = row.id;
	}
	set(rows: readonly TaskLine[]): void {
		this.#rows.clear();
		for (const r of rows) this.#rows.set(r.id, r);
	}
	clear(): void {
		this.#rows.clear();
		this.#last = null;
	}
	/** What was read again is taken over, so that versions are those of now. */
	refresh(rows: readonly TaskLine[]): void {
		for (const r of rows) if (this.#rows.has(r.id)) this.#rows.set(r.id, r);
	}
}
