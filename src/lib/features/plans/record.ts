import type { Payload } from '$lib/domain/op';
import type { PlanRecord } from '$lib/domain/plan';
import { natures, ownerships, supplies } from '$lib/domain/planfacts';
import { planCategories } from '$lib/domain/thing';
import { planCategoryWord } from '$lib/features/things/words';
import { readAmount } from '$lib/features/works/fundform';
import * as m from '$lib/i18n/paraglide/messages';

type Edit = Payload<'plan.edit'>;
type Key = Exclude<keyof Edit, 'geometry' | 'steps'>;
type Option = { value: string; label: string };
/** One field of the record: where it is read and what its words are. `amount` has two decimals, `count` none. */
export type RecordField = {
	key: Key;
	label: () => string;
	of: (plan: PlanRecord) => string | number | null;
} & (
	| { kind: 'text'; max: number; rows?: number }
	| { kind: 'amount' | 'count' }
	| { kind: 'choice'; options: () => Option[] }
);

const text = (
	key: Key,
	label: () => string,
	of: (p: PlanRecord) => string,
	max: number,
	rows?: number
): RecordField => ({ key, label, of, kind: 'text', max, ...(rows && { rows }) });
const figure =
	(kind: 'amount' | 'count') =>
	(key: Key, label: () => string, of: (p: PlanRecord) => number | null): RecordField => ({
		key,
		label,
		of,
		kind
	});
const amount = figure('amount');
const count = figure('count');
const choice = (
	key: Key,
	label: () => string,
	of: (p: PlanRecord) => string,
	options: () => Option[]
): RecordField => ({ key, label, of, kind: 'choice', options });
const wan = (label: () => string) => () => `${label()}（${m.things_wan({ n: '' }).trim()}）`;

export const natureWords = {
	new: m.plans_nature_new,
	expand: m.plans_nature_expand,
	continue: m.plans_nature_continue
} as const;
export const ownershipWords = {
	state: m.plans_ownership_state,
	collective: m.plans_ownership_collective,
	mixed: m.plans_ownership_mixed
} as const;
export const supplyWords = {
	grant: m.plans_supply_grant,
	lease: m.plans_supply_lease,
	transfer: m.plans_supply_transfer,
	farm_facility: m.plans_supply_farm_facility,
	market: m.plans_supply_market,
	allocation: m.plans_supply_allocation,
	other: m.plans_supply_other
} as const;

/** The record in the order of domain.md C.1. */
export const recordGroups: { title: () => string; fields: RecordField[] }[] = [
	{
		title: m.plans_group_identity,
		fields: [
			text('title', m.things_title, (p) => p.title, 200),
			text('code', m.plans_code, (p) => p.code, 40),
			choice(
				'category',
				m.things_category,
				(p) => p.category,
				() => planCategories.map((value) => ({ value, label: planCategoryWord(value) }))
			),
			choice(
				'nature',
				m.plans_nature,
				(p) => p.nature,
				() => natures.map((value) => ({ value, label: natureWords[value]() }))
			),
			text('content', m.things_plan_content, (p) => p.content, 2000, 3),
			text('bounds', m.plans_bounds, (p) => p.bounds, 500)
		]
	},
	{
		title: m.plans_group_size,
		fields: [
			amount('invest', wan(m.plans_invest), (p) => p.invest),
			amount('spent', wan(m.things_plan_spent), (p) => p.spent),
			amount(
				'land',
				() => `${m.things_plan_land()}（${m.things_mu({ n: '' }).trim()}）`,
				(p) => p.land
			),
			amount('floor_area', m.plans_floor_area, (p) => p.floorArea)
		]
	},
	{
		title: m.plans_group_benefit,
		fields: [
			amount('output', wan(m.plans_output), (p) => p.output),
			amount('tax', wan(m.plans_tax), (p) => p.tax),
			amount('income', wan(m.plans_income), (p) => p.income),
			count('jobs', m.plans_jobs_direct, (p) => p.jobs),
			count('jobs_indirect', m.plans_jobs_indirect, (p) => p.jobsIndirect),
			count('households', m.plans_households, (p) => p.households),
			count('people', m.plans_people, (p) => p.people),
			text('mechanism', m.plans_mechanism, (p) => p.mechanism, 1000, 2)
		]
	},
	{
		title: m.plans_group_who,
		fields: [
			text('party', m.things_plan_party, (p) => p.party, 120),
			text('unit', m.things_unit, (p) => p.unit, 80),
			text('leader', m.plans_leader, (p) => p.leader, 40),
			text('patron', m.plans_patron, (p) => p.patron, 40),
			text('officer', m.plans_officer, (p) => p.officer, 40),
			text('promoter', m.plans_promoter, (p) => p.promoter, 40),
			text('team', m.plans_team, (p) => p.team, 200)
		]
	},
	{
		title: m.plans_group_land,
		fields: [
			text('land_class', m.plans_land_class, (p) => p.landClass, 10),
			text('planned_use', m.plans_planned_use, (p) => p.plannedUse, 80),
			choice(
				'ownership',
				m.plans_ownership,
				(p) => p.ownership,
				() => ownerships.map((value) => ({ value, label: ownershipWords[value]() }))
			),
			choice(
				'supply',
				m.plans_supply,
				(p) => p.supply,
				() => supplies.map((value) => ({ value, label: supplyWords[value]() }))
			),
			text('quota', m.plans_quota, (p) => p.quota, 200)
		]
	}
];
export const recordFields = recordGroups.flatMap((g) => g.fields);

/** What the form holds: texts, as typed. */
export type RecordForm = Record<string, string>;
export const recordForm = (plan: PlanRecord): RecordForm =>
	Object.fromEntries(recordFields.map((f) => [f.key, String(f.of(plan) ?? '')]));

/** What differs from `plan`, as an edit; and the fields that hold no such value. */
export function recordChanges(plan: PlanRecord, form: RecordForm): { edit: Edit; wrong: string[] } {
	const edit: Record<string, string | number | null> = {};
	const wrong: string[] = [];
	for (const f of recordFields) {
		const typed = form[f.key] ?? '';
		const was = f.of(plan);
		if (f.kind === 'amount' || f.kind === 'count') {
			const n = readAmount(typed);
			if (n === undefined || (f.kind === 'count' && n !== null && (n % 1 !== 0 || n > 1e6)))
				wrong.push(f.key);
			else if (n !== was) edit[f.key] = n;
		} else {
			if (f.key === 'title' && typed.trim() === '') wrong.push(f.key);
			if (typed.trim() !== was) edit[f.key] = typed.trim();
		}
	}
	return { edit: edit as Edit, wrong };
}
/** The edit that puts back what `edit` changed. */
export const recordBack = (plan: PlanRecord, edit: Edit): Edit =>
	Object.fromEntries(
		recordFields.filter((f) => f.key in edit).map((f) => [f.key, f.of(plan)])
	) as Edit;
