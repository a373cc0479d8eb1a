import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Item, NewPhoto, Settled, Store } from './outbox';
import { newKey, seal, sealJson, unseal, unsealJson, type Sealed } from './vault';

/** One box per township and person; everything in it but numbers and ids is sealed. */
interface Schema extends DBSchema {
	keys: { key: string; value: CryptoKey };
	/** The day as the server last told it, and what else a box keeps one of. */
	kept: { key: [box: string, name: string]; value: Sealed };
	items: {
		key: number;
		value: { seq?: number; box: string; sealed: Sealed };
		indexes: { box: string };
	};
	photos: {
		key: string;
		value: { id: string; box: string; sealed: Sealed };
		indexes: { box: string };
	};
	settled: {
		key: number;
		value: { n?: number; box: string; sealed: Sealed };
		indexes: { box: string };
	};
	/** Which box was used last in a township: so that the page finds it without signal. */
	last: { key: string; value: string };
}

/** Settled ops that are kept for looking back. */
const remembered = 500;
const strict = { durability: 'strict' } as const;
export type Database = IDBPDatabase<Schema>;

export const openDatabase = (name = 'xiangtu-field'): Promise<Database> =>
	openDB<Schema>(name, 1, {
		upgrade(db) {
			db.createObjectStore('keys');
			db.createObjectStore('kept');
			db.createObjectStore('items', { keyPath: 'seq', autoIncrement: true }).createIndex(
				'box',
				'box'
			);
			db.createObjectStore('photos', { keyPath: 'id' }).createIndex('box', 'box');
			db.createObjectStore('settled', { keyPath: 'n', autoIncrement: true }).createIndex(
				'box',
				'box'
			);
			db.createObjectStore('last');
		},
		// A newer program in another tab wants to change the box: make way and start again with it.
		blocking: (_current, _blocked, event) => {
			(event.target as IDBDatabase).close();
			location.reload();
		}
	});

export const boxName = (townshipId: string, personId: string): string =>
	`${townshipId}/${personId}`;
export const lastBox = async (db: Database, townshipId: string): Promise<string | undefined> =>
	db.get('last', townshipId);

/** The queue and the kept day of one person in one township, in IndexedDB. */
export class IdbStore implements Store {
	private constructor(
		private readonly db: Database,
		readonly box: string,
		private readonly key: CryptoKey
	) {}

	static async open(db: Database, box: string): Promise<IdbStore> {
		let key = await db.get('keys', box);
		if (!key) {
			const made = await newKey();
			// Two tabs at once: the first key that is on disk is the key.
			const tx = db.transaction('keys', 'readwrite', strict);
			key = (await tx.store.get(box)) ?? made;
			await tx.store.put(key, box);
			await tx.done;
		}
		await db.put('last', box, box.split('/')[0]!);
		return new IdbStore(db, box, key);
	}

	async items(): Promise<Item[]> {
		const rows = await this.db.getAllFromIndex('items', 'box', this.box);
		const items = await Promise.all(
			rows.map(async (row) => ({
				...(await unsealJson<Item>(this.key, row.sealed)),
				seq: row.seq!
			}))
		);
		return items.sort((a, b) => a.seq - b.seq);
	}

	async add(item: Omit<Item, 'seq'>, photos: readonly NewPhoto[]): Promise<Item> {
		// Sealed before the transaction opens: it closes by itself while anything else is waited for.
		const sealed = await sealJson(this.key, item);
		const pictures = await Promise.all(
			photos.map(async (p) => ({ id: p.id, box: this.box, sealed: await seal(this.key, p.bytes) }))
		);
		const tx = this.db.transaction(['items', 'photos'], 'readwrite', strict);
		const [seq] = await Promise.all([
			tx.objectStore('items').add({ box: this.box, sealed }),
			...pictures.map((p) => tx.objectStore('photos').put(p))
		]);
		await tx.done;
		return { ...item, seq };
	}

