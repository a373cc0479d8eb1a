import { json } from '@sveltejs/kit';
import { z } from 'zod';
import { Failure } from '$lib/data/client';
import { putShapes, tidyLayers } from '$lib/data/plans';
import { needTownship } from '$lib/server/guards';
import { readSmallJson } from '$lib/server/small-body';
import type { RequestHandler } from './$types';

const batch = z.object({
	load: z.uuid(),
	rows: z
		.array(z.looseObject({ n: z.number().int() }))
		.min(1)
		.max(2000)
});

/** A batch of a layer's shapes. Nothing of it counts before the op that switches the layer over. */
export const PUT: RequestHandler = async (event) => {
	const { township } = needTownship(event);
	const read = batch.safeParse(await readSmallJson(event.request, 1_500_000));
	if (!read.success) return json({ code: 'bad_value' }, { status: 400 });
	return answer(() =>
		putShapes(event.locals.db, township.id, event.params.layer, read.data.load, read.data.rows)
	);
};

/** Takes away some of what was replaced; says how many shapes are left of it. */
export const DELETE: RequestHandler = async (event) => {
	const { township } = needTownship(event);
	return answer(async () => ({ left: await tidyLayers(event.locals.db, township.id) }));
};

async function answer(work: () => Promise<unknown>): Promise<Response> {
	try {
		return json(await work());
	} catch (fault) {
		if (!(fault instanceof Failure)) throw fault;
		return json({ code: fault.code, detail: fault.detail }, { status: fault.status });
	}
}
