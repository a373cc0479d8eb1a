import { z } from 'zod';
import { proofs } from './fact';
import { feedPayloads } from './feedops';
import { photoRoles } from './photo';
import { formPayloads } from './formops';
import { meetingPayloads } from './meetingops';
import { officialPayloads } from './officialops';
import { planPayloads, planRecord } from './planops';
import { projectPayloads } from './projectops';
import { noticePayloads } from './publicnoticeops';
import { reportPayloads } from './reportops';
import { sheetSchema } from './round';
import { sharePayloads } from './shareops';
import { stages } from './stage';
import { blockerKinds, grades } from './thing';
import { taskKindCodes } from './task';

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const text = (max: number) => z.string().trim().max(max);
const lonLat = z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)]);
const point = z.strictObject({ type: z.literal('Point'), coordinates: lonLat });
const ring = z.array(lonLat).min(4).max(20_000);
const polygon = z.strictObject({
	type: z.literal('Polygon'),
	coordinates: z.array(ring).min(1).max(100)
});
const multiPolygon = z.strictObject({
	type: z.literal('MultiPolygon'),
	coordinates: z.array(z.array(ring).min(1).max(100)).min(1).max(500)
});

/** A step as it is planned with its thing: an id of the maker's, a title and perhaps a day. */
const plannedStep = z.strictObject({
	id: z.uuid(),
	title: text(200).min(1),
	due_on: day.optional(),
	answers: z.uuid().optional()
});

const task = {
	category: z.enum(taskKindCodes as [string, ...string[]]),
	title: text(200),
	note: text(2000),
	place_text: text(200),
	group_name: text(80),
	village_id: z.uuid().nullable(),
	geometry: point.nullable(),
	method: z.enum(['device', 'map', 'photo']),
	/** The campaign's name: a label, never a code. */
	campaign: text(40)
};
const project = {
	title: text(200).min(1),
	/** A place that is rated already, for another title; else the id of the new one. */
	unit_id: z.uuid(),
	unit_name: text(80).min(1),
	present_grade: z.enum(['', ...grades]),
	target_grade: z.enum(grades),
	note: text(2000),
	unit: text(80),
	village_id: z.uuid().nullable(),
	geometry: z.union([point, polygon, multiPolygon]).nullable(),
	steps: z.array(plannedStep).max(100)
};
const plan = {
	title: text(200).min(1),
	category: text(40),
	content: text(2000),
	party: text(120),
	unit: text(80),
	invest: z.number().min(0).max(1e11).nullable(),
	spent: z.number().min(0).max(1e11).nullable(),
	jobs: z.number().int().min(0).max(1e6).nullable(),
	land: z.number().min(0).max(1e7).nullable(),
	...planRecord,
	village_id: z.uuid().nullable(),
	geometry: z.union([polygon, multiPolygon]).nullable(),
	steps: z.array(plannedStep).max(100)
};
const note = { note: text(1000) };
/** Photos that belong to the op: they arrive first, or the op waits for them. */
const photos = { photos: z.array(z.uuid()).max(9) };
const how = { how: z.enum(proofs).exclude(['ledger']) };
const none = z.strictObject({});

/** Why a finished task is open again; why a finding is not taken on. */
export const reopenWhys = ['came_back', 'not_done', 'other'] as const;
export const rejectWhys = ['no_problem', 'not_ours', 'duplicate', 'other'] as const;

