import { callerOf } from '$lib/server/feeds/caller';
import { tilesAnswer } from '$lib/server/feeds/tiles';
import type { RequestHandler } from './$types';

/** TileJSON of a layer and its vector tiles. */
export const GET: RequestHandler = (event) => tilesAnswer(callerOf(event), event.params.path);
