/** Tiles of tasks: thinned the same way whatever was changed in which order, and never another township's. */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmbedded, type Backend } from '../../src/lib/server/engine/index';
import { asker, id, makeWork, type Ask, type Persona } from '../rights/cast';
import { startedFolder } from '../template';

const origin = 'http://localhost:3999';
let dataDir: string;
let backend: Backend;
let ask: Ask;

beforeAll(async () => {
	dataDir = await startedFolder('xt-tiles-');
	backend = await startEmbedded({ dataDir, origin, deadline: 60_000 });
	ask = asker(backend, dataDir, origin);
	await makeWork(backend, ask);
	// Four hundred more, many of them close together.
	await backend.sql`insert into tasks (township_id, id, village_id, category, title, geom, method, created_by)
		select tests.id('yunxi'), tests.id('many ' || n), tests.id('baima'), 'TRASH', '任务' || n,
			extensions.st_setsrid(extensions.st_makepoint(110.8 + n % 20 * 0.0003, 32.6 + n % 23 * 0.0005), 4326),
			'map', tests.id('person pan') from generate_series(1, 400) n`;
	await backend.sql`insert into steps (township_id, id, village_id, thing_kind, thing_id, found_on, found_by)
		select township_id, id, village_id, 'task', id, private.today(), created_by from tasks
		where township_id = tests.id('yunxi') and id in (select tests.id('many ' || n) from generate_series(1, 400) n)`;
});
afterAll(async () => {
	await backend?.close();
	rmSync(dataDir, { recursive: true, force: true });
});

type Tile = { tag: string; points?: [string, number, number][] } | null;
const place = (z: number) => {
	const y = 0.5 - Math.log(Math.tan(Math.PI / 4 + (32.605 * Math.PI) / 360)) / (2 * Math.PI);
	return { p_z: z, p_x: Math.floor(((110.803 + 180) / 360) * 2 ** z), p_y: Math.floor(y * 2 ** z) };
};
async function tile(who: Persona, z: number, more: object = {}): Promise<Tile> {
	const { status, body } = await ask(who, 'POST', '/rest/v1/rpc/task_tile', {
		p_township: id('yunxi'),
		...place(z),
		...more
	});
	expect(status).toBe(200);
	return body as Tile;
}
/** How many tasks stand for each cell of 8 px at this zoom: one, exactly one, wherever there is any. */
const cells = (z: number) => backend.sql`
	select count(*) filter (where spoken <> 1)::int as wrong, count(*)::int as n from (
		select code >> ${2 * (18 - z)}::int as c, count(*) filter (where level <= ${z}) as spoken
		from private.task_marks where township_id = ${id('yunxi')} and code is not null group by 1) x`;

