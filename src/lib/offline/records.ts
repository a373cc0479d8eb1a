import type { Change, Kept, Past, Photo, PhotoPart, Row, Store } from './parts';
import { digest } from './digest';
import { openJson, sealJson, vaultOf, type Seal } from './vault';

export const photoKey = (owner: string, id: string) => `${owner}/${id}`;

/** Turns what lies on disk into what is worked with and back. Knows one township. */
export class Records {
	#vaults = new Map<string, Promise<Seal>>();

	constructor(
		readonly store: Store,
		readonly township: string,
		private readonly vault = vaultOf
	) {}

	vaultOf(owner: string): Promise<Seal> {
		let vault = this.#vaults.get(owner);
		if (!vault) this.#vaults.set(owner, (vault = this.vault(this.store, owner)));
		return vault;
	}
	forgetKeys(): void {
		this.#vaults.clear();
	}

	async kept(): Promise<Kept[]> {
		return this.#read<Omit<Kept, 'seq'>>('ops');
	}
	/** Latest first. */
	async past(): Promise<(Past & { seq: number })[]> {
		return (await this.#read<Past>('past')).reverse();
	}
	async #read<T>(room: 'ops' | 'past'): Promise<(T & { seq: number })[]> {
		const rows = (await this.store.all(room)).filter((r) => r.township === this.township);
		return Promise.all(
			rows.map(async ({ seq, owner, sealed }) => ({
				...((await openJson(await this.vaultOf(owner), sealed)) as T),
				seq
			}))
		);
	}

	async row(owner: string, id: string, value: unknown): Promise<Omit<Row, 'seq'>> {
		const sealed = await sealJson(await this.vaultOf(owner), value);
		return { id, owner, township: this.township, sealed };
	}

	async replace({ seq, ...item }: Kept, was = item.op.op_id): Promise<Change> {
		const row = { ...(await this.row(item.by.id, item.op.op_id, item)), seq };
		return { act: 'replace', room: 'ops', row, was };
	}
	async toPast(item: Past): Promise<Change> {
		return { act: 'add', room: 'past', row: await this.row(item.by.id, item.op.op_id, item) };
	}

	async putPhoto(owner: string, { id, bytes }: Photo): Promise<Change> {
		const value = await (await this.vaultOf(owner)).seal(bytes);
		return { act: 'put', room: 'photos', key: photoKey(owner, id), value };
	}
	async photo(owner: string, id: string): Promise<ArrayBuffer | null> {
		const sealed = await this.store.get('photos', photoKey(owner, id));
		return sealed ? (await this.vaultOf(owner)).open(sealed as Row['sealed']) : null;
	}
	/** Photos of `item` that no other waiting op speaks of leave the device. */
	dropPhotos(item: Kept, all: readonly Kept[]): Change[] {
		const others = all.filter((k) => k.seq !== item.seq && k.by.id === item.by.id);
		return item.photos
			.filter((p) => !others.some((k) => k.photos.some((o) => o.id === p.id)))
			.map((p) => ({ act: 'drop', room: 'photos', key: photoKey(item.by.id, p.id) }));
	}
}

export const partOf = async ({ id, type, bytes }: Photo): Promise<PhotoPart> => ({
	id,
	type,
	size: bytes.byteLength,
	sha256: await digest(bytes)
});
