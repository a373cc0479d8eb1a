import type { Counts, Kind } from './fact';

/**
 * What the map can answer in an office's form. A cell's answer is named by a code: whose, slash, what, at-sign and the
 * unit asked for: 'v:ID/task.proven', 't/area@mu'.
 */
export type FormVillage = {
	id: string;
	name: string;
	people: number | null;
	households: number | null;
	/** m² */
	area: number | null;
	/** Who is in charge of the village, and who reports in it. */
	contacts: string[];
	reporters: string[];
	/** Counts at the end of `to` and the evening before `from`; null where nobody recorded anything. */
	at: Record<Kind, Counts | null>;
	before: Record<Kind, Counts | null>;
};
export type FormPlan = {
	id: string;
	title: string;
	villageId: string | null;
	village: string | null;
	category: string;
	content: string;
	unit: string;
	leader: string;
	party: string;
	/** 10,000 yuan. */
	invest: number | null;
	allocated: number | null;
	spent: number | null;
	output: number | null;
	tax: number | null;
	income: number | null;
	/** mu */
	land: number | null;
	jobs: number | null;
	households: number | null;
};
export type FormProject = {
	id: string;
	title: string;
	villageId: string | null;
	village: string | null;
	unitName: string;
	targetGrade: string;
	presentGrade: string;
	/** 10,000 yuan. */
	planned: number | null;
	allocated: number | null;
	spent: number | null;
};
export type FormFacts = {
	township: { id: string; name: string };
	today: string;
	from: string;
	to: string;
	villages: FormVillage[];
	/** Things in no known village. */
	elsewhere: Pick<FormVillage, 'at' | 'before'>;
	plans: FormPlan[];
	projects: FormProject[];
};

export const subjectKinds = ['t', 'v', 'p', 'j'] as const;
export type SubjectKind = (typeof subjectKinds)[number];
export type Subject = { kind: SubjectKind; id: string | null };

/** Everything that can be asked, and of whom. */
export const metrics = {
	name: 'tvpj',
	town: 'tvpj',
	village: 'vpj',
	people: 'tv',
	households: 'tvp',
	area: 'tv',
	contacts: 'v',
	answers: 'v',
	today: 'tvpj',
	'task.found': 'tv',
	'task.said': 'tv',
	'task.done': 'tv',
	'task.proven': 'tv',
	'task.open': 'tv',
	'task.overdue': 'tv',
	'task.blocked': 'tv',
	'task.rate': 'tv',
	'task.found.p': 'tv',
	'task.said.p': 'tv',
	'task.done.p': 'tv',
	'task.proven.p': 'tv',
	'project.count': 'tv',
	'project.grade': 'j',
	'project.present': 'j',
	'project.unit': 'j',
	'project.planned': 'tvj',
	'project.allocated': 'tvj',
	'project.spent': 'tvj',
	'plan.count': 'tv',
	'plan.invest': 'tvp',
	'plan.allocated': 'tvp',
	'plan.spent': 'tvp',
	'plan.output': 'tvp',
	'plan.tax': 'tvp',
	'plan.income': 'tvp',
	'plan.land': 'tvp',
	'plan.jobs': 'tvp',
	'plan.category': 'p',
	'plan.content': 'p',
	'plan.unit': 'p',
	'plan.leader': 'p',
	'plan.party': 'p'
} as const satisfies Record<string, string>;
export type Metric = keyof typeof metrics;
export const metricNames = Object.keys(metrics) as Metric[];
export const fits = (metric: Metric, kind: SubjectKind): boolean => metrics[metric].includes(kind);

/** How many of the unit make one of ours: m² for areas, mu for land, 10,000 yuan for money. */
export const units = {
	km2: 1e6,
	ha: 1e4,
	mu: 2000 / 3,
	m2: 1,
	yuan: 1e-4,
	yi: 1e4
} as const;
export type Unit = keyof typeof units;

export const codeOf = (subject: Subject, metric: Metric, unit?: Unit | null): string =>
	`${subject.id ? `${subject.kind}:${subject.id}` : 't'}/${metric}${unit ? `@${unit}` : ''}`;

export function readCode(
	code: string
): { subject: Subject; metric: Metric; unit: Unit | null } | null {
	const m = /^(?:t|([vpj]):([0-9a-f-]{36}))\/([a-z.]+)(?:@([a-z0-9]+))?$/.exec(code);
	if (!m || !Object.hasOwn(metrics, m[3]!)) return null;
	if (m[4] && !Object.hasOwn(units, m[4])) return null;
	return {
		subject: m[2] ? { kind: m[1] as SubjectKind, id: m[2] } : { kind: 't', id: null },
		metric: m[3] as Metric,
		unit: (m[4] as Unit | undefined) ?? null
	};
}