/** What a checker writes down in a check round. */
const finding = {
	item: text(12).min(1),
	count: z.number().int().min(1).max(99),
	/** Of the kind that zeroes its item. */
	zero: z.boolean(),
	note: text(1000),
	place_text: text(200),
	geometry: point.nullable(),
	method: z.enum(['device', 'map'])
};
const villages = z.array(z.uuid()).min(1).max(200);
const roundPayloads = {
	/** `draw`: so many villages by chance; else those that are named. */
	'round.create': z
		.strictObject({
			title: text(100).min(1),
			sheet: sheetSchema,
			villages,
			draw: z.number().int().min(1).max(200),
			checkers: z.array(z.uuid()).max(20)
		})
		.partial()
		.required({ title: true, sheet: true })
		.refine((p) => (p.villages === undefined) !== (p.draw === undefined)),
	'round.edit': z.strictObject({ title: text(100).min(1), sheet: sheetSchema, villages }).partial(),
	'round.checker': z.strictObject({ person: z.uuid() }),
	/** `looked`: the whole sheet was gone through; false takes it back. */
	'round.visit': z
		.strictObject({ village: z.uuid(), looked: z.boolean() })
		.partial()
		.required({ village: true }),
	'round.finish': z.strictObject({ demand: text(1000), due_on: day }).partial(),
	'round.cancel': none,
	'finding.add': z
		.strictObject({ ...finding, round: z.uuid(), village: z.uuid() })
		.partial()
		.required({ round: true, village: true, item: true }),
	'finding.edit': z.strictObject(finding).partial(),
	'finding.void': none
} as const;

/** What each kind of op carries. The form, the route and later the off-line queue parse the same schema. */
export const payloads = {
	'task.create': z
		.strictObject({ ...task, ...photos, answers: z.uuid(), due_on: day })
		.partial()
		.required({ category: true }),
	'task.edit': z.strictObject(task).partial(),
	'project.create': z
		.strictObject(project)
		.partial()
		.required({ title: true, unit_name: true, target_grade: true }),
	'project.edit': z.strictObject(project).partial(),
	'plan.create': z.strictObject(plan).partial().required({ title: true }),
	'plan.edit': z.strictObject(plan).partial(),
	'place.edit': z
		.strictObject({
			name: text(80).min(1),
			code: text(20),
			people: z.number().int().min(0).max(1e7).nullable(),
			households: z.number().int().min(0).max(1e7).nullable()
		})
		.partial(),
	'step.say': z.strictObject({ answers: z.uuid().nullable(), due_on: day }).partial(),
	'step.recall': none,
	/** `read`: the round whose reason was read; needed where a step came back. */
	'step.start': z.strictObject({ read: z.number().int().min(1) }).partial(),
	'step.do': z.strictObject({ ...note, ...photos }).partial(),
	'step.withdraw': none,
	'step.hold': none,
	'step.release': none,
	'step.prove': z.strictObject({ ...note, ...how, ...photos }).partial(),
	'step.return': z
		.strictObject({ ...note, ...how, ...photos, part: z.boolean() })
		.partial()
		.required({ note: true }),
	'step.close': none,
	'step.reopen': z.strictObject({ ...note, ...photos, why: z.enum(reopenWhys) }).partial(),
	'step.reject': z.strictObject({ ...note, why: z.enum(rejectWhys) }).partial(),
	'step.merge': z.strictObject({ into: z.uuid() }),
	'step.drop': z.strictObject({ note: text(500).min(1) }),
	'step.ask': z
		.strictObject({ ...note, to_day: day })
		.partial()
		.required({ to_day: true }),
	'step.grant': z.strictObject({ ...note, to_day: day }).partial(),
	'step.deny': z.strictObject(note).partial(),
	'step.unask': none,
	'step.photo': z
		.strictObject({ ...photos, role: z.enum(photoRoles) })
		.partial()
		.required({ photos: true }),
	'step.block': z
		.strictObject({
			blocker: z.enum(blockerKinds),
			who: text(80).min(1),
			note: text(1000),
			since: day,
			until: day,
			/** What is asked of the district, in a sentence. */
			ask: text(500)
		})
		.partial()
		.required({ blocker: true, who: true }),
	'step.unblock': z.strictObject(note).partial(),
	'step.evidence': z
		.strictObject({
			evidence: z.enum(['note', 'number']),
			title: text(200),
			number: z.number(),
			unit: text(20)
		})
		.partial(),
	'type.edit': z
		.strictObject({
			code: z.enum(taskKindCodes as [string, ...string[]]),
			name: text(40),
			days: z.number().int().min(0).max(365).nullable(),
			unit: text(80),
			hidden: z.boolean(),
			auto: z.boolean()
		})
		.partial()
		.required({ code: true }),
	'handover.create': z
		.strictObject({
			tasks: z.array(z.uuid()).min(1).max(200),
			answers: z.uuid(),
			unit: text(80),
			due_on: day
		})
		.partial()
		.required({ tasks: true }),
	'draw.create': z
		.strictObject({
			size: z.number().int().min(1).max(500),
			stages: z.array(z.enum(stages)).min(1),
			village_id: z.uuid(),
			category: z.enum(taskKindCodes as [string, ...string[]])
		})
		.partial()
		.required({ size: true }),
	'draw.result': z
		.strictObject({ ...note, task: z.uuid(), ok: z.boolean() })
		.partial()
		.required({ task: true, ok: true }),
	...roundPayloads,
	...projectPayloads,
	...planPayloads,
	...meetingPayloads,
	...officialPayloads,
	...sharePayloads,
	...noticePayloads,
	...feedPayloads,
	...reportPayloads,
	...formPayloads
} as const;

