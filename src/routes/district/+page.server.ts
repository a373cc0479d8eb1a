import { error } from '@sveltejs/kit';
import { lookOverDistrict, readDistrict } from '$lib/data/officials';
import { needAccount } from '$lib/server/guards';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	event.depends('xt:district');
	const account = needAccount(event);
	const { db } = event.locals;
	const page = await readDistrict(db, await lookOverDistrict(db));
	if (!page) error(404, { message: 'not_found', code: 'not_found' });
	return { page, account, theme: event.locals.theme };
};
