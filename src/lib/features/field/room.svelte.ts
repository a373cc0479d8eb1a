import { createContext } from 'svelte';
import type { FieldDay, FieldTask, Me } from '$lib/domain/field';
import { playOver } from '$lib/domain/fieldplay';
import { newOp, readOp, type Op, type OpKind, type Outcome } from '$lib/domain/op';
import { whyNotHere } from '$lib/domain/fieldlists';
import type { Refusal, Verb } from '$lib/domain/move';
import { reasonWord } from '$lib/features/things/reasons';
import { tell } from '$lib/features/things/tell';
import * as m from '$lib/i18n/paraglide/messages';
import type { Post } from './post';
import { Previews, type Shot } from './shots.svelte';
import { Where } from './where.svelte';

/** What a phone knows: the day as the server last told it, and who holds the phone. */
export type Known = {
	me: Me;
	day: FieldDay;
	/** Where hints come from; null is this very host. */
	live: { url: string | null; key: string };
	readAt: string;
};

/** Why there is nothing to show. */
export type Closed = 'signed_out' | 'not_found' | 'nothing_here' | null;

type Options = {
	townshipId: string;
	post: Post;
	/** Reads the day from the server; throws when there was no answer. */
	read: () => Promise<Known | 'signed_out' | 'not_found'>;
};

/** The phone's room: the day, what is not yet sent, and the one way to say something. */
export class FieldRoom {
	#known = $state.raw<Known | null>(null);
	#closed = $state<Closed>(null);
	#reading = false;
	#again = false;
	readonly where = new Where();
	readonly previews = new Previews();
	readonly post: Post;
	/** Turns every half minute, so that holds end and ages grow. */
	now = $state(Date.now());
	/** Photos taken on a card, on their way to the sheet that sends them. */
	carried = $state.raw<{ task: string; shots: Shot[] } | null>(null);

	constructor(private readonly options: Options) {
		this.post = options.post;
	}

	get townshipId(): string {
		return this.options.townshipId;
	}
	get known(): Known | null {
		return this.#known;
	}
	get me(): Me {
		return this.#known!.me;
	}
	get closed(): Closed {
		return this.#closed;
	}
	/** The day with what this phone has not sent yet played over it. */
	readonly day: FieldDay = $derived.by(() => {
		const known = this.#known!;
		return playOver(known.day, this.post.pending, known.me);
	});
	task(id: string | null): FieldTask | null {
		if (!id || !this.#known) return null;
		return (
			this.day.tasks.find((t) => t.id === id) ?? this.day.recent.find((t) => t.id === id) ?? null
		);
	}
	whyNot(verb: Verb, task: FieldTask): Refusal | null {
		return whyNotHere(verb, task, this.me, this.townshipId, this.now);
	}
	may(verb: Verb, task: FieldTask): boolean {
		return this.whyNot(verb, task) === null;
	}

	/** Shows what the phone kept, then what the server says. */
	async open(): Promise<void> {
		const kept = await this.post.open();
		if (kept && !this.#known) this.#known = kept as Known;
		await this.refresh();
		void this.send();
	}

	/** Sends what waits and reads what became of it. */
	async send(): Promise<void> {
		if (!this.post.counts.waiting) return;
		await this.post.send();
		await this.refresh();
	}

	/** The phone was taken out of the pocket again, or there is signal. */
	async wake(): Promise<void> {
		this.now = Date.now();
		await this.send();
		await this.refresh();
	}

	leave(): void {
		this.where.stop();
		this.previews.clear();
		this.post.close();
	}

	/** Reads the day again; without an answer what is known stays. */
	async refresh(): Promise<void> {
		if (this.#reading) {
			this.#again = true;
			return;
		}
		this.#reading = true;
		try {
			const known = await this.options.read();
			if (typeof known === 'string') {
				this.#closed = known;
				return;
			}
			this.#closed = null;
			this.#known = known;
			await this.post.keep(known);
		} catch {
			if (!this.#known) this.#closed = 'nothing_here';
		} finally {
			this.#reading = false;
			if (this.#again) {
				this.#again = false;
				void this.refresh();
			}
		}
	}

	/** Keeps an op with its photos on this phone, and only then says so; sending follows by itself. */
	async play<K extends OpKind>(
		kind: K,
		target: string,
		payload: Record<string, unknown>,
		shots: readonly Shot[] = [],
		said?: string
	): Promise<boolean> {
		const op = newOp(
			kind,
			this.townshipId,
			target,
			{
				...payload,
				...(shots.length ? { photos: shots.map((s) => s.id) } : {})
			} as Op<K>['payload'],
			this.#base(kind, target)
		);
		if ('problems' in readOp(op)) {
			tell({ kind: 'error', title: reasonWord('bad_value') });
			return false;
		}
		try {
			await this.post.add(op as Op, shots);
		} catch {
			tell({ kind: 'error', title: m.field_not_kept(), text: m.field_not_kept_text() });
			return false;
		}
		this.previews.keep(shots);
		tell({ kind: 'success', title: said ?? m.field_kept() });
		void this.send();
		return true;
	}

	/**
	 * The version this person saw. Later ops of the same phone on the same task cannot know it; for them
	 * the transition table alone decides.
	 */
	#base(kind: OpKind, target: string): number | undefined {
		if (kind === 'task.create' || kind === 'step.photo') return undefined;
		const task = this.task(target);
		return task && !task.unsent?.length ? task.version : undefined;
	}

	/**
	 * Says that somebody stands at a place now, or has gone. Not queued: said late it would be untrue, and
	 * it frees itself after two hours anyway.
	 */
	async stand(verb: 'hold' | 'release', task: FieldTask): Promise<Outcome | null> {
		if (!this.post.online || task.unsent?.length) return null;
		const outcome = await this.post.once(
			newOp(`step.${verb}`, this.townshipId, task.id, {}) as unknown as Op
		);
		await this.refresh();
		return outcome;
	}
}

export const [fieldRoom, setFieldRoom] = createContext<FieldRoom>();
