import { putShapes, readPlans } from '$lib/data/plans';
import { newId } from '$lib/domain/op';
import type { LayerKind, PlanLine, ShapeRow } from '$lib/domain/plan';
import type { FundSource } from '$lib/domain/project';
import type { Stage } from './demo-projects';

type At = [number, number];
/** A slanted field about a place, degrees: invented, and unlike any real boundary. */
const field = ([x, y]: At, w: number, h: number, lean = 0.0003) => ({
	type: 'Polygon' as const,
	coordinates: [
		[
			[x, y],
			[x + w, y + lean],
			[x + w - lean, y + h],
			[x - lean, y + h - lean],
			[x, y]
		]
	]
});

/** What is invented about the larger plans: money by source and year, what it brings, who answers. */
const records: Record<string, { edit: object; money: [FundSource, number, number, number][] }> = {
	富硒茶叶加工厂: {
		edit: {
			output: 3600,
			tax: 180,
			income: 60,
			jobs_indirect: 120,
			households: 96,
			ownership: 'collective',
			supply: 'market',
			leader: '吴镇长',
			planned_use: '工业'
		},
		money: [
			['social', 0, 1200, 600],
			['bridging', 0, 400, 400],
			['loan', 1, 600, 0]
		]
	},
	冷链仓储中心: {
		edit: {
			output: 2400,
			tax: 90,
			income: 45,
			households: 60,
			supply: 'grant',
			planned_use: '仓储'
		},
		money: [
			['county', 0, 500, 500],
			['social', 1, 1200, 0],
			['collective', 1, 200, 0]
		]
	},
	冷水鱼养殖: {
		edit: { output: 480, tax: 6, income: 22, households: 31, supply: 'farm_facility' },
		money: [
			['social', 0, 260, 180],
			['bridging', 0, 100, 100]
		]
	}
};

async function loadLayer(
	{ township, db, play, day }: Stage,
	kind: LayerKind,
	name: string,
	rows: ShapeRow[],
	more: object = {}
): Promise<void> {
	const layer = newId();
	const load = newId();
	await play('planner', 'layer.create', layer, {
		kind,
		name,
		provider: '演示数据（虚构）',
		dated_on: day(-120),
		accuracy_m: 5,
		...more
	});
	await putShapes(db('planner'), township, layer, load, rows);
	await play('planner', 'layer.switch', layer, {
		load,
		count: rows.length,
		source_crs: 'EPSG:4490'
	});
}

/** Invented records, layers, a check and a scheme with two scenarios, made by the planner through ops. */
export async function playPlans(stage: Stage): Promise<void> {
	const { township, db, play, day } = stage;
	const year = Number(day(0).slice(0, 4));
	const read = await readPlans(db('planner'), township);
	const plans = (read?.plans ?? []).filter((p): p is PlanLine & { at: At } => p.at !== null);
	const named = (title: string) => plans.find((p) => p.title === title);
	for (const [title, { edit, money }] of Object.entries(records)) {
		const plan = named(title);
		if (!plan) continue;
		await play('planner', 'plan.edit', plan.id, edit);
		await play('planner', 'plan.money', plan.id, {
			rows: money.map(([source, later, planned, allocated]) => ({
				source,
				year: year + later,
				planned,
				...(allocated && { allocated })
			}))
		});
	}
	for (const [metric, minimum] of [
		['invest_per_mu', 50],
		['tax_per_mu', 4]
	] as const)
		await play('planner', 'threshold.set', township, { metric, category: '', minimum });

	const shapes = (
		of: (p: PlanLine & { at: At }, i: number) => ShapeRow['geometry'][],
		more: object = {}
	) => plans.flatMap(of).map((geometry, i): ShapeRow => ({ n: i + 1, geometry, ...more }));
	// Half of some parcels, and fields beside all of them.
	await loadLayer(
		stage,
		'farmland',
		'永久基本农田（演示，虚构）',
		shapes(
			({ at: [x, y] }, i) => [
				field([x + (i % 3 === 0 ? 0.0002 : 0.004), y - 0.001], 0.003, 0.002),
				field([x - 0.009, y + 0.002], 0.004, 0.003)
			],
			{ class: '0101' }
		)
	);
	await loadLayer(
		stage,
		'forest',
		'林地（演示，虚构）',
		shapes(({ at: [x, y] }, i) => [
			field([x - 0.0005, y + (i % 4 === 1 ? 0.0001 : 0.005)], 0.002, 0.002)
		])
	);
	await loadLayer(
		stage,
		'village_plan',
		'村庄规划建设用地（演示，虚构）',
		shapes(({ at: [x, y] }) => [field([x - 0.003, y - 0.003], 0.006, 0.006)])
	);
	await loadLayer(
		stage,
		'road',
		'道路（演示，虚构）',
		shapes(({ at: [x, y] }) => [
			{
				type: 'LineString',
				coordinates: [
					[x - 0.01, y - 0.002],
					[x, y - 0.0016],
					[x + 0.012, y + 0.001]
				]
			}
		])
	);
	const tea = named('富硒茶叶加工厂') ?? plans[0];
	if (!tea) return;
	await play('planner', 'check.run', newId(), { of: 'plan', id: tea.id });

	const scheme = newId();
	await play('planner', 'scheme.create', scheme, {
		title: `云溪镇产业谋划（${year}—${year + 2}，演示）`,
		from_year: year,
		to_year: year + 2,
		plans: plans.map((p) => p.id)
	});
	await play('planner', 'check.run', newId(), { of: 'scheme', id: scheme });
	const bold = newId();
	await play('planner', 'scenario.create', bold, { scheme, title: '方案一：先做大茶叶' });
	await play('planner', 'scenario.move', bold, {
		move: { type: 'figures', item: tea.id, set: { invest: 3000, jobs: 160, tax: 260 } }
	});
	const small =
		plans.find((p) => p.id !== tea.id && !p.steps.some((s) => s.state === 'done')) ?? plans.at(-1)!;
	await play('planner', 'scenario.move', bold, { move: { type: 'drop', item: small.id } });
	const calm = newId();
	await play('planner', 'scenario.create', calm, { scheme, title: '方案二：分两年做' });
	await play('planner', 'scenario.move', calm, {
		move: {
			type: 'figures',
			item: tea.id,
			set: {
				money: [
					{ source: 'social', year, planned: 600, allocated: 600, spent: null },
					{ source: 'social', year: year + 1, planned: 600, allocated: null, spent: null },
					{ source: 'bridging', year, planned: 400, allocated: 400, spent: null },
					{ source: 'loan', year: year + 2, planned: 600, allocated: null, spent: null }
				]
			}
		}
	});
}
