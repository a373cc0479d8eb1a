import { z } from 'zod';
import { taskKindCodes } from './task';

export const feedWhats = ['calendar', 'features', 'tiles'] as const;
export type FeedWhat = (typeof feedWhats)[number];
/** Days a feed works at most. */
export const feedDays = 365;

/** What the ops of feeds carry. */
export const feedPayloads = {
	/** `sha256` is of the token, which is shown once and never stored; `village_id` and `mine` narrow the calendar. */
	'feed.create': z.strictObject({
		name: z.string().trim().min(1).max(80),
		what: z.array(z.enum(feedWhats)).min(1).max(3),
		expires_on: z.iso.date(),
		sha256: z.string().regex(/^[0-9a-f]{64}$/),
		village_id: z.uuid().nullable().optional(),
		mine: z.boolean().optional()
	}),
	'feed.revoke': z.strictObject({}),
	/** Target: the township. Which problem types the public may read of. */
	'open311.set': z.strictObject({
		on: z.boolean(),
		kinds: z.array(z.enum(taskKindCodes as [string, ...string[]])).min(1)
	})
};
