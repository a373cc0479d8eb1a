import type { Op, Outcome } from '$lib/domain/op';
import { mayCarry, newCode, pack, unpack, type Cargo } from '$lib/offline/carry';
import { NoAnswer, Outbox, pending, SignedOut, type Item, type Settled } from '$lib/offline/outbox';
import {
	askToStay,
	boxName,
	IdbStore,
	lastBox,
	openDatabase,
	type Database
} from '$lib/offline/store-idb';
import { MemoryStore } from '$lib/offline/store-memory';
import { sha256 } from '$lib/offline/vault';
import { HttpWire } from '$lib/offline/wire-http';
import type { Post } from './post';
import type { Known } from './room.svelte';
import type { Shot } from './shots.svelte';

const clock = { now: () => Date.now(), random: () => Math.random() };
/** Keys, service workers and disks that last exist only over https (or on this very machine). */
const lasting = () => typeof crypto.subtle !== 'undefined' && typeof indexedDB !== 'undefined';

/** The off-line box of one township on this device, for the page. */
export class PostBox implements Post {
	#online = $state(navigator.onLine);
	#sending = $state(false);
	#items = $state.raw<Item[]>([]);
	#sent = $state.raw<Settled[]>([]);
	#signedOut = $state(false);
	#store: IdbStore | MemoryStore | null = null;
	#outbox: Outbox | null = null;
	#db: Database | null = null;
	#person: { id: string; name: string } | null = null;
	readonly #wire: HttpWire;
	/** Other tabs of this township read again when this one changed the box. */
	readonly #others = new BroadcastChannel('xiangtu-field');
	readonly #began = Date.now();
	readonly lasting = lasting();

