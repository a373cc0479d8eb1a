import type { Exhibit, ExhibitKind, Feature, ProjectPage } from '$lib/domain/project';
import type { Item } from '$lib/domain/standard';

/** Something the map knows already and an item could cite. */
export type Suggestion =
	| { item: Item; kind: 'place'; feature: Feature; exhibit: Exhibit | null }
	/** A check of the cleanup work, or an industry plan, is to be looked for. */
	| { item: Item; kind: 'task' | 'plan' };

const asked: Partial<Record<string, Extract<ExhibitKind, 'task' | 'plan'>>> = {
	inspection: 'task',
	link: 'plan'
};

/** What could be cited with one press for each item; what is cited already is left out. */
export function suggestionsFor(
	items: readonly Item[],
	page: Pick<ProjectPage, 'features' | 'exhibits'>
): Suggestion[] {
	return items.flatMap((item): Suggestion[] => {
		const cited = page.exhibits.filter((e) => e.items.includes(item.code));
		const places = page.features
			.filter((f) => item.features?.includes(f.kind))
			.filter((f) => !cited.some((e) => e.featureId === f.id))
			.map((feature): Suggestion => ({
				item,
				kind: 'place',
				feature,
				// Given once, cited any number of times.
				exhibit: page.exhibits.find((e) => e.featureId === feature.id) ?? null
			}));
		const searches = (item.evidence?.kinds ?? []).flatMap((kind): Suggestion[] => {
			const thing = asked[kind];
			return thing && !cited.some((e) => e.kind === thing) ? [{ item, kind: thing }] : [];
		});
		return [...places, ...searches];
	});
}
