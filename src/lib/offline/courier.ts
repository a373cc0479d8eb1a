import type { Op, Outcome } from '$lib/domain/op';
import {
	NetworkFailure,
	type Change,
	type Clock,
	type Kept,
	type Lock,
	type Person
} from './parts';
import type { Wire } from './parts';
import type { Records } from './records';
import { Patience } from './patience';

type Parts = {
	township: string;
	wire: Wire;
	clock: Clock;
	lock: Lock;
	records: Records;
	me: () => Person | null;
	load: () => Promise<readonly Kept[]>;
	changed: () => void;
};

/** One request carries at most so much; the server takes 200 ops and 1 MB. */
const batch = { ops: 100, bytes: 500_000 };

/**
 * Carries ops to the server: one sender a device, one op of a target at a time and in the order in which they
 * were said, photos before the op that speaks of them. An op leaves the device only after its outcome was read.
 */
export class Courier {
	#running: Promise<void> | null = null;
	#again = false;
	#stopped = false;
	signedOut = false;
	readonly #patience: Patience;

	constructor(private readonly parts: Parts) {
		this.#patience = new Patience(parts.clock, () => void this.send());
	}
	get sending(): boolean {
		return this.#running !== null;
	}

	send(): Promise<void> {
		if (this.#running) {
			// Something was added meanwhile: one more round after this one.
			this.#again = true;
			return this.#running;
		}
		this.#running = this.#turn().finally(() => {
			this.#running = null;
			this.parts.changed();
		});
		this.parts.changed();
		return this.#running;
	}
	stop(): void {
		this.#stopped = true;
		this.#patience.stop();
	}

	async #turn(): Promise<void> {
		const { lock, township } = this.parts;
		const ours = await lock(`xt-send-${township}`, async () => {
			do {
				this.#again = false;
				await this.#drain();
			} while (this.#again && !this.#stopped);
		});
		// Another tab sends; this one looks again later what is left.
		if (!ours && !this.#stopped) {
			await this.parts.load();
			this.#patience.lookAgain();
		}
	}

	async #drain(): Promise<void> {
		this.#patience.stop();
		try {
			while (!this.#stopped && (await this.#round()));
			this.signedOut = false;
			this.#patience.answered((await this.parts.load()).map((k) => k.op.op_id));
		} catch (error) {
			if (!(error instanceof NetworkFailure)) throw error;
			this.signedOut = error.why === 'signed_out';
			this.#again = false;
			await this.parts.load();
			if (!this.#stopped) this.#patience.failed(error.waitMs);
		}
	}

	/** Sends what is ready; true when there may be more. */
	async #round(): Promise<boolean> {
		const ready = this.#ready(await this.parts.load());
		if (!ready.length) return false;
		const light = ready.filter((k) => k.photos.every((p) => p.sent));
		for (const part of inBatches(light)) await this.#deliver(part);
		// Photos are slow: what needs none has gone before them.
		for (const item of ready.filter((k) => !light.includes(k))) {
			if (this.#stopped) return false;
			const whole = await this.#photos(item);
			if (whole) await this.#deliver([whole]);
		}
		return true;
	}

	/** The first of each target; nothing overtakes what waits for a person or for something else. */
	#ready(all: readonly Kept[]): Kept[] {
		const me = this.parts.me()?.id;
		const seen = new Set<string>();
		return all.filter((item) => {
			const { target, op_id } = item.op;
			if (item.by.id !== me || seen.has(target)) return false;
			seen.add(target);
			if (!item.last) return true;
			return item.last.outcome === 'held' && this.#patience.due(op_id);
		});
	}

	async #deliver(items: Kept[]): Promise<void> {
		const { wire, township } = this.parts;
		const outcomes = await wire.sendOps(
			township,
			items.map((k) => k.op)
		);
		// One write for all: each costs a flush of the disk. Where another tab changed one of them, one by one.
		const all = await this.parts.load();
		const changes: Change[][] = [];
		for (const [n, item] of items.entries())
			changes.push(await this.#changes(item, outcomes[n]!, without(all, items.slice(0, n))));
		const { store } = this.parts.records;
		if (!(await store.write(changes.flat())) && changes.length > 1)
			for (const part of changes) await store.write(part);
		await this.parts.load();
	}

	async #changes(item: Kept, outcome: Outcome, all: Kept[]): Promise<Change[]> {
		const { records, clock } = this.parts;
		const { op_id } = item.op;
		switch (outcome.outcome) {
			case 'applied':
			case 'already': {
				const { seq, ...rest } = item;
				this.#patience.moved(op_id);
				return [
					{ act: 'remove', room: 'ops', seq, was: op_id },
					await records.toPast({ ...rest, last: outcome, at: clock.wall(), ended: 'sent' }),
					...records.dropPhotos(item, all)
				];
			}
			case 'held': {
				this.#patience.hold(op_id);
				const photos = await this.#stillThere(item);
				return [await records.replace({ ...item, photos, last: outcome })];
			}
			case 'refused':
			case 'conflict':
				this.#patience.settled(op_id);
				return [await records.replace({ ...item, last: outcome })];
		}
	}

	/** Held, though its photos were sent: a restored server may have lost them, so it is asked. */
	async #stillThere({ photos }: Kept): Promise<Kept['photos']> {
		if (!photos.length) return photos;
		const { wire, township } = this.parts;
		const known = await wire
			.known(township, { ops: [], photos: photos.map((p) => p.id) })
			.catch(() => null);
		if (!known) return photos;
		return photos.map((p) => ({ ...p, sent: p.sent && p.id in known.photos }));
	}

	/** Sends the photos of an op; the op with all of them marked, or null where one was refused. */
	async #photos(item: Kept): Promise<Kept | null> {
		const { records, township, wire } = this.parts;
		let now = item;
		for (const part of item.photos) {
			if (part.sent) continue;
			const bytes = await records.photo(item.by.id, part.id);
			const answer = bytes
				? await wire.putPhoto(township, part, bytes)
				: { refused: refusal('photo_lost_here', part.id) };
			if ('refused' in answer) {
				await records.store.write([await records.replace({ ...now, last: answer.refused })]);
				await this.parts.load();
				return null;
			}
			// Another sum than ours is no proof that the photo is there.
			if (part.sha256 && answer.sha256 !== part.sha256) throw new NetworkFailure('not_ours');
			now = {
				...now,
				photos: now.photos.map((p) => (p.id === part.id ? { ...p, sent: true } : p))
			};
			if (!(await records.store.write([await records.replace(now)]))) return null;
		}
		return now;
	}
}

const refusal = (reason: string, detail: string): Outcome => ({
	outcome: 'refused',
	reason,
	detail
});

function* inBatches(items: readonly Kept[]): Generator<Kept[]> {
	let part: Kept[] = [];
	let bytes = 0;
	for (const item of items) {
		const size = sizeOf(item.op);
		if (part.length && (part.length >= batch.ops || bytes + size > batch.bytes)) {
			yield part;
			part = [];
			bytes = 0;
		}
		part.push(item);
		bytes += size;
	}
	if (part.length) yield part;
}
/** Chinese letters have three bytes. */
const sizeOf = (op: Op) => JSON.stringify(op).length * 3;
const without = (all: readonly Kept[], some: readonly Kept[]) =>
	all.filter((k) => !some.some((o) => o.seq === k.seq));