describe('thinning', () => {
	const right = async () => {
		for (let z = 8; z <= 15; z++) expect((await cells(z))[0]!.wrong, `zoom ${z}`).toBe(0);
	};
	it('leaves one task a cell at every zoom', async () => {
		await right();
		expect((await cells(15))[0]!.n).toBeGreaterThan(100);
	});
	it('still does after tasks were finished, moved and put aside', async () => {
		await backend.sql`update steps set due_on = private.today() - (('x' || left(md5(id::text), 2))::bit(8)::int), first_due_on = private.today(),
			state = 'said', stage = 'assigned', said_on = private.today(), said_at = now() where township_id = ${id('yunxi')}
			and id in (select tests.id('many ' || n) from generate_series(1, 400, 3) n)`;
		await right();
		await backend.sql`update tasks set geom = extensions.st_translate(geom, 0.001, 0.002) where township_id = ${id('yunxi')}
			and id in (select tests.id('many ' || n) from generate_series(1, 400, 7) n)`;
		await right();
		await backend.sql`update tasks set archived_at = now() where township_id = ${id('yunxi')}
			and id in (select tests.id('many ' || n) from generate_series(1, 400, 2) n)`;
		await right();
	});
	it('lets the earliest deadline speak for the cell', async () => {
		const rows = await backend.sql`
			select count(*)::int as n from private.task_marks a join private.task_marks b on b.township_id = a.township_id
				and b.code >> 20 = a.code >> 20 and (b.prio, b.id) < (a.prio, a.id)
			where a.township_id = ${id('yunxi')} and a.level = 8`;
		expect(rows[0]!.n).toBe(0);
	});
	it('shows every task at zoom 16 that its larger tiles hide', async () => {
		const all = await backend.sql`select count(*)::int as n from private.task_marks
			where township_id = ${id('yunxi')} and code is not null`;
		expect((await tile('pan', 10))!.points!.length).toBeLessThan(all[0]!.n);
		const shown = await backend.sql`select count(*)::int as n from private.task_marks
			where township_id = ${id('yunxi')} and code is not null and level <= 16`;
		expect(shown[0]!.n).toBe(all[0]!.n);
	});
	it('keeps tallies that fit the tasks', async () => {
		const differing = await backend.sql`
			select * from (select coalesce(t.village_id, t.township_id) v, t.category c, s.stage g, count(*)::int n
				from tasks t join steps s on s.township_id = t.township_id and s.id = t.id and not s.voided
				where t.archived_at is null group by 1, 2, 3) a
			full join (select village_id v, category c, stage g, n from private.task_tallies where n <> 0) b using (v, c, g, n)
			where a is null or b is null`;
		expect(differing).toEqual([]);
	});
});

describe('a tile', () => {
	it('is the same answer for nobody: strangers, neighbours and the signed out get nothing', async () => {
		for (const who of ['stranger', 'loner', 'off', 'past', 'nora', 'otto'] as const) {
			const { status, body } = await ask(who, 'POST', '/rest/v1/rpc/task_tile', {
				p_township: id('yunxi'),
				...place(10)
			});
			expect(status >= 400 || body === null, `${who}: ${JSON.stringify(body)}`).toBe(true);
		}
		expect(
			(
				await ask('anon', 'POST', '/rest/v1/rpc/task_tile', {
					p_township: id('yunxi'),
					...place(10)
				})
			).status
		).toBeGreaterThanOrEqual(400);
	});
	it('holds no task of another township that lies in the same place', async () => {
		const [other] =
			await backend.sql`select id from places where level = 'township' and id <> ${id('yunxi')} limit 1`;
		await backend.sql`insert into tasks (township_id, id, category, geom, method, created_by) values (${other!.id},
			${id('foreign')}, 'TRASH', extensions.st_setsrid(extensions.st_makepoint(110.803, 32.605), 4326), 'map', ${id('person pan')})`;
		await backend.sql`insert into steps (township_id, id, thing_kind, thing_id, found_on, found_by)
			values (${other!.id}, ${id('foreign')}, 'task', ${id('foreign')}, private.today(), ${id('person pan')})`;
		for (let z = 8; z <= 16; z++) {
			const { points } = (await tile('pan', z))!;
			expect(points!.map((p) => p[0])).not.toContain(id('foreign'));
			expect(points!.length).toBeGreaterThan(0);
		}
	});
	it('is not sent twice until something happened', async () => {
		const first = (await tile('pan', 12))!;
		expect(await tile('pan', 12, { p_tag: first.tag })).toEqual({ tag: first.tag });
		const { body } = await ask('finn', 'POST', '/rest/v1/rpc/apply_op', {
			p_op: {
				op_id: id('op x'),
				kind: 'task.create',
				township_id: id('yunxi'),
				target: id('x'),
				payload: { category: 'BIN', geometry: { type: 'Point', coordinates: [110.81, 32.61] } }
			}
		});
		expect(body).toMatchObject({ outcome: 'applied' });
		expect((await tile('pan', 12, { p_tag: first.tag }))!.points!.length).toBeGreaterThan(0);
	});
	it('is nothing outside the zooms and the world', async () => {
		expect(await tile('pan', 7)).toBeNull();
		expect(await tile('pan', 17)).toBeNull();
		expect(await tile('pan', 10, { p_x: 1024 })).toBeNull();
	});
});
