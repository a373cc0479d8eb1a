import { newId, newOp, readOp, type Op, type OpKind, type Outcome } from '$lib/domain/op';
import * as m from '$lib/i18n/paraglide/messages';
import type { Wish } from './inverse';
import { reasonWord } from './reasons';
import { tell as toast, type Told } from './tell';

/** Somebody else was faster: what stands there now and what this person wanted. */
export type Conflict = { op: Op; now: Record<string, unknown>; undo: Wish | null };

type Options = {
	townshipId: string;
	/** Throws when no answer came; gives the outcome, refusals included. */
	send?: (op: Op) => Promise<Outcome>;
	/** The page reads again. */
	onchanged?: () => unknown;
	tell?: (what: Told) => void;
	/** Waits between tries of one op, ms. */
	waits?: readonly number[];
};
/** `version`: what one's own edits have made of the target since `op` was wished for. */
type Sent = { op: Op; done: Promise<unknown>; version?: number };
type Extra = { undo?: Wish | null; said?: string };

const again = new Set(['signed_out', 'too_slow', 'unavailable', 'offline', 'not_here_yet']);

const sameWish = (a: Op, b: Op) =>
	a.kind === b.kind && JSON.stringify(a.payload) === JSON.stringify(b.payload);

/** Where edits leave from: one op at a time for each target, sent again under the same id until it is answered. */
export class Desk {
	#busy = $state<Record<string, OpKind>>({});
	#conflict = $state.raw<Conflict | null>(null);
	/** By target, the last of those that are on their way or wait; not shown, so nobody is told of a change. */
	// eslint-disable-next-line svelte/prefer-svelte-reactivity
	readonly #last = new Map<string, Sent>();
	readonly #options: Required<Options>;

	constructor(options: Options) {
		this.#options = {
			send: post,
			onchanged: () => undefined,
			tell: toast,
			waits: [800, 2500],
			...options
		};
	}

	get townshipId(): string {
		return this.#options.townshipId;
	}
	get conflict(): Conflict | null {
		return this.#conflict;
	}
	/** Something beside an op changed what is shown: the page reads again. */
	changed(): void {
		void this.#options.onchanged();
	}
	/** What is on its way to this target. */
	busy(target: string): OpKind | null {
		return this.#busy[target] ?? null;
	}

	/** Makes the op and applies it. */
	play<K extends OpKind>(
		kind: K,
		target: string,
		payload: object,
		version?: number,
		extra: Extra = {}
	) {
		const op = newOp(kind, this.townshipId, target, payload as Op<K>['payload'], version);
		return this.apply(op as Op, extra);
	}

	/** What was pressed twice is done once; anything else for the same target waits its turn. */
	async apply(op: Op, extra: Extra = {}): Promise<Outcome> {
		const read = readOp(op);
		if ('problems' in read)
			return this.#settle(op, { outcome: 'refused', reason: 'bad_value' }, extra);
		const before = this.#last.get(op.target);
		if (before && sameWish(before.op, op)) return { outcome: 'held', reason: 'busy' };
		const mine: Sent = { op, done: Promise.resolve() };
		const turn = this.#after(before, mine, extra);
		mine.done = turn.catch(() => undefined);
		this.#last.set(op.target, mine);
		try {
			return await turn;
		} finally {
			if (this.#last.get(op.target) === mine) {
				this.#last.delete(op.target);
				delete this.#busy[op.target];
			}
		}
	}

	async #after(before: Sent | undefined, mine: Sent, extra: Extra): Promise<Outcome> {
		if (before) await before.done;
		let { op } = mine;
		// On top of one's own edits that were just answered: nobody else was faster.
		if (before?.version !== undefined && op.base_version === before.op.base_version) {
			mine.version = before.version;
			if (op.base_version !== undefined) op = { ...op, base_version: before.version };
		}
		this.#busy[op.target] = op.kind;
		const outcome = await this.#deliver(op);
		mine.version = outcome.version ?? mine.version;
		return this.#settle(op, outcome, extra);
	}

	/** The same op, the same id: a try that did arrive is told what the first one did. */
	async #deliver(op: Op): Promise<Outcome> {
		for (let i = 0; ; i++) {
			try {
				return await this.#options.send(op);
			} catch {
				const wait = this.#options.waits[i];
				if (wait === undefined) return { outcome: 'refused', reason: 'offline' };
				if (i === 0) this.#options.tell({ kind: 'info', title: m.things_toast_retrying() });
				await new Promise((resolve) => setTimeout(resolve, wait));
			}
		}
	}

	#settle(op: Op, outcome: Outcome, extra: Extra): Outcome {
		const { tell, onchanged } = this.#options;
		switch (outcome.outcome) {
			case 'applied':
			case 'already': {
				const undo = extra.undo;
				tell({
					kind: 'success',
					title:
						outcome.outcome === 'already'
							? m.things_toast_already()
							: (extra.said ?? m.things_toast_done()),
					...(undo && {
						action: {
							label:
								undo.kind === 'step.withdraw' ? m.things_verb_withdraw() : m.things_toast_undo(),
							run: () => void this.#undo(undo, outcome.version)
						}
					})
				});
				void onchanged();
				break;
			}
			case 'conflict':
				this.#conflict = { op, now: outcome.now ?? {}, undo: extra.undo ?? null };
				break;
			case 'held':
			case 'refused': {
				const reason = outcome.reason ?? 'unavailable';
				tell({
					kind: 'error',
					title: m.things_toast_failed(),
					text: reason === 'offline' ? m.things_toast_offline() : reasonWord(reason),
					...(again.has(reason) && {
						action: { label: m.things_toast_retry(), run: () => void this.apply(op, extra) }
					})
				});
			}
		}
		return outcome;
	}

	#undo(wish: Wish, version: number | undefined) {
		return this.play(wish.kind, wish.target, wish.payload, version, {
			said: m.things_toast_undone()
		});
	}

	/** Leaves what the other person stored. */
	takeTheirs(): void {
		this.#conflict = null;
		void this.#options.onchanged();
	}

	/** Sends this person's wish again as a new op, on top of what stands there now. */
	keepMine(): Promise<Outcome> {
		const conflict = this.#conflict;
		if (!conflict) return Promise.resolve({ outcome: 'held', reason: 'busy' });
		this.#conflict = null;
		const version = Number(conflict.now.version);
		return this.apply(
			{
				...conflict.op,
				op_id: newId(),
				...(Number.isInteger(version) ? { base_version: version } : {})
			},
			{ undo: null }
		);
	}
}

/** Refusals come as outcomes whatever their status; no answer, or none of ours, is a fault of the way. */
export async function post(op: Op): Promise<Outcome> {
	const answer = await fetch(`/t/${op.township_id}/op`, {
		method: 'POST',
		headers: { 'Content-Type': 'application/json' },
		body: JSON.stringify(op),
		signal: AbortSignal.timeout(30_000)
	});
	const body: unknown = await answer.json();
	if (body && typeof body === 'object' && 'outcome' in body) return body as Outcome;
	if (answer.status >= 500) throw new Error(`status ${answer.status}`);
	return { outcome: 'refused', reason: answer.status === 401 ? 'signed_out' : 'unavailable' };
}
