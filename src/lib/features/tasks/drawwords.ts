import type { DrawFilter } from '$lib/domain/tasks';
import { stageWords } from '$lib/features/things/words';
import * as m from '$lib/i18n/paraglide/messages';
import type { Room } from './room';
import { typeWord } from './words';

/** What a draw was drawn from, in words. */
export function drawFilterWords(
	filter: DrawFilter,
	room: Pick<Room, 'villages' | 'types'>
): string {
	const village = room.villages.find((v) => v.id === filter.villageId)?.name;
	return [
		village ?? m.tasks_all_villages(),
		filter.category ? typeWord(room.types, filter.category) : m.tasks_all_types(),
		(filter.stages ?? []).map((s) => stageWords[s]()).join('、')
	]
		.filter(Boolean)
		.join(m.map_comma());
}
