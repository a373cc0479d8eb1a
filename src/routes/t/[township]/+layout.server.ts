import { readPeople } from '$lib/data/accounts';
import { backend } from '$lib/server/backend';
import { needTownship } from '$lib/server/guards';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = async (event) => {
	event.depends('xt:people');
	const { account, township } = needTownship(event);
	const { publishableKey, handle, url } = backend();
	return {
		account,
		township,
		theme: event.locals.theme,
		people: await readPeople(event.locals.db, township.id),
		// Where the live channel is: this very host in the embedded and PostgreSQL modes.
		live: { url: handle ? null : url, key: publishableKey }
	};
};
