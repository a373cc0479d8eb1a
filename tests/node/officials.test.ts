/** Twenty answers a day and link stay twenty when forty come at once through six servers: on PostgreSQL. */
import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { native, openEngine, type Engine } from './engines';

const hex = (text: string) => `encode(sha256(convert_to('${text}', 'UTF8')), 'hex')`;
const here = it.skipIf(!native);
let engine: Engine;

beforeAll(async () => {
	if (!native) return;
	engine = await openEngine('postgres');
	await engine.run(`select public.share_seal(jsonb_build_object('township_id', tests.id('yunxi'), 'person', tests.id('person pan'),
			'id', tests.id('seal'), 'sha256', ${hex('secret')}));
		begin;
		select tests.act_as('pan');
		select tests.op('share.create', 'share', jsonb_build_object('seal', tests.id('seal'), 'kind', 'township', 'subject', tests.id('yunxi'),
			'title', '云溪镇', 'days', 7, 'answers', true));
		commit;
		select public.share_open(jsonb_build_object('public_id', public_id, 'sha256', ${hex('secret')}, 'door', ${hex('door')}, 'reader', ${hex('reader')}))
		from public.shares`);
}, 60_000);
afterAll(() => engine?.close());

here(
	'keeps the limit in a race, numbers each once and withdraws them all',
	async () => {
		const sql = postgres(engine.url!, { max: 6, onnotice: () => undefined });
		const [share] = await sql<{ public_id: string }[]>`select public_id from public.shares`;
		const told = await Promise.all(
			Array.from({ length: 40 }, (_, n) =>
				sql`select public.share_answer(${share!.public_id}, 'door', jsonb_build_object('do', 'leave', 'id', tests.id(${`left ${n % 35}`}::text),
				'what', 'instruction', 'kind', 'place', 'on', tests.id('baima'), 'text', '抓紧', 'name', '钱', 'office', '区政府')) ->> 'outcome' as told`
					.then((rows) => String(rows[0]!.told))
					.catch((error: { message: string }) => error.message)
			)
		);
		const count = (what: string) => told.filter((t) => t === what).length;
		expect(count('applied')).toBe(20);
		expect(count('applied') + count('already') + count('too_many')).toBe(40);
		const rows = await sql<{ no: number }[]>`select no from public.instructions order by no`;
		expect(rows.map((r) => r.no)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
		const undone = await sql.begin(async (begun) => {
			const tx = begun as unknown as typeof sql;
			await tx`select tests.act_as('pan')`;
			const [row] = await tx<
				{ no: string }[]
			>`select tests.op('share.undo', 'share') ->> 'no' as no`;
			return row!.no;
		});
		expect(undone).toBe('20');
		const [kept] =
			await sql`select count(*)::integer as n from public.instructions where state = 'withdrawn'`;
		expect(kept!.n).toBe(20);
		const [turns] =
			await sql`select count(*)::integer as n from public.instruction_turns where kind = 'withdraw'`;
		expect(turns!.n).toBe(20);
		await sql.end();
	},
	60_000
);
