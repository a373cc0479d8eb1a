import { call, toFailure, type Db } from './client';

/** Asks to hand the township over and leaves that in its chain; refused with the reason. */
export const beginHandover = (db: Db, townshipId: string, sealed: boolean): Promise<unknown> =>
	call(db, 'handover_begin', { p: { township_id: townshipId, sealed } });

export type PastHandover = { at: string; personId: string | null; sealed: boolean };

/** When the township was handed over before, and by whom. */
export async function readHandovers(db: Db, townshipId: string): Promise<PastHandover[]> {
	const { data, error, status } = await db
		.from('events')
		.select('at, person_id, data')
		.eq('township_id', townshipId)
		.eq('action', 'handover.export')
		.order('seq', { ascending: false })
		.limit(20);
	if (error) throw toFailure(error, status);
	return data.map((e) => ({
		at: String(e.at),
		personId: e.person_id as string | null,
		sealed: (e.data as { sealed?: boolean }).sealed !== false
	}));
}
