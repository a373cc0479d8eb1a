/**
 * The table of ways, every cell (security.md G-01, G-03): each stage × each verb × each person, as an op, and as
 * an op that comes late from a phone; each stage × each stage × each person by PATCH and by upsert; an import
 * over a task that exists. What the table does not list is refused and changes nothing.
 */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verbs, ways, whyNot, type Verb } from '../../src/lib/domain/move';
import { rightsOf, type Role } from '../../src/lib/domain/place';
import { stages, stateOf, type Stage } from '../../src/lib/domain/stage';
import { startEmbedded, type Backend } from '../../src/lib/server/engine/index';
import { asker, id, makeWork, type Ask, type Persona } from './cast';
import { chinaDay } from '../../src/lib/domain/day';
import { startedFolder } from '../template';

const origin = 'http://localhost:3998';
/** Who: their role, and at the village of the tasks or not. lei answers for every task; finn did it. */
const people: { who: Persona; role: Role | null; here: boolean }[] = [
	{ who: 'finn', role: 'field', here: true },
	{ who: 'lei', role: 'contact', here: true },
	{ who: 'wang', role: 'field', here: false },
	{ who: 'ines', role: 'inspector', here: true },
	{ who: 'pan', role: 'planner', here: true },
	{ who: 'adam', role: 'admin', here: true },
	{ who: 'aud', role: 'auditor', here: true },
	{ who: 'olga', role: 'observer', here: true },
	{ who: 'nora', role: 'planner', here: false },
	{ who: 'loner', role: null, here: false }
];
const payloads: Partial<Record<Verb, object>> = {
	start: { read: 2 },
	return: { note: '还有' },
	reopen: { why: 'came_back' },
	reject: { why: 'no_problem' },
	merge: { into: id('merge target') },
	drop: { note: '不办' },
	block: { blocker: 'land', who: '自然资源所' },
	ask: { to_day: chinaDay(90) }
};

