import { json } from '@sveltejs/kit';
import { useQuota } from '$lib/data/accounts';
import { limits } from '$lib/geo/limits';
import { Failure } from '$lib/data/client';
import { readSettings } from '$lib/server/import-order';
import { needRight, needTownship } from '$lib/server/guards';
import { readInProcess } from '$lib/server/reader/read';
import type { RequestHandler } from './$types';

/** Files in, a draft out; nothing is stored. */
export const POST: RequestHandler = async (event) => {
	const { account, township } = needTownship(event);
	needRight(account, 'plan', township);
	const form = await event.request.formData();
	const uploads = form.getAll('file').filter((f): f is File => f instanceof File);
	if (uploads.reduce((sum, f) => sum + f.size, 0) > limits.bytes)
		return json({ code: 'too_large' }, { status: 413 });
	if (!(await useQuota(event.locals.db, 'read', 120)))
		return json({ code: 'too_many' }, { status: 429 });
	const files = await Promise.all(
		uploads.map(async (f) => ({ name: f.name, bytes: new Uint8Array(await f.arrayBuffer()) }))
	);
	try {
		return json(await readInProcess(files, readSettings(form)));
	} catch (failure) {
		if (failure instanceof Failure) return json({ code: failure.code }, { status: failure.status });
		throw failure;
	}
};
