import { z } from 'zod';
import {
	areaUnits,
	checkSubjects,
	layerKinds,
	layerRules,
	natures,
	ownerships,
	supplies,
	thresholdMetrics
} from './planfacts';
import { fundSources } from './project';

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const text = (max: number) => z.string().trim().max(max);
const lonLat = z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)]);
const ring = z.array(lonLat).min(4).max(20_000);
const polygon = z.strictObject({
	type: z.literal('Polygon'),
	coordinates: z.array(ring).min(1).max(100)
});
const shape = z.union([
	polygon,
	z.strictObject({
		type: z.literal('MultiPolygon'),
		coordinates: z.array(z.array(ring).min(1).max(100)).min(1).max(500)
	})
]);
const shapes = z.strictObject({
	type: z.literal('GeometryCollection'),
	geometries: z.array(shape).max(50)
});
/** 10,000 yuan, two decimals. */
const money = z.number().min(0).max(9_999_999_999).nullable();
const count = z.number().int().min(0).max(1_000_000).nullable();
const year = z.number().int().min(2000).max(2100);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** What a plan's record holds beside what every plan has (`plan` in op.ts). */
export const planRecord = {
	code: text(40),
	nature: z.enum(['', ...natures]),
	bounds: text(500),
	/** m² of floors. */
	floor_area: money,
	/** 10,000 yuan a year. */
	output: money,
	tax: money,
	/** Of the village collective. */
	income: money,
	jobs_indirect: count,
	households: count,
	people: count,
	mechanism: text(1000),
	leader: text(40),
	patron: text(40),
	officer: text(40),
	promoter: text(40),
	team: text(200),
	land_class: text(10),
	planned_use: text(80),
	ownership: z.enum(['', ...ownerships]),
	supply: z.enum(['', ...supplies]),
	quota: text(200)
};

const moneyRow = z
	.strictObject({
		source: z.enum(fundSources),
		year,
		planned: money,
		allocated: money,
		spent: money,
		note: text(200)
	})
	.partial()
	.required({ source: true, year: true });
const parcel = {
	name: text(80),
	land_class: text(10),
	geometry: shape,
	stated_area: z.number().positive().max(1e10).nullable(),
	stated_unit: z.enum(areaUnits).nullable(),
	source_crs: text(60),
	method: text(60),
	confidence: z.number().min(0).max(1).nullable(),
	sha256
};
const layer = {
	kind: z.enum(layerKinds),
	name: text(80).min(1),
	provider: text(80),
	dated_on: day.nullable(),
	accuracy_m: z.number().min(0).max(99_999).nullable(),
	rule: z.enum(layerRules),
	exceptions: text(2000),
	sliver_m2: z.number().min(0).max(1e7),
	sliver_share: z.number().min(0).max(0.05),
	/** Influence of points and lines that bring none of their own, m. */
	buffer_m: z.number().min(0).max(5000).nullable(),
	note: text(1000),
	/** Where the provider has looked; null: the whole township. */
	geometry: shape.nullable()
};
const scheme = {
	title: text(120).min(1),
	note: text(2000),
	from_year: year.nullable(),
	to_year: year.nullable(),
	/** All of them: whoever is not named is out. */
	plans: z.array(z.uuid()).max(200)
};
const figures = z
	.strictObject({
		title: text(200).min(1),
		category: text(40),
		invest: money,
		output: money,
		tax: money,
		income: money,
		land: money,
		jobs: count,
		indirect: count,
		households: count,
		money: z.array(moneyRow.omit({ note: true })).max(200)
	})
	.partial();
const drawn = z
	.array(
		z
			.strictObject({ id: z.uuid(), name: text(80), dlbm: text(10) })
			.partial()
			.required({ id: true })
	)
	.max(50);

