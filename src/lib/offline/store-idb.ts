import { openDB, type IDBPDatabase, type IDBPTransaction } from 'idb';
import { Fault, type Change, type Keyed, type Numbered, type Row, type Store } from './parts';

const rooms = ['ops', 'past', 'photos', 'things'] as const;
type Writing = IDBPTransaction<unknown, typeof rooms, 'readwrite'>;

/** Opens the device's store. Later versions only add rooms, so an older page still finds the queue (H-10). */
export async function openIdbStore(name = 'xt-offline'): Promise<Store> {
	const db = await openDB(name, undefined, {
		upgrade(db) {
			for (const room of ['ops', 'past'] as const) {
				const made = db.createObjectStore(room, { keyPath: 'seq', autoIncrement: true });
				made.createIndex('id', 'id', { unique: room === 'ops' });
			}
			db.createObjectStore('photos');
			db.createObjectStore('things');
		},
		// A newer page wants to add rooms: let it; this page says `storage_closed` and asks to be reloaded.
		blocking: (_now, _wanted, event) => (event.target as IDBDatabase).close()
	});
	return new IdbStore(db);
}

class IdbStore implements Store {
	constructor(private readonly db: IDBPDatabase) {}

	all(room: Numbered): Promise<Row[]> {
		return clear(this.db.getAll(room) as Promise<Row[]>);
	}
	get(room: Keyed, key: string): Promise<unknown> {
		return clear(this.db.get(room, key));
	}
	keys(room: Keyed): Promise<string[]> {
		return clear(this.db.getAllKeys(room) as Promise<string[]>);
	}

	async write(changes: readonly Change[]): Promise<boolean> {
		return clear(this.#write(changes));
	}
	async #write(changes: readonly Change[]): Promise<boolean> {
		// 'strict': the browser says done only after the disk has it (a battery may die next).
		const tx = this.db.transaction(rooms, 'readwrite', { durability: 'strict' });
		const ended = tx.done.then(
			() => null,
			(error: unknown) => error
		);
		try {
			for (const change of changes) {
				if (await play(tx, change)) continue;
				tx.abort();
				await ended;
				return false;
			}
		} catch (error) {
			await ended;
			throw error;
		}
		const error = await ended;
		if (error) throw error;
		return true;
	}
	close(): void {
		this.db.close();
	}
}

async function play(tx: Writing, change: Change): Promise<boolean> {
	const room = tx.objectStore(change.room);
	switch (change.act) {
		case 'add':
			if (change.room === 'ops' && (await room.index('id').getKey(change.row.id)) !== undefined)
				return false;
			await room.add(change.row);
			return true;
		case 'replace':
		case 'remove': {
			const seq = change.act === 'remove' ? change.seq : change.row.seq;
			const there = (await room.get(seq)) as Row | undefined;
			if (there?.id !== change.was) return false;
			await (change.act === 'remove' ? room.delete(seq) : room.put(change.row));
			return true;
		}
		case 'putNew':
			if ((await room.getKey(change.key)) !== undefined) return false;
			await room.put(change.value, change.key);
			return true;
		case 'put':
			await room.put(change.value, change.key);
			return true;
		case 'drop':
			await room.delete(change.key);
			return true;
	}
}

/** The browser's own names for what went wrong, in ours. */
async function clear<T>(work: Promise<T>): Promise<T> {
	try {
		return await work;
	} catch (error) {
		const name = (error as DOMException | null)?.name;
		if (name === 'QuotaExceededError') throw new Fault('storage_full');
		if (name === 'InvalidStateError') throw new Fault('storage_closed');
		throw error;
	}
}
