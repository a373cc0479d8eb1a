begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(46);

create function pg_temp.report(p_from integer default -6, p_to integer default 0, p_ledger boolean default null) returns jsonb
language sql as $$ select public.report(tests.id('yunxi'), private.today() + p_from, private.today() + p_to, null, p_ledger) $$;
create function pg_temp.figure(r jsonb, p_figure text, p_kind text default 'task') returns integer language sql as $$
	select coalesce(sum((c -> 'n' ->> (array_position(array['found', 'said', 'done', 'proven', 'open', 'waiting', 'overdue', 'carried', 'blocked', 'due',
		'all_found', 'all_said', 'all_done', 'all_proven'], p_figure) - 1))::integer), 0)::integer
	from jsonb_array_elements(r -> 'cells') c where c ->> 'kind' = p_kind
$$;
create function pg_temp.rows(p_figure text, p_from integer default -6, p_to integer default 0, p_ledger boolean default null) returns integer language sql as $$
	select (public.report_rows(tests.id('yunxi'), private.today() + p_from, private.today() + p_to, 'task', p_figure, p_ledger => p_ledger) ->> 'total')::integer
$$;
grant execute on all functions in schema pg_temp to authenticated;

-- ── who reads it ──
select tests.act_as('nora');
select is(pg_temp.report(), null, 'the neighbour reads no report');
select is(public.report_rows(tests.id('yunxi'), private.today(), private.today(), 'task', 'found'), null, 'nor the places behind a number');
select is(public.report_subscription(tests.id('yunxi')), null, 'nor about letters');
select is(tests.outcome('report.subscribe', 'yunxi', '{"active": true}'), 'refused not_allowed', 'nor subscribes');
select tests.act_as('stranger');
select is(pg_temp.report(), null, 'nor a stranger');
select tests.act_as('past');
select is(pg_temp.report(), null, 'nor who was here once');
select tests.act_as('olga');
select isnt(pg_temp.report(), null, 'the district''s observer does');
select throws_ok($$ select public.report_claim() $$, '42501', null, 'nobody claims letters but the server');
select throws_ok($$ select public.report_told(tests.id('yunxi'), tests.id('person olga'), private.today(), true) $$, '42501', null, 'nor says one was sent');
select throws_ok($$ select public.report_photos(tests.id('yunxi'), '{}') $$, '42501', null, 'nor reads hashes of photos');
select throws_ok($$ select private.report_body(tests.id('yunxi'), private.today(), private.today(), null, null, tests.id('person pan')) $$, '42501', null, 'nor a report in another''s name');
select throws_ok($$ select * from private.step_days $$, '42501', null, 'nor the kept days themselves');
select throws_ok($$ insert into public.report_subscriptions values (tests.id('yunxi'), tests.id('person olga'), tests.id('olga'), 'a@b.cn', true, now()) $$, '42501', null, 'no subscription by hand');
select throws_ok($$ insert into public.report_sendings values (tests.id('yunxi'), tests.id('person olga'), private.today(), private.today(), 'sent') $$, '42501', null, 'no sending by hand');
select throws_ok($$ select pg_temp.report(1, 0) $$, 'PT403', 'bad_value', 'a period that ends before it begins');
select throws_ok($$ select pg_temp.report(-4000, 0) $$, 'PT403', 'bad_value', 'a period of eleven years');
select throws_ok($$ select pg_temp.rows('nonsense') $$, 'PT403', 'bad_value', 'a figure that is none');

-- ── what it says ──
select tests.act_as('finn');
select tests.op('task.create', 'a', jsonb_build_object('category', 'TRASH', 'village_id', tests.id('baima')));
select tests.op('task.create', 'b', jsonb_build_object('category', 'RUIN', 'village_id', tests.id('baima'), 'campaign', '春季攻坚'));
select tests.op('step.block', 'b', '{"blocker": "land", "who": "自然资源所"}');
select tests.act_as('pan');
select tests.op('step.say', 'a', jsonb_build_object('answers', tests.id('person finn'), 'due_on', private.today() + 3));
select is(pg_temp.figure(pg_temp.report(), 'found'), 2, 'two found');
select is(pg_temp.figure(pg_temp.report(), 'said'), 1, 'one assigned');
select is(pg_temp.figure(pg_temp.report(), 'due'), 1, 'due within seven days');
select is(jsonb_array_length(pg_temp.report() -> 'stuck'), 1, 'one is stuck');
select is(pg_temp.report() -> 'stuck' -> 0 ->> 'who', '自然资源所', 'with whom');
select is(pg_temp.figure(pg_temp.report(-6, -1), 'found'), 0, 'yesterday knew nothing');
select is(pg_temp.rows('found'), 2, 'the list behind the number');
select is((select public.report(tests.id('yunxi'), private.today(), private.today(), '春季攻坚') -> 'cells' -> 0 -> 'n' ->> 0), '1', 'a campaign counts its own');
select tests.act_as('finn');
select tests.op('step.do', 'a');
select tests.act_as('ines');
select tests.op('step.prove', 'a', '{"how": "on_site"}');
select is(pg_temp.figure(pg_temp.report(), 'proven'), 1, 'proven in the period');
select is(jsonb_array_length(pg_temp.report() -> 'pairs'), 0, 'without photos no pair');
select tests.act_as('finn');
select tests.op('step.reopen', 'a', '{"why": "came_back"}');
select is(pg_temp.figure(pg_temp.report(), 'proven'), 0, 'what came back on the same day was never proven at its end');

