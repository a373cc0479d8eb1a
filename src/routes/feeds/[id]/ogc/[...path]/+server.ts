import { callerOf } from '$lib/server/feeds/caller';
import { ogcAnswer } from '$lib/server/feeds/ogc';
import type { RequestHandler } from './$types';

/** OGC API – Features: landing page, conformance, collections, items. */
export const GET: RequestHandler = (event) => ogcAnswer(callerOf(event), event.params.path);
