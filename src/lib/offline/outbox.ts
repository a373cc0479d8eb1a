import { newId, type Op, type Outcome } from '$lib/domain/op';

/** A photo that belongs to a queued op; its bytes lie beside it until the server has named the same hash. */
export type QueuedPhoto = { id: string; type: string; sha256: string; size: number; sent: boolean };

/** One op on this device that the server has not settled yet. */
export type Item = {
	/** The device's own count: the order of work, whatever clocks say. */
	seq: number;
	op: Op;
	/** By this device's clock: shown as an age, used for nothing else. */
	addedAt: number;
	photos: QueuedPhoto[];
	/** The last answer that did not settle it: held, conflict or refused. */
	last?: Outcome;
	tries: number;
	/** Not before this moment of the device's clock; only for what is held. */
	notBefore?: number;
	/** Whose queue it came from, where a colleague carried it in. */
	carriedFor?: string;
	/** What was wished before a conflict was settled by insisting, with what the server said. */
	replaced?: { op: Op; outcome: Outcome }[];
};

/** What became of an op that left the queue; both values of a conflict stay readable. */
export type Settled = {
	op: Op;
	outcome: Outcome;
	at: number;
	how: 'sent' | 'dismissed';
	replaced?: { op: Op; outcome: Outcome }[];
};

export type NewPhoto = { id: string; type: string; sha256: string; bytes: ArrayBuffer };

/** What survives closing the tab. Each call is one transaction: all of it on disk, or nothing. */
export interface Store {
	items(): Promise<Item[]>;
	/** Gives the item its number; resolves only when item and bytes are on disk. */
	add(item: Omit<Item, 'seq'>, photos: readonly NewPhoto[]): Promise<Item>;
	update(item: Item): Promise<void>;
	photo(id: string): Promise<ArrayBuffer | null>;
	/** Forgets the bytes of a photo that the server has, and says so in its item. */
	photoSent(item: Item): Promise<void>;
	/** Takes the item out and writes what became of it; with it go its bytes. */
	settle(seq: number, settled: Settled): Promise<void>;
	settled(): Promise<Settled[]>;
}

/** No answer came, or one that is not the server's: nothing is known, everything stays. */
export class NoAnswer extends Error {}
/** The server does not know this person any more: everything stays until they sign in again. */
export class SignedOut extends Error {}

export interface Wire {
	op(op: Op): Promise<Outcome>;
	/** The hash the server has kept, or why it keeps nothing. */
	photo(photo: QueuedPhoto, bytes: ArrayBuffer): Promise<{ sha256: string } | { reason: string }>;
}

export interface Clock {
	now(): number;
	/** From 0 to 1, for spreading retries. */
	random(): number;
}

export type SendResult = 'done' | 'no_answer' | 'signed_out' | 'busy';

const longest = 3_600_000;
/** Ops that say nothing a later op of the same task must wait for. */
const open = (item: Item): boolean =>
	item.last?.outcome !== 'refused' && item.last?.outcome !== 'conflict';

/** The queue of one person on one device. One sender at a time: the caller holds the lock across tabs. */
export class Outbox {
	#sending = false;

	constructor(
		private readonly store: Store,
		private readonly wire: Wire,
		private readonly clock: Clock,
		/** Told after every change on disk. */
		private readonly changed: () => void | Promise<void> = () => undefined
	) {}

	/** Keeps an op with its photos. Resolves when both are on disk, and not before. */
	async add(op: Op, photos: readonly NewPhoto[] = [], carriedFor?: string): Promise<Item> {
		const item = await this.store.add(
			{
				op,
				addedAt: this.clock.now(),
				tries: 0,
				photos: photos.map((p) => ({
					id: p.id,
					type: p.type,
					sha256: p.sha256,
					size: p.bytes.byteLength,
					sent: false
				})),
				...(carriedFor ? { carriedFor } : {})
			},
			photos
		);
		await this.changed();
		return item;
	}

