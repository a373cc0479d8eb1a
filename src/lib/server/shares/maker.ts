import type { RequestEvent } from '@sveltejs/kit';
import { useQuota } from '$lib/data/accounts';
import { Failure } from '$lib/data/client';
import { backend } from '../backend';
import { needRight, needTownship } from '../guards';
import { readSmallJson } from '../small-body';
import type { Maker } from './make';
import type { ZodType } from 'zod';

/** Whoever plans this township; at most a hundred a hour. */
export async function makerOf(
	event: Pick<RequestEvent, 'locals' | 'url'> & { params: { township: string } }
): Promise<Maker> {
	if (!event.locals.account) throw new Failure('signed_out', '', 401);
	const { account, township } = needTownship(event);
	needRight(account, 'plan', township);
	const { db } = event.locals;
	if (!(await useQuota(db, 'share', 100))) throw new Failure('too_many', '', 429);
	return { db, admin: backend().admin, townshipId: township.id, personId: account.id };
}

export async function readAs<T>(request: Request, schema: ZodType<T>): Promise<T> {
	const read = schema.safeParse(await readSmallJson(request, 100_000));
	if (!read.success) throw new Failure('bad_value', read.error.issues[0]?.path.join('.') ?? '');
	return read.data;
}