export type OpKind = keyof typeof payloads;
export const opKinds = Object.keys(payloads) as [OpKind, ...OpKind[]];
export type Payload<K extends OpKind> = z.input<(typeof payloads)[K]>;

/** An edit as a value: applied once for ever, whoever sends it again and from wherever. */
export type Op<K extends OpKind = OpKind> = {
	op_id: string;
	kind: K;
	township_id: string;
	/** The thing, step or place it is about; for a `create` the id the maker chose. */
	target: string;
	/** The version the maker saw; another one in the database gives `conflict`. */
	base_version?: number;
	payload: Payload<K>;
	/** What the device's clock showed: a claim. */
	device_time?: string;
};

const envelope = z.strictObject({
	op_id: z.uuid(),
	kind: z.enum(opKinds),
	township_id: z.uuid(),
	target: z.uuid(),
	base_version: z.number().int().min(1).optional(),
	payload: z.looseObject({}),
	device_time: z.iso.datetime({ offset: true }).optional()
});

export type OpProblem = { path: string; code: string };

/** Reads an op from outside; gives the op or where it is wrong. Never throws. */
export function readOp(value: unknown): { op: Op } | { problems: OpProblem[] } {
	const outer = envelope.safeParse(value);
	if (!outer.success) return { problems: outer.error.issues.map(toProblem) };
	const inner = payloads[outer.data.kind].safeParse(outer.data.payload);
	if (!inner.success) return { problems: inner.error.issues.map(toProblem) };
	return { op: { ...outer.data, payload: inner.data } as Op };
}

function toProblem(issue: { path: PropertyKey[]; code?: string }): OpProblem {
	return { path: issue.path.map(String).join('.'), code: issue.code ?? 'invalid' };
}

export const outcomes = ['applied', 'already', 'conflict', 'held', 'refused'] as const;
export type Outcome = {
	outcome: (typeof outcomes)[number];
	/** A word that the page translates. */
	reason?: string;
	detail?: string;
	/** What stands there now, for a conflict. */
	now?: Record<string, unknown>;
	id?: string;
	version?: number;
	seq?: number;
	state?: string;
	stage?: string;
	/** The number of a sheet or a draw; how much was undone. */
	no?: number;
	/** A link's address, without its secret. */
	publicId?: string;
};

/** UUID version 7 (RFC 9562): ids sort by the moment they were made. Works off-line. */
export function newId(now = Date.now()): string {
	const bytes = crypto.getRandomValues(new Uint8Array(16));
	for (let i = 0; i < 6; i++) bytes[i] = Math.floor(now / 2 ** (8 * (5 - i))) % 256;
	bytes[6] = (bytes[6]! & 0x0f) | 0x70;
	bytes[8] = (bytes[8]! & 0x3f) | 0x80;
	const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
	return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

export function newOp<K extends OpKind>(
	kind: K,
	townshipId: string,
	target: string,
	payload: Payload<K>,
	baseVersion?: number
): Op<K> {
	return {
		op_id: newId(),
		kind,
		township_id: townshipId,
		target,
		...(baseVersion === undefined ? {} : { base_version: baseVersion }),
		payload,
		device_time: new Date().toISOString()
	};
}
