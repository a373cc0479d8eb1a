import type { RefKind } from '$lib/domain/meeting';
import type { WallMap } from '$lib/domain/wallmap';

/** What a topic may point at, as it is offered. */
export type RefChoice = { kind: RefKind; id: string; title: string };

/** Plans to compare, projects, plans, villages; of the tasks those that are late or held up. */
export function refChoices(
	map: WallMap,
	schemes: readonly { id: string; title: string }[],
	taskWord: (category: string) => string
): RefChoice[] {
	const villages = new Map(map.villages.map((v) => [v.id, v.name]));
	const things = map.things
		.filter((t) => t.kind !== 'task' || t.blocked || t.overdue)
		.map((t): RefChoice => {
			const title = t.title || taskWord(t.category);
			const village = t.kind === 'task' && t.villageId ? villages.get(t.villageId) : null;
			return { kind: t.kind, id: t.id, title: village ? `${village} ${title}` : title };
		});
	return [
		...schemes.map((s): RefChoice => ({ kind: 'scheme', id: s.id, title: s.title })),
		...things.filter((t) => t.kind !== 'task'),
		...map.villages.map((v): RefChoice => ({ kind: 'place', id: v.id, title: v.name })),
		...things.filter((t) => t.kind === 'task').slice(0, 200)
	];
}
