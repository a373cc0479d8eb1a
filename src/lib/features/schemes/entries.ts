import type { Scenario } from '$lib/domain/plan';
import * as m from '$lib/i18n/paraglide/messages';

/** What an entry of a scenario did, in words. */
export function entryWord(e: Scenario['entries'][number], nameOf: (id: string) => string): string {
	if (e.entry !== 'do') return e.entry === 'undo' ? m.plans_undo() : m.plans_redo();
	const { move } = e;
	switch (move.type) {
		case 'add':
			return `${m.schemes_added()}${m.map_colon()}${move.item.title}`;
		case 'drop':
			return `${m.schemes_dropped()}${m.map_colon()}${nameOf(move.item)}`;
		case 'figures':
			return `${m.schemes_figures()}${m.map_colon()}${nameOf(move.item)}`;
		case 'restage':
			return `${m.schemes_stages()}${m.map_colon()}${nameOf(move.item)}`;
		case 'reshape':
			return `${m.schemes_shape()}${m.map_colon()}${nameOf(move.item)}`;
	}
}
