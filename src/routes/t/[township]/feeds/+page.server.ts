import { error, fail } from '@sveltejs/kit';
import { readFeeds, readVillages } from '$lib/data/feeds';
import { Failure } from '$lib/data/client';
import { applyOp } from '$lib/data/ops';
import { newId, newOp, readOp, type Op } from '$lib/domain/op';
import { may } from '$lib/domain/place';
import { needTownship } from '$lib/server/guards';
import { linkSecret } from '$lib/server/link-secret';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	event.depends('xt:feeds');
	const { account, township } = needTownship(event);
	const [page, villages] = await Promise.all([
		readFeeds(event.locals.db, township.id),
		readVillages(event.locals.db, township.id)
	]);
	if (!page) error(404, { message: 'not_found', code: 'not_found' });
	const places = [township.id, township.districtId ?? ''];
	return {
		page,
		villages,
		origin: event.url.origin,
		mayPlan: may(account, 'plan', places),
		mayManage: may(account, 'manage', places)
	};
};

export const actions: Actions = {
	/** Makes a feed and shows its token once: the database keeps the hash alone. */
	make: async (event) => {
		const { township } = needTownship(event);
		const form = await event.request.formData();
		const text = (name: string) => String(form.get(name) ?? '');
		const { secret, sha256 } = linkSecret();
		const read = readOp(
			newOp('feed.create', township.id, newId(), {
				name: text('name'),
				what: form.getAll('what').map(String),
				expires_on: text('expires_on'),
				sha256,
				village_id: text('village') || null,
				mine: text('mine') === 'on'
			} as Op<'feed.create'>['payload'])
		);
		if ('problems' in read) return fail(400, { code: 'bad_value' });
		try {
			const { outcome, reason } = await applyOp(event.locals.db, read.op);
			if (outcome !== 'applied') return fail(400, { code: reason ?? 'unavailable' });
		} catch (failure) {
			if (failure instanceof Failure) return fail(failure.status, { code: failure.code });
			throw failure;
		}
		return { id: read.op.target, token: secret };
	}
};
