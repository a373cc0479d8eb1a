import type { Load, MeetingRoom, MeetingsPage } from '$lib/domain/meeting';
import { call, type Db } from './client';

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

/** What else this person answers for around that day; null for who does not plan here. */
export const readLoad = (
	db: Db,
	townshipId: string,
	personId: string,
	due: string
): Promise<Load | null> =>
	call(db, 'load_of', { p_township: townshipId, p_person: personId, p_due: due });
