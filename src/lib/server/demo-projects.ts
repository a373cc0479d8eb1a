import type { Db } from '$lib/data/client';
import { newId, type OpKind, type Payload } from '$lib/domain/op';
import type { Assessor, FeatureKind, ScoreValue } from '$lib/domain/project';
import { readProject, readProjects } from '$lib/data/projects';
import type { Item, Standard } from '$lib/domain/standard';
import { templates } from '$lib/domain/templates';

type Play = <K extends OpKind>(
	login: string,
	kind: K,
	target: string,
	payload: Payload<K>
) => Promise<void>;
export type Stage = {
	township: string;
	/** As this person. */
	db: (login: string) => Db;
	play: Play;
	/** A day so many days from today. */
	day: (n: number) => string;
	person: (name: string) => string;
};
type Site = {
	id: string;
	unit: string;
	at: [number, number];
	/** Who acts for the village. */
	local: string;
	standard: { id: string; body: Standard };
};

/** The value that gives about this share of an item's points. */
function valueOf(item: Item, share: number): ScoreValue {
	const rule = item.rule ?? { type: 'max' };
	switch (rule.type) {
		case 'max':
			return { points: Math.round(item.max * share) };
		case 'tiered': {
			const wanted = item.max * share;
			const distance = (o: { points: number }) => Math.abs(o.points - wanted);
			const best = Math.min(...rule.options.map(distance));
			return { option: rule.options.findIndex((o) => distance(o) === best) };
		}
		case 'per_unit':
			return { count: Math.round(((rule.cap ?? item.max) * share) / rule.unit_points) };
		case 'deduct_per_finding':
			return { findings: Math.round((item.max * (1 - share)) / rule.points) };
		case 'rate':
			return { rate: Math.round(share * 100) / 100 };
		case 'yes_no':
			return { yes: share >= 0.5 };
	}
}

/** Invented shares, the same at every start; `spread` is how far they differ from item to item. */
const shareOf = (code: string, middle: number, spread: number): number => {
	const noise = ([...code].reduce((n, c) => n * 31 + c.charCodeAt(0), 7) % 100) / 100 - 0.5;
	return Math.min(1, Math.max(0, middle + spread * noise));
};

/** The demo's three projects, each at another point of its way; played as ops by those who may. */
export async function playProjects(stage: Stage): Promise<void> {
	const { township, play, day, db } = stage;
	const template = templates[0]!;
	const standard = { id: newId(), body: template.body };
	await play('planner', 'standard.create', standard.id, {
		name: template.name,
		edition: template.edition,
		official: false,
		body: { ...standard.body }
	});
	await play('planner', 'standard.publish', standard.id, {});
	const page = await readProjects(db('planner'), township);
	for (const [name, act, local] of [
		['白马水岸', buildUp, 'field'],
		['云台古寨', goPublic, 'village'],
		['梅竹林海', waitForTown, 'planner']
	] as const) {
		const line = page!.projects.find((p) => p.unitName === name)!;
		await play('planner', 'project.standard', line.id, { standard: standard.id });
		await play('planner', 'project.move', line.id, { verb: 'start' });
		await act(stage, { id: line.id, unit: line.unitId, at: line.at!, local, standard });
	}
	const year = Number(day(0).slice(0, 4));
	for (const [n, grade, count] of [
		[year, 'A', 1],
		[year, 'AA', 1],
		[year, 'AAA', 1],
		[year + 1, 'A', 2],
		[year + 1, 'AA', 1]
	] as const)
		await play('planner', 'grade.target', township, { year: n, grade, count });
}

async function score(
	{ play }: Stage,
	site: Site,
	login: string,
	assessor: Assessor,
	middle: number,
	leave: string[] = []
): Promise<void> {
	const { sections, bonus, vetoes } = site.standard.body;
	const items = [...sections.flatMap((s) => s.items), ...(bonus ?? []).slice(0, 1)];
	await play(login, 'project.score', site.id, {
		assessor,
		scores: [
			...items
				.filter((i) => !leave.includes(i.code))
				.map((i) => ({ item: i.code, value: valueOf(i, shareOf(i.code, middle, 0.3)) })),
			...(vetoes ?? [])
				.filter((v) => !leave.includes(v.code))
				.map((v) => ({ item: v.code, value: { yes: true } }))
		]
	});
}

