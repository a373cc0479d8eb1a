import { error, fail } from '@sveltejs/kit';
import { readAudit, verifyChains } from '$lib/data/audit';
import { Failure } from '$lib/data/client';
import { readAuditFilter } from '$lib/domain/audit';
import { may } from '$lib/domain/place';
import { backend } from '$lib/server/backend';
import { needTownship } from '$lib/server/guards';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { account, township } = needTownship(event);
	const filter = readAuditFilter(event.url.searchParams);
	const page = await readAudit(event.locals.db, township.id, filter);
	if (!page) error(404, { message: 'not_found', code: 'not_found' });
	return {
		page,
		filter,
		manages: may(account, 'manage', [township.id, township.districtId ?? ''])
	};
};

export const actions: Actions = {
	/** Both chains from their first rows, and the heads kept elsewhere. */
	verify: async (event) => {
		const { township } = needTownship(event);
		const { heads, relaxed } = backend();
		try {
			return await relaxed(60_000, async () => {
				const verdict = await verifyChains(event.locals.db, township.id);
				await heads.write();
				const { known, lost } = await heads.check(township.id);
				return { verdict, known, lost: lost.length };
			});
		} catch (failure) {
			if (failure instanceof Failure) return fail(failure.status, { code: failure.code });
			throw failure;
		}
	}
};
