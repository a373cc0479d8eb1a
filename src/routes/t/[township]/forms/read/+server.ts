import { useQuota } from '$lib/data/accounts';
import { readForm } from '$lib/data/forms';
import { fingerprintOf } from '$lib/geo/form/propose';
import { answer, refuse } from '$lib/server/answer';
import { readFormFile } from '$lib/server/forms/process';
import { needTownship } from '$lib/server/guards';
import type { RequestHandler } from './$types';

/** The tables of a form, and what was chosen for it the last time. The file is not kept. */
export const POST: RequestHandler = async (event) => {
	if (!event.locals.account) return refuse('signed_out', 401);
	const { township } = needTownship(event);
	const { db } = event.locals;
	if (!(await useQuota(db, 'form', 120))) return refuse('too_many', 429);
	return answer(async () => {
		const form = await readFormFile(new Uint8Array(await event.request.arrayBuffer()));
		const fingerprint = await fingerprintOf(form);
		return { form, fingerprint, remembered: await readForm(db, township.id, fingerprint) };
	});
};
