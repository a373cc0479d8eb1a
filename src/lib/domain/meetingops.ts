import { z } from 'zod';
import {
	ballotKinds,
	choices,
	decisionKinds,
	markKinds,
	meetingKinds,
	refKinds,
	seatParts
} from './meetingfacts';
import { taskKindCodes } from './task';

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const text = (max: number) => z.string().trim().max(max);
const lonLat = z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)]);
const point = z.strictObject({ type: z.literal('Point'), coordinates: lonLat });
const drawn = z.union([
	point,
	z.strictObject({
		type: z.literal('LineString'),
		coordinates: z.array(lonLat).min(2).max(2000)
	}),
	z.strictObject({
		type: z.literal('Polygon'),
		coordinates: z.array(z.array(lonLat).min(4).max(2000)).min(1).max(1)
	})
]);
const none = z.strictObject({});

const meeting = {
	kind: z.enum(meetingKinds),
	title: text(120).min(1),
	number: text(40),
	place: text(80),
	sent_to: text(300),
	starts_at: z.iso.datetime({ offset: true }),
	chair: z.uuid().nullable(),
	recorder: z.uuid().nullable()
};
const topic = {
	title: text(200).min(1),
	unit: text(80),
	note: text(2000),
	refs: z.array(z.strictObject({ kind: z.enum(refKinds), id: z.uuid() })).max(20),
	coordinated: z.boolean(),
	consulted: z.boolean(),
	major: z.boolean()
};
const words = {
	lead_unit: text(80),
	helpers: text(200),
	done_means: text(500),
	ask: text(500)
};

/** What the ops of meetings carry. */
export const meetingPayloads = {
	'meeting.create': z.strictObject(meeting).partial().required({ title: true, starts_at: true }),
	'meeting.edit': z.strictObject(meeting).partial(),
	/** Target: the seat. Somebody of the program, or a name. */
	'meeting.seat': z
		.strictObject({
			meeting: z.uuid(),
			person: z.uuid(),
			name: text(40).min(1),
			unit: text(80),
			part: z.enum(seatParts),
			present: z.boolean().nullable(),
			note: text(100),
			removed: z.boolean()
		})
		.partial()
		.required({ meeting: true }),
	'meeting.open': none,
	'meeting.show': z.strictObject({ topic: z.uuid().nullable() }),
	/** `read`: so many decisions were read back. */
	'meeting.close': z.strictObject({ read: z.number().int().min(0) }),
	'meeting.issue': none,
	'meeting.cancel': none,
	'topic.propose': z.strictObject(topic).partial().required({ title: true }),
	'topic.edit': z
		.strictObject({
			...topic,
			meeting: z.uuid().nullable(),
			seq: z.number().int().min(0).max(999),
			heard: text(4000),
			considered: text(4000),
			differing: text(2000)
		})
		.partial(),
	'topic.check': z
		.strictObject({ ok: z.boolean(), note: text(500) })
		.partial()
		.required({ ok: true }),
	'topic.withdraw': none,
	'decision.make': z
		.strictObject({
			...words,
			meeting: z.uuid(),
			topic: z.uuid(),
			text: text(1000).min(1),
			as: z.enum(decisionKinds),
			thing: z.uuid(),
			category: z.enum(taskKindCodes as [string, ...string[]]),
			village_id: z.uuid().nullable(),
			geometry: point,
			lead: z.uuid().nullable(),
			due_on: day
		})
		.partial()
		.required({ meeting: true, topic: true, text: true }),
	'decision.edit': z.strictObject({ ...words, text: text(1000).min(1) }).partial(),
	'decision.withdraw': z.strictObject({ note: text(500).min(1) }),
	'decision.chase': z
		.strictObject({ decision: z.uuid(), note: text(500) })
		.partial()
		.required({ decision: true }),
	'mark.add': z
		.strictObject({
			meeting: z.uuid(),
			topic: z.uuid().nullable(),
			mark: z.enum(markKinds),
			text: text(1000),
			geometry: drawn,
			reply_to: z.uuid()
		})
		.partial()
		.required({ meeting: true, mark: true }),
	'mark.show': z.strictObject({ shown: z.boolean() }),
	'ballot.open': z
		.strictObject({
			meeting: z.uuid(),
			topic: z.uuid(),
			ballot: z.enum(ballotKinds),
			question: text(200).min(1),
			unit: text(20)
		})
		.partial()
		.required({ meeting: true, topic: true, question: true }),
	'ballot.cast': z
		.strictObject({
			choice: z.enum(choices),
			number: z.number().min(-1e12).max(1e12),
			geometry: point
		})
		.partial(),
	'ballot.close': none
} as const;
