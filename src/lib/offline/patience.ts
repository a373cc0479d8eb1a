import type { Clock } from './parts';

const second = 1000;
const after = {
	/** A network that did not answer. */
	network: { first: 5 * second, most: 5 * 60 * second },
	/** An op that waits for something else, of another phone perhaps. */
	held: { first: 30 * second, most: 60 * 60 * second }
};

type Held = { tries: number; due: number; moved: number };

/** When to try again. Counts on a clock that never jumps, forgets all at a restart: then everything is due. */
export class Patience {
	#fails = 0;
	#moved = 0;
	#held = new Map<string, Held>();
	#cancel: (() => void) | null = null;

	constructor(
		private readonly clock: Clock,
		private readonly again: () => void
	) {}

	/** An op got through; what is held may have waited for just this one. */
	moved(opId: string): void {
		this.#moved++;
		this.#held.delete(opId);
	}
	/** It waits for a person now. */
	settled(opId: string): void {
		this.#held.delete(opId);
	}
	hold(opId: string): void {
		const tries = (this.#held.get(opId)?.tries ?? 0) + 1;
		const due = this.clock.since() + this.#delay(after.held, tries);
		this.#held.set(opId, { tries, due, moved: this.#moved });
	}
	due(opId: string): boolean {
		const held = this.#held.get(opId);
		return !held || held.due <= this.clock.since() || held.moved < this.#moved;
	}

	failed(atLeast = 0): void {
		this.#fails++;
		this.#in(Math.max(atLeast, this.#delay(after.network, this.#fails)));
	}
	/** The network answers: only what is held is waited for. `waiting` are the ids that are still here. */
	answered(waiting: readonly string[]): void {
		this.#fails = 0;
		for (const id of this.#held.keys()) if (!waiting.includes(id)) this.#held.delete(id);
		const first = Math.min(...[...this.#held.values()].map((h) => h.due));
		if (Number.isFinite(first)) this.#in(Math.max(second, first - this.clock.since()));
	}
	lookAgain(): void {
		this.#in(this.#delay(after.network, 3));
	}
	stop(): void {
		this.#cancel?.();
		this.#cancel = null;
	}

	#in(ms: number): void {
		this.stop();
		this.#cancel = this.clock.after(ms, this.again);
	}
	#delay({ first, most }: { first: number; most: number }, tries: number): number {
		return Math.min(most, first * 2 ** Math.min(tries - 1, 20)) * (0.5 + this.clock.random() / 2);
	}
}
