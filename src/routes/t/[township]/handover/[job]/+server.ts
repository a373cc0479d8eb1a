import { answer, refuse } from '$lib/server/answer';
import { jobState, ownsJob, removeJob } from '$lib/server/handover/jobs';
import { needTownship } from '$lib/server/guards';
import type { RequestHandler } from './$types';

/** How far it is. */
export const GET: RequestHandler = async (event) => {
	if (!event.locals.account) return refuse('signed_out', 401);
	const { account, township } = needTownship(event);
	const state = jobState(event.params.job, township.id, account.id);
	return state ? answer(async () => state) : refuse('not_found', 404);
};

/** Takes the file away. */
export const DELETE: RequestHandler = async (event) => {
	if (!event.locals.account) return refuse('signed_out', 401);
	const { account, township } = needTownship(event);
	if (!ownsJob(event.params.job, township.id, account.id)) return refuse('not_found', 404);
	removeJob(event.params.job);
	return answer(async () => ({ outcome: 'applied' }));
};
