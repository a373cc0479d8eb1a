import { newId, type Op, type Outcome } from '$lib/domain/op';
import { readBox, writeBox } from './boxfile';
import { later, sendOp, sendPhoto } from './deliver';
import { Keep, type Kept, type Photo } from './keep';
import type { CarriedIn, Post, Sent } from './post';

const failed = (item: Kept) =>
	item.last?.outcome === 'refused' || item.last?.outcome === 'conflict';

/** The outbox of one township on this phone, as the page sees it. */
export class PostBox implements Post {
	#keep: Promise<Keep> | null = null;
	#me: Kept['by'] | null = null;
	#online = $state(navigator.onLine);
	#sending = $state(false);
	#items = $state.raw<Kept[]>([]);
	#sent = $state.raw<Sent[]>([]);
	#stop = new AbortController();

	constructor(private readonly townshipId: string) {
		const { signal } = this.#stop;
		addEventListener('online', () => (this.#online = true), { signal });
		addEventListener('offline', () => (this.#online = false), { signal });
	}

	get online(): boolean {
		return this.#online;
	}
	get sending(): boolean {
		return this.#sending;
	}
	get waiting(): readonly Kept[] {
		return this.#items;
	}
	get sent(): readonly Sent[] {
		return this.#sent;
	}
	readonly counts = $derived.by(() => ({
		waiting: this.#items.length,
		oldest: this.#items.length ? Math.min(...this.#items.map((i) => i.addedAt)) : null,
		failed: this.#items.filter(failed).length
	}));
	readonly pending = $derived.by(() =>
		this.#items.filter((i) => !failed(i) && i.by.id === this.#me?.id).map((i) => i.op)
	);

	async open(): Promise<unknown> {
		const keep = await this.#store();
		await this.#read();
		const day = (await keep.day()) as { me: Kept['by'] } | null;
		if (day) this.#me = { id: day.me.id, name: day.me.name };
		return day;
	}
	#store(): Promise<Keep> {
		return (this.#keep ??= Keep.open(this.townshipId));
	}
	async #read(): Promise<void> {
		this.#items = await (await this.#store()).all();
	}

	async keep(known: { me: Kept['by'] }): Promise<void> {
		this.#me = { id: known.me.id, name: known.me.name };
		await (await this.#store()).setDay(known);
	}

	async add(op: Op, photos: readonly Photo[]): Promise<void> {
		if (!this.#me) throw new Error('nobody is known here');
		const plain = photos.map(({ id, type, bytes }) => ({ id, type, bytes }));
		await (await this.#store()).add({ op, addedAt: Date.now(), by: this.#me }, plain);
		await this.#read();
	}
	async photo(id: string): Promise<ArrayBuffer | null> {
		return (await this.#store()).photo(id);
	}

	/** In order, one tab at a time; what waits for an earlier one of the same task stays. */
	async send(): Promise<void> {
		if (this.#sending || !this.#items.length) return;
		this.#sending = true;
		try {
			// Absent on pages without https; there the server alone keeps one op from counting twice.
			if (navigator.locks)
				await navigator.locks.request(`xt-send-${this.townshipId}`, () => this.#sendAll());
			else await this.#sendAll();
		} finally {
			this.#sending = false;
			await this.#read();
		}
	}
	async #sendAll(): Promise<void> {
		const keep = await this.#store();
		await this.#read();
		const stuck: string[] = [];
		for (const item of this.#items) {
			const { target } = item.op;
			if (failed(item) || item.by.id !== this.#me?.id || stuck.includes(target)) {
				stuck.push(target);
				continue;
			}
			const outcome = await this.#deliver(keep, item);
			if (outcome === later) return;
			if (outcome.outcome === 'applied' || outcome.outcome === 'already') {
				await keep.remove(item);
				this.#sent = [{ op: item.op, outcome, at: Date.now() }, ...this.#sent].slice(0, 50);
			} else {
				await keep.change({ ...item, last: outcome });
				stuck.push(target);
			}
			await this.#read();
		}
	}
	async #deliver(keep: Keep, item: Kept): Promise<Outcome | typeof later> {
		for (const photo of item.photos) {
			const bytes = await keep.photo(photo.id);
			if (!bytes) continue;
			const refused = await sendPhoto(this.townshipId, photo, bytes);
			if (refused) return refused;
		}
		return sendOp(item.op);
	}

	async once(op: Op): Promise<Outcome | null> {
		const outcome = await sendOp(op);
		return outcome === later ? null : outcome;
	}

	async retry(opId: string): Promise<void> {
		await this.#change(opId, ({ last: _, ...item }) => item);
		await this.send();
	}
	async insist(opId: string, version: number): Promise<void> {
		await this.#change(opId, ({ last: _, ...item }) => ({
			...item,
			op: {
				...item.op,
				op_id: newId(),
				...(Number.isInteger(version) ? { base_version: version } : {})
			}
		}));
		await this.send();
	}
	async #change(opId: string, by: (item: Kept) => Kept): Promise<void> {
		const item = this.#items.find((i) => i.op.op_id === opId);
		if (!item) return;
		await (await this.#store()).change(by(item));
		await this.#read();
	}
	async discard(opId: string): Promise<void> {
		const item = this.#items.find((i) => i.op.op_id === opId);
		if (item) await (await this.#store()).remove(item);
		await this.#read();
	}

	async saveToFile(): Promise<Blob> {
		const keep = await this.#store();
		const mine = this.#items.filter((i) => i.by.id === this.#me?.id);
		const photos: Photo[] = [];
		for (const { id, type } of mine.flatMap((i) => i.photos)) {
			const bytes = await keep.photo(id);
			if (bytes) photos.push({ id, type, bytes });
		}
		return writeBox(this.townshipId, this.#me!, mine, photos);
	}
	/** Only one's own: an op carried in by somebody else would be written down as theirs. */
	async carryIn(file: Blob): Promise<CarriedIn> {
		const box = await readBox(file);
		if (!box) return { fault: 'not_a_box' };
		if (box.township !== this.townshipId) return { fault: 'other_township' };
		if (box.by.id !== this.#me?.id) return { fault: 'of_another', name: box.by.name };
		const keep = await this.#store();
		for (const { op, addedAt, photos } of box.items)
			await keep.add({ op, addedAt, by: box.by }, photos);
		await this.#read();
		await this.send();
		return { ops: box.items.map((i) => i.op) };
	}

	async wipe(): Promise<void> {
		await (await this.#store()).wipe();
		await this.#read();
	}
	close(): void {
		this.#stop.abort();
		void this.#keep?.then((keep) => keep.close());
	}
}
