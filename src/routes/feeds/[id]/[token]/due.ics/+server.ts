import { callerOf } from '$lib/server/feeds/caller';
import { dueAnswer } from '$lib/server/feeds/ical';
import type { RequestHandler } from './$types';

/** Due days as a calendar to subscribe to. */
export const GET: RequestHandler = (event) => dueAnswer(callerOf(event), event.params.token);