	constructor(private readonly townshipId: string) {
		this.#wire = new HttpWire(townshipId);
		addEventListener('online', this.#goOnline);
		addEventListener('offline', this.#goOffline);
		this.#others.onmessage = () => void this.#read();
	}
	readonly #goOnline = () => (this.#online = true);
	readonly #goOffline = () => (this.#online = false);

	get online() {
		return this.#online;
	}
	get sending() {
		return this.#sending;
	}
	/** The server asked to sign in again: nothing is lost, nothing leaves until then. */
	get signedOut() {
		return this.#signedOut;
	}
	get waiting() {
		return this.#items;
	}
	readonly sent = $derived.by(() =>
		this.#sent.filter((s) => s.how === 'sent' && s.at >= this.#began).reverse()
	);
	readonly counts = $derived.by(() => ({
		waiting: this.#items.length,
		oldest: this.#items.length ? Math.min(...this.#items.map((i) => i.addedAt)) : null,
		failed: this.#items.filter((i) => ['refused', 'conflict'].includes(i.last?.outcome ?? ''))
			.length
	}));
	readonly pending = $derived.by(() => pending(this.#items));

	async open(): Promise<unknown> {
		if (!this.lasting) {
			await this.#use(new MemoryStore());
			return null;
		}
		this.#db = await openDatabase();
		const box = await lastBox(this.#db, this.townshipId);
		if (!box) return null;
		const store = await IdbStore.open(this.#db, box);
		await this.#use(store);
		const known = await store.kept<Known>('day');
		if (known) this.#person = { id: known.me.id, name: known.me.name };
		return known;
	}

	async #use(store: IdbStore | MemoryStore): Promise<void> {
		this.#store = store;
		this.#outbox = new Outbox(store, this.#wire, clock, async () => {
			await this.#read();
			this.#others.postMessage(this.townshipId);
		});
		await this.#read();
	}

	async #read(): Promise<void> {
		if (!this.#store) return;
		this.#items = await this.#store.items();
		this.#sent = await this.#store.settled();
	}

	/** The day of whoever is signed in; another person on this phone gets a box of their own. */
	async keep(known: unknown): Promise<void> {
		const { me } = known as Known;
		this.#person = { id: me.id, name: me.name };
		this.#signedOut = false;
		if (!this.#db) return;
		const box = boxName(this.townshipId, me.id);
		if (!(this.#store instanceof IdbStore) || this.#store.box !== box)
			await this.#use(await IdbStore.open(this.#db, box));
		await (this.#store as IdbStore).keep('day', known);
	}

	async add(op: Op, shots: readonly Shot[]): Promise<void> {
		if (!this.#outbox) throw new Error('the box is not open');
		if (shots.length && this.lasting) void askToStay();
		const photos = await Promise.all(
			shots.map(async (s) => ({
				id: s.id,
				type: s.type,
				bytes: s.bytes,
				sha256: this.lasting ? await sha256(s.bytes) : ''
			}))
		);
		await this.#outbox.add(op, photos);
	}

	async send(): Promise<void> {
		if (!this.#outbox || this.#sending) return;
		const outbox = this.#outbox;
		this.#sending = true;
		try {
			// One sender across tabs: the others leave it to this one.
			const work = () => outbox.send();
			const result = navigator.locks
				? await navigator.locks.request(
						`xiangtu-send-${this.townshipId}`,
						{ ifAvailable: true },
						(lock) => (lock ? work() : 'busy')
					)
				: await work();
			this.#signedOut = result === 'signed_out';
		} finally {
			this.#sending = false;
		}
	}

	async once(op: Op): Promise<Outcome | null> {
		try {
			return await this.#wire.op(op);
		} catch (problem) {
			if (problem instanceof NoAnswer || problem instanceof SignedOut) return null;
			throw problem;
		}
	}

	async retry(opId: string): Promise<void> {
		await this.#outbox?.retry(opId);
		await this.send();
	}
	async insist(opId: string, version: number): Promise<void> {
		await this.#outbox?.insist(opId, version);
		await this.send();
	}
	async discard(opId: string): Promise<void> {
		await this.#outbox?.dismiss(opId);
	}

	async saveToFile(): Promise<{ file: Blob; code: string }> {
		const code = newCode();
		// eslint-disable-next-line svelte/prefer-svelte-reactivity -- a moment, not a state
		const savedAt = new Date().toISOString();
		const bytes = await pack(
			this.#store!,
			{
				townshipId: this.townshipId,
				personId: this.#person!.id,
				name: this.#person!.name,
				savedAt
			},
			code
		);
		return { file: new Blob([bytes], { type: 'application/octet-stream' }), code };
	}

	/** Opens a saved queue; nothing is taken over yet. */
	async look(file: Blob, code: string): Promise<Opened> {
		const bytes = new Uint8Array(await file.arrayBuffer());
		const { cargo, photos } = await unpack(bytes, code, this.townshipId);
		return { cargo, photos, ...mayCarry(cargo, this.#person!.id) };
	}

	/** Takes over what may be carried, as own queue; how many ops that were. */
	async carryIn(opened: Opened): Promise<number> {
		const mine = this.#items.map((i) => i.op.op_id);
		let taken = 0;
		for (const item of opened.yes) {
			if (mine.includes(item.op.op_id)) continue;
			const photos = item.photos.flatMap((p) => opened.photos.get(p.id) ?? []);
			await this.#outbox!.add(
				item.op,
				photos,
				opened.cargo.personId === this.#person!.id ? undefined : opened.cargo.name
			);
			taken++;
		}
		return taken;
	}

	/** Which ops and photos the server has, of these: null when it did not answer. */
	async compare(ops: readonly Op[]): Promise<ServerHas | null> {
		const photos = ops.flatMap((op) => (op.payload as { photos?: string[] }).photos ?? []);
		const answer = await fetch(`/t/${this.townshipId}/ops/known`, {
			method: 'POST',
			headers: { 'Content-Type': 'application/json' },
			body: JSON.stringify({ ops: ops.map((op) => op.op_id), photos })
		}).catch(() => null);
		return answer?.ok ? ((await answer.json()) as ServerHas) : null;
	}

	async wipe(): Promise<void> {
		if (this.#store instanceof IdbStore) await this.#store.wipe();
		this.#store = this.#outbox = null;
		this.#items = [];
	}

	close(): void {
		removeEventListener('online', this.#goOnline);
		removeEventListener('offline', this.#goOffline);
		this.#others.close();
		this.#db?.close();
	}
}

export type ServerHas = { ops: Record<string, string>; photos: Record<string, string> };
export type Opened = Awaited<ReturnType<typeof unpack>> & ReturnType<typeof mayCarry>;
export type { Cargo };
