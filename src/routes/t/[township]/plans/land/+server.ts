import { json } from '@sveltejs/kit';
import { z } from 'zod';
import { Failure } from '$lib/data/client';
import { checkShape, useLandTool } from '$lib/data/plans';
import type { LandTool } from '$lib/domain/plan';
import { needTownship } from '$lib/server/guards';
import { readSmallJson } from '$lib/server/small-body';
import type { RequestHandler } from './$types';

const shape = z.looseObject({ type: z.enum(['Polygon', 'MultiPolygon']) });
const asked = z.discriminatedUnion('do', [
	z.object({ do: z.literal('check'), geometry: shape }),
	z.object({
		do: z.literal('cut'),
		geometry: shape,
		line: z.looseObject({ type: z.literal('LineString') })
	}),
	z.object({ do: z.literal('buffer'), geometry: shape, metres: z.number() }),
	z.object({ do: z.literal('avoid'), geometry: shape })
]);

/** Cuts, widens or checks land that is only drawn. The database reads the shapes, and refuses what is none. */
export const POST: RequestHandler = async (event) => {
	const { township } = needTownship(event);
	const { db } = event.locals;
	const read = asked.safeParse(await readSmallJson(event.request, 1_000_000));
	if (!read.success) return json({ code: 'bad_value' }, { status: 400 });
	try {
		const answer =
			read.data.do === 'check'
				? await checkShape(db, township.id, read.data.geometry)
				: await useLandTool(db, township.id, read.data as unknown as LandTool);
		// PGlite's overlays may lose their answer without a word (README, known limits).
		if (answer === null) return json({ code: 'unavailable' }, { status: 503 });
		return json(answer);
	} catch (fault) {
		if (!(fault instanceof Failure)) throw fault;
		return json({ code: fault.code, detail: fault.detail }, { status: fault.status });
	}
};
