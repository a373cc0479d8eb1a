import { fail } from '@sveltejs/kit';
import {
	endMembership,
	endSession,
	giveMembership,
	invite,
	readAccounts,
	revokeInvitation,
	switchAccount
} from '$lib/data/accounts';
import { Failure, toFailure } from '$lib/data/client';
import { newId } from '$lib/domain/op';
import { may, type Role } from '$lib/domain/place';
import { needTownship } from '$lib/server/guards';
import { linkSecret } from '$lib/server/link-secret';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

export const load: PageServerLoad = async (event) => {
	event.depends('xt:people');
	const { account, township } = needTownship(event);
	const { people } = await event.parent();
	const canManage = may(account, 'manage', [township.id, township.districtId ?? '']);
	const places = await event.locals.db
		.from('places')
		.select('id, name, level')
		.eq('township_id', township.id)
		.in('level', ['township', 'village'])
		.is('archived_at', null)
		.order('level')
		.order('name');
	if (places.error) throw toFailure(places.error, places.status);
	const own = await readAccounts(
		event.locals.db,
		canManage ? people.map((p) => p.id) : [account.id],
		account.sessionId
	);
	return {
		canManage,
		places: places.data as { id: string; name: string; level: string }[],
		...own
	};
};

/** Runs one act of administration; a refusal comes back as a word for the page. */
const act =
	(work: (event: RequestEvent, form: FormData) => Promise<object | void>) =>
	async (event: RequestEvent) => {
		needTownship(event);
		try {
			return { done: true, ...((await work(event, await event.request.formData())) ?? {}) };
		} catch (failure) {
			if (failure instanceof Failure) return fail(failure.status, { code: failure.code });
			throw failure;
		}
	};

const text = (form: FormData, name: string): string => String(form.get(name) ?? '');

export const actions: Actions = {
	invite: act(async (event, form) => {
		const { secret, sha256 } = linkSecret();
		await invite(event.locals.db, {
			id: newId(),
			place_id: text(form, 'place'),
			role: text(form, 'role') as Role,
			person_name: text(form, 'name'),
			sha256
		});
		// Shown once: the database keeps the hash alone, the secret travels in the fragment.
		return { link: `${event.url.origin}/invitation#${secret}` };
	}),
	revoke: act((event, form) => revokeInvitation(event.locals.db, text(form, 'id'))),
	give: act((event, form) =>
		giveMembership(event.locals.db, {
			id: newId(),
			person_id: text(form, 'person'),
			place_id: text(form, 'place'),
			role: text(form, 'role') as Role,
			...(text(form, 'to') ? { to: text(form, 'to') } : {})
		})
	),
	endRole: act((event, form) => endMembership(event.locals.db, text(form, 'id'))),
	switch: act((event, form) =>
		switchAccount(event.locals.db, text(form, 'user'), text(form, 'on') === 'true')
	),
	endSession: act((event, form) => endSession(event.locals.db, text(form, 'id')))
};
