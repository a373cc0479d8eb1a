import { z } from 'zod';
import { shareDays } from './share';
import { shareKinds, shareOptions } from './shared';

const days = z.number().int().min(shareDays.least).max(shareDays.most);
const title = z.string().trim().min(1).max(120);

/** What the ops of links carry. Secrets and passcodes never do: the server seals them first, an op names the seal. */
export const sharePayloads = {
	'share.create': z
		.strictObject({
			seal: z.uuid(),
			kind: z.enum(shareKinds),
			subject: z.uuid(),
			title,
			options: shareOptions,
			live: z.boolean(),
			answers: z.boolean(),
			/** The photo a preview card may show to anybody. */
			picture: z.uuid().nullable(),
			days
		})
		.partial()
		.required({ seal: true, kind: true, subject: true, title: true, days: true }),
	'share.edit': z
		.strictObject({
			title,
			days,
			answers: z.boolean(),
			picture: z.uuid().nullable(),
			/** Photos looked at since, which live content may show from now on. */
			looked: z.array(z.uuid()).max(100),
			/** Seals: of a new secret, with which the old link ends; of a new passcode, or none. */
			secret: z.uuid(),
			passcode: z.uuid().nullable()
		})
		.partial(),
	'share.revoke': z.strictObject({ note: z.string().trim().max(300) }).partial(),
	/** What was done through the link is marked withdrawn. */
	'share.undo': z.strictObject({})
} as const;
