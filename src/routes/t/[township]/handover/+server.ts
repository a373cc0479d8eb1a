import { z } from 'zod';
import { useQuota } from '$lib/data/accounts';
import { beginHandover } from '$lib/data/handover';
import { answer, refuse } from '$lib/server/answer';
import { canHandOver, isBusy, startJob } from '$lib/server/handover/jobs';
import { needTownship } from '$lib/server/guards';
import type { RequestHandler } from './$types';
import { chinaDay } from '$lib/domain/day';

const asked = z.strictObject({ passphrase: z.string().trim().min(12).max(200).nullable() });

/** Begins to write the hand-over file; the passphrase is kept by nobody. */
export const POST: RequestHandler = async (event) => {
	if (!event.locals.account) return refuse('signed_out', 401);
	const { account, township } = needTownship(event);
	const { db } = event.locals;
	const wish = asked.safeParse(await event.request.json().catch(() => null));
	if (!wish.success) return refuse('bad_value', 400, 'passphrase');
	if (!canHandOver()) return refuse('unavailable', 503);
	if (!(await useQuota(db, 'handover', 6))) return refuse('too_many', 429);
	if (isBusy()) return refuse('busy', 409);
	return answer(async () => {
		const { passphrase } = wish.data;
		await beginHandover(db, township.id, passphrase !== null);
		const day = chinaDay();
		return { job: startJob(township, account.id, passphrase, day) };
	});
};
