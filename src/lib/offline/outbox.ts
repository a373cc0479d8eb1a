import { newId, type Op, type Outcome } from '$lib/domain/op';
import { Courier } from './courier';
import { packCargo, unpackCargo, underCarrier, type Carried } from './carry';
import { Fault, type Clock, type Kept, type Lock, type Past, type Person } from './parts';
import type { Photo, Store, Wire } from './parts';
import { partOf, Records } from './records';
import type { vaultOf } from './vault';

export type OutboxParts = {
	township: string;
	store: Store;
	wire: Wire;
	clock: Clock;
	lock: Lock;
	/** Whoever is signed in; null while nobody is known yet: then nothing is added or sent. */
	me?: Person | null;
	vault?: typeof vaultOf;
	/** Called after every change of what is shown. */
	changed?: () => void;
};
export type Counts = { waiting: number; oldest: number | null; failed: number };

export const needsPerson = (item: Kept): boolean =>
	item.last?.outcome === 'refused' || item.last?.outcome === 'conflict';

/**
 * What was said on this device and not yet heard by the server. Knows neither browser nor network: the same
 * code runs in the page, in the service worker and in the simulated day of the tests.
 */
export class Outbox {
	readonly township: string;
	readonly #records: Records;
	readonly #courier: Courier;
	readonly #parts: OutboxParts;
	#me: Person | null;
	#waiting: readonly Kept[] = [];
	#past: readonly Past[] = [];

