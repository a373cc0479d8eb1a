/** Words that thousands of tasks have are found by walking, rare ones by looking them up: never with another answer. */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmbedded, type Backend } from '../../src/lib/server/engine/index';
import { asker, id, makeWork, type Ask } from '../rights/cast';
import { startedFolder } from '../template';

const origin = 'http://localhost:3999';
let dataDir: string;
let backend: Backend;
let ask: Ask;

beforeAll(async () => {
	dataDir = await startedFolder('xt-search-');
	backend = await startEmbedded({ dataDir, origin, deadline: 60_000 });
	ask = asker(backend, dataDir, origin);
	await makeWork(backend, ask);
	// 4,600 tasks, analysed or not yet: 早年 has the older half of them, 近来 the newer one, 垃圾 all but each ninth.
	await backend.relaxed(120_000, async () => {
		await backend.sql`insert into tasks (township_id, id, village_id, category, title, note, method, created_by)
			select tests.id('yunxi'), ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
				case when n % 3 > 0 then tests.id('baima') end, case when n % 2 = 0 then 'TRASH' else 'BIN' end,
				case when n % 9 > 0 then '路边垃圾' else '路边杂物' end || n || 'Abc', case when n <= 2300 then '早年登记' else '近来登记' end,
				'map', tests.id('person pan') from generate_series(1, 4600) n`;
		await backend.sql`insert into steps (township_id, id, village_id, thing_kind, thing_id, found_on, found_by, state, stage,
				said_on, said_at, said_by, due_on, first_due_on)
			select township_id, id, village_id, 'task', id, private.today() - 40, created_by,
				(case when open then 'said' else 'found' end)::step_state, (case when open then 'assigned' else 'found' end)::step_stage,
				case when open then private.today() - 30 end, case when open then now() end, case when open then created_by end,
				case when open then private.today() + n % 20 - 10 end, case when open then private.today() + n % 20 - 10 end
			from (select t.*, n, n % 5 < 2 as open from tasks t
				cross join lateral (select ('x' || right(t.id::text, 8))::bit(32)::int as n) k
				where t.township_id = tests.id('yunxi') and t.id::text like '01900000%') k`;
	});
}, 180_000);
afterAll(async () => {
	await backend?.close();
	rmSync(dataDir, { recursive: true, force: true });
});

type Page = { total: number; capped: boolean; rows: { id: string }[] };
async function call<T>(name: string, more: object): Promise<T> {
	const { status, body } = await ask('pan', 'POST', `/rest/v1/rpc/${name}`, {
		p_township: id('yunxi'),
		...more
	});
	expect(status).toBe(200);
	return body as T;
}
/** Every id of a filter, page by page. */
async function all(p_filter: object, p_limit: number): Promise<string[]> {
	const ids: string[] = [];
	for (let p_before: string | null = null; ;) {
		const { rows }: Page = await call('task_list', { p_filter, p_before, p_limit });
		ids.push(...rows.map((r) => r.id));
		if (rows.length < p_limit) return ids;
		p_before = ids.at(-1)!;
	}
}
/** The same read in the plainest way. */
const plain = async (q: string, where = backend.sql``, order = backend.sql`s.id desc`) =>
	(
		await backend.sql`select s.id from steps s join tasks t on t.township_id = s.township_id and t.id = s.id
			where s.township_id = ${id('yunxi')} and not s.voided and t.archived_at is null
				and (t.title || ' ' || t.place_text || ' ' || t.note || ' ' || t.group_name) ilike ${`%${q}%`} ${where} order by ${order}`
	).map((r) => r.id as string);

describe('a search', () => {
	it('finds a word that nearly all tasks have, the newest first, and says when there are more', async () => {
		const page = await call<Page>('task_list', { p_filter: { q: '垃圾' }, p_limit: 100 });
		expect(page).toMatchObject({ total: 1000, capped: true });
		expect(page.rows.map((r) => r.id)).toEqual((await plain('垃圾')).slice(0, 100));
		expect(await all({ q: '垃圾' }, 1000)).toEqual(await plain('垃圾'));
	});
	it('finds a word that only the oldest have, however short the page', async () => {
		const ids = await plain('早年');
		expect(await all({ q: '早年' }, 1000)).toEqual(ids);
		// Further pages walk only as far as their few rows should need, and then look up.
		const first = await call<Page>('task_list', { p_filter: { q: '早年' }, p_limit: 5 });
		const [newest] = await plain('近来');
		const next = await call<Page>('task_list', {
			p_filter: { q: '早年' },
			p_before: newest,
			p_limit: 5
		});
		expect(first.rows.map((r) => r.id)).toEqual(ids.slice(0, 5));
		expect(next.rows.map((r) => r.id)).toEqual(ids.slice(0, 5));
	});
	it('keeps to village, type, stage and order', async () => {
		const { sql } = backend;
		expect(await all({ q: '垃圾', village: [id('baima')], type: ['BIN'] }, 1000)).toEqual(
			await plain('垃圾', sql`and s.village_id = ${id('baima')} and t.category = 'BIN'`)
		);
		expect(await all({ q: '垃圾', stage: ['assigned'] }, 1000)).toEqual(
			await plain('垃圾', sql`and s.stage = 'assigned'`)
		);
		expect(await all({ q: '垃圾', overdue: true, sort: 'due' }, 100)).toEqual(
			await plain(
				'垃圾',
				sql`and s.state = 'said' and s.due_on < private.today()`,
				sql`s.due_on nulls last, s.id`
			)
		);
	});
	it('finds the same whether letters are large or small', async () => {
		expect(await all({ q: 'aBC' }, 1000)).toEqual(await plain('abc'));
		expect(await all({ q: '垃圾77a' }, 1000)).toEqual(await plain('垃圾77A'));
		expect(await all({ q: '100%' }, 1000)).toEqual([]);
	});
	it('counts a rare word exactly and a common one at least as far as it read', async () => {
		type Counts = { byStage: Record<string, number>; overdue: number; capped?: string[] };
		const { sql } = backend;
		const of = async (q: string, stage: string) =>
			(await plain(q, sql`and s.stage = ${stage}`)).length;
		const rare = await call<Counts>('task_counts', { p_filter: { q: '垃圾77' } });
		expect(rare.capped).toBeUndefined();
		expect(rare.byStage).toEqual({
			found: await of('垃圾77', 'found'),
			assigned: await of('垃圾77', 'assigned')
		});
		const common = await call<Counts>('task_counts', { p_filter: { q: '垃圾' } });
		expect(common.byStage.assigned).toBe(await of('垃圾', 'assigned'));
		expect(common.overdue).toBe(
			(await plain('垃圾', sql`and s.state = 'said' and s.due_on < private.today()`)).length
		);
		expect(common.capped).toBeUndefined();
		const limited = await call<Counts>('task_counts', {
			p_filter: { q: '垃圾', village: [id('baima')] }
		});
		expect(limited.byStage.found).toBe(
			(await plain('垃圾', sql`and s.stage = 'found' and s.village_id = ${id('baima')}`)).length
		);
	});
});
