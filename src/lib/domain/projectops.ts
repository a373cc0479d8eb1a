import { z } from 'zod';
import { assessors, featureKinds, fundSources, phaseVerbs } from './project';
import { grades } from './thing';

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const text = (max: number) => z.string().trim().max(max);
const lonLat = z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)]);
const line = z.array(lonLat).min(2).max(5000);
const ring = z.array(lonLat).min(4).max(5000);
const geometry = z.union([
	z.strictObject({ type: z.literal('Point'), coordinates: lonLat }),
	z.strictObject({ type: z.literal('LineString'), coordinates: line }),
	z.strictObject({ type: z.literal('Polygon'), coordinates: z.array(ring).min(1).max(50) })
]);
const code = text(12).min(1);
const items = z.array(code).max(300);
/** 10,000 yuan, two decimals. */
const money = z.number().min(0).max(1e10).nullable();

const value = z.union([
	z.strictObject({ points: z.number().min(0).max(10_000) }),
	z.strictObject({ option: z.number().int().min(0).max(99) }),
	z.strictObject({ count: z.number().min(0).max(1e7) }),
	z.strictObject({ findings: z.number().int().min(0).max(1e6) }),
	z.strictObject({ rate: z.number().min(0).max(1) }),
	z.strictObject({ yes: z.boolean() })
]);
const score = z
	.strictObject({ item: code, value: value.nullable(), na: z.boolean(), note: text(1000) })
	.partial()
	.required({ item: true });
const target = z
	.strictObject({
		item: code,
		points: z.number().min(0).max(10_000).nullable(),
		cost: z.number().min(0).max(1e11).nullable(),
		ready_on: day.nullable(),
		answers: z.uuid().nullable(),
		note: text(1000)
	})
	.partial()
	.required({ item: true });
const exhibit = {
	title: text(200).min(1),
	number: z.number(),
	measure: text(20),
	photo: z.uuid(),
	sha256: z.string().regex(/^[0-9a-f]{64}$/),
	feature: z.uuid(),
	thing: z.uuid(),
	happened_on: day
};
const feature = {
	kind: z.enum(featureKinds),
	name: text(80),
	amount: z.number().min(0).max(1e7).nullable(),
	note: text(500),
	geometry
};
const plannedStep = z
	.strictObject({
		id: z.uuid(),
		title: text(200).min(1),
		starts_on: day,
		due_on: day,
		answers: z.uuid()
	})
	.partial()
	.required({ id: true, title: true });
const work = { title: text(200).min(1), items, note: text(1000) };
const fund = {
	work: z.uuid().nullable(),
	source: z.enum(fundSources),
	planned: money,
	allocated: money,
	spent: money,
	note: text(200)
};
const dayOff = z.strictObject({ day, name: text(40) });

/** What the ops of scenic-village projects carry; `target` is the project where nothing else is said. */
export const projectPayloads = {
	/** target: the standard's id. `body` as standard.ts says; the database reads it too. */
	'standard.create': z
		.strictObject({
			name: text(120).min(1),
			edition: text(80),
			official: z.boolean(),
			body: z.looseObject({}),
			from: z.uuid()
		})
		.partial()
		.required({ name: true, body: true }),
	/** Drafts only. */
	'standard.edit': z
		.strictObject({
			name: text(120).min(1),
			edition: text(80),
			official: z.boolean(),
			body: z.looseObject({}),
			note: text(500)
		})
		.partial(),
	'standard.publish': z.strictObject({}),
	'standard.retire': z.strictObject({}),
	/** Chooses a standard in force, or moves to a newer edition: scores that no longer fit lapse. */
	'project.standard': z.strictObject({ standard: z.uuid() }),
	'project.move': z
		.strictObject({
			verb: z.enum(phaseVerbs),
			note: text(1000),
			/** publish_notice: both days counted. */
			from: day,
			to: day,
			where: text(200),
			/** rectify: until when; list: number of the document. */
			by: day,
			number: text(80),
			/** downgrade. */
			grade: z.enum(grades)
		})
		.partial()
		.required({ verb: true }),
	'project.score': z.strictObject({
		assessor: z.enum(assessors),
		scores: z.array(score).min(1).max(400)
	}),
	'project.target': z.strictObject({ items: z.array(target).min(1).max(400) }),
	/** target: the exhibit's id. `cite`: items of `project` it speaks for. */
	'exhibit.add': z
		.strictObject({
			...exhibit,
			kind: z.enum(['photo', 'document', 'number', 'place', 'task', 'plan']),
			project: z.uuid(),
			cite: items
		})
		.partial()
		.required({ kind: true, title: true, project: true }),
	'exhibit.withdraw': z.strictObject({ note: text(500) }).partial(),
	/** target: the exhibit. The items of this project it speaks for from now on, all of them. */
	'exhibit.cite': z.strictObject({ project: z.uuid(), items }),
	/** target: the feature's id. */
	'feature.create': z
		.strictObject({ ...feature, unit: z.uuid() })
		.partial()
		.required({ kind: true, unit: true, geometry: true }),
	'feature.edit': z.strictObject(feature).partial(),
	'feature.archive': z.strictObject({}),
	/** target: the work's id. `steps`: its milestones, in order. */
	'work.create': z
		.strictObject({ ...work, project: z.uuid(), steps: z.array(plannedStep).max(50) })
		.partial()
		.required({ title: true, project: true }),
	'work.edit': z.strictObject({ ...work, steps: z.array(plannedStep).max(50) }).partial(),
	'work.archive': z.strictObject({}),
	/** target: the project. All or none; a first day once given stays readable as the first. */
	'work.plan': z.strictObject({
		steps: z
			.array(
				z
					.strictObject({ id: z.uuid(), starts_on: day.nullable(), due_on: day })
					.partial()
					.required({ id: true })
			)
			.min(1)
			.max(200)
	}),
	/** target: the step that waits. */
	'step.link': z
		.strictObject({ after: z.uuid(), lag: z.number().int().min(-365).max(3650) })
		.partial()
		.required({ after: true }),
	'step.unlink': z.strictObject({ after: z.uuid() }),
	/** target: the fund's id. */
	'fund.create': z
		.strictObject({ ...fund, project: z.uuid() })
		.partial()
		.required({ source: true, project: true }),
	'fund.edit': z.strictObject(fund).partial(),
	'fund.archive': z.strictObject({}),
	/** target: the township. */
	'grade.target': z
		.strictObject({
			year: z.number().int().min(2000).max(2100),
			grade: z.enum(grades),
			count: z.number().int().min(0).max(999),
			note: text(200)
		})
		.partial()
		.required({ year: true, grade: true, count: true }),
	/** target: the township. The whole year is replaced; `null` days: back to what the program knows. */
	'calendar.set': z
		.strictObject({
			year: z.number().int().min(2000).max(2100),
			off: z.array(dayOff).max(120).nullable(),
			work: z.array(dayOff).max(60),
			source: text(200)
		})
		.partial()
		.required({ year: true, off: true })
} as const;
