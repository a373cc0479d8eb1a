import { fail, redirect } from '@sveltejs/kit';
import { createTownship } from '$lib/data/accounts';
import { Failure } from '$lib/data/client';
import { newId } from '$lib/domain/op';
import { may } from '$lib/domain/place';
import { needAccount } from '$lib/server/guards';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = (event) => {
	const account = needAccount(event);
	const managed = account.districts.filter((d) => may(account, 'manage', [d.id]));
	const only =
		account.townships.length === 1 && managed.length === 0 ? account.townships[0] : undefined;
	if (only && !event.url.searchParams.has('all')) redirect(303, `/t/${only.id}`);
	return { account, managed, theme: event.locals.theme };
};

export const actions: Actions = {
	create: async (event) => {
		needAccount(event);
		const form = await event.request.formData();
		const id = newId();
		try {
			await createTownship(event.locals.db, {
				id,
				name: String(form.get('name') ?? ''),
				code: String(form.get('code') ?? ''),
				district_id: String(form.get('district') ?? '')
			});
		} catch (failure) {
			if (failure instanceof Failure) return fail(failure.status, { code: failure.code });
			throw failure;
		}
		redirect(303, `/t/${id}/import`);
	}
};
