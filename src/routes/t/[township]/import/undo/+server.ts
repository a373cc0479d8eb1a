import { json } from '@sveltejs/kit';
import { Failure } from '$lib/data/client';
import { undoImport } from '$lib/data/imports';
import { needTownship } from '$lib/server/guards';
import { backend } from '$lib/server/backend';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = async (event) => {
	const { township } = needTownship(event);
	const { import_id } = (await event.request.json().catch(() => ({}))) as { import_id?: string };
	try {
		return json(
			await backend().relaxed(60_000, () =>
				undoImport(event.locals.db, township.id, String(import_id))
			)
		);
	} catch (failure) {
		if (failure instanceof Failure)
			return json({ code: failure.code, detail: failure.detail }, { status: failure.status });
		throw failure;
	}
};
