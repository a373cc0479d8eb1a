import { id } from './cast';
import type { Backend } from '../../src/lib/server/engine/index';

/** A letter that somebody wants, and one that went out. */
export async function workReports(backend: Backend): Promise<void> {
	await backend.sql`insert into public.report_subscriptions (township_id, person_id, account_id, email, active, since)
		values (${id('yunxi')}, ${id('person pan')}, ${id('pan')}, 'pan@example.org', true, now() - interval '30 days')`;
	await backend.sql`insert into public.report_sendings (township_id, person_id, from_day, to_day, state, next_at)
		values (${id('yunxi')}, ${id('person pan')}, '2026-11-16', '2026-11-22', 'sent', now())`;
}