	async update(item: Item): Promise<void> {
		const sealed = await sealJson(this.key, item);
		const tx = this.db.transaction('items', 'readwrite', strict);
		// Gone in another tab: it stays gone.
		if (await tx.store.get(item.seq)) await tx.store.put({ seq: item.seq, box: this.box, sealed });
		await tx.done;
	}

	async photo(id: string): Promise<ArrayBuffer | null> {
		const row = await this.db.get('photos', id);
		return row ? unseal(this.key, row.sealed) : null;
	}

	async photoSent(item: Item): Promise<void> {
		const sealed = await sealJson(this.key, item);
		const tx = this.db.transaction(['items', 'photos'], 'readwrite', strict);
		await tx.objectStore('items').put({ seq: item.seq, box: this.box, sealed });
		for (const photo of item.photos)
			if (photo.sent) await tx.objectStore('photos').delete(photo.id);
		await tx.done;
	}

	async settle(seq: number, settled: Settled): Promise<void> {
		const sealed = await sealJson(this.key, settled);
		const item = (await this.items()).find((i) => i.seq === seq);
		const tx = this.db.transaction(['items', 'photos', 'settled'], 'readwrite', strict);
		await tx.objectStore('items').delete(seq);
		for (const photo of item?.photos ?? []) await tx.objectStore('photos').delete(photo.id);
		await tx.objectStore('settled').add({ box: this.box, sealed });
		const old = await tx.objectStore('settled').index('box').getAllKeys(this.box);
		for (const n of old.slice(0, Math.max(0, old.length - remembered)))
			await tx.objectStore('settled').delete(n);
		await tx.done;
	}

	async settled(): Promise<Settled[]> {
		const rows = await this.db.getAllFromIndex('settled', 'box', this.box);
		return Promise.all(rows.map((row) => unsealJson<Settled>(this.key, row.sealed)));
	}

	async keep(name: string, value: unknown): Promise<void> {
		await this.db.put('kept', await sealJson(this.key, value), [this.box, name]);
	}

	async kept<T>(name: string): Promise<T | null> {
		const sealed = await this.db.get('kept', [this.box, name]);
		// A key that was lost (cleared by hand) makes what is kept unreadable: the same as nothing.
		return sealed ? unsealJson<T>(this.key, sealed).catch(() => null) : null;
	}

	/** How much other people left unsent on this device: a number only, the rest cannot be read. */
	async others(): Promise<number> {
		return (
			(await this.db.count('items')) - (await this.db.countFromIndex('items', 'box', this.box))
		);
	}

	/** Forgets this person on this device: queue, photos, day and key. */
	async wipe(): Promise<void> {
		const tx = this.db.transaction(
			['keys', 'kept', 'items', 'photos', 'settled', 'last'],
			'readwrite',
			strict
		);
		for (const name of ['items', 'settled'] as const)
			for (const key of await tx.objectStore(name).index('box').getAllKeys(this.box))
				await tx.objectStore(name).delete(key);
		for (const key of await tx.objectStore('photos').index('box').getAllKeys(this.box))
			await tx.objectStore('photos').delete(key);
		for (const key of await tx.objectStore('kept').getAllKeys())
			if (key[0] === this.box) await tx.objectStore('kept').delete(key);
		await tx.objectStore('keys').delete(this.box);
		await tx.objectStore('last').delete(this.box.split('/')[0]!);
		await tx.done;
	}
}

/** Asks the browser not to clear the box by itself; whether it agreed. */
export const askToStay = async (): Promise<boolean> =>
	(await navigator.storage?.persist?.().catch(() => false)) ?? false;

/** Bytes that are still free; null where the browser does not say. */
export async function roomLeft(): Promise<number | null> {
	const { quota, usage } = (await navigator.storage?.estimate?.().catch(() => undefined)) ?? {};
	return quota === undefined ? null : quota - (usage ?? 0);
}