type Spot = [kind: FeatureKind, name: string, east: number, north: number, amount?: number];
const metres = (at: [number, number], east: number, north: number): [number, number] => [
	Math.round((at[0] + east / 93_700) * 1e6) / 1e6,
	Math.round((at[1] + north / 110_900) * 1e6) / 1e6
];

/** What stands in a scenic unit; each also speaks for the items whose `features` name its kind. */
async function furnish({ play }: Stage, site: Site, spots: Spot[], route: [number, number][]) {
	const items = site.standard.body.sections.flatMap((s) => s.items);
	for (const [kind, name, east, north, amount] of spots) {
		const feature = newId();
		await play(site.local, 'feature.create', feature, {
			unit: site.unit,
			kind,
			name,
			geometry: { type: 'Point', coordinates: metres(site.at, east, north) },
			...(amount ? { amount } : {})
		});
		const cite = items.filter((i) => i.features?.includes(kind)).map((i) => i.code);
		if (cite.length)
			await play(site.local, 'exhibit.add', newId(), {
				kind: 'place',
				title: name,
				feature,
				project: site.id,
				cite
			});
	}
	await play(site.local, 'feature.create', newId(), {
		unit: site.unit,
		kind: 'route',
		name: '主游线',
		geometry: {
			type: 'LineString',
			coordinates: route.map(([east, north]) => metres(site.at, east, north))
		}
	});
}

/** 白马水岸, from A to AA: being built, with works, money, and an ask to the district. */
async function buildUp(stage: Stage, site: Site): Promise<void> {
	const { play, day, township, db, person } = stage;
	await furnish(
		stage,
		site,
		[
			['entrance', '北入口', 0, 620],
			['parking', '北入口停车场', 60, 560, 42],
			['toilet', '北入口厕所', 20, 540],
			['sign', '全景导览牌', 10, 590],
			['stop', '镇村公交白马站', -40, 700],
			['centre', '游客服务点', 30, 480, 60],
			['sight', '古渡口', -120, -180],
			['food', '水岸农家乐', 90, 120]
		],
		[
			[0, 620],
			[-30, 400],
			[-70, 150],
			[-120, -180],
			[-40, -620]
		]
	);
	await score(stage, site, site.local, 'self', 0.72, ['3.4', '4.6', '5.5']);
	const tasks = await db('planner').rpc('task_list', {
		p_township: township,
		p_filter: { stage: ['proven', 'closed'] },
		p_limit: 3
	});
	for (const task of (tasks.data as { rows: { id: string; title: string }[] }).rows)
		await play(site.local, 'exhibit.add', newId(), {
			kind: 'task',
			title: task.title || '整治任务',
			thing: task.id,
			project: site.id,
			cite: ['2.1']
		});
	await play(site.local, 'exhibit.add', newId(), {
		kind: 'number',
		title: '游客满意度调查（演示）',
		number: 126,
		measure: '份',
		project: site.id,
		cite: ['6.1']
	});
	await play('planner', 'project.target', site.id, {
		items: [
			{ item: '1.4', points: 18, cost: 180_000, ready_on: day(70), answers: person('李网格') },
			{ item: '2.5', points: 18, cost: 120_000, ready_on: day(55), answers: person('李网格') },
			{ item: '3.2', points: 18, cost: 36_000, ready_on: day(40) },
			{ item: '3.4', cost: 260_000, ready_on: day(160) },
			{ item: '4.4', cost: 30_000, ready_on: day(80) },
			{ item: '5.5', points: 8, cost: 2_000, ready_on: day(15) }
		]
	});
	const ladder = ['设计', '预算', '招标', '开工', '完工', '审计'];
	for (const [title, items, start] of [
		['北入口生态停车场', ['1.4', '1.7'], 4],
		['古渡口旅游厕所', ['2.5'], 10]
	] as const) {
		const work = newId();
		const ids = ladder.map(() => newId());
		const starts = [0, 12, 22, 38, 44, 72].map((n) => start + n);
		const ends = [11, 21, 37, 43, 71, 95].map((n) => start + n);
		await play('planner', 'work.create', work, {
			project: site.id,
			title,
			items: [...items],
			steps: ladder.map((name, n) => ({
				id: ids[n]!,
				title: name,
				starts_on: day(starts[n]!),
				due_on: day(ends[n]!),
				answers: person('李网格')
			}))
		});
		for (let n = 1; n < ids.length; n++)
			await play('planner', 'step.link', ids[n]!, { after: ids[n - 1]! });
		if (title === '北入口生态停车场') {
			await play(site.local, 'step.do', ids[0]!, { note: '设计图已出' });
			await play('inspector', 'step.prove', ids[0]!, { how: 'desk' });
			// The tender slips: the first days stay to be seen.
			await play('planner', 'work.plan', site.id, {
				steps: [{ id: ids[2]!, starts_on: day(30), due_on: day(48) }]
			});
			await play(site.local, 'step.block', ids[1]!, {
				blocker: 'money',
				who: '区财政局 农业科',
				since: day(-6),
				note: '衔接资金指标未下达',
				ask: '请尽快下达衔接资金指标60万元'
			});
			await play('planner', 'fund.create', newId(), {
				project: site.id,
				work,
				source: 'bridging',
				planned: 60,
				allocated: 0,
				spent: 0
			});
			await play('planner', 'fund.create', newId(), {
				project: site.id,
				work,
				source: 'collective',
				planned: 12,
				allocated: 12,
				spent: 3.5
			});
		} else
			await play('planner', 'fund.create', newId(), {
				project: site.id,
				work,
				source: 'county',
				planned: 28,
				allocated: 20,
				spent: 6
			});
	}
}

