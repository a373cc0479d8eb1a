import { json } from '@sveltejs/kit';
import { readLayerShapes } from '$lib/data/plans';
import { needTownship } from '$lib/server/guards';
import type { RequestHandler } from './$types';

/** A layer's shapes in a window of the map (`box`: west, south, east, north). */
export const GET: RequestHandler = async (event) => {
	const { township } = needTownship(event);
	const box = (event.url.searchParams.get('box') ?? '').split(',').map(Number);
	const { layer } = event.params;
	if (box.length !== 4 || !box.every(Number.isFinite) || !/^[0-9a-f-]{36}$/.test(layer))
		return json({ code: 'bad_value' }, { status: 400 });
	const [w, s, e, n] = box as [number, number, number, number];
	return json(await readLayerShapes(event.locals.db, township.id, layer, [w, s, e, n]));
};
