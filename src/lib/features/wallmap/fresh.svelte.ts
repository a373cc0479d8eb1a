/* eslint svelte/prefer-svelte-reactivity: off -- these maps are never changed, only replaced */
import type { TasksNow } from '$lib/domain/tasklist';
import type { ThingOnMap, WallMap } from '$lib/domain/wallmap';

/** What changed on a map of tiles since the page was read: single tasks and the counts, never the whole. */
export class Fresh {
	#township = '';
	#base: WallMap | null = null;
	#changed = $state.raw<ReadonlyMap<string, ThingOnMap | null>>(new Map());
	#counts = $state.raw<TasksNow['counts'] | null>(null);

	/** Reads these tasks again; false when some are no tasks and the page must be read. */
	async read(map: WallMap, ids: string[]): Promise<boolean> {
		const answer = await fetch(`/t/${map.township.id}/shown?ids=${ids.join()}`);
		if (!answer.ok) return false;
		const now = (await answer.json()) as TasksNow | null;
		const found = new Map(now?.rows.map((row) => [row.id, row]));
		if (!now || ids.some((id) => !found.has(id))) return false;
		const same = this.#township === map.township.id;
		this.#township = map.township.id;
		this.#base = map;
		this.#changed = new Map([...(same ? this.#changed : []), ...found]);
		this.#counts = now.counts;
		return true;
	}

	/** The map as it is now. `open` is what the panel shows: it may be none of those that came with the page. */
	on(map: WallMap, open: ThingOnMap | null): WallMap {
		if (!map.tiles) return map;
		// Read before anything is decided, so that whoever asks is told of the first change too.
		const [fresh, newer] = [this.#changed, this.#counts];
		const changed = this.#township === map.township.id ? fresh : new Map();
		// The counts of a page read later are newer.
		const counts = this.#base === map ? newer : null;
		const kept = map.things.map((t) => changed.get(t.id) ?? t);
		return {
			...map,
			changed,
			things: open && !kept.some((t) => t.id === open.id) ? [...kept, open] : kept,
			villages: counts
				? map.villages.map((v) => ({
						...v,
						counts: {
							...v.counts,
							...Object.fromEntries(
								counts.filter((c) => c.villageId === v.id).map((c) => [c.kind, c.counts])
							)
						}
					}))
				: map.villages
		};
	}
}
