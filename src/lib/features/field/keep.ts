import { openDB, type IDBPDatabase } from 'idb';
import type { Op, Outcome } from '$lib/domain/op';

/** One op as it lies on this phone, with the person who said it: nobody's word is sent as another's. */
export type Kept = {
	seq: number;
	by: { id: string; name: string };
	op: Op;
	addedAt: number;
	photos: { id: string; type: string; size: number }[];
	last?: Outcome;
};
type Sealed = { iv: Uint8Array<ArrayBuffer> | null; data: ArrayBuffer };
type Row = { seq?: number; opId: string; sealed: Sealed };

const strict = { durability: 'strict' } as const;

/**
 * What a phone keeps of one township: the day, the queue and its photos, sealed with a key of this browser
 * that no script can read out. A page without https has no Web Crypto; there it is kept unsealed, because
 * losing a day's work is worse.
 */
export class Keep {
	private constructor(
		private readonly db: IDBPDatabase,
		private readonly key: CryptoKey | null
	) {}

	static async open(townshipId: string): Promise<Keep> {
		const db = await openDB(nameOf(townshipId), 1, {
			upgrade(db) {
				db.createObjectStore('things');
				db.createObjectStore('ops', { keyPath: 'seq', autoIncrement: true }).createIndex(
					'opId',
					'opId',
					{ unique: true }
				);
				db.createObjectStore('photos');
			}
		});
		// Asked quietly; without it the browser may empty the store when the phone is full.
		void navigator.storage?.persist?.().catch(() => false);
		if (!globalThis.crypto?.subtle) return new Keep(db, null);
		const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
			'encrypt',
			'decrypt'
		]);
		// Whoever comes first: two tabs must not make two keys.
		const tx = db.transaction('things', 'readwrite', strict);
		const there = (await tx.store.get('key')) as CryptoKey | undefined;
		if (!there) await tx.store.put(made, 'key');
		await tx.done;
		return new Keep(db, there ?? made);
	}

	/** Resolves when op and photos are on disk, all or none. */
	async add(item: Omit<Kept, 'seq' | 'photos'>, photos: Photo[]): Promise<void> {
		const { op, ...rest } = item;
		const row: Row = {
			opId: op.op_id,
			sealed: await this.#sealJson({
				...rest,
				op,
				photos: photos.map(({ id, type, bytes }) => ({ id, type, size: bytes.byteLength }))
			})
		};
		const sealed = await Promise.all(
			photos.map(async (p) => [p.id, await this.#seal(p.bytes)] as const)
		);
		const tx = this.db.transaction(['ops', 'photos'], 'readwrite', strict);
		const known = await tx.objectStore('ops').index('opId').getKey(op.op_id);
		if (known === undefined) {
			for (const [id, bytes] of sealed) void tx.objectStore('photos').put(bytes, id);
			void tx.objectStore('ops').add(row);
		}
		await tx.done;
	}

	async all(): Promise<Kept[]> {
		const rows = (await this.db.getAll('ops')) as Required<Row>[];
		return Promise.all(
			rows.map(async ({ seq, sealed }) => ({ ...((await this.#openJson(sealed)) as Kept), seq }))
		);
	}

	async photo(id: string): Promise<ArrayBuffer | null> {
		const sealed = (await this.db.get('photos', id)) as Sealed | undefined;
		return sealed ? this.#open(sealed) : null;
	}

	/** Writes what became of an op; the op itself may be a new one in the old one's place. */
	async change(item: Kept): Promise<void> {
		const { seq, ...rest } = item;
		const row: Row = { seq, opId: rest.op.op_id, sealed: await this.#sealJson(rest) };
		await this.db.put('ops', row);
	}

	async remove(item: Kept): Promise<void> {
		const tx = this.db.transaction(['ops', 'photos'], 'readwrite', strict);
		void tx.objectStore('ops').delete(item.seq);
		for (const { id } of item.photos) void tx.objectStore('photos').delete(id);
		await tx.done;
	}

	async setDay(known: unknown): Promise<void> {
		const sealed = await this.#sealJson(known);
		await this.db.put('things', sealed, 'day');
	}
	async day(): Promise<unknown> {
		const sealed = (await this.db.get('things', 'day')) as Sealed | undefined;
		return sealed ? this.#openJson(sealed) : null;
	}

	/** Everything of this township leaves the phone. */
	async wipe(): Promise<void> {
		const tx = this.db.transaction(['things', 'ops', 'photos'], 'readwrite', strict);
		for (const name of ['things', 'ops', 'photos'] as const) void tx.objectStore(name).clear();
		await tx.done;
	}
	close(): void {
		this.db.close();
	}

	async #seal(data: ArrayBuffer): Promise<Sealed> {
		if (!this.key) return { iv: null, data };
		const iv = crypto.getRandomValues(new Uint8Array(12));
		return { iv, data: await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, this.key, data) };
	}
	#open({ iv, data }: Sealed): Promise<ArrayBuffer> {
		if (!iv || !this.key) return Promise.resolve(data);
		return crypto.subtle.decrypt({ name: 'AES-GCM', iv }, this.key, data);
	}
	#sealJson = (value: unknown) =>
		this.#seal(new TextEncoder().encode(JSON.stringify(value)).buffer as ArrayBuffer);
	async #openJson(sealed: Sealed): Promise<unknown> {
		return JSON.parse(new TextDecoder().decode(await this.#open(sealed)));
	}
}

export type Photo = { id: string; type: string; bytes: ArrayBuffer };
const nameOf = (townshipId: string) => `xt-field-${townshipId}`;