	/** Sends what waits, oldest first; later ops of a task wait for its earlier ones. */
	async send(): Promise<SendResult> {
		if (this.#sending) return 'busy';
		this.#sending = true;
		try {
			/** Targets of which an earlier op is not through: later ones would overtake it. */
			const waiting = new Set<string>();
			for (const item of await this.store.items()) {
				if (item.last?.outcome === 'refused') continue;
				if (
					item.last?.outcome === 'conflict' ||
					waiting.has(item.op.target) ||
					this.#resting(item)
				) {
					waiting.add(item.op.target);
					continue;
				}
				if (!(await this.#sendOne(item))) waiting.add(item.op.target);
			}
			return 'done';
		} catch (problem) {
			if (problem instanceof NoAnswer) return 'no_answer';
			if (problem instanceof SignedOut) return 'signed_out';
			throw problem;
		} finally {
			this.#sending = false;
		}
	}

	/** True when it left the queue or was refused: what comes after it may be tried. */
	async #sendOne(item: Item): Promise<boolean> {
		for (const photo of item.photos.filter((p) => !p.sent)) {
			const bytes = await this.store.photo(photo.id);
			if (!bytes) {
				await this.#keep(item, { outcome: 'refused', reason: 'photo_lost' });
				return true;
			}
			const kept = await this.wire.photo(photo, bytes);
			if ('reason' in kept) {
				await this.#keep(item, { outcome: 'refused', reason: kept.reason });
				return true;
			}
			// Without https the device cannot hash (store-memory.ts). Another hash is another photo: it was changed on the way, so it goes again.
			if (photo.sha256 && kept.sha256 !== photo.sha256) throw new NoAnswer('other bytes arrived');
			photo.sent = true;
			await this.store.photoSent(item);
		}
		const outcome = await this.wire.op(item.op);
		if (outcome.outcome === 'applied' || outcome.outcome === 'already' || carried(outcome)) {
			await this.store.settle(item.seq, {
				op: item.op,
				outcome,
				at: this.clock.now(),
				how: 'sent',
				...(item.replaced ? { replaced: item.replaced } : {})
			});
			await this.changed();
			return true;
		}
		await this.#keep(item, outcome);
		return outcome.outcome === 'refused';
	}

	async #keep(item: Item, outcome: Outcome): Promise<void> {
		const tries = item.tries + 1;
		const wait = Math.min(5_000 * 2 ** Math.min(tries, 12), longest) * (0.5 + this.clock.random());
		await this.store.update({
			...item,
			tries,
			last: outcome,
			...(outcome.outcome === 'held' ? { notBefore: this.clock.now() + wait } : {})
		});
		await this.changed();
	}

	/** A clock that was set back must not make an op rest for days. */
	#resting(item: Item): boolean {
		const rest = (item.notBefore ?? 0) - this.clock.now();
		return item.last?.outcome === 'held' && rest > 0 && rest <= 2 * longest;
	}

	/** Tries one again at once: what was held, or what was refused for a reason that is gone. */
	async retry(opId: string): Promise<void> {
		const item = await this.#find(opId);
		if (!item) return;
		const { last: _last, notBefore: _notBefore, ...fresh } = item;
		await this.store.update(fresh);
		await this.changed();
	}

	/** After a conflict: the same wish on top of what stands there now, as a new op; the old one is kept. */
	async insist(opId: string, version: number): Promise<void> {
		const item = await this.#find(opId);
		if (!item) return;
		const op = { ...item.op, op_id: newId(this.clock.now()), base_version: version };
		const { last, notBefore: _notBefore, ...rest } = item;
		await this.store.update({
			...rest,
			op,
			tries: 0,
			replaced: [...(item.replaced ?? []), { op: item.op, outcome: last! }]
		});
		await this.changed();
	}

	/** A person lets it go, having seen why. It stays in the history with its photos' names. */
	async dismiss(opId: string): Promise<void> {
		const item = await this.#find(opId);
		if (!item || open(item)) return;
		await this.store.settle(item.seq, {
			op: item.op,
			outcome: item.last!,
			at: this.clock.now(),
			how: 'dismissed'
		});
		await this.changed();
	}

	async #find(opId: string): Promise<Item | undefined> {
		return (await this.store.items()).find((i) => i.op.op_id === opId);
	}
}

/** A colleague has carried it in already: it is there, under the carrier's name. */
const carried = (outcome: Outcome): boolean =>
	outcome.outcome === 'refused' && outcome.reason === 'op_of_another';

/** Ops that may still come true: all but those a person must settle. */
export const pending = (items: readonly Item[]): Op[] => items.filter(open).map((i) => i.op);
