import { z } from 'zod';
import { instructionKinds, instructionWhats } from './official';
import { taskKindCodes } from './task';

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const text = (max: number) => z.string().trim().max(max);

const words = {
	what: z.enum(instructionWhats),
	kind: z.enum(instructionKinds),
	on: z.uuid(),
	text: text(1000).min(1),
	due_on: day
};
const note = z.strictObject({ note: text(1000) }).partial();

/** What the ops of instructions carry; target: the instruction. */
export const officialPayloads = {
	'instruction.leave': z
		.strictObject(words)
		.partial()
		.required({ what: true, kind: true, on: true, text: true }),
	'instruction.reply': z.strictObject({ text: text(1000).min(1) }),
	'instruction.accept': note,
	'instruction.return': z.strictObject({ note: text(1000).min(1) }),
	'instruction.withdraw': note,
	'instruction.chase': note,
	/** `made`: the id of the task or step that is made of it. */
	'instruction.make': z
		.strictObject({
			as: z.enum(['task', 'step']),
			made: z.uuid(),
			title: text(200),
			category: z.enum(taskKindCodes as [string, ...string[]]),
			village_id: z.uuid().nullable(),
			lead: z.uuid().nullable(),
			due_on: day
		})
		.partial()
		.required({ as: true, made: true })
} as const;

/** What a reader of a share sends; name and office are a claim. `id` is made with the form, so that twice is once. */
export const shareWords = z.discriminatedUnion('do', [
	z
		.strictObject({
			...words,
			do: z.literal('leave'),
			id: z.uuid(),
			name: text(40).min(1),
			office: text(80).min(1)
		})
		.partial({ due_on: true }),
	z.strictObject({
		do: z.enum(['accept', 'return', 'chase', 'withdraw']),
		id: z.uuid(),
		text: text(1000).optional()
	})
]);
export type ShareWords = z.infer<typeof shareWords>;
