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
type Extra = { undo?: Wish | null; said?: string };

const again = new Set(['signed_out', 'too_slow', 'unavailable', 'offline', 'not_here_yet']);

/** Where edits leave from: one op at a time for each target, sent again under the same id until it is answered. */
export class Desk {
	#busy = $state<Record<string, OpKind>>({});
	#conflict = $state.raw<Conflict | null>(null);
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

	async apply(op: Op, extra: Extra = {}): Promise<Outcome> {
		if (this.#busy[op.target]) return { outcome: 'held', reason: 'busy' };
		const read = readOp(op);
		if ('problems' in read)
			return this.#settle(op, { outcome: 'refused', reason: 'bad_value' }, extra);
		this.#busy[op.target] = op.kind;
		try {
			return this.#settle(op, await this.#deliver(op), extra);
		} finally {
			delete this.#busy[op.target];
		}
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
