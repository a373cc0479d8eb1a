/** Scenarios are played twice, in the database and in the page; here both meet on random moves, and the algebra holds. */
import fc from 'fast-check';
import type { Polygon } from 'geojson';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verdicts } from '../../src/lib/domain/planfacts';
import { fundSources } from '../../src/lib/domain/project';
import {
	movesInEffect,
	play,
	playMove,
	reach,
	totalsOf,
	type Entry,
	type Item,
	type Move,
	type State,
	type Verdict
} from '../../src/lib/domain/scenario';
import { openEngine, type Engine } from './engines';

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const uuid = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const ids = [1, 2, 3, 4, 5, 6].map(uuid);
const hundredth = (most: number) => fc.integer({ min: 0, max: most * 100 }).map((n) => n / 100);
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null, freq: 3 });
const money = fc.uniqueArray(
	fc.record({
		source: fc.constantFrom(...fundSources),
		year: fc.integer({ min: 2025, max: 2028 }),
		planned: maybe(hundredth(5000)),
		allocated: maybe(hundredth(5000)),
		spent: maybe(hundredth(5000))
	}),
	{ selector: (m) => `${m.source} ${m.year}`, maxLength: 4 }
);
const figures = {
	title: fc.constantFrom('茶园', '民宿', '冷库'),
	category: fc.constantFrom('种植', '旅游', ''),
	invest: maybe(hundredth(9000)),
	output: maybe(hundredth(9000)),
	tax: maybe(hundredth(900)),
	income: maybe(hundredth(900)),
	jobs: maybe(fc.nat(500)),
	indirect: maybe(fc.nat(500)),
	households: maybe(fc.nat(500)),
	land: maybe(hundredth(300)),
	money
};
const lots = fc.uniqueArray(
	fc.record({
		id: fc.integer({ min: 100, max: 120 }).map(uuid),
		name: fc.constantFrom('甲', '乙', ''),
		dlbm: fc.constantFrom('0101', '0301', ''),
		area: hundredth(90_000),
		mark: fc.constantFrom('1', '2'),
		geometry: fc.constant<Polygon>({ type: 'Polygon', coordinates: [] })
	}),
	{ selector: (l) => l.id, maxLength: 3 }
);
const steps = fc.uniqueArray(
	fc.record({
		id: fc.integer({ min: 200, max: 206 }).map(uuid),
		title: fc.constantFrom('谋划', '签约', '投产'),
		due: maybe(fc.constantFrom('2027-01-01', '2027-06-01')),
		state: fc.constantFrom('found' as const, 'said' as const, 'proven' as const)
	}),
	{ selector: (s) => s.id, maxLength: 4 }
);
const item = (id: fc.Arbitrary<string>): fc.Arbitrary<Item> =>
	fc.record({ id, village: fc.constant(null), ...figures, steps, parcels: lots });
const state: fc.Arbitrary<State> = fc
	.uniqueArray(item(fc.constantFrom(...ids.slice(0, 4))), { selector: (i) => i.id, maxLength: 4 })
	.map((list) => Object.fromEntries(list.map((i) => [i.id, i])));
const someId = fc.constantFrom(...ids);
const move: fc.Arbitrary<Move> = fc.oneof(
	item(someId).map((i) => ({ type: 'add' as const, item: i })),
	someId.map((id) => ({ type: 'drop' as const, item: id })),
	fc.record({ type: fc.constant('reshape' as const), item: someId, parcels: lots }),
	fc.record({
		type: fc.constant('figures' as const),
		item: someId,
		set: fc.record(figures, { requiredKeys: [] })
	}),
	fc.record({
		type: fc.constant('restage' as const),
		item: someId,
		due: fc.uniqueArray(
			fc.record({
				step: fc.integer({ min: 200, max: 208 }).map(uuid),
				due: fc.constantFrom('2028-02-02', '2028-03-03')
			}),
			{ selector: (d) => d.step, minLength: 1, maxLength: 3 }
		)
	})
);
/** Only undos and redos that the database would take. */
const entries: fc.Arbitrary<Entry[]> = fc
	.array(
		fc.oneof({ weight: 3, arbitrary: move }, fc.constantFrom('undo' as const, 'redo' as const)),
		{
			maxLength: 14
		}
	)
	.map((wishes) =>
		wishes.reduce<Entry[]>((list, wish) => {
			if (typeof wish !== 'string') return [...list, { entry: 'do', move: wish }];
			return reach(list)[wish] ? [...list, { entry: wish }] : list;
		}, [])
	);
const same = { seed, numRuns: 300 };

