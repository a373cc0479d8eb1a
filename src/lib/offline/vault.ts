import { Fault, type Sealed, type Store } from './parts';

/** Seals what one account keeps on this device. */
export interface Seal {
	/** False where the browser has no Web Crypto: then things lie open, and the page may say so. */
	readonly sealing: boolean;
	seal(data: ArrayBuffer): Promise<Sealed>;
	open(sealed: Sealed): Promise<ArrayBuffer>;
}

/** The key is made here, cannot be read out by any script, and dies with `wipe`. */
class Vault implements Seal {
	constructor(private readonly key: CryptoKey | null) {}
	get sealing(): boolean {
		return this.key !== null;
	}
	async seal(data: ArrayBuffer): Promise<Sealed> {
		if (!this.key) return { iv: null, data };
		const iv = crypto.getRandomValues(new Uint8Array(12));
		return { iv, data: await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, this.key, data) };
	}
	open({ iv, data }: Sealed): Promise<ArrayBuffer> {
		if (!iv || !this.key) return Promise.resolve(data);
		return crypto.subtle.decrypt({ name: 'AES-GCM', iv }, this.key, data);
	}
}

/** Sealing that does not seal: what a page without https gets. */
export const openVault: Seal = new Vault(null);

export const keyName = (owner: string) => `key:${owner}`;

/** The vault of an account on this device; two tabs that come at once get the same key. */
export async function vaultOf(store: Store, owner: string): Promise<Seal> {
	if (!globalThis.crypto?.subtle) return openVault;
	const room = 'things';
	const key = keyName(owner);
	const there = (await store.get(room, key)) as CryptoKey | undefined;
	if (there) return new Vault(there);
	const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
		'encrypt',
		'decrypt'
	]);
	if (await store.write([{ act: 'putNew', room, key, value: made }])) return new Vault(made);
	return new Vault((await store.get(room, key)) as CryptoKey);
}

const text = new TextEncoder();
export const sealJson = (vault: Seal, value: unknown): Promise<Sealed> =>
	vault.seal(text.encode(JSON.stringify(value)).buffer as ArrayBuffer);
export const openJson = async (vault: Seal, sealed: Sealed): Promise<unknown> =>
	JSON.parse(new TextDecoder().decode(await vault.open(sealed)));

let asked = false;
/** Asks the browser once not to empty this store by itself; true where it promised. */
export async function persist(): Promise<boolean> {
	if (!globalThis.navigator?.storage?.persist) return false;
	if (asked) return navigator.storage.persisted();
	asked = true;
	return navigator.storage.persist().catch(() => false);
}

/** Before a capture: is there room for `bytes`? Throws `storage_full` with the megabytes left. */
export async function needRoom(bytes: number): Promise<void> {
	const told = await globalThis.navigator?.storage?.estimate?.().catch(() => undefined);
	if (told?.quota === undefined || told.usage === undefined) return;
	const left = told.quota - told.usage;
	// Sealing and the journal of the browser's database need some room of their own.
	if (left < bytes * 1.5 + 5_000_000)
		throw new Fault('storage_full', String(Math.max(0, Math.floor(left / 1e6))));
}
