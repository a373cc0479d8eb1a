/**
 * Twenty inspectors at once on 500 tasks (security.md G-02): exactly one verdict per task and round, whoever was
 * faster, and nobody accepts own work. On PostgreSQL, where connections really race. All fifty rounds take eight
 * minutes, so CI plays ten.
 */
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { native, openEngine, type Engine } from './engines';
import { idOf, random } from './sequences';

const clients = 20;
const tasks = 500;
const rounds = Number(process.env.XT_RACE_ROUNDS ?? (process.env.CI ? 10 : 50));
/** Tasks that each client tries in a round: every task is tried by three of them on average. */
const tries = 75;
if (!native) console.log('racing on PostgreSQL: skipped, TEST_DATABASE_URL is not set');

describe.runIf(native)('races', () => {
	let engine: Engine;
	const pool: postgres.Sql[] = [];

	beforeAll(async () => {
		engine = await openEngine('postgres');
		await engine.run(`
			select tests.person('racer ' || n, 'inspector', 'yunxi') from generate_series(1, ${clients}) n;
			insert into public.tasks (township_id, id, village_id, category, created_by)
			select tests.id('yunxi'), tests.id('race ' || n), tests.id('baima'), 'TRASH', tests.id('person finn') from generate_series(1, ${tasks}) n;
			insert into public.steps (township_id, id, village_id, thing_kind, thing_id, state, found_on, said_on, said_at, done_on, done_at, done_by, answers)
			select tests.id('yunxi'), tests.id('race ' || n), tests.id('baima'), 'task', tests.id('race ' || n), 'done',
				private.today(), private.today(), now(), private.today(), now(),
				-- Every 25th task was done by one of the racers.
				case when n % 25 = 0 then tests.id('person racer ' || (n / 25)) else tests.id('person finn') end, tests.id('person finn')
			from generate_series(1, ${tasks}) n;`);
		for (let n = 1; n <= clients; n++) {
			const sql = postgres(engine.url!, { max: 1, onnotice: () => undefined });
			pool.push(sql);
			await sql`select set_config('role', 'authenticated', false),
				set_config('request.jwt.claim.sub', ${idOf(`racer ${n}`)}, false),
				set_config('request.jwt.claims', ${JSON.stringify({
					sub: idOf(`racer ${n}`),
					role: 'authenticated',
					session_id: idOf(`session racer ${n}`)
				})}, false)`;
		}
	});
	afterAll(async () => {
		await Promise.all(pool.map((sql) => sql.end()));
		await engine?.close();
	});

	it(`prove or return each task once in each of ${rounds} rounds`, async () => {
		const began = Date.now();
		const outcomes = new Map<string, number>();
		for (let round = 1; round <= rounds; round++) {
			await Promise.all(
				pool.map(async (sql, c) => {
					const next = random(round * 1000 + c);
					const order = Array.from({ length: tasks }, (_, i) => [next(), i + 1] as const)
						.sort((a, b) => a[0] - b[0])
						.slice(0, tries)
						.map(([, n]) => n);
					// All sent before any is answered, so that the connections are never idle.
					const told = await Promise.all(
						order.map(
							(n) =>
								sql<{ r: { outcome: string; reason?: string } }[]>`
									select public.apply_op(${sql.json({
										op_id: crypto.randomUUID(),
										kind: next() < 0.5 ? 'step.prove' : 'step.return',
										township_id: idOf('yunxi'),
										target: idOf(`race ${n}`),
										payload: { note: '核' }
									})}) as r`
						)
					);
					for (const [row] of told) {
						const key = [row!.r.outcome, row!.r.reason].filter(Boolean).join(' ');
						outcomes.set(key, (outcomes.get(key) ?? 0) + 1);
					}
				})
			);
			// The next round: everything that got a verdict is reported done again, past all triggers.
			await engine.run(`set session_replication_role = replica;
				update public.steps set state = 'done', stage = 'reported', round = ${round + 1}, done_on = private.today(), done_at = now(),
					done_by = coalesce(done_by, answers), proven_on = null, proven_at = null, proven_by = null, proven_how = null
				where township_id = tests.id('yunxi') and thing_kind = 'task' and stage <> 'reported';
				update public.steps set round = ${round + 1} where township_id = tests.id('yunxi') and stage = 'reported';
				set session_replication_role = origin;`);
		}
		const [check] = (
			await engine.run(`select
				(select count(*) from public.acceptances)::int as verdicts,
				(select count(*) from (select 1 from public.acceptances group by step_id, round having count(*) > 1) x)::int as twice,
				(select count(*) from public.acceptances a join public.steps s on s.id = a.step_id
					where a.by_person = s.answers)::int as own,
				(select count(*) from public.events where action in ('step.prove', 'step.return'))::int as events`)
		).flat() as { verdicts: number; twice: number; own: number; events: number }[];
		const applied = outcomes.get('applied') ?? 0;
		console.log(
			`race: ${rounds} rounds, ${JSON.stringify(Object.fromEntries(outcomes))}, ${Math.round((Date.now() - began) / 1000)} s`
		);
		expect(check).toEqual({ verdicts: applied, twice: 0, own: 0, events: applied });
		expect([...outcomes.keys()].sort()).toEqual([
			'applied',
			'refused not_from_this_state',
			'refused own_work'
		]);
		expect(applied).toBeGreaterThan(rounds * tasks * 0.9);
	}, 900_000);
});
