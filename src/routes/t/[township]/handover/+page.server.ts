import { readHandovers } from '$lib/data/handover';
import { canHandOver } from '$lib/server/handover/jobs';
import { needRight, needTownship } from '$lib/server/guards';
import { passwordForPaper } from '$lib/server/passphrase';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	event.depends('xt:handover');
	const { account, township } = needTownship(event);
	needRight(account, 'plan', township);
	return {
		possible: canHandOver(),
		suggestion: passwordForPaper(),
		past: await readHandovers(event.locals.db, township.id)
	};
};
