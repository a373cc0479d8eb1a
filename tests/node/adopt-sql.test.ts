/**
 * Adopting a scenario: through the real ops, on the embedded engine, the scheme becomes what the scenario's totals
 * said; days become *said* and the first planned day stays.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { totalsOf, type State, type Totals } from '../../src/lib/domain/scenario';
import { openEngine, type Engine } from './engines';
import { chinaDay } from '../../src/lib/domain/day';

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const trials = 40;
const text = (value: unknown) => `'${JSON.stringify(value).replaceAll("'", "''")}'`;

type Wish =
	| { what: 'figures'; of: number; set: object }
	| { what: 'restage'; of: number; days: number }
	| { what: 'reshape'; of: number; size: number }
	| { what: 'drop'; of: number }
	| { what: 'add'; size: number; set: object }
	| { what: 'undo' }
	| { what: 'redo' };
const cents = (most: number) => fc.integer({ min: 0, max: most * 100 }).map((n) => n / 100);
const amount = fc.option(cents(5000), { nil: null, freq: 4 });
const count = fc.option(fc.nat(400), { nil: null, freq: 4 });
const money = fc.uniqueArray(
	fc.record({
		source: fc.constantFrom('county', 'social', 'loan'),
		year: fc.integer({ min: 2026, max: 2028 }),
		planned: cents(900)
	}),
	{ selector: (m) => `${m.source} ${m.year}`, maxLength: 3 }
);
const figures = fc.record(
	{
		invest: amount,
		output: amount,
		tax: amount,
		income: amount,
		land: amount,
		jobs: count,
		indirect: count,
		households: count,
		money
	},
	{ requiredKeys: ['jobs'] }
);
const of = fc.nat(2);
const wish: fc.Arbitrary<Wish> = fc.oneof(
	{
		weight: 3,
		arbitrary: fc.record({ what: fc.constant('figures' as const), of, set: figures })
	},
	{
		weight: 2,
		arbitrary: fc.record({
			what: fc.constant('restage' as const),
			of,
			days: fc.integer({ min: 30, max: 900 })
		})
	},
	{
		weight: 2,
		arbitrary: fc.record({
			what: fc.constant('reshape' as const),
			of,
			size: fc.integer({ min: 1, max: 9 })
		})
	},
	fc.record({ what: fc.constant('drop' as const), of }),
	fc.record({
		what: fc.constant('add' as const),
		size: fc.integer({ min: 0, max: 5 }),
		set: fc.record({ invest: amount, tax: amount, jobs: count })
	}),
	fc.constant({ what: 'undo' as const }),
	fc.constant({ what: 'redo' as const })
);

let engine: Engine;
/** As the planner; who acts is known within one transaction. */
const last = async (sql: string) => {
	try {
		return (await engine.run(`begin; select tests.act_as('pan'); ${sql}; commit`)).at(-2)![0]!;
	} catch (fault) {
		await engine.run('rollback');
		throw fault;
	}
};
const op = async (kind: string, target: string, payload: object = {}): Promise<string> =>
	String((await last(`select tests.outcome('${kind}', '${target}', ${text(payload)}) as o`)).o);
const idOf = async (name: string) => String((await last(`select tests.id('${name}') as id`)).id);
/** Beside each other, so that no two parcels of a trial meet. */
const shape = (trial: number, at: number, size: number) => {
	const x = 110.8 + (at % 10) * 0.0012;
	const y = 32.6 + (trial % 40) * 0.0004;
	const w = size * 0.0001;
	const ring = [
		[x, y],
		[x + w, y],
		[x + w, y + 0.0003],
		[x, y + 0.0003],
		[x, y]
	];
	return { type: 'Polygon', coordinates: [ring] };
};
const page = async (scheme: string) =>
	(await last(`select public.scheme_page(tests.id('yunxi'), '${scheme}') as page`)).page as {
		baseline: State;
		totals: Totals;
		scenarios: { id: string; totals: Totals; verdicts: Record<string, never> }[];
	};
/** Verdicts are of shapes that were looked at; those of adopted land are looked at anew. */
const sums = ({ conflicts: _, ...totals }: Totals) => totals;

beforeAll(async () => {
	console.log(`adopting: SEED=${seed}`);
	engine = await openEngine('embedded');
}, 120_000);
afterAll(() => engine?.close());