describe('every cell of the table of ways', () => {
	let dataDir: string;
	let backend: Backend;
	let ask: Ask;

	beforeAll(async () => {
		dataDir = await startedFolder('xt-matrix-');
		backend = await startEmbedded({ dataDir, origin, deadline: 60_000 });
		ask = asker(backend, dataDir, origin);
		await makeWork(backend, ask);
		await place('merge target', 'found');
	}, 120_000);
	afterAll(async () => {
		await backend?.close();
		rmSync(dataDir, { recursive: true, force: true });
	});

	/** A task put into a stage by the owner of the database, with the facts that belong to it. */
	async function place(name: string, stage: Stage): Promise<void> {
		await placeAll([{ name, stage }]);
	}
	async function placeAll(wanted: { name: string; stage: Stage }[]): Promise<void> {
		const rows = wanted.map((w) => ({
			id: id(w.name),
			stage: w.stage,
			state: stateOf(w.stage),
			said: w.stage !== 'found',
			done: ['reported', 'proven', 'closed'].includes(w.stage)
		}));
		await backend.sql`
			with r as (select * from jsonb_to_recordset(${backend.sql.json(rows)}) r(id uuid, stage text, state text, said boolean, done boolean)),
			t as (insert into public.tasks (township_id, id, village_id, category, created_by)
				select ${id('yunxi')}, r.id, ${id('baima')}, 'TRASH', ${id('person finn')} from r),
			s as (insert into public.steps (township_id, id, village_id, thing_kind, thing_id, stage, state, round, found_on, answers,
					said_on, said_at, said_by, due_on, first_due_on, done_on, done_at, done_by, proven_on, proven_how, closed_on, dropped_on, merged_into)
				select ${id('yunxi')}, r.id, ${id('baima')}, 'task', r.id, r.stage::public.step_stage, r.state::public.step_state, 2, private.today(),
					${id('person lei')},
					case when r.said then private.today() end, case when r.said then now() end, case when r.said then ${id('person pan')}::uuid end,
					case when r.said then private.today() + 5 end, case when r.said then private.today() + 5 end,
					case when r.done then private.today() end, case when r.done then now() end, case when r.done then ${id('person finn')}::uuid end,
					case when r.state = 'proven' then private.today() end, case when r.state = 'proven' then 'on_site'::public.proof_how end,
					case when r.stage = 'closed' then private.today() end, case when r.state = 'dropped' then private.today() end,
					case when r.stage = 'merged' then ${id('a')}::uuid end
				from r returning id),
			b as (insert into public.blockers (township_id, id, step_id, village_id, thing_kind, kind, who, since, opened_on, opened_by)
				select ${id('yunxi')}, gen_random_uuid(), r.id, ${id('baima')}, 'task', 'land', '所', private.today(), private.today(), ${id('person finn')}
				from r, (select count(*) from s) made where r.stage = 'blocked')
			insert into public.extensions (township_id, id, step_id, asked_on, asked_by, to_day)
			select ${id('yunxi')}, gen_random_uuid(), r.id, private.today(), ${id('person finn')}, private.today() + 60
			from r, (select count(*) from s) made where r.stage = 'extension'`;
	}

	const person = (p: (typeof people)[number]) =>
		p.role === null
			? { id: id(`person ${p.who}`), memberships: [] }
			: {
					id: id(`person ${p.who}`),
					memberships: [{ placeId: p.here ? 'here' : 'elsewhere', role: p.role }]
				};

	it('as an op, at once or late', async () => {
		const cells = stages.flatMap((stage) =>
			verbs.flatMap((verb) =>
				people.map((p) => ({ stage, verb, p, name: `cell ${stage} ${verb} ${p.who}` }))
			)
		);
		await placeAll(cells);
		const before = new Map(
			(
				await backend.sql<{ id: string; row: string }[]>`
					select id, (to_jsonb(s) - '{held_by,held_until}'::text[])::text as row from public.steps s`
			).map((r) => [r.id, r.row])
		);
		const wrong: string[] = [];
		let applied = 0;
		for (const [i, { stage, verb, p, name }] of cells.entries()) {
			const step = {
				stage,
				state: stateOf(stage),
				answers: id('person lei'),
				doneBy: ['reported', 'proven', 'closed'].includes(stage) ? id('person finn') : null,
				saidById: stage === 'found' ? null : id('person pan'),
				extension: stage === 'extension' ? { askedBy: id('person finn') } : null
			};
			const wanted = whyNot(verb, step, person(p) as never, ['here']);
			const { body } = await ask(p.who, 'POST', '/rest/v1/rpc/apply_op', {
				p_op: {
					op_id: id(`op ${name}`),
					kind: `step.${verb}`,
					township_id: id('yunxi'),
					target: id(name),
					payload: payloads[verb] ?? {},
					// Every other one comes days late from a phone with a wrong clock: nothing is different.
					...(i % 2 ? { device_time: '2031-01-01T00:00:00Z', base_version: 1 } : {})
				}
			});
			const {
				outcome,
				reason,
				stage: now
			} = body as { outcome?: string; reason?: string; stage?: Stage };
			if (wanted === null) {
				applied++;
				const to = ways.find(
					(w) => w.verb === verb && w.kinds.includes('task') && w.from.includes(stage)
				)!.to ?? [stage];
				if (outcome !== 'applied' || !to.includes(now!))
					wrong.push(`${name}: ${outcome} ${reason} ${now}`);
			} else if (outcome !== 'refused' || reason !== wanted)
				wrong.push(`${name}: ${outcome} ${reason}, not ${wanted}`);
			else {
				const [row] = await backend.sql<{ row: string }[]>`
					select (to_jsonb(s) - '{held_by,held_until}'::text[])::text as row from public.steps s where id = ${id(name)}`;
				if (row!.row !== before.get(id(name)))
					wrong.push(`${name}: refused and changed all the same`);
			}
		}
		console.log(`matrix: ${cells.length} cells as ops, ${applied} listed`);
		expect(wrong).toEqual([]);
		expect(applied).toBeGreaterThan(90);
	}, 600_000);

	it('never by hand: PATCH and upsert of every stage to every stage by everybody', async () => {
		await placeAll(stages.map((stage) => ({ name: `by hand ${stage}`, stage })));
		const sum = async () =>
			(
				await backend.sql<
					{ sum: string }[]
				>`select md5(string_agg(s::text, '' order by id)) as sum from public.steps s`
			)[0]!.sum;
		const before = await sum();
		const wrong: string[] = [];
		let cells = 0;
		for (const from of stages)
			for (const to of stages)
				for (const { who } of people) {
					const value = { stage: to, state: stateOf(to) };
					const patch = await ask(
						who,
						'PATCH',
						`/rest/v1/steps?id=eq.${id(`by hand ${from}`)}`,
						value
					);
					const upsert = await ask(
						who,
						'POST',
						'/rest/v1/steps',
						{
							township_id: id('yunxi'),
							id: id(`by hand ${from}`),
							thing_kind: 'task',
							thing_id: id(`by hand ${from}`),
							found_on: chinaDay(0),
							...value
						},
						{ Prefer: 'resolution=merge-duplicates' }
					);
					cells += 2;
					for (const { status } of [patch, upsert])
						if (![401, 403].includes(status)) wrong.push(`${who} ${from} → ${to}: ${status}`);
				}
		console.log(`matrix: ${cells} cells by PATCH and upsert`);
		expect(wrong).toEqual([]);
		expect(await sum()).toBe(before);
	}, 600_000);

	it('never by import: a ledger row over a task that exists does not touch it', async () => {
		await placeAll(stages.map((stage) => ({ name: `ledger ${stage}`, stage })));
		const one = async (name: string) =>
			(
				await backend.sql<
					{ row: string }[]
				>`select s::text as row from public.steps s where id = ${id(name)}`
			)[0]!.row;
		for (const stage of stages) {
			const before = await one(`ledger ${stage}`);
			for (const { who } of people) {
				await ask(who, 'POST', '/rest/v1/rpc/import_apply', {
					p: {
						import_id: id(`over ${stage} ${who}`),
						township_id: id('yunxi'),
						title: 'x',
						files: [{ name: 'x.xlsx', sha256: id(`over ${stage} ${who}`) }],
						rows: [
							{
								kind: 'tasks',
								file: 'x.xlsx',
								line: 3,
								data: {
									id: id(`ledger ${stage}`),
									village_id: id('baima'),
									category: 'TRASH',
									found_on: chinaDay(-9),
									said_on: chinaDay(-9),
									done_on: chinaDay(-2),
									proven_on: chinaDay(-1),
									done_name: '甲',
									proven_name: '乙'
								}
							}
						]
					}
				});
			}
			expect(await one(`ledger ${stage}`), stage).toBe(before);
		}
	}, 600_000);

	it('agrees with the roles: whoever lacks the right is in no listed cell', () => {
		for (const way of ways)
			for (const role of Object.keys(rightsOf) as Role[])
				if (!rightsOf[role].includes(way.right))
					expect(
						whyNot(
							way.verb,
							{ stage: way.from[0]!, answers: null, doneBy: 'x' },
							{ id: 'y', memberships: [{ placeId: 'here', role }] } as never,
							['here'],
							way.kinds[0]
						)
					).toBe('not_allowed');
	});
});
