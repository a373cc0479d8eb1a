import { searchPerson } from '$lib/data/audit';
import { Failure } from '$lib/data/client';
import { refuse } from '$lib/server/answer';
import { personTable } from '$lib/server/audittable';
import { backend } from '$lib/server/backend';
import { needTownship } from '$lib/server/guards';
import { readSought } from '$lib/server/person';
import { searchFiles } from '$lib/server/personfiles';
import { sheetAnswer } from '$lib/server/sheet';
import type { RequestHandler } from './$types';
import { chinaDay } from '$lib/domain/day';

/** Everything held about one person as a workbook. By POST: a name does not belong into an address. */
export const POST: RequestHandler = async (event) => {
	const { township } = needTownship(event);
	const sought = readSought(await event.request.formData());
	if (!sought) return refuse('bad_value', 400);
	try {
		const traces = await backend().relaxed(60_000, () =>
			searchPerson(event.locals.db, township.id, sought)
		);
		const files = await searchFiles(township.id, sought);
		const today = chinaDay();
		return await sheetAnswer(personTable(sought.name, [...traces, ...files]), today);
	} catch (failure) {
		if (failure instanceof Failure) return refuse(failure.code, failure.status);
		throw failure;
	}
};
