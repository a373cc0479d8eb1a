import { fail, redirect } from '@sveltejs/kit';
import { acceptInvitation, openSession, peekInvitation, tryGate } from '$lib/data/accounts';
import { auditRefused } from '$lib/data/audit';
import { Failure } from '$lib/data/client';
import { whyNotPassword } from '$lib/domain/account';
import { backend } from '$lib/server/backend';
import { toEmail } from '$lib/server/email';
import { addressOf } from '$lib/server/address';
import { subnet } from '$lib/server/sign-in';
import type { Actions, RequestEvent } from './$types';

/** The secret comes from the link's fragment, by POST only: it never stands in an address or a log. */
async function peek(event: RequestEvent, form: FormData) {
	const { admin } = backend();
	const net = subnet(addressOf(event));
	const seconds = await tryGate(admin, 'invitation-net', net, 'ask', 20);
	if (seconds > 0) throw new Failure('wait', String(seconds), 429);
	const offer = await peekInvitation(admin, String(form.get('secret') ?? ''));
	if (!offer) {
		await tryGate(admin, 'invitation-net', net, 'failed', 20);
		await auditRefused(admin, { what: 'invitation.accept', code: 'no_such_invitation' });
		throw new Failure('no_such_invitation', '', 404);
	}
	return offer;
}

const caught = (failure: unknown, form: FormData) => {
	if (!(failure instanceof Failure)) throw failure;
	return fail(failure.status, {
		code: failure.code,
		detail: failure.detail,
		login: String(form.get('login') ?? '')
	});
};

export const actions: Actions = {
	peek: async (event) => {
		const form = await event.request.formData();
		try {
			return { offer: await peek(event, form) };
		} catch (failure) {
			return caught(failure, form);
		}
	},
	accept: async (event) => {
		const form = await event.request.formData();
		const login = String(form.get('login') ?? '').trim();
		const password = String(form.get('password') ?? '');
		try {
			const offer = await peek(event, form);
			if (!/^[\p{L}\p{N}._@-]{2,60}$/u.test(login)) throw new Failure('bad_login');
			const weak = whyNotPassword(password, login);
			if (weak) throw new Failure(weak);
			await backend()
				.createUser(toEmail(login), password, offer.personName)
				.catch(() => {
					throw new Failure('login_taken', '', 409);
				});
			const { error } = await event.locals.db.auth.signInWithPassword({
				email: toEmail(login),
				password
			});
			if (error) throw new Failure('unavailable', '', 503);
			await acceptInvitation(event.locals.db, String(form.get('secret') ?? ''), login);
			await openSession(
				event.locals.db,
				(event.request.headers.get('user-agent') ?? '').slice(0, 110)
			);
		} catch (failure) {
			return caught(failure, form);
		}
		redirect(303, '/');
	}
};
