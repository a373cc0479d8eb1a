import { fail, redirect } from '@sveltejs/kit';
import { env } from '$env/dynamic/private';
import { demoSignIns } from '$lib/server/first-start';
import { safePath } from '$lib/server/guards';
import { signIn } from '$lib/server/sign-in';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, url }) => {
	if (locals.account) redirect(303, safePath(url.searchParams.get('to')));
	return { demo: demoSignIns(), contact: env.XT_CONTACT ?? null };
};

export const actions: Actions = {
	default: async (event) => {
		const form = await event.request.formData();
		const login = String(form.get('login') ?? '').trim();
		const result = await signIn(event, login, String(form.get('password') ?? ''));
		if (result.code) return fail(result.code === 'wait' ? 429 : 400, { ...result, login });
		redirect(303, safePath(event.url.searchParams.get('to')));
	}
};
