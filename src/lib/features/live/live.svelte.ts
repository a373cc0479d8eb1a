import { listen, type Hint } from '$lib/data/live';

/** Keeps a page fresh: hints arrive in bursts, the page reads again at most every 400 ms. */
export class Live {
	#connected = $state(false);
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(
		private readonly gate: { url: string; key: string },
		private readonly refresh: (hints: Hint[]) => void
	) {}

	get connected(): boolean {
		return this.#connected;
	}

	/**
	 * Listens until the returned function is called. Whenever the channel is joined, the first time too,
	 * everything is read once again: what changed between the page's reading and the joining was told to nobody.
	 */
	follow(townshipId: string): () => void {
		let waiting: Hint[] = [];
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
			if (connected && !this.#connected) due();
			this.#connected = connected;
		});
		return () => {
			clearTimeout(this.#timer);
			this.#timer = undefined;
			stop();
		};
	}
}
