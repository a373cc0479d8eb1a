/**
 * The ways of a project, every cell: each phase × each verb × each person as an op through HTTP. What the table
 * does not list for this person is refused for the right or for the phase, and changes nothing; what it lists is
 * never refused for either. (PATCH and upsert of every column by everybody: rights.test.ts.)
 */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rightsOf, type Role } from '../../src/lib/domain/place';
import { phases, phaseVerbs, type Phase, type PhaseWay } from '../../src/lib/domain/project';
import { startEmbedded, type Backend } from '../../src/lib/server/engine/index';
import { asker, id, makeWork, type Ask, type Persona } from './cast';
import { chinaDay } from '../../src/lib/domain/day';
import { startedFolder } from '../template';

const origin = 'http://localhost:3997';
/** Who: their role, and for which of the levels of project `p` (in 白马) it holds. */
const people: { who: string; role: Role | null; levels: PhaseWay['level'][] }[] = [
	{ who: 'lei', role: 'contact', levels: ['village'] },
	{ who: 'wang', role: 'field', levels: [] },
	{ who: 'ines', role: 'inspector', levels: ['village', 'township'] },
	{ who: 'pan', role: 'planner', levels: ['village', 'township'] },
	{ who: 'dana', role: 'inspector', levels: ['village', 'township', 'district'] },
	{ who: 'adam', role: 'admin', levels: ['village', 'township'] },
	{ who: 'aud', role: 'auditor', levels: ['village', 'township'] },
	{ who: 'olga', role: 'observer', levels: ['village', 'township', 'district'] },
	{ who: 'nora', role: 'planner', levels: [] },
	{ who: 'loner', role: null, levels: [] }
];
const more: Record<string, object> = {
	rectify: { by: chinaDay(90) },
	downgrade: { grade: 'A' },
	publish_notice: { from: chinaDay(1), to: chinaDay(30) }
};

describe('every cell of the ways of a project', () => {
	let dataDir: string;
	let backend: Backend;
	let ask: Ask;
	let ways: PhaseWay[];
	let n = 0;

	beforeAll(async () => {
		dataDir = await startedFolder('xt-ways-');
		backend = await startEmbedded({ dataDir, origin, deadline: 60_000 });
		ask = asker(backend, dataDir, origin);
		await makeWork(backend, ask);
		await backend.sql`select tests.person('dana', 'inspector', 'district')`;
		const page = await ask('pan', 'POST', '/rest/v1/rpc/project_page', {
			p_township: id('yunxi'),
			p_project: id('p')
		});
		ways = (page.body as { ways: PhaseWay[] }).ways;
	}, 120_000);
	afterAll(async () => {
		await backend?.close();
		rmSync(dataDir, { recursive: true, force: true });
	});

	/** The project put into a phase by the owner of the database, around the triggers; nobody has acted yet. */
	const put = (phase: Phase) =>
		backend.sql
			.unsafe(`alter table public.project_log disable trigger append_only; delete from public.project_log;
			alter table public.project_log enable trigger append_only;
			alter table public.projects disable trigger b_keep_to_the_ways;
			update public.projects set phase = '${phase}', reached_grade = 'AA', notice_from = private.today() - 20,
				notice_to = private.today() - 1 where id = '${id('p')}';
			update public.scenic_units set present_grade = 'AA' where id = '${id('unit')}';
			alter table public.projects enable trigger b_keep_to_the_ways`);
	const stands = async () =>
		(
			await backend.sql<{ row: string }[]>`select phase || ' ' || version as row
				from public.projects where id = ${id('p')}`
		)[0]!.row;

	it('knows all phases and verbs', () => {
		expect([...new Set(ways.map((w) => w.verb))].sort()).toEqual([...phaseVerbs].sort());
		expect([...new Set(ways.flatMap((w) => [w.from, w.to]))].sort()).toEqual([...phases].sort());
	});

	it('lets through what is listed, and nothing else', async () => {
		const wrong: string[] = [];
		let cells = 0;
		let moved = 0;
		for (const phase of phases) {
			await put(phase);
			let stood = await stands();
			for (const verb of phaseVerbs)
				for (const { who, role, levels } of people) {
					const listed = ways.some(
						(w) =>
							w.verb === verb &&
							w.from === phase &&
							role !== null &&
							rightsOf[role].includes(w.right) &&
							levels.includes(w.level)
					);
					const { body } = await ask(who as Persona, 'POST', '/rest/v1/rpc/apply_op', {
						p_op: {
							op_id: id(`cell ${n++}`),
							kind: 'project.move',
							township_id: id('yunxi'),
							target: id('p'),
							payload: { verb, note: '说明', ...more[verb] }
						}
					});
					cells++;
					const { outcome, reason = '' } = body as { outcome: string; reason?: string };
					const barred = ['not_allowed', 'not_in_this_phase'].includes(reason);
					const now = await stands();
					if (listed ? barred : outcome !== 'refused' || !barred || now !== stood)
						wrong.push(`${phase} ${verb} ${who}: ${outcome} ${reason}`);
					if (now !== stood) {
						moved++;
						await put(phase);
						stood = await stands();
					}
				}
		}
		expect(wrong).toEqual([]);
		expect(cells).toBe(phases.length * phaseVerbs.length * people.length);
		// A table of which nothing ever went through would prove nothing.
		expect(moved).toBeGreaterThan(30);
		console.log(`ways of a project: ${cells} cells, ${moved} went through`);
	}, 240_000);
});
