import { json } from '@sveltejs/kit';
import { useQuota } from '$lib/data/accounts';
import { Failure } from '$lib/data/client';
import { applyImport } from '$lib/data/imports';
import { readOrder } from '$lib/server/import-order';
import { needRight, needTownship } from '$lib/server/guards';
import { backend } from '$lib/server/backend';
import type { RequestHandler } from './$types';

/** The files again with the settings that were accepted: read once more here, so that the page cannot invent rows. */
export const POST: RequestHandler = async (event) => {
	const { account, township } = needTownship(event);
	needRight(account, 'plan', township);
	if (!(await useQuota(event.locals.db, 'import', 60)))
		return json({ code: 'too_many' }, { status: 429 });
	try {
		const order = await readOrder(township.id, await event.request.formData());
		return json(await backend().relaxed(60_000, () => applyImport(event.locals.db, order)));
	} catch (failure) {
		if (failure instanceof Failure)
			return json({ code: failure.code, detail: failure.detail }, { status: failure.status });
		throw failure;
	}
};
