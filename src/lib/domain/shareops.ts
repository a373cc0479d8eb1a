import { z } from 'zod';
import { passcodeRules, shareDays } from './share';
import { shareKinds, shareOptions } from './shared';

const days = z.number().int().min(shareDays.least).max(shareDays.most);
const title = z.string().trim().min(1).max(120);

export const passcode = z.string().trim().min(passcodeRules.least).max(passcodeRules.most);

const made = {
	kind: z.enum(shareKinds),
	subject: z.uuid(),
	title,
	options: shareOptions,
	live: z.boolean(),
	answers: z.boolean(),
	/** The photo a preview card may show to anybody. */
	picture: z.uuid().nullable(),
	days
};

/** What a link is to show. */
export const shareSubject = z.strictObject({
	kind: made.kind,
	subject: made.subject,
	options: made.options
});
/** A link as it is asked for; `looked`: keys of the findings that were looked at. */
export const shareWish = z.strictObject({
	...made,
	id: z.uuid(),
	passcode: passcode.nullable(),
	looked: z.array(z.string().max(200)).max(1000)
});
export type ShareWish = z.infer<typeof shareWish>;

/** What the ops of links carry. Secrets and passcodes never do: the server seals them first, an op names the seal. */
export const sharePayloads = {
	'share.create': z
		.strictObject({ ...made, seal: z.uuid() })
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
