import type { Load, MeetingRoom, MeetingsPage } from '$lib/domain/meeting';
import type { SchemePage } from '$lib/domain/plan';
import { call, toFailure, type Db } from './client';
import { readScheme } from './plans';

/** Meetings, topics that wait and the register of follow-ups; null where the township may not be seen. */
export const readMeetings = (db: Db, townshipId: string): Promise<MeetingsPage | null> =>
	call(db, 'meetings_page', { p_township: townshipId });

/** Everything of one meeting; null for unknown, foreign and not invited alike. */
export const readRoom = (
	db: Db,
	townshipId: string,
	meetingId: string
): Promise<MeetingRoom | null> =>
	call(db, 'meeting_room', { p_township: townshipId, p_meeting: meetingId });

/** What the topics of a meeting compare; a scheme that is gone or may not be seen is left out. */
export async function readCompared(
	db: Db,
	townshipId: string,
	meetingId: string
): Promise<SchemePage[]> {
	const { data, error, status } = await db
		.from('topics')
		.select('refs')
		.eq('township_id', townshipId)
		.eq('meeting_id', meetingId);
	if (error) throw toFailure(error, status);
	const refs = (data as { refs: { kind: string; id: string }[] }[]).flatMap((t) => t.refs);
	const ids = new Set(refs.filter((r) => r.kind === 'scheme').map((r) => r.id));
	const schemes = await Promise.all([...ids].map((id) => readScheme(db, townshipId, id)));
	return schemes.filter((s) => s !== null);
}

/** What else this person answers for around that day; null for who does not plan here. */
export const readLoad = (
	db: Db,
	townshipId: string,
	personId: string,
	due: string
): Promise<Load | null> =>
	call(db, 'load_of', { p_township: townshipId, p_person: personId, p_due: due });
