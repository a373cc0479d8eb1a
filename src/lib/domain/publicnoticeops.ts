import { z } from 'zod';
import { noticeColumns, noticeKinds, objectionOutcomes } from './publicnotice';

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const text = (max: number) => z.string().trim().max(max);
const none = z.strictObject({});

const notice = {
	title: text(120).min(1),
	body: text(8000),
	columns: z.array(z.enum(noticeColumns)).max(noticeColumns.length),
	mask_names: z.boolean(),
	unit: text(80),
	/** Of the office: a mobile is refused. */
	phone: text(40),
	address: text(120),
	from_on: day,
	to_on: day,
	/** The last day on which the page is there; the window's last where it is left out. */
	shown_to: day,
	indexed: z.boolean()
};

/** Every other key is refused by its name in the database, too. */
export const noticeRow = z.strictObject({
	no: text(10).optional(),
	name: text(60).optional(),
	place: text(60).optional(),
	item: text(200).optional(),
	amount: text(30).optional()
});

/** How many rows one op carries, and a notice holds. */
export const rowsPerOp = 200;
export const rowsMost = 3000;

export const noticePayloads = {
	'notice.create': z
		.strictObject({
			...notice,
			kind: z.enum(noticeKinds),
			projects: z.array(z.uuid()).min(1).max(200)
		})
		.partial()
		.required({ kind: true, title: true }),
	'notice.edit': z.strictObject(notice).partial(),
	'notice.rows': z.strictObject({
		from: z.number().int().min(1).max(rowsMost),
		total: z.number().int().min(0).max(rowsMost),
		rows: z.array(noticeRow).max(rowsPerOp)
	}),
	/** What a correction changes; the first edition has none. */
	'notice.publish': z.strictObject({ changed: text(500) }).partial(),
	'notice.take_down': z.strictObject({ note: text(500).min(1) }),
	'notice.drop': none,
	'notice.receive': z
		.strictObject({
			notice: z.uuid(),
			via: z.enum(['phone', 'letter', 'visit']),
			received_on: day,
			text: text(2000).min(1),
			contact_name: text(40),
			contact_phone: text(40)
		})
		.partial()
		.required({ notice: true, via: true, text: true }),
	'notice.answer': z.strictObject({
		outcome: z.enum(objectionOutcomes),
		answer: text(2000).min(1)
	}),
	'notice.post': z
		.strictObject({ notice: z.uuid(), place: text(120).min(1), on_day: day, photo: z.uuid() })
		.partial()
		.required({ notice: true, place: true })
} as const;