describe('the algebra of moves', () => {
	it('plays the same every time, and all at once as one by one', () => {
		fc.assert(
			fc.property(state, fc.array(move, { maxLength: 10 }), fc.nat(10), (base, moves, at) => {
				const before = JSON.stringify(base);
				const once = play(base, moves);
				expect(play(base, moves)).toEqual(once);
				expect(play(play(base, moves.slice(0, at)), moves.slice(at))).toEqual(once);
				expect(JSON.stringify(base)).toBe(before);
			}),
			same
		);
	});
	it('undo after do is the start, redo after undo is the move again, a new move ends redoing', () => {
		fc.assert(
			fc.property(state, entries, move, (base, list, next) => {
				const now = play(base, movesInEffect(list));
				const done: Entry[] = [...list, { entry: 'do', move: next }];
				const undone: Entry[] = [...done, { entry: 'undo' }];
				expect(play(base, movesInEffect(undone))).toEqual(now);
				expect(movesInEffect([...undone, { entry: 'redo' }])).toEqual(movesInEffect(done));
				expect(reach(undone)).toMatchObject({ redo: true });
				expect(reach([...undone, { entry: 'do', move: next }]).redo).toBe(false);
			}),
			same
		);
	});
	it('all undone is the baseline', () => {
		fc.assert(
			fc.property(state, entries, (base, list) => {
				const all: Entry[] = [...list];
				while (reach(all).undo) all.push({ entry: 'undo' });
				expect(play(base, movesInEffect(all))).toEqual(base);
			}),
			same
		);
	});
	it('moves about different plans may change places', () => {
		const about = (m: Move) => (m.type === 'add' ? m.item.id : m.item);
		fc.assert(
			fc.property(state, move, move, (base, a, b) => {
				fc.pre(about(a) !== about(b));
				expect(playMove(playMove(base, a), b)).toEqual(playMove(playMove(base, b), a));
			}),
			same
		);
	});
	it('totals of a state are those of its parts', () => {
		fc.assert(
			fc.property(state, (base) => {
				const whole = totalsOf(base, {});
				const parts = Object.values(base).map((i) => totalsOf({ [i.id]: i }, {}));
				const sum = (of: (t: typeof whole) => number) => parts.reduce((n, t) => n + of(t), 0);
				for (const key of ['items', 'undrawn', 'jobs', 'households'] as const)
					expect(whole[key]).toBe(sum((t) => t[key]));
				for (const key of ['invest', 'tax', 'output', 'income'] as const)
					expect(whole[key]).toBeCloseTo(
						sum((t) => t[key]),
						4
					);
				expect(whole.conflicts).toEqual({ red: 0, yellow: 0, notChecked: whole.items });
			}),
			same
		);
	});
});

describe('the database and the page', () => {
	let engine: Engine;
	beforeAll(async () => {
		console.log(`scenarios: SEED=${seed}`);
		engine = await openEngine('embedded');
	}, 120_000);
	afterAll(() => engine?.close());
	const text = (value: unknown) => `'${JSON.stringify(value).replaceAll("'", "''")}'`;
	const last = async (sql: string) => (await engine.run(sql)).at(-1)!;

	it('play the same moves to the same state with the same totals, 500 times', async () => {
		const cases = fc.sample(fc.tuple(state, fc.array(move, { maxLength: 10 })), {
			seed,
			numRuns: 500
		});
		for (const [base, moves] of cases) {
			const mine = play(base, moves);
			const verdictOf = Object.fromEntries(
				Object.keys(mine).map((id, n) => [id, verdicts[n % verdicts.length] as Verdict])
			);
			const [row] = await last(
				`with s as (select private.play_moves(${text(base)}, ${text(moves)}) as state)
				select state, private.totals_of_state(state, ${text(verdictOf)}) as totals from s`
			);
			expect(row!.state).toEqual(mine);
			expect(row!.totals).toEqual(totalsOf(mine, verdictOf));
		}
	}, 120_000);

	it('agree which moves hold, 200 times', async () => {
		const cases = fc.sample(entries, { seed, numRuns: 200 });
		// The list alone is asked for: no scheme, no person stands behind it.
		await engine.run('set session_replication_role = replica');
		for (const [n, list] of cases.entries()) {
			if (!list.length) continue;
			const values = list.map(
				(e, i) =>
					`('${uuid(900)}', '${uuid(1000 + n)}', ${i + 1}, '${e.entry}', ${e.entry === 'do' ? `${text(e.move)}` : 'null'}, '${uuid(901)}')`
			);
			const [row] = await last(
				`insert into public.scenario_moves (township_id, scenario_id, n, entry, move, by_person) values ${values.join(',')};
				select private.moves_in_effect('${uuid(900)}', '${uuid(1000 + n)}') as moves`
			);
			expect(row!.moves).toEqual(movesInEffect(list));
		}
	}, 120_000);
});