-- ── ledgers ──
select tests.act_as('pan');
select is(public.import_apply(jsonb_build_object('township_id', tests.id('yunxi'), 'import_id', tests.id('ledger'), 'files', '[]'::jsonb, 'rows', jsonb_build_array(
	jsonb_build_object('kind', 'tasks', 'file', 'a', 'data', jsonb_build_object('title', 'p', 'category', 'BIN', 'village', 'baima', 'state', 'said',
		'found_on', private.today() - 30, 'said_on', private.today() - 29, 'due_on', private.today() - 20))))) ->> 'outcome', 'applied', 'a ledger comes in');
select is(pg_temp.figure(pg_temp.report(-35, -25, true), 'found'), 1, 'asked for, it counts on the days it names');
select is(pg_temp.figure(pg_temp.report(-35, -25, false), 'found'), 0, 'as it was known then it does not');
select is(pg_temp.figure(pg_temp.report(-35, -25), 'found'), 1, 'of itself it counts where the map knew nothing yet');
select is((pg_temp.report(-35, -25, false) ->> 'late')::integer, 1, 'and how much that is, is said');
select is(pg_temp.figure(pg_temp.report(-6, 0), 'carried'), 1, 'from the day it came in it is carried over');
select is(pg_temp.figure(pg_temp.report(-6, 0), 'overdue'), 1, 'and overdue');
select public.import_undo(tests.id('yunxi'), tests.id('ledger'));
select is(pg_temp.figure(pg_temp.report(-6, 0), 'overdue'), 0, 'taken back it is as if it had never been');
select is(pg_temp.figure(pg_temp.report(-35, -25, true), 'found'), 0, 'on past days too');

-- ── meetings: only what this reader may see ──
select tests.op('meeting.create', 'meet', '{"title": "研究环境整治", "kind": "planning", "starts_at": "2026-11-24T09:00:00+08:00"}');
select tests.op('topic.propose', 'topic', '{"title": "垃圾"}');
select tests.act_as_owner();
update public.topics set state = 'checked', meeting_id = tests.id('meet') where id = tests.id('topic');
select tests.act_as('pan');
select tests.op('meeting.open', 'meet');
select is(tests.outcome('decision.make', 'dec', jsonb_build_object('meeting', tests.id('meet'), 'topic', tests.id('topic'), 'text', '清理沟渠',
	'due_on', private.today() + 5, 'lead', tests.id('person finn'), 'lead_unit', '白马村')), 'applied', 'a decision');
select is(jsonb_array_length(pg_temp.report() -> 'decisions'), 1, 'the planner reads it in the report');
select tests.act_as('finn');
select is(jsonb_array_length(pg_temp.report() -> 'decisions'), 0, 'who has no seat does not');

-- ── letters ──
select is(tests.outcome('report.subscribe', 'yunxi', '{"active": true}'), 'refused no_email', 'no letter without an address');
select set_config('request.jwt.claims', (current_setting('request.jwt.claims')::jsonb || '{"email": "finn@xiangtu.invalid"}')::text, true);
select is(tests.outcome('report.subscribe', 'yunxi', '{"active": true}'), 'refused no_email', 'nor to a made-up one');
select set_config('request.jwt.claims', (current_setting('request.jwt.claims')::jsonb || '{"email": "finn@example.org"}')::text, true);
select is(tests.outcome('report.subscribe', 'yunxi', '{"active": true}'), 'applied', 'subscribed');
select is(public.report_subscription(tests.id('yunxi')) ->> 'to', 'finn@example.org', 'and it says where to');
select tests.act_as('pan');
select is((select count(*)::integer from public.report_subscriptions), 0, 'nobody sees another''s');
select is((select count(*)::integer from public.events where data ->> 'active' = 'true'), 0, 'nor reads of it in the log');

select * from finish();
rollback;
