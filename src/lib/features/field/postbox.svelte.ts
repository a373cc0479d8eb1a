import type { Op, Outcome } from '$lib/domain/op';
import { openOutbox } from '$lib/offline/browser';
import { makePassphrase, type Cargo, underCarrier, unpackCargo } from '$lib/offline/carry';
import type { Counts, Outbox } from '$lib/offline/outbox';
import { NetworkFailure, type Kept, type Past, type Photo } from '$lib/offline/parts';
import type { Snapshot } from '$lib/offline/snapshot';
import { needRoom, persist } from '$lib/offline/vault';
import { httpWire } from '$lib/offline/wire-http';
import type { Post, ServerHas, Opened } from './post';

const none: Counts = { waiting: 0, oldest: null, failed: 0 };

/** The off-line box of one township on this device, for the page: what the outbox knows, as runes. */
export class PostBox implements Post {
	#online = $state(navigator.onLine);
	#sending = $state(false);
	#signedOut = $state(false);
	#waiting = $state.raw<readonly Kept[]>([]);
	#past = $state.raw<readonly Past[]>([]);
	#outbox: Outbox | null = null;
	#snapshot: Snapshot | null = null;
	#close = () => undefined as void;
	readonly #wire = httpWire();
	/** Other tabs of this township read again when this one changed the box. */
	readonly #others = new BroadcastChannel('xiangtu-field');
	readonly #began = Date.now();
	/** False where the page was not opened over https: the browser then has no keys to seal with. */
	readonly lasting = typeof crypto.subtle !== 'undefined';

	constructor(private readonly townshipId: string) {
		addEventListener('online', this.#goOnline);
		addEventListener('offline', this.#goOffline);
		this.#others.onmessage = () => void this.#outbox?.load();
	}
	readonly #goOnline = () => (this.#online = true);
	readonly #goOffline = () => (this.#online = false);

	get online() {
		return this.#online;
	}
	get sending() {
		return this.#sending;
	}
	get signedOut() {
		return this.#signedOut;
	}
	get waiting() {
		return this.#waiting;
	}
	readonly sent = $derived.by(() =>
		this.#past.filter((p) => p.ended === 'sent' && p.at >= this.#began)
	);
	readonly counts = $derived.by(() => this.#of((box) => box.counts, none));
	readonly pending = $derived.by(() => this.#of((box) => box.pending, []));

	async open(): Promise<unknown> {
		const box = await openOutbox(this.townshipId, () => this.#show());
		this.#outbox = box.outbox;
		this.#snapshot = box.snapshot;
		this.#close = box.close;
		await box.outbox.loadPast();
		return (await box.snapshot.read())?.day ?? null;
	}

	/** What the outbox knows, read again whenever it showed something new. */
	#of<T>(read: (box: Outbox) => T, empty: T): T {
		return this.#waiting && this.#outbox ? read(this.#outbox) : empty;
	}

	#show(): void {
		const box = this.#outbox;
		if (!box) return;
		// A new list each time: who is signed in changes what `pending` says of the same one.
		this.#waiting = [...box.waiting];
		this.#past = box.past;
		this.#sending = box.sending;
		this.#signedOut = box.signedOut;
	}

	/** The day of whoever is signed in; what another person left on this phone stays theirs. */
	async keep(known: { me: { id: string; name: string } }): Promise<void> {
		const { me } = known;
		if (!this.#outbox) return;
		this.#outbox.me = { id: me.id, name: me.name };
		await this.#snapshot?.keep({ id: me.id, name: me.name }, known);
		this.#show();
	}

	async add(op: Op, photos: readonly Photo[]): Promise<void> {
		if (!this.#outbox) throw new Error('the box is not open');
		if (photos.length) {
			// Throws before anything is promised where the phone is full.
			await needRoom(photos.reduce((n, p) => n + p.bytes.byteLength, 0));
			void persist();
		}
		await this.#outbox.add({
			op,
			photos: photos.map(({ id, type, bytes }) => ({ id, type, bytes }))
		});
		this.#others.postMessage(this.townshipId);
	}

	async photo(id: string): Promise<ArrayBuffer | null> {
		return (await this.#outbox?.photo(id)) ?? null;
	}

	async send(): Promise<void> {
		await this.#outbox?.send();
		await this.#outbox?.loadPast();
		this.#others.postMessage(this.townshipId);
	}

	async once(op: Op): Promise<Outcome | null> {
		try {
			return (await this.#wire.sendOps(this.townshipId, [op]))[0] ?? null;
		} catch (problem) {
			if (problem instanceof NetworkFailure) return null;
			throw problem;
		}
	}

	async retry(opId: string): Promise<void> {
		await this.#outbox?.resend(opId);
		await this.send();
	}
	async insist(opId: string, version: number): Promise<void> {
		await this.#outbox?.resend(opId, version);
		await this.send();
	}
	async discard(opId: string): Promise<void> {
		await this.#outbox?.dismiss(opId);
	}

	async saveToFile(): Promise<{ file: Blob; code: string }> {
		const code = makePassphrase();
		return { file: await this.#outbox!.saveToFile(code), code };
	}

	async look(file: Blob, code: string): Promise<Opened> {
		const cargo: Cargo = await unpackCargo(file, code);
		if (cargo.township !== this.townshipId) throw new Error('other_township');
		const { take, left } = await underCarrier(cargo, this.#outbox!.me!);
		return { cargo, take: take.map((t) => t.op), left };
	}

	async carryIn(file: Blob, code: string): Promise<number> {
		const { ops } = await this.#outbox!.carryIn(file, code);
		return ops.length;
	}

	async compare(ops: readonly Op[]): Promise<ServerHas | null> {
		return this.#wire
			.known(this.townshipId, { ops: ops.slice(0, 200).map((op) => op.op_id), photos: [] })
			.catch(() => null);
	}

	async wipe(): Promise<void> {
		await this.#outbox?.wipe({ unsent: this.#waiting.length });
	}

	close(): void {
		removeEventListener('online', this.#goOnline);
		removeEventListener('offline', this.#goOffline);
		this.#others.close();
		this.#close();
	}
}
