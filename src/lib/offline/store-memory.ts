import type { Item, NewPhoto, Settled, Store } from './outbox';

/**
 * A box that lives as long as the page: for a page that was not opened over https, where a browser offers
 * neither keys nor a service worker, and for the simulated day, whose devices restart with what it holds.
 */
export class MemoryStore implements Store {
	#items = new Map<number, Item>();
	#photos = new Map<string, ArrayBuffer>();
	#settled: Settled[] = [];
	#seq = 0;

	async items(): Promise<Item[]> {
		return [...this.#items.values()].map((i) => structuredClone(i)).sort((a, b) => a.seq - b.seq);
	}
	async add(item: Omit<Item, 'seq'>, photos: readonly NewPhoto[]): Promise<Item> {
		const whole = { ...structuredClone(item), seq: ++this.#seq };
		for (const p of photos) this.#photos.set(p.id, p.bytes.slice(0));
		this.#items.set(whole.seq, whole);
		return structuredClone(whole);
	}
	async update(item: Item): Promise<void> {
		if (this.#items.has(item.seq)) this.#items.set(item.seq, structuredClone(item));
	}
	async photo(id: string): Promise<ArrayBuffer | null> {
		return this.#photos.get(id)?.slice(0) ?? null;
	}
	async photoSent(item: Item): Promise<void> {
		await this.update(item);
		for (const p of item.photos) if (p.sent) this.#photos.delete(p.id);
	}
	async settle(seq: number, settled: Settled): Promise<void> {
		for (const p of this.#items.get(seq)?.photos ?? []) this.#photos.delete(p.id);
		if (this.#items.delete(seq)) this.#settled.push(structuredClone(settled));
	}
	async settled(): Promise<Settled[]> {
		return structuredClone(this.#settled);
	}
}
