import { z } from 'zod';

/** What the ops of reports carry. */
export const reportPayloads = {
	/** Target: the township. The weekly report by e-mail to whoever asks, or no longer. */
	'report.subscribe': z.strictObject({ active: z.boolean() })
} as const;
