import type { PostgrestError, SupabaseClient } from '@supabase/supabase-js';

export type Db = SupabaseClient;

/** A refusal or fault of the database in our own words; `code` is what the page translates. */
export class Failure extends Error {
	constructor(
		readonly code: string,
		readonly detail = '',
		readonly status = 400
	) {
		super(detail ? `${code}: ${detail}` : code);
		this.name = 'Failure';
	}
}

export function toFailure(error: PostgrestError, status: number): Failure {
	if (error.code === 'PT403') return new Failure(error.message, error.details ?? '', 403);
	if (error.code === '42501') return new Failure('not_allowed', '', 403);
	if (error.code === '57014') return new Failure('too_slow', '', 503);
	if (error.code?.startsWith('22') || error.code?.startsWith('23'))
		return new Failure('bad_value', error.details ?? '');
	if (status === 401) return new Failure('signed_out', '', 401);
	return new Failure('unavailable', error.code ?? '', status >= 400 ? status : 503);
}

/** Calls a function of the database; its answer, or a `Failure`. */
export async function call<T>(
	db: Db,
	name: string,
	args: Record<string, unknown> = {}
): Promise<T> {
	const { data, error, status } = await db.rpc(name, args);
	if (error) throw toFailure(error, status);
	return data as T;
}
