import type { FieldDay } from '$lib/domain/field';
import { call, type Db } from './client';

/** Everything a phone needs for a day without signal; null when there is no such township for this reader. */
export function readFieldDay(db: Db, townshipId: string): Promise<FieldDay | null> {
	return call<FieldDay | null>(db, 'field_day', { p_township: townshipId });
}