/** 云台古寨, to AAA: scored by all sides, the notice is posted. */
async function goPublic(stage: Stage, site: Site): Promise<void> {
	const { play, day } = stage;
	await furnish(
		stage,
		site,
		[
			['entrance', '寨门', 0, 0],
			['parking', '寨前停车场', -80, -120, 96],
			['toilet', '寨前厕所', -50, -90],
			['toilet', '观景台厕所', 210, 330],
			['centre', '游客中心', -40, -60, 180],
			['sign', '寨门全景图', 5, -10],
			['safety', '微型消防站', 40, 60],
			['lodging', '古寨民宿', 120, 90, 36],
			['stop', '旅游专线云台站', -100, -160],
			['sight', '点将台', 260, 380]
		],
		[
			[-80, -120],
			[0, 0],
			[90, 140],
			[260, 380]
		]
	);
	await score(stage, site, site.local, 'self', 0.98);
	await play(site.local, 'project.move', site.id, { verb: 'self_assess' });
	await score(stage, site, 'inspector', 'town', 0.96);
	await play('inspector', 'project.move', site.id, { verb: 'town_check' });
	await score(stage, site, 'assessor', 'county', 0.94);
	await play('assessor', 'project.move', site.id, { verb: 'county_assess' });
	const read = await readProject(stage.db('planner'), stage.township, site.id);
	if (site.standard.body.higher?.includes(read!.totals.county!.grade!))
		await play('assessor', 'project.move', site.id, { verb: 'higher_accept' });
	await play('planner', 'project.move', site.id, {
		verb: 'publish_notice',
		from: day(0),
		to: day(13),
		where: '镇政府公开栏、云台村村务公开栏'
	});
}

/** 梅竹林海, to A: the village has handed in, the township's check is due. */
async function waitForTown(stage: Stage, site: Site): Promise<void> {
	await furnish(
		stage,
		site,
		[
			['entrance', '竹林入口', 0, 0],
			['parking', '村口停车场', 70, -40, 20],
			['sight', '竹海观景亭', 180, 240]
		],
		[
			[0, 0],
			[90, 130],
			[180, 240]
		]
	);
	await score(stage, site, site.local, 'self', 0.68);
	await stage.play(site.local, 'project.move', site.id, { verb: 'self_assess' });
}
