import { z } from 'zod';

/** What is remembered of a form: where, and what of the map goes there. */
export const formPayloads = {
	'form.remember': z.strictObject({
		fingerprint: z.string().regex(/^[0-9a-f]{64}$/),
		title: z.string().trim().min(1).max(120),
		mapping: z
			.record(
				z.string().regex(/^\d{1,2}:[A-Z0-9.]{1,12}$/),
				z.string().regex(/^[a-z0-9:/.@-]{1,80}$/)
			)
			.refine((m) => Object.keys(m).length <= 600)
	})
};
