import { z } from 'zod';
import { assessors, featureKinds } from './project';
import { grades } from './thing';

/** What an item's evidence may be, in the words of the real tables. */
export const evidenceKinds = ['map', 'photo', 'doc', 'number', 'inspection', 'link'] as const;
export type EvidenceKind = (typeof evidenceKinds)[number];

const code = z.string().trim().min(1).max(12);
const text = (min: number) => z.string().trim().min(min).max(300);
/** At most two decimals. */
const points = z
	.number()
	.min(0)
	.max(10_000)
	.refine((n) => Math.abs(n * 100 - Math.round(n * 100)) < 1e-6);
const sum = points.or(z.number().min(0).max(1_000_000));
const source = z.enum(['S', 'T']).optional();

const rule = z.discriminatedUnion('type', [
	z.strictObject({ type: z.literal('max') }),
	z.strictObject({
		type: z.literal('tiered'),
		options: z
			.array(z.strictObject({ points, zh: text(0), en: text(0).optional() }))
			.min(1)
			.max(20)
	}),
	z.strictObject({
		type: z.literal('per_unit'),
		unit_points: points,
		cap: points.optional(),
		unit: text(0).optional()
	}),
	z.strictObject({
		type: z.literal('deduct_per_finding'),
		points,
		floor: points.optional()
	}),
	z.strictObject({
		type: z.literal('rate'),
		full: z.number().gt(0).max(1).optional(),
		bands: z
			.array(z.strictObject({ from: z.number().min(0).max(1), points }))
			.min(1)
			.max(20)
			.optional()
	}),
	z.strictObject({ type: z.literal('yes_no') })
]);
const item = z.strictObject({
	code,
	zh: text(1),
	en: text(0).optional(),
	max: points.refine((n) => n > 0),
	source,
	rule: rule.optional(),
	evidence: z
		.strictObject({
			kinds: z.array(z.enum(evidenceKinds)).max(6),
			zh: text(0).optional(),
			en: text(0).optional()
		})
		.optional(),
	/** Kinds of map features that speak for the item. */
	features: z.array(z.enum(featureKinds)).max(18).optional()
});
const section = z.strictObject({
	code,
	zh: text(1),
	en: text(0).optional(),
	max: points,
	source,
	items: z.array(item).max(300)
});
const veto = z.strictObject({
	code,
	zh: text(1),
	en: text(0).optional(),
	/** For which grades it holds; none named: for all. */
	grades: z.array(z.enum(grades)).optional()
});

/** A standard as data (domain.md A.3). Whether it adds up is another question: the database asks when it comes into force. */
export const standardSchema = z.strictObject({
	total: sum,
	bonus_max: points.optional(),
	bonus_counts: z.boolean().optional(),
	redistribute_na: z.boolean().optional(),
	review_months: z.number().int().min(1).max(240).optional(),
	notice_days: z.number().int().min(5).max(60).optional(),
	higher: z.array(z.enum(grades)).optional(),
	faithfulness: z.strictObject({ zh: z.string().max(1000), en: z.string().max(1000) }).optional(),
	grades: z
		.array(z.strictObject({ grade: z.enum(grades), zh: text(0), en: text(0).optional(), min: sum }))
		.max(3),
	assessors: z
		.array(z.strictObject({ code: z.enum(assessors), zh: text(0), en: text(0).optional() }))
		.max(4),
	vetoes: z.array(veto).max(60).optional(),
	sections: z.array(section).min(1).max(30),
	bonus: z.array(item).max(100).optional()
});
export type Standard = z.infer<typeof standardSchema>;
export type Section = Standard['sections'][number];
export type Item = Section['items'][number];
export type Rule = NonNullable<Item['rule']>;
export type Veto = NonNullable<Standard['vetoes']>[number];
