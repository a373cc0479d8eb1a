/* eslint svelte/prefer-svelte-reactivity: off -- made, read once and dropped */
import type { RoomLine } from '$lib/data/live';
import { newId } from '$lib/domain/op';
import type { Live } from './live.svelte';

/** Who has the same thing open on the wall map now. It passes with the page; nothing of it is kept. */
export class Looking {
	readonly #tab = newId();
	#here = $state.raw<{ tab: string; person: string; open: string | null }[]>([]);
	#open = $state<string | null>(null);
	#line: RoomLine | null = null;

	/** Persons who look at what this page looks at. */
	get others(): string[] {
		const same = this.#here.filter(
			(p) => p.tab !== this.#tab && p.open !== null && p.open === this.#open
		);
		return [...new Set(same.map((p) => p.person))];
	}

	enter(live: Live, townshipId: string): () => void {
		this.#line = live.room(`look:${townshipId}`, {
			onpresence: (shown) =>
				(this.#here = shown.map(({ tab, person, open }) => ({
					tab,
					person,
					open: typeof open === 'string' ? open : null
				}))),
			onsent: () => undefined,
			onstate: () => undefined
		});
		this.#line?.show({ tab: this.#tab, open: this.#open });
		return () => {
			this.#line?.leave();
			this.#line = null;
		};
	}

	/** `kind:id`, or nothing. */
	look(open: string | null): void {
		if (open === this.#open) return;
		this.#open = open;
		this.#line?.show({ tab: this.#tab, open });
	}
}
