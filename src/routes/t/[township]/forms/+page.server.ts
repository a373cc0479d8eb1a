import { error } from '@sveltejs/kit';
import { readFormFacts, readForms } from '$lib/data/forms';
import { needTownship } from '$lib/server/guards';
import { periodOf } from '$lib/server/forms/period';
import type { PageServerLoad } from './$types';
import { chinaDay } from '$lib/domain/day';

export const load: PageServerLoad = async (event) => {
	event.depends('xt:forms');
	const { township } = needTownship(event);
	const { db } = event.locals;
	const period = periodOf(event.url.searchParams, chinaDay());
	const [facts, forms] = await Promise.all([
		readFormFacts(db, { id: township.id, name: township.name }, period),
		readForms(db, township.id)
	]);
	if (!facts) error(404, { message: 'not_found', code: 'not_found' });
	return { facts, forms };
};