/** One move of a scenario; parcels' corners lie in the op's `geometry`, in the same order. */
export const moveSchema = z.discriminatedUnion('type', [
	z.strictObject({
		type: z.literal('add'),
		item: figures
			.extend({
				id: z.uuid(),
				village: z.uuid().nullable(),
				steps: z
					.array(z.strictObject({ id: z.uuid(), title: text(200).min(1), due: day.nullable() }))
					.max(50),
				parcels: drawn
			})
			.partial()
			.required({ id: true })
	}),
	z.strictObject({ type: z.literal('drop'), item: z.uuid() }),
	z.strictObject({ type: z.literal('reshape'), item: z.uuid(), parcels: drawn }),
	z.strictObject({
		type: z.literal('figures'),
		item: z.uuid(),
		set: figures.refine((set) => Object.keys(set).length > 0)
	}),
	z.strictObject({
		type: z.literal('restage'),
		item: z.uuid(),
		due: z
			.array(z.strictObject({ step: z.uuid(), due: day }))
			.min(1)
			.max(100)
	})
]);

export const planPayloads = {
	/** A row whose three amounts are all empty is taken away. */
	'plan.money': z.strictObject({ rows: z.array(moneyRow).min(1).max(200) }),
	/** Read by those who plan in the township; the log only says that it happened. */
	'plan.contact': z
		.strictObject({ legal_person: text(40), name: text(40), phone: text(40), note: text(500) })
		.partial(),
	/** target: the township. */
	'threshold.set': z
		.strictObject({
			metric: z.enum(thresholdMetrics),
			category: text(40),
			minimum: z.number().positive().max(1e9).nullable(),
			note: text(200)
		})
		.partial()
		.required({ metric: true, minimum: true }),
	/** target: the parcel's id. */
	'parcel.create': z
		.strictObject({ ...parcel, plan: z.uuid() })
		.partial()
		.required({ plan: true, geometry: true }),
	/** Also brings back one that was put away. */
	'parcel.edit': z.strictObject(parcel).partial(),
	'parcel.split': z.strictObject({
		parts: z
			.array(
				z
					.strictObject({ id: z.uuid(), name: text(80), land_class: text(10) })
					.partial()
					.required({ id: true })
			)
			.min(2)
			.max(50),
		geometry: shapes
	}),
	/** target: the id of the new one. */
	'parcel.merge': z
		.strictObject({
			parcels: z.array(z.uuid()).min(2).max(50),
			name: text(80),
			land_class: text(10)
		})
		.partial()
		.required({ parcels: true }),
	'parcel.archive': z.strictObject({}),
	'layer.create': z.strictObject(layer).partial().required({ kind: true, name: true }),
	'layer.edit': z.strictObject(layer).partial(),
	/** `count`: how many shapes were put; fewer or more there and nothing is switched. */
	'layer.switch': z
		.strictObject({
			load: z.uuid(),
			count: z.number().int().min(0).max(1_000_000),
			dated_on: day.nullable(),
			sha256,
			source_crs: text(60)
		})
		.partial()
		.required({ load: true, count: true }),
	'layer.archive': z.strictObject({}),
	/** target: the check's own id. */
	'check.run': z.strictObject({ of: z.enum(checkSubjects), id: z.uuid() }),
	'scheme.create': z.strictObject(scheme).partial().required({ title: true }),
	'scheme.edit': z.strictObject(scheme).partial(),
	'scheme.archive': z.strictObject({}),
	/** `from`: begins with the moves of another scenario of the scheme. */
	'scenario.create': z
		.strictObject({ scheme: z.uuid(), title: text(120).min(1), note: text(2000), from: z.uuid() })
		.partial()
		.required({ scheme: true, title: true }),
	'scenario.edit': z.strictObject({ title: text(120).min(1), note: text(2000) }).partial(),
	'scenario.move': z
		.strictObject({ move: moveSchema, geometry: shapes })
		.partial()
		.required({ move: true }),
	'scenario.undo': z.strictObject({}),
	'scenario.redo': z.strictObject({}),
	/** Its moves become *said*; the other scenarios of the scheme are closed and kept. */
	'scenario.adopt': z.strictObject({ note: text(500) }).partial(),
	'scenario.close': z.strictObject({ note: text(500) }).partial()
} as const;
