import { readRound, readVillages } from '$lib/data/rounds';
import { chinaDay } from '$lib/domain/day';
import { needRight, needTownship } from '$lib/server/guards';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	const { account, township } = needTownship(event);
	needRight(account, 'prove', township);
	const from = event.url.searchParams.get('from');
	const [villages, source] = await Promise.all([
		readVillages(event.locals.db, township.id),
		from ? readRound(event.locals.db, township.id, from) : null
	]);
	return { villages, from: source, today: chinaDay() };
};
