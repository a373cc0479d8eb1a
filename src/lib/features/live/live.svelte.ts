import { openLine, type Hint, type Line, type RoomHandlers, type RoomLine } from '$lib/data/live';

/** At most one reading in so many ms; the first hint after a quiet while is answered at once. */
const pause = 400;

/** Keeps a page fresh: hints arrive in bursts, the page reads again at most every 400 ms. */
export class Live {
	#connected = $state(false);
	#timer: ReturnType<typeof setTimeout> | undefined;
	#line: Line | null = null;

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
		let last = -Infinity;
		const read = () => {
			this.#timer = undefined;
			last = performance.now();
			this.refresh(waiting);
			waiting = [];
		};
		const due = (hint?: Hint) => {
			if (hint) waiting.push(hint);
			this.#timer ??= setTimeout(read, Math.max(0, pause - (performance.now() - last)));
		};
		this.#line = openLine({ ...this.gate, token });
		this.#line.hints(townshipId, due, (connected) => {
			if (connected && !this.#connected) due();
			this.#connected = connected;
		});
		return () => {
			clearTimeout(this.#timer);
			this.#timer = undefined;
			this.#line?.close();
			this.#line = null;
			this.#connected = false;
		};
	}

	/** Beside the hints, on the same socket; only while following. */
	room(topic: string, handlers: RoomHandlers): RoomLine | null {
		return this.#line?.room(topic, handlers) ?? null;
	}
}

async function token(): Promise<string | null> {
	const answer = await fetch('/live/token');
	return answer.ok ? ((await answer.json()) as { token: string }).token : null;
}
