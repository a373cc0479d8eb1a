import type { FeedsPage, Spot } from '$lib/domain/feed';
import type { FeedWhat } from '$lib/domain/feedops';
import type { TaskKind } from '$lib/domain/task';
import { call, toFailure, type Db } from './client';

/** The feeds one may know of and the public switch; null where the township may not be seen. */
export const readFeeds = (db: Db, townshipId: string): Promise<FeedsPage | null> =>
	call(db, 'feeds_page', { p_township: townshipId });

/** What a token opens. `many`: too often within the hour. */
export type FeedAnswer<T> =
	| { refused: true; many: boolean; data?: undefined }
	| { many: true; refused?: undefined; data?: undefined }
	| {
			refused?: undefined;
			many?: undefined;
			data: T | null;
			today: string;
			name: string;
			townshipId: string;
			township: string;
	  };

/** Asks with the hash of a feed's token, as the server itself: who asks is decided by the token alone. */
export const readFeed = <T>(
	admin: Db,
	ask: { feed: string; sha256: string; address: string; what: FeedWhat },
	part: 'layers' | 'features' | 'points' | 'calendar',
	more: object = {}
): Promise<FeedAnswer<T>> =>
	call(admin, 'feed_read', {
		p_feed: ask.feed,
		p_sha256: ask.sha256,
		p_address: ask.address,
		p_what: ask.what,
		p_part: part,
		p: more
	});

/** Public cleanup spots; null where the township does not show any. */
export const readSpots = (
	admin: Db,
	townshipId: string,
	address: string,
	ask: object = {}
): Promise<{ many?: true; kinds: TaskKind[]; rows?: Spot[] } | null> =>
	call(admin, 'open311_read', { p_township: townshipId, p_address: address, p: ask });

/** The villages a calendar may be narrowed to. */
export async function readVillages(
	db: Db,
	townshipId: string
): Promise<{ id: string; name: string }[]> {
	const { data, error, status } = await db
		.from('places')
		.select('id, name')
		.eq('township_id', townshipId)
		.eq('level', 'village')
		.is('archived_at', null)
		.order('name');
	if (error) throw toFailure(error, status);
	return data;
}