/** What stands in a cell: a number, a text, a rate with its working; null: nobody knows. */
export type FigureValue =
	| { type: 'number'; value: number }
	| { type: 'text'; value: string }
	| { type: 'rate'; of: number; by: number };
export type Figure = {
	value: FigureValue | null;
	/** Whose it is, and where it can be looked at. */
	of: string;
	href: string;
};

const number = (value: number | null | undefined): FigureValue | null =>
	value === null || value === undefined ? null : { type: 'number', value: rounded(value) };
const text = (value: string | null | undefined): FigureValue | null =>
	value ? { type: 'text', value } : null;
const rounded = (n: number) => Math.round(n * 100) / 100;
/** The sum of what is known; null where nothing is. */
function sum(values: readonly (number | null)[]): number | null {
	const known = values.filter((v) => v !== null);
	return known.length ? known.reduce((a, b) => a + b, 0) : null;
}

/** A cell's answer by its code; null for a code that means nothing here (a village that is gone). */
export function figureOf(code: string, facts: FormFacts): Figure | null {
	const read = readCode(code);
	if (!read || !fits(read.metric, read.subject.kind)) return null;
	const { subject, metric, unit } = read;
	const home = `/t/${facts.township.id}`;
	switch (subject.kind) {
		case 't':
			return {
				of: facts.township.name,
				href: home + pageOf(metric, null, facts),
				value: inUnit(ofPlaces(metric, null, facts), metric, unit)
			};
		case 'v': {
			const village = facts.villages.find((v) => v.id === subject.id);
			return village
				? {
						of: village.name,
						href: home + pageOf(metric, village.id, facts),
						value: inUnit(ofPlaces(metric, village, facts), metric, unit)
					}
				: null;
		}
		case 'p': {
			const plan = facts.plans.find((p) => p.id === subject.id);
			return plan
				? {
						of: plan.title,
						href: `${home}/plans/${plan.id}`,
						value: inUnit(ofPlan(metric, plan, facts), metric, unit)
					}
				: null;
		}
		case 'j': {
			const project = facts.projects.find((p) => p.id === subject.id);
			return project
				? {
						of: project.title,
						href: `${home}/projects/${project.id}`,
						value: inUnit(ofProject(metric, project, facts), metric, unit)
					}
				: null;
		}
	}
}

function inUnit(value: FigureValue | null, metric: Metric, unit: Unit | null): FigureValue | null {
	if (value?.type !== 'number') return value;
	if (metric === 'area') return number(value.value / units[unit ?? 'km2']);
	// Our own unit is what the form asks for unless it names another.
	if (metric === 'plan.land') return number((value.value * units.mu) / units[unit ?? 'mu']);
	return unit === 'yuan' || unit === 'yi' ? number(value.value / units[unit]) : value;
}

function pageOf(metric: Metric, village: string | null, facts: FormFacts): string {
	const where = village ? `village=${village}` : '';
	const query = (more: string[]) => {
		const all = [where, ...more].filter(Boolean).join('&');
		return all && `?${all}`;
	};
	if (metric.startsWith('plan.')) return `/plans${query([])}`;
	if (metric.startsWith('project.')) return '/projects';
	if (!metric.startsWith('task.')) return query([]);
	// The task list shows today; another day is on the map.
	if (facts.to !== facts.today) return query([`day=${facts.to}`]);
	const only: Partial<Record<Metric, string>> = {
		'task.overdue': 'overdue=1',
		'task.blocked': 'stage=blocked',
		'task.open': 'stage=found,assigned,doing,blocked,extension,returned'
	};
	return `/tasks${query([only[metric] ?? ''])}`;
}

type Counted = Pick<FormVillage, 'at' | 'before'>;

