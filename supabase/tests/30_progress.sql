begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(16);

create function pg_temp.at(p_village text, p_day date) returns integer[] language sql as $$
	select coalesce((select array[planned, said, done, proven, blocked, overdue]
		from public.progress_on(tests.id('yunxi'), p_day) where village_id = tests.id(p_village) and kind = 'task'), '{0,0,0,0,0,0}')
$$;

-- A ledger with days of its own: each past day is one look-up.
select tests.act_as('pan');
select is(public.import_apply(jsonb_build_object('import_id', tests.id('i1'), 'township_id', tests.id('yunxi'), 'title', '台账',
	'files', '[{"name":"l.xlsx","sha256":"01"}]'::jsonb, 'rows', jsonb_build_array(
		jsonb_build_object('kind', 'tasks', 'file', 'l.xlsx', 'line', 4, 'data', jsonb_build_object('village', 'baima', 'title', 'a', 'category', 'TRASH',
			'state', 'proven', 'found_on', private.today() - 30, 'said_on', private.today() - 29, 'due_on', private.today() - 20,
			'done_on', private.today() - 15, 'proven_on', private.today() - 10, 'answers_name', '李', 'proven_by', '孙')),
		jsonb_build_object('kind', 'tasks', 'file', 'l.xlsx', 'line', 5, 'data', jsonb_build_object('village', 'baima', 'title', 'b', 'category', 'HEAP',
			'state', 'said', 'found_on', private.today() - 30, 'said_on', private.today() - 28, 'due_on', private.today() - 2)),
		jsonb_build_object('kind', 'tasks', 'file', 'l.xlsx', 'line', 6, 'data', jsonb_build_object('village', 'nowhere', 'title', 'c', 'category', 'ROAD', 'state', 'found'))
	))) ->> 'outcome', 'applied', 'a ledger comes in');
select is(pg_temp.at('baima', private.today() - 31), '{0,0,0,0,0,0}', 'before anything was found');
select is(pg_temp.at('baima', private.today() - 30), '{2,0,0,0,0,0}', 'found');
select is(pg_temp.at('baima', private.today() - 25), '{2,2,0,0,0,0}', 'said');
select is(pg_temp.at('baima', private.today() - 16), '{2,2,0,0,0,1}', 'overdue from the day after its day');
select is(pg_temp.at('baima', private.today() - 15), '{2,2,1,0,0,0}', 'done late, no longer overdue');
select is(pg_temp.at('baima', private.today()), '{2,2,1,1,0,1}', 'today: one proven, the other overdue');
select is((select array[planned, said] from public.progress_on(tests.id('yunxi'), private.today()) where village_id = tests.id('yunxi') and kind = 'task'),
	'{1,0}', 'what lies in no known village counts with the township');

-- Undo leaves every day as it was before.
select is(public.import_undo(tests.id('yunxi'), tests.id('i1')) ->> 'outcome', 'applied', 'taken back');
select is(pg_temp.at('baima', private.today() - 15), '{0,0,0,0,0,0}', 'also in the past');
select is(pg_temp.at('baima', private.today()), '{0,0,0,0,0,0}', 'and today');

-- A moved village, a dropped task.
select is(tests.outcome('task.create', 'm1', jsonb_build_object('village_id', tests.id('baima'))), 'applied', 'a task');
select is(tests.outcome('task.edit', 'm1', jsonb_build_object('village_id', tests.id('guqing'))), 'applied', 'moves to the neighbour');
select is(pg_temp.at('baima', private.today()) || pg_temp.at('guqing', private.today()), '{0,0,0,0,0,0,1,0,0,0,0,0}', 'and counts there');

-- Two hundred random acts: the counts kept are the counts counted. SEED is printed on failure.
select tests.act_as_owner();
do $$
declare
	who text;
	verb text;
	n integer;
begin
	perform setseed(0.42);
	for n in 1..30 loop
		perform tests.act_as('pan');
		perform tests.op('task.create', 'r' || n, jsonb_build_object('village_id', tests.id(case when random() < 0.5 then 'baima' else 'guqing' end)));
	end loop;
	for n in 1..200 loop
		who := (array['pan', 'finn', 'wang', 'ines', 'lei'])[1 + floor(random() * 5)];
		verb := (array['say', 'do', 'prove', 'return', 'withdraw', 'drop', 'block', 'unblock', 'reopen'])[1 + floor(random() * 9)];
		perform tests.act_as(who);
		perform tests.op('step.' || verb, 'r' || (1 + floor(random() * 30))::integer, jsonb_build_object('note', 'x')
			|| case verb when 'block' then '{"blocker":"money","who":"y"}'::jsonb
				when 'say' then jsonb_build_object('due_on', private.today() + floor(random() * 3)::integer) else '{}' end);
	end loop;
	perform tests.act_as_owner();
end
$$;
select is_empty($$ select * from private.progress_differences(tests.id('yunxi')) $$, 'after 200 random acts (seed 0.42) the roll-ups equal a count');

-- A ledger's row that was handed over without a deadline is open, never overdue.
select tests.act_as('pan');
select public.import_apply(jsonb_build_object('import_id', tests.id('i no due'), 'township_id', tests.id('yunxi'), 'title', '无期限',
	'files', '[]'::jsonb, 'rows', jsonb_build_array(jsonb_build_object('kind', 'tasks', 'file', 'x.xlsx', 'line', 2, 'data',
		jsonb_build_object('category', 'TRASH', 'village', 'baima', 'state', 'said', 'said_on', private.today() - 9)))));
select tests.act_as_owner();
select is_empty($$ select * from private.progress_differences(tests.id('yunxi')) $$, 'a task without a deadline is never counted as overdue');
select * from finish();
rollback;
