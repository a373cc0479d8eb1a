/** Public notices over days: the window over Spring Festival, corrections, taking down, and what has to go (K-10). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { maskName } from '../../src/lib/domain/publicnotice';
import { engineNames, openEngine, type Engine } from './engines';

type Row = Record<string, unknown>;
const text = (v: unknown) =>
	`'${(typeof v === 'string' ? v : JSON.stringify(v)).replaceAll("'", "''")}'`;

describe.each(engineNames)('notices, %s', (name) => {
	let engine: Engine;
	let today = '2026-02-12';
	beforeAll(async () => {
		engine = await openEngine(name);
		// The clock of the whole database, moved by a setting.
		await engine.run(`create or replace function private.today() returns date language sql stable set search_path = '' as
			$$ select current_setting('tests.today')::date $$;
			update public.memberships set valid_from = '2020-01-01' where valid_to is null;
			alter table public.projects disable trigger b_keep_to_the_ways`);
	}, 120_000);
	afterAll(() => engine?.close());

	const one = async (sql: string, who?: string): Promise<any> => {
		const results = await engine.run(`begin; select set_config('tests.today', '${today}', true);
			${who ? `select tests.act_as('${who}');` : ''} ${sql}; commit;`);
		const rows = results.filter((r) => r.length > 0).at(-1) as Row[];
		return Object.values(rows[0]!)[0];
	};
	const op = async (who: string, kind: string, target: string, payload: object = {}) => {
		const r = await one(
			`select tests.op(${text(kind)}, ${text(target)}, ${text(payload)}::jsonb)`,
			who
		);
		return [r.outcome, r.reason, r.detail].filter(Boolean).join(' ');
	};
	const id = (n: string) => one(`select tests.id('${n}')`);
	const publicId = (n: string) =>
		one(`select public_id from public.notices where id = tests.id('${n}')`);
	const read = async (n: string, tag = '') =>
		one(`select public.notice_public(${text(await publicId(n))}, ${text(tag)})`);
	const object = async (n: string, more: object) =>
		one(
			`select public.notice_object(${text({ public_id: await publicId(n), ...more })}::jsonb)`
		).catch(async (e: { message: string }) => {
			await engine.run('rollback');
			return e.message;
		});

	it('counts a window over Spring Festival by the calendar of the township', async () => {
		expect(
			await op('pan', 'notice.create', 'aid', {
				kind: 'list',
				title: '2026年厕所改造补助对象公示',
				body: '经村级初审、镇级复核，现将拟补助对象予以公示。联系人老王13912345678。',
				columns: ['no', 'name', 'place', 'item', 'amount'],
				unit: '镇农业农村办',
				phone: '0719-1234567',
				from_on: '2026-02-12',
				to_on: '2026-02-24'
			})
		).toBe('applied');
		expect(
			await op('pan', 'notice.rows', 'aid', {
				from: 1,
				total: 3,
				rows: [
					{ no: '1', name: '张三丰', place: '白马村一组', item: '无害化卫生厕所', amount: '2000' },
					{
						no: '2',
						name: '欧阳小明',
						place: '白马村二组',
						item: '无害化卫生厕所',
						amount: '2000'
					},
					{ no: '3', name: '李四（13812345678）', place: '谷青村', item: '化粪池', amount: '1500' }
				]
			})
		).toBe('applied');
		// 12, 13, 14 (a worked Saturday) and 24 February.
		expect(await op('pan', 'notice.publish', 'aid')).toBe('refused notice_too_short 4');
		expect(await op('pan', 'notice.edit', 'aid', { to_on: '2026-02-25' })).toBe('applied');
		expect(await read('aid')).toBeNull();
		expect(await op('pan', 'notice.publish', 'aid')).toBe('applied');
		const page = await read('aid');
		expect(page.content).toMatchObject({ fromOn: '2026-02-12', toOn: '2026-02-25', workdays: 5 });
		expect(page.content.rows).toEqual([
			['1', '张*丰', '白马村一组', '无害化卫生厕所', '2000'],
			['2', '欧*小明', '白马村二组', '无害化卫生厕所', '2000'],
			['3', '李*（138****5678）', '谷青村', '化粪池', '1500']
		]);
		for (const n of ['张三丰', '欧阳小明', '李四（138****5678）', '阿依古丽、王五', 'Ann'])
			expect(await one(`select private.mask_name(${text(n)})`)).toBe(maskName(n));
		expect(page.content.body).toContain('老王139****5678');
		expect(page.open).toBe(true);
		expect(await read('aid', page.tag)).toEqual({ state: 'up', tag: page.tag });
	});

	it('refuses identity and bank numbers by row and column, and every column that is not allowed', async () => {
		const rows = (row: object) =>
			op('pan', 'notice.rows', 'aid', { from: 3, total: 3, rows: [row] });
		expect(await rows({ name: '赵六', item: '身份证11010519491231002X' })).toBe(
			'refused id_number 第3行“事项”'
		);
		expect(await rows({ name: '6222 0212 3456 7890 128' })).toBe('refused bank_number 第3行“姓名”');
		expect(await rows({ name: '赵六', 身份证号: '1' })).toBe('refused column_not_allowed 身份证号');
		expect(await op('pan', 'notice.edit', 'aid', { phone: '13812345678' })).toBe(
			'refused office_phone'
		);
		// Not even the owner of the database puts one in.
		await expect(
			engine.run(
				`update public.notice_rows set name = '１１０１０５ 19491231 002x' where notice_id = tests.id('aid')`
			)
		).rejects.toThrow(/nobodys_number/);
		await expect(
			engine.run(
				`update public.notices set body = '6222021234567890128' where id = tests.id('aid')`
			)
		).rejects.toThrow(/nobodys_number/);
	});

	it('freezes what was published; a correction is a new edition that says what changed', async () => {
		await expect(
			engine.run(
				`update public.notice_editions set content = content || '{"title": "另"}' where notice_id = tests.id('aid')`
			)
		).rejects.toThrow(/stays as it was/);
		const before = await read('aid');
		expect(await op('pan', 'notice.publish', 'aid', { changed: '没有' })).toBe(
			'refused nothing_changed'
		);
		expect(
			await op('pan', 'notice.rows', 'aid', {
				from: 3,
				total: 3,
				rows: [{ no: '3', name: '李四', place: '谷青村三组', item: '化粪池', amount: '1500' }]
			})
		).toBe('applied');
		expect((await read('aid')).content).toEqual(before.content);
		expect(await op('pan', 'notice.publish', 'aid')).toBe('refused changed_needed');
		expect(await op('pan', 'notice.edit', 'aid', { to_on: '2026-02-24' })).toBe('applied');
		expect(await op('pan', 'notice.publish', 'aid', { changed: '改村组' })).toMatch(
			/refused (notice_too_short|window_shorter)/
		);
		expect(await op('pan', 'notice.edit', 'aid', { to_on: '2026-02-25' })).toBe('applied');
		expect(await op('pan', 'notice.publish', 'aid', { changed: '第3行村组更正为谷青村三组' })).toBe(
			'applied'
		);
		const after = await read('aid');
		expect(after.content.rows[2]).toEqual(['3', '李*', '谷青村三组', '化粪池', '1500']);
		expect(after.editions.map((e: { changed: string }) => e.changed)).toEqual([
			'',
			'第3行村组更正为谷青村三组'
		]);
	});

	it('takes objections within the window only, answers them, and is down the day after without any job', async () => {
		today = '2026-02-18';
		expect(
			await op('pan', 'notice.receive', 'call', {
				notice: await id('aid'),
				via: 'phone',
				text: '二组的人数不对',
				contact_phone: '13700001111'
			})
		).toBe('applied');
		const said = await object('aid', {
			text: '第3户已有厕所，电话13911112222',
			contact_name: '钱七',
			contact_phone: '13622223333'
		});
		expect(said.receipt).toMatch(/^[0-9a-f]{12}$/);
		expect(await object('aid', { text: '他是11010519491231002X' })).toContain('id_number');
		today = '2026-02-25';
		let page = await read('aid');
		expect(page).toMatchObject({ open: true, received: 2, answered: 0 });
		const list = (await one(`select public.notice_page(tests.id('yunxi'), tests.id('aid'))`, 'pan'))
			.objectionList;
		expect(list.map((o: { text: string }) => o.text)).toEqual([
			'二组的人数不对',
			'第3户已有厕所，电话139****2222'
		]);
		const answer = (r: string) =>
			one(
				`select public.apply_op(jsonb_build_object('op_id', gen_random_uuid(), 'kind', 'notice.answer', 'township_id', tests.id('yunxi'),
				'target', '${list[1].id}', 'payload', '{"outcome": "upheld", "answer": "经核实，取消该户资格。${r}"}'::jsonb)) ->> 'outcome'`,
				'pan'
			);
		expect(await answer('')).toBe('applied');
		expect(await answer('再')).toBe('refused');
		const receipt = await one(
			`select public.notice_receipt(${text(await publicId('aid'))}, ${text(said.receipt)})`
		);
		expect(receipt).toMatchObject({ outcome: 'upheld', answer: '经核实，取消该户资格。' });
		page = await read('aid');
		expect(page).toMatchObject({ received: 2, answered: 1 });
		today = '2026-02-26';
		expect(await read('aid')).toEqual({
			state: 'down',
			tag: 'down',
			township: '云溪镇',
			demo: false,
			downOn: '2026-02-26'
		});
		expect(await object('aid', { text: '晚了' })).toBeNull();
		expect(
			await one(
				`select public.notice_page(tests.id('yunxi'), tests.id('aid')) -> 'content'`,
				'finn'
			)
		).toBeNull();
		expect(await one('select public.notices_tidy()')).toEqual({
			down: 1,
			contacts: 0,
			emptied: 0
		});
		expect(await op('pan', 'notice.edit', 'aid', { title: '再来' })).toBe(
			'refused not_from_this_state down'
		);
	});

	it('is taken down by hand at once, with a reason', async () => {
		today = '2026-03-02';
		await op('pan', 'notice.create', 'plain', {
			kind: 'text',
			title: '村务公开',
			body: '内容',
			unit: '镇党政办',
			address: '镇政府201室',
			from_on: today,
			to_on: '2026-03-06',
			shown_to: '2026-03-31',
			indexed: true
		});
		expect(await op('pan', 'notice.publish', 'plain')).toBe('applied');
		expect(await read('plain')).toMatchObject({ state: 'up', indexed: true });
		today = '2026-03-09';
		expect(await read('plain')).toMatchObject({ state: 'up', open: false });
		expect(await op('pan', 'notice.take_down', 'plain', { note: '' })).toBe(
			'refused reason_needed'
		);
		expect(await op('pan', 'notice.take_down', 'plain', { note: '内容有误' })).toBe('applied');
		expect((await read('plain')).state).toBe('down');
	});

	it('takes over the days of the projects whose notice it is, and no others', async () => {
		today = '2026-06-01';
		const project = (n: string, to: string) => `
			insert into public.scenic_units (township_id, id, village_id, name) values (tests.id('yunxi'), tests.id('u ${n}'), tests.id('baima'), '${n}景区');
			insert into public.projects (township_id, id, village_id, unit_id, title, target_grade, created_by, phase, reached_grade, notice_from, notice_to)
			values (tests.id('yunxi'), tests.id('p ${n}'), tests.id('baima'), tests.id('u ${n}'), '${n}', 'AAA', tests.id('person pan'), 'public_notice', 'AAA', '2026-06-01', '${to}');`;
		await one(
			`${project('东湖', '2026-06-05')} ${project('西山', '2026-06-05')} ${project('北岭', '2026-06-08')} select 1`
		);
		const create = (n: string, ...units: string[]) =>
			units
				.reduce(
					async (list, u) => [...(await list), await id(`p ${u}`)],
					Promise.resolve([] as string[])
				)
				.then((projects) =>
					op('pan', 'notice.create', n, {
						kind: 'project',
						title: '景区村庄评定公示',
						projects,
						unit: '镇文旅办',
						phone: '0719-1234567'
					})
				);
		expect(await create('mixed', '东湖', '北岭')).toBe('refused other_window 北岭景区');
		expect(await create('rated', '东湖', '西山')).toBe('applied');
		expect(await op('pan', 'notice.edit', 'rated', { to_on: '2026-06-30' })).toBe(
			'refused days_of_the_project'
		);
		expect(await op('pan', 'notice.publish', 'rated')).toBe('applied');
		expect((await read('rated')).content).toMatchObject({
			fromOn: '2026-06-01',
			toOn: '2026-06-05',
			workdays: 5,
			columns: ['no', 'place', 'item'],
			rows: [
				['1', 'baima', '东湖景区（拟评定AAA级景区村庄）'],
				['2', 'baima', '西山景区（拟评定AAA级景区村庄）']
			]
		});
	});

	it('K-10: contacts go after half a year, names and texts after three; nothing of them is left anywhere', async () => {
		/** In which tables a text still stands. */
		const where = async (needle: string): Promise<string[]> => {
			const found: string[] = [];
			const tables = (
				await engine.run(`select format('%I.%I', n.nspname, c.relname) as t from pg_class c join pg_namespace n on n.oid = c.relnamespace
				where c.relkind = 'r' and n.nspname in ('public', 'private') order by 1`)
			).at(-1) as { t: string }[];
			for (const { t } of tables) {
				const [hit] = (
					await engine.run(
						`select count(*)::integer as n from ${t} x where x::text like ${text(`%${needle}%`)}`
					)
				).at(-1) as { n: number }[];
				if (hit!.n) found.push(t);
			}
			return found;
		};
		expect(await where('张三丰')).toEqual(['public.notice_rows']);
		expect(await where('13622223333')).toEqual(['public.objection_contacts']);
		expect(await where('13912345678')).toEqual([]);
		expect(await where('13911112222')).toEqual([]);
		today = '2026-08-25';
		expect(await one('select public.notices_tidy()')).toMatchObject({ contacts: 0 });
		today = '2026-08-26';
		expect(await one('select public.notices_tidy()')).toEqual({
			down: 0,
			contacts: 1,
			emptied: 0
		});
		expect(await where('13622223333')).toEqual([]);
		expect(await where('钱七')).toEqual([]);
		today = '2029-02-26';
		expect(await one('select public.notices_tidy()')).toMatchObject({ emptied: 1 });
		for (const gone of ['张三丰', '张*丰', '李四', '李*', '第3户已有厕所', '取消该户资格', '老王'])
			expect(await where(gone), gone).toEqual([]);
		// That there was a notice, when, and what was published (its hash) stays.
		expect(
			await one(`select public.notice_page(tests.id('yunxi'), tests.id('aid'))`, 'aud')
		).toMatchObject({
			title: '2026年厕所改造补助对象公示',
			state: 'down',
			emptiedOn: '2029-02-26',
			objections: 2,
			edition: 2
		});
		expect(
			await one(`select public.verify_events(tests.id('yunxi')) ->> 'first_bad'`, 'aud')
		).toBeNull();
		console.log(
			`${name}: K-10 notices: down next day, contacts after 6 months, names and texts after 3 years, 0 left in any table`
		);
	});
});