function ofPlaces(
	metric: Metric,
	village: FormVillage | null,
	facts: FormFacts
): FigureValue | null {
	const places: readonly FormVillage[] = village ? [village] : facts.villages;
	const counted: readonly Counted[] = village ? [village] : [...facts.villages, facts.elsewhere];
	const tasks = (read: (c: Counts) => number) =>
		sum(counted.map((c) => (c.at.task ? read(c.at.task) : null)));
	const inPeriod = (read: (c: Counts) => number) =>
		number(
			sum(
				counted.map((c) =>
					c.at.task ? read(c.at.task) - (c.before.task ? read(c.before.task) : 0) : null
				)
			)
		);
	const plans = facts.plans.filter((p) => !village || p.villageId === village.id);
	const projects = facts.projects.filter((p) => !village || p.villageId === village.id);
	const ofPlans = (read: (p: FormPlan) => number | null) => number(sum(plans.map(read)));
	const ofProjects = (read: (p: FormProject) => number | null) => number(sum(projects.map(read)));
	switch (metric) {
		case 'name':
			return text(village?.name ?? facts.township.name);
		case 'town':
			return text(facts.township.name);
		case 'village':
			return text(village?.name);
		case 'today':
			return text(facts.to);
		case 'people':
			return number(whole(places.map((p) => p.people)));
		case 'households':
			return number(whole(places.map((p) => p.households)));
		case 'area':
			return number(whole(places.map((p) => p.area)));
		case 'contacts':
			return text(village?.contacts.join('、'));
		case 'answers':
			return text((village?.contacts.length ? village.contacts : village?.reporters)?.join('、'));
		case 'task.found':
			return number(tasks((c) => c.planned));
		case 'task.said':
			return number(tasks((c) => c.said));
		case 'task.done':
			return number(tasks((c) => c.done));
		case 'task.proven':
			return number(tasks((c) => c.proven));
		case 'task.open':
			return number(tasks((c) => c.planned - c.done));
		case 'task.overdue':
			return number(tasks((c) => c.overdue));
		case 'task.blocked':
			return number(tasks((c) => c.blocked));
		case 'task.rate': {
			// Proven ÷ said; nothing said: no rate, neither 0 nor 100.
			const by = tasks((c) => c.said);
			return by ? { type: 'rate', of: tasks((c) => c.proven) ?? 0, by } : null;
		}
		case 'task.found.p':
			return inPeriod((c) => c.planned);
		case 'task.said.p':
			return inPeriod((c) => c.said);
		case 'task.done.p':
			return inPeriod((c) => c.done);
		case 'task.proven.p':
			return inPeriod((c) => c.proven);
		case 'project.count':
			return number(projects.length);
		case 'project.planned':
			return ofProjects((p) => p.planned);
		case 'project.allocated':
			return ofProjects((p) => p.allocated);
		case 'project.spent':
			return ofProjects((p) => p.spent);
		case 'plan.count':
			return number(plans.length);
		case 'plan.invest':
			return ofPlans((p) => p.invest);
		case 'plan.allocated':
			return ofPlans((p) => p.allocated);
		case 'plan.spent':
			return ofPlans((p) => p.spent);
		case 'plan.output':
			return ofPlans((p) => p.output);
		case 'plan.tax':
			return ofPlans((p) => p.tax);
		case 'plan.income':
			return ofPlans((p) => p.income);
		case 'plan.land':
			return ofPlans((p) => p.land);
		case 'plan.jobs':
			return ofPlans((p) => p.jobs);
		default:
			return null;
	}
}

/** A total of all or none: a township without one village's people is not a township. */
const whole = (values: readonly (number | null)[]): number | null =>
	values.length && values.every((v) => v !== null) ? sum(values) : null;

function ofPlan(metric: Metric, plan: FormPlan, facts: FormFacts): FigureValue | null {
	switch (metric) {
		case 'name':
			return text(plan.title);
		case 'town':
			return text(facts.township.name);
		case 'today':
			return text(facts.to);
		case 'village':
			return text(plan.village);
		case 'households':
			return number(plan.households);
		case 'plan.invest':
			return number(plan.invest);
		case 'plan.allocated':
			return number(plan.allocated);
		case 'plan.spent':
			return number(plan.spent);
		case 'plan.output':
			return number(plan.output);
		case 'plan.tax':
			return number(plan.tax);
		case 'plan.income':
			return number(plan.income);
		case 'plan.land':
			return number(plan.land);
		case 'plan.jobs':
			return number(plan.jobs);
		case 'plan.category':
			return text(plan.category);
		case 'plan.content':
			return text(plan.content);
		case 'plan.unit':
			return text(plan.unit);
		case 'plan.leader':
			return text(plan.leader);
		case 'plan.party':
			return text(plan.party);
		default:
			return null;
	}
}

function ofProject(metric: Metric, project: FormProject, facts: FormFacts): FigureValue | null {
	switch (metric) {
		case 'name':
			return text(project.title);
		case 'town':
			return text(facts.township.name);
		case 'today':
			return text(facts.to);
		case 'village':
			return text(project.village);
		case 'project.unit':
			return text(project.unitName);
		case 'project.grade':
			return text(project.targetGrade);
		case 'project.present':
			return text(project.presentGrade);
		case 'project.planned':
			return number(project.planned);
		case 'project.allocated':
			return number(project.allocated);
		case 'project.spent':
			return number(project.spent);
		default:
			return null;
	}
}