it(`the scheme becomes what the scenario said, ${trials} times`, async () => {
	const cases = fc.sample(fc.array(wish, { minLength: 1, maxLength: 8 }), {
		seed,
		numRuns: trials
	});
	let moves = 0;
	for (const [n, wishes] of cases.entries()) {
		const plans = [0, 1, 2].map((i) => `plan ${n} ${i}`);
		for (const [i, plan] of plans.entries()) {
			const steps = ['谋划', '投产'].map((title, k) => ({ id: '', title, k }));
			for (const s of steps) s.id = await idOf(`step ${n} ${i} ${s.k}`);
			expect(
				await op('plan.create', plan, {
					title: `项目${n}-${i}`,
					invest: 10 * i,
					jobs: i,
					steps: steps.map(({ id, title }) => ({ id, title })),
					geometry: shape(n, i, 4)
				})
			).toBe('applied');
			expect(await op('step.say', `step ${n} ${i} 0`, { due_on: '2027-06-01' })).toBe('applied');
		}
		const ids = await Promise.all(plans.map(idOf));
		const scheme = await idOf(`scheme ${n}`);
		expect(await op('scheme.create', `scheme ${n}`, { title: `谋划${n}`, plans: ids })).toBe(
			'applied'
		);
		expect(await op('scenario.create', `scenario ${n}`, { scheme, title: `方案${n}` })).toBe(
			'applied'
		);
		const scenario = await idOf(`scenario ${n}`);
		const play = async (move: object, geometries: object[] = []) => {
			const said = await op('scenario.move', `scenario ${n}`, {
				move,
				geometry: { type: 'GeometryCollection', geometries }
			});
			// Of a plan that was dropped there is nothing to change.
			expect(['applied', 'refused not_in_scenario']).toContain(said);
			if (said === 'applied') moves++;
		};
		const restaged = new Map<string, string>();
		for (const [k, w] of wishes.entries()) {
			if (w.what === 'undo' || w.what === 'redo') {
				expect(await op(`scenario.${w.what}`, `scenario ${n}`)).toMatch(
					/^(applied|refused nothing_to)/
				);
				continue;
			}
			if (w.what === 'add') {
				const id = await idOf(`new ${n} ${k}`);
				const parcels = w.size ? [{ id: await idOf(`lot ${n} ${k}`), name: '新地' }] : [];
				await play(
					{
						type: 'add',
						item: {
							id,
							title: `新项目${k}`,
							steps: [{ id: await idOf(`new step ${n} ${k}`), title: '谋划', due: '2027-09-01' }],
							parcels,
							...w.set
						}
					},
					parcels.map(() => shape(n, 5 + (k % 5), Math.min(w.size, 5)))
				);
				continue;
			}
			const item = ids[w.of]!;
			if (w.what === 'figures') await play({ type: 'figures', item, set: w.set });
			else if (w.what === 'drop') await play({ type: 'drop', item });
			else if (w.what === 'restage') {
				const due = chinaDay(w.days);
				const step = await idOf(`step ${n} ${w.of} 1`);
				await play({ type: 'restage', item, due: [{ step, due }] });
				restaged.set(step, due);
			} else
				await play(
					{ type: 'reshape', item, parcels: [{ id: await idOf(`cut ${n} ${k}`), name: '改后' }] },
					[shape(n, w.of, w.size)]
				);
		}
		const before = (await page(scheme)).scenarios.find((s) => s.id === scenario)!;
		expect(await op('scenario.adopt', `scenario ${n}`, { note: '会议定' })).toBe('applied');
		const after = await page(scheme);
		expect(sums(after.totals), `trial ${n}`).toEqual(sums(before.totals));
		expect(sums(totalsOf(after.baseline, {}))).toEqual(sums(before.totals));
		// The scenario keeps saying what it said, on the baseline it stood on.
		expect(sums(after.scenarios.find((s) => s.id === scenario)!.totals)).toEqual(
			sums(before.totals)
		);
		for (const item of Object.values(after.baseline))
			for (const step of item.steps) {
				const due = restaged.get(step.id);
				if (!due || step.due !== due) continue;
				expect(step.state, 'a day that was adopted is said').toBe('said');
			}
		const frozen = await last(
			`select count(*)::int as n from public.steps where id = any (array[${ids.map((_, i) => `tests.id('step ${n} ${i} 0')`).join()}])
					and first_due_on = '2027-06-01'`
		);
		expect(frozen.n, 'first planned days stay').toBe(3);
		expect(
			await op('scenario.move', `scenario ${n}`, { move: { type: 'drop', item: ids[0] } })
		).toBe('refused not_from_this_state');
	}
	expect(moves).toBeGreaterThan(trials);
}, 300_000);
