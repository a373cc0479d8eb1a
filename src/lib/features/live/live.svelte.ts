import { untrack } from 'svelte';
import { openLine, type Hint, type Line, type RoomHandlers, type RoomLine } from '$lib/data/live';

/** At most one reading in so many ms; the first hint after a quiet while is answered at once. */
const pause = 400;

/** Keeps a page fresh: hints arrive in bursts, the page reads again at most every 400 ms. */
export class Live {
	#connected = $state(false);
	#following = $state(false);
	#timer: ReturnType<typeof setTimeout> | undefined;
	#line: Line | null = null;

	constructor(
		/** `url` null: this very host. */
		private readonly gate: { url: string | null; key: string },
		private readonly refresh: (hints: Hint[]) => void
	) {}

	/** Rooms can be opened beside the hints. */
	get following(): boolean {
		return this.#following;
	}
	get connected(): boolean {
		return this.#connected;
	}

	/**
	 * Listens until the returned function is called. Whenever the channel is joined everything is read once again:
	 * what changed before the joining was told to nobody. The first time only if the township no longer `stands`
	 * where it did when the page was read.
	 */
	follow(townshipId: string, stands: number | null = null): () => void {
		let left = false;
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
			if (!left) this.#timer ??= setTimeout(read, Math.max(0, pause - (performance.now() - last)));
		};
		const { url, key } = this.gate;
		this.#line = openLine({ url: url ?? location.origin, key, token: keeper() });
		this.#following = true;
		this.#line.hints(townshipId, due, (connected) => {
			if (connected && !this.#connected) {
				const at = stands;
				stands = null;
				if (at === null) {
					// Others come back too, and send what they could not: one reading a moment later has it all.
					last = performance.now();
					due();
				} else
					void standsAt(townshipId).then(
						(now) => now !== at && due(),
						() => due()
					);
			}
			this.#connected = connected;
		});
		return () => {
			left = true;
			clearTimeout(this.#timer);
			this.#timer = undefined;
			this.#line?.close();
			this.#line = null;
			this.#connected = false;
			this.#following = false;
		};
	}

	/** Beside the hints, on the same socket; only while following. */
	room(topic: string, handlers: RoomHandlers): RoomLine | null {
		return this.#line?.room(topic, handlers) ?? null;
	}
}

/** Longest that a token is used without asking again, and how long before its end a new one is asked for, ms. */
const [kept, early] = [5 * 60_000, 90_000];

/**
 * The socket asks for a token before each join and with each heartbeat. One page asks the server once in five minutes:
 * after a start, ten screens of a meeting sent thirty such questions ahead of everything they had to read again.
 */
function keeper(): (again: boolean) => Promise<string | null> {
	let until = 0;
	let asked: Promise<string | null> | null = null;
	return (again) => {
		if (asked && !again && Date.now() < until) return asked;
		until = Date.now() + kept;
		asked = fetchToken().then(
			(token) => {
				const { exp } = token ? claimsOf(token) : { exp: 0 };
				until = Math.min(until, exp * 1000 - early);
				return token;
			},
			(fault: unknown) => {
				until = 0;
				throw fault;
			}
		);
		return asked;
	};
}

/** The number of the township's last event. */
async function standsAt(townshipId: string): Promise<number> {
	const answer = await fetch(`/live/stands?township=${townshipId}`);
	if (!answer.ok) throw new Error(`${answer.status}`);
	return ((await answer.json()) as { stands: number }).stands;
}

async function fetchToken(): Promise<string | null> {
	const answer = await fetch('/live/token');
	return answer.ok ? ((await answer.json()) as { token: string }).token : null;
}
/** When it ends, in seconds; whether it is true is the server's to say. */
function claimsOf(token: string): { exp: number } {
	try {
		return JSON.parse(atob(token.split('.')[1]!.replace(/-/g, '+').replace(/_/g, '/')));
	} catch {
		return { exp: 0 };
	}
}

/**
 * Keeps a page of a township fresh for as long as it is there; to be called while it is made. A page's `data` is
 * another object after each reading: only another township opens another socket.
 */
export function keepFresh(
	of: () => { township: { id: string; stands: number }; live: { url: string | null; key: string } },
	refresh: (hints: Hint[]) => void
): Live {
	const township = $derived(of().township.id);
	const live = new Live(
		untrack(() => of().live),
		refresh
	);
	$effect(() =>
		live.follow(
			township,
			untrack(() => of().township.stands)
		)
	);
	return live;
}