	constructor(parts: OutboxParts) {
		this.#parts = parts;
		this.township = parts.township;
		this.#me = parts.me ?? null;
		this.#records = new Records(parts.store, parts.township, parts.vault);
		this.#courier = new Courier({
			...parts,
			records: this.#records,
			me: () => this.#me,
			load: () => this.load(),
			changed: () => this.#parts.changed?.()
		});
	}

	get me(): Person | null {
		return this.#me;
	}
	set me(person: Person | null) {
		this.#me = person;
	}
	/** In the order in which they were said here, of everybody who uses this device. */
	get waiting(): readonly Kept[] {
		return this.#waiting;
	}
	/** What became of earlier ones, latest first. */
	get past(): readonly Past[] {
		return this.#past;
	}
	get sending(): boolean {
		return this.#courier.sending;
	}
	/** The session ended: everything stays until the same person signs in again. */
	get signedOut(): boolean {
		return this.#courier.signedOut;
	}
	/** `oldest` is a moment of this device's clock, for "oldest 3 h"; nothing depends on it. */
	get counts(): Counts {
		const times = this.#waiting.map((w) => w.addedAt);
		return {
			waiting: times.length,
			oldest: times.length ? Math.min(...times) : null,
			failed: this.#waiting.filter(needsPerson).length
		};
	}
	/** Ops that may still come true, in order: to be played over what the server last told. */
	get pending(): Op[] {
		return this.#waiting
			.filter((k) => !needsPerson(k) && k.by.id === this.#me?.id)
			.map((k) => k.op);
	}

	async load(): Promise<readonly Kept[]> {
		this.#waiting = await this.#records.kept();
		this.#parts.changed?.();
		return this.#waiting;
	}
	async loadPast(): Promise<readonly Past[]> {
		this.#past = await this.#records.past();
		this.#parts.changed?.();
		return this.#past;
	}

	/** Resolves when op and photos are on disk, all or none. The same op id again changes nothing. */
	async add(said: { op: Op; photos?: readonly Photo[]; carriedFor?: Person }): Promise<void> {
		const { op, photos = [], carriedFor } = said;
		const by = this.#needMe();
		const item: Omit<Kept, 'seq'> = {
			device: await this.#device(),
			by,
			op,
			addedAt: this.#parts.clock.wall(),
			photos: await Promise.all(photos.map(partOf)),
			...(carriedFor ? { carriedFor } : {})
		};
		await this.#parts.store.write([
			...(await Promise.all(photos.map((p) => this.#records.putPhoto(by.id, p)))),
			{ act: 'add', room: 'ops', row: await this.#records.row(by.id, op.op_id, item) }
		]);
		await this.load();
	}

	/** A photo that still lies here. */
	async photo(id: string, owner = this.#me?.id): Promise<ArrayBuffer | null> {
		return owner ? this.#records.photo(owner, id) : null;
	}

	/** Sends what can be sent; resolves when there is nothing more to do now. Never throws for the network. */
	send(): Promise<void> {
		return this.#courier.send();
	}
	/** No timer of this outbox runs any more. */
	stop(): void {
		this.#courier.stop();
	}

	/**
	 * The same wish again, on top of `version` where one is given: a new op in the old one's place, because
	 * the server remembers for ever what the old id did. The old one stays readable in the past.
	 */
	async resend(opId: string, version?: number): Promise<string | null> {
		const item = await this.#answered(opId);
		if (!item) return null;
		const { last: _, ...rest } = item;
		const op: Op = { ...item.op, op_id: newId() };
		if (version !== undefined) op.base_version = version;
		const past = await this.#records.toPast(this.#ended(item, 'resent', op.op_id));
		const next = await this.#records.replace({ ...rest, op }, opId);
		const done = await this.#parts.store.write([next, past]);
		await this.load();
		return done ? op.op_id : null;
	}

	/** A person gives an answered op up. It stays readable in the past; photos that nobody has go with it. */
	async dismiss(opId: string): Promise<boolean> {
		const item = await this.#answered(opId);
		if (!item) return false;
		const done = await this.#parts.store.write([
			{ act: 'remove', room: 'ops', seq: item.seq, was: opId },
			await this.#records.toPast(this.#ended(item, 'dismissed')),
			...this.#records.dropPhotos(item, this.#waiting)
		]);
		await this.load();
		return done;
	}
	/** Only what the server answered: an op without answer may have come true already. */
	async #answered(opId: string): Promise<Kept | null> {
		await this.load();
		return this.#waiting.find((k) => k.op.op_id === opId && k.last) ?? null;
	}
	#ended({ seq: _, ...item }: Kept, ended: Past['ended'], instead?: string): Past {
		return { ...item, at: this.#parts.clock.wall(), ended, ...(instead ? { instead } : {}) };
	}

	/** The own queue as one file under a passphrase; the queue stays. */
	async saveToFile(passphrase: string): Promise<Blob> {
		const by = this.#needMe();
		const mine = (await this.load()).filter((k) => k.by.id === by.id && !k.carriedFor);
		const items = await Promise.all(
			mine.map(async ({ op, addedAt, photos }) => ({
				op,
				addedAt,
				photos: await Promise.all(
					photos.map(async ({ id, type }) => ({ id, type, bytes: await this.photo(id) }))
				)
			}))
		);
		return packCargo(
			{ township: this.township, by, savedAt: this.#parts.clock.wall(), items },
			passphrase
		);
	}
	/** Takes such a file in; what may not be carried for another is left to its author (see carry.ts). */
	async carryIn(file: Blob, passphrase: string): Promise<Carried> {
		const me = this.#needMe();
		const cargo = await unpackCargo(file, passphrase);
		if (cargo.township !== this.township) throw new Fault('other_township');
		const { take, left } = await underCarrier(cargo, me);
		for (const said of take) await this.add(said);
		return { of: cargo.by, own: cargo.by.id === me.id, ops: take.map((t) => t.op), left };
	}

	/**
	 * Everything of this person leaves the device, the key too. `unsent` is the number that a person was
	 * shown and agreed to lose; where another number waits, nothing happens and `Fault('unsent')` tells it.
	 */
	async wipe(agreed: { unsent: number }): Promise<void> {
		const { store } = this.#parts;
		const owner = this.#needMe().id;
		const [ops, past] = await Promise.all([store.all('ops'), store.all('past')]);
		const mine = ops.filter((r) => r.owner === owner);
		if (mine.length !== agreed.unsent) throw new Fault('unsent', String(mine.length));
		const photos = (await store.keys('photos')).filter((k) => k.startsWith(`${owner}/`));
		const things = (await store.keys('things')).filter(
			(k) => k === `key:${owner}` || /^day:/.test(k)
		);
		await store.write([
			...mine.map(({ seq, id }) => ({ act: 'remove', room: 'ops', seq, was: id }) as const),
			...past
				.filter((r) => r.owner === owner)
				.map(({ seq, id }) => ({ act: 'remove', room: 'past', seq, was: id }) as const),
			...photos.map((key) => ({ act: 'drop', room: 'photos', key }) as const),
			...things.map((key) => ({ act: 'drop', room: 'things', key }) as const)
		]);
		this.#records.forgetKeys();
		this.#me = null;
		await this.load();
	}

	#needMe(): Person {
		if (!this.#me) throw new Fault('nobody');
		return { id: this.#me.id, name: this.#me.name };
	}
	/** This device's own id, made once; with `seq` it tells which phone said what in which order. */
	async #device(): Promise<string> {
		const { store } = this.#parts;
		const there = (await store.get('things', 'device')) as string | undefined;
		if (there) return there;
		const made = newId();
		if (await store.write([{ act: 'putNew', room: 'things', key: 'device', value: made }]))
			return made;
		return (await store.get('things', 'device')) as string;
	}
}

export type { Kept, Outcome, Past };
