import { callerOf } from '$lib/server/feeds/caller';
import { geoJsonAnswer } from '$lib/server/feeds/ogc';
import type { RequestHandler } from './$types';

/** A whole layer as a file. */
export const GET: RequestHandler = (event) => geoJsonAnswer(callerOf(event), event.params.layer);
