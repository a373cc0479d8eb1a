import type { TaskPage } from '$lib/domain/tasklist';
import { writeView, type View } from '$lib/domain/view';
import type { ThingOnMap } from '$lib/domain/wallmap';

/** The list beside a map of tiles: the server filters, searches and gives page after page. */
export class TaskList {
	#rows = $state.raw<ThingOnMap[]>([]);
	#total = $state(0);
	#capped = $state(false);
	#next = $state<string | null>(null);
	#busy = $state(false);
	#failed = $state(false);
	#come = $state(false);
	#query = '';
	#turn = 0;

	/** The first page has come once. */
	get read() {
		return this.#come;
	}
	get rows() {
		return this.#rows;
	}
	get total() {
		return this.#total;
	}
	get capped() {
		return this.#capped;
	}
	get more() {
		return this.#next !== null;
	}
	get busy() {
		return this.#busy;
	}
	get failed() {
		return this.#failed;
	}

	/** Asks for the first page of a view, unless it is the one shown. */
	show(township: string, view: View): void {
		const query = `/t/${township}/shown${writeView({ ...view, open: null, wall: false, measure: 'proven' }) || '?'}`;
		if (query === this.#query) return;
		this.#query = query;
		void this.#ask(null);
	}

	/** After a failure: the same again. */
	again(): void {
		void this.#ask(null);
	}

	next(): void {
		if (this.#next && !this.#busy) void this.#ask(this.#next);
	}

	async #ask(after: string | null) {
		const turn = ++this.#turn;
		this.#busy = true;
		this.#failed = false;
		const answer = await fetch(this.#query + (after ? `&after=${after}` : '')).catch(() => null);
		const page = answer?.ok ? ((await answer.json()) as TaskPage | null) : null;
		// Whoever asked later is answered instead.
		if (turn !== this.#turn) return;
		this.#busy = false;
		if (!page) {
			this.#failed = true;
			return;
		}
		this.#come = true;
		this.#rows = after ? [...this.#rows, ...page.rows] : page.rows;
		this.#next = page.next;
		if (!after) {
			this.#total = page.total;
			this.#capped = page.capped;
		}
	}
}
