import { redirect } from '@sveltejs/kit';
import { endSession } from '$lib/data/accounts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = async ({ locals, cookies }) => {
	if (locals.account) await endSession(locals.db, null);
	await locals.db.auth.signOut({ scope: 'local' }).catch(() => undefined);
	for (const { name } of cookies.getAll()) {
		if (/^(__Host-)?xt(\.\d+)?$/.test(name)) cookies.delete(name, { path: '/' });
	}
	redirect(303, '/sign-in');
};
