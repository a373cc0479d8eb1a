import { kinds, type Counts, type Kind } from '$lib/domain/fact';
import type { FormFacts, FormPlan, FormVillage } from '$lib/domain/form';
import { investOf, muOf, type PlanLine } from '$lib/domain/plan';
import { readPeople } from './accounts';
import { call, toFailure, type Db } from './client';
import { readPlans } from './plans';
import { readProjects } from './projects';

type CountRow = Counts & { village_id: string; kind: Kind };
type ByPlace = Map<string, Record<Kind, Counts | null>>;

const none = (): Record<Kind, Counts | null> =>
	Object.fromEntries(kinds.map((k) => [k, null])) as Record<Kind, Counts | null>;

/** Counts at the end of a day; a village and kind without any record has none. */
async function countsOn(db: Db, townshipId: string, day: string): Promise<ByPlace> {
	const rows = await call<CountRow[]>(db, 'progress_on', { p_township: townshipId, p_day: day });
	const by: ByPlace = new Map();
	for (const { village_id, kind, ...counts } of rows) {
		const own = by.get(village_id) ?? none();
		own[kind] = counts;
		by.set(village_id, own);
	}
	return by;
}

const dayBefore = (day: string): string =>
	new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);

const cents = (values: readonly (number | null)[]): number | null => {
	const known = values.filter((v) => v !== null);
	return known.length ? Math.round(known.reduce((n, v) => n + v * 100, 0)) / 100 : null;
};

const toPlan = (p: PlanLine): FormPlan => ({
	id: p.id,
	title: p.title,
	villageId: p.villageId,
	village: p.village,
	category: p.category,
	content: p.content,
	unit: p.unit,
	leader: p.leader,
	party: p.party,
	invest: investOf(p),
	allocated: cents(p.money.map((r) => r.allocated)),
	spent: p.money.length ? cents(p.money.map((r) => r.spent)) : p.spent,
	output: p.output,
	tax: p.tax,
	income: p.income,
	land: muOf(p),
	jobs: p.jobs,
	households: p.households
});

/** Everything the map can answer in a form about these days; null where the township may not be seen. */
export async function readFormFacts(
	db: Db,
	township: { id: string; name: string },
	period: { from: string; to: string }
): Promise<FormFacts | null> {
	const [places, at, before, plans, projects, people] = await Promise.all([
		db
			.from('places')
			.select('id, name, people, households, area')
			.eq('township_id', township.id)
			.eq('level', 'village')
			.is('archived_at', null)
			.order('code', { nullsFirst: false })
			.order('name'),
		countsOn(db, township.id, period.to),
		countsOn(db, township.id, dayBefore(period.from)),
		readPlans(db, township.id),
		readProjects(db, township.id),
		readPeople(db, township.id)
	]);
	if (places.error) throw toFailure(places.error, places.status);
	if (!plans || !projects) return null;
	const holding = (id: string, role: string) =>
		people
			.filter((p) => p.roles.some((r) => r.placeId === id && r.role === role))
			.map((p) => p.name);
	const counted = (id: string) => ({ at: at.get(id) ?? none(), before: before.get(id) ?? none() });
	return {
		township,
		today: plans.today,
		...period,
		villages: places.data.map((v): FormVillage => ({
			...(v as Pick<FormVillage, 'id' | 'name' | 'people' | 'households' | 'area'>),
			contacts: holding(v.id, 'contact'),
			reporters: holding(v.id, 'field'),
			...counted(v.id)
		})),
		elsewhere: counted(township.id),
		plans: plans.plans.map(toPlan),
		projects: projects.projects.map((p) => ({
			id: p.id,
			title: p.title,
			villageId: p.villageId,
			village: p.village,
			unitName: p.unitName,
			targetGrade: p.targetGrade,
			presentGrade: p.presentGrade,
			...p.funds
		}))
	};
}

export type RememberedForm = {
	id: string;
	title: string;
	version: number;
	madeOn: string;
	mapping: Record<string, string>;
};

/** What was chosen for a form the last time. */
export async function readForm(
	db: Db,
	townshipId: string,
	fingerprint: string
): Promise<RememberedForm | null> {
	const { data, error, status } = await db
		.from('forms')
		.select('id, title, version, made_on, mapping')
		.eq('township_id', townshipId)
		.eq('fingerprint', fingerprint)
		.maybeSingle();
	if (error) throw toFailure(error, status);
	if (!data) return null;
	const { made_on: madeOn, ...rest } = data as Omit<RememberedForm, 'madeOn'> & { made_on: string };
	return { ...rest, madeOn };
}

/** Forms that are remembered, the latest first. */
export async function readForms(
	db: Db,
	townshipId: string
): Promise<{ id: string; title: string; madeOn: string }[]> {
	const { data, error, status } = await db
		.from('forms')
		.select('id, title, made_on')
		.eq('township_id', townshipId)
		.order('made_on', { ascending: false })
		.limit(100);
	if (error) throw toFailure(error, status);
	return data.map((f) => ({ id: String(f.id), title: String(f.title), madeOn: String(f.made_on) }));
}
