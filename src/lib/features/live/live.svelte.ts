import { listen, type Hint } from '$lib/data/live';

/** A first connection that takes longer than this, ms, may have missed something. */
const slow = 1000;

/** Keeps a page fresh: hints arrive in bursts, the page reads again at most every 400 ms. */
export class Live {
	#connected = $state(false);
	#timer: ReturnType<typeof setTimeout> | undefined;
	#missed = false;

	constructor(
		private readonly gate: { url: string; key: string },
		private readonly refresh: (hints: Hint[]) => void
	) {}

	get connected(): boolean {
		return this.#connected;
	}

	/**
	 * Listens until the returned function is called. After a gap everything is read once again; so it is where
	 * the first connection took long: what changed between the page and it was told to nobody.
	 */
	follow(townshipId: string): () => void {
		let waiting: Hint[] = [];
		const began = performance.now();
		let first = true;
		const due = (hint?: Hint) => {
			if (hint) waiting.push(hint);
			this.#timer ??= setTimeout(() => {
				this.#timer = undefined;
				this.refresh(waiting);
				waiting = [];
			}, 400);
		};
		const token = async () => {
			const answer = await fetch('/live/token');
			return answer.ok ? ((await answer.json()) as { token: string }).token : null;
		};
		const stop = listen({ ...this.gate, token }, townshipId, due, (connected) => {
			this.#connected = connected;
			if (connected && (this.#missed || (first && performance.now() - began > slow))) due();
			if (connected) first = false;
			this.#missed = !connected;
		});
		return () => {
			clearTimeout(this.#timer);
			this.#timer = undefined;
			stop();
		};
	}
}
