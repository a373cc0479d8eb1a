import type { Round, RoundLine } from '$lib/domain/round';
import { uuid } from '$lib/domain/id';
import { call, toFailure, type Db } from './client';

/** Check rounds that whoever asks may see: the finished ones, and those they check in. Newest first. */
export function readRounds(db: Db, townshipId: string): Promise<RoundLine[]> {
	return call(db, 'rounds', { p_township: townshipId });
}

/** null where there is none, or none to be seen yet. */
export async function readRound(db: Db, townshipId: string, id: string): Promise<Round | null> {
	if (!uuid.test(id)) return null;
	return call(db, 'round_of', { p_township: townshipId, p_id: id });
}

/** The villages that can be checked, in office order. */
export async function readVillages(
	db: Db,
	townshipId: string
): Promise<{ id: string; name: string; code: string | null }[]> {
	const { data, error, status } = await db
		.from('places')
		.select('id, name, code')
		.eq('township_id', townshipId)
		.eq('level', 'village')
		.is('archived_at', null)
		.order('code', { nullsFirst: false })
		.order('name');
	if (error) throw toFailure(error, status);
	return data;
}
