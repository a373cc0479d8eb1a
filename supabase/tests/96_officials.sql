begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(120);

-- A share of Yunxi with an open door, made by Pan.
create function pg_temp.hex(p text) returns text language sql as $$ select encode(sha256(convert_to(p, 'UTF8')), 'hex') $$;
create function pg_temp.share(p_name text, p_kind text, p_subject text, p_answers boolean) returns text language plpgsql as $$
declare r text;
begin
	perform tests.act_as_owner();
	perform public.share_seal(jsonb_build_object('township_id', tests.id('yunxi'), 'person', tests.id('person pan'), 'id', tests.id('seal ' || p_name), 'sha256', pg_temp.hex(p_name)));
	perform tests.act_as('pan');
	r := tests.outcome('share.create', 'share ' || p_name, jsonb_build_object('seal', tests.id('seal ' || p_name), 'kind', p_kind, 'subject', tests.id(p_subject),
		'title', p_name, 'days', 30, 'answers', p_answers));
	perform tests.act_as_owner();
	perform public.share_open(jsonb_build_object('public_id', public_id, 'sha256', pg_temp.hex(p_name), 'door', pg_temp.hex('door ' || p_name), 'reader', pg_temp.hex('reader')))
	from public.shares where id = tests.id('share ' || p_name);
	return r;
end
$$;
create function pg_temp.public_id(p_name text) returns text language sql as $$ select public_id from public.shares where id = tests.id('share ' || p_name) $$;
-- What the server does for whoever stands in that door: the answer, or why not.
create function pg_temp.answer(p_name text, p_id text, p jsonb, p_door text default null) returns text language plpgsql as $$
declare r jsonb;
begin
	r := public.share_answer(pg_temp.public_id(p_name), coalesce(p_door, 'door ' || p_name), jsonb_build_object('id', tests.id(p_id)) || p);
	return r ->> 'outcome';
exception when sqlstate 'PT403' then return sqlerrm;
end
$$;
create function pg_temp.words(p jsonb default '{}') returns jsonb language sql as $$
	select jsonb_build_object('do', 'leave', 'what', 'instruction', 'kind', 'project', 'on', tests.id('p'), 'text', '抓紧开工', 'name', '钱区长', 'office', '示例区政府') || p
$$;
create function pg_temp.state(p_id text) returns text language sql as $$ select state from public.instructions where id = tests.id(p_id) $$;
create function pg_temp.blocker(p_step text) returns uuid language sql as $$ select id from public.blockers where step_id = tests.id(p_step) and closed_on is null $$;
grant execute on all functions in schema pg_temp to authenticated, service_role;

select tests.act_as('pan');
select is(tests.outcome('project.create', 'p', jsonb_build_object('title', '景区村', 'unit_id', tests.id('unit'), 'unit_name', '水岸', 'target_grade', 'AA',
	'village_id', tests.id('baima'), 'steps', jsonb_build_array(jsonb_build_object('id', tests.id('p1'), 'title', '设计', 'due_on', private.today() + 20)))), 'applied', 'a project');
select is(tests.outcome('task.create', 'a', jsonb_build_object('category', 'TRASH', 'village_id', tests.id('guqing'))), 'applied', 'and a task elsewhere');
select is(tests.outcome('step.block', 'p1', '{"blocker": "money", "who": "区财政局", "ask": "请协调首期资金"}'), 'applied', 'the project waits and asks');
select is(tests.outcome('step.block', 'a', '{"blocker": "land", "who": "自然资源所"}'), 'applied', 'the task waits and asks nothing');

-- ── with an account: who may leave one ──
select tests.act_as('finn');
select is(tests.outcome('instruction.leave', 'i0', pg_temp.words() - 'do' - 'name' - 'office'), 'refused not_allowed', 'a field worker instructs nobody');
select tests.act_as('pan');
select is(tests.outcome('instruction.leave', 'i0', pg_temp.words() - 'do' - 'name' - 'office'), 'refused not_allowed', 'nor the township''s own planner');
select tests.act_as('aud');
select is(tests.outcome('instruction.leave', 'i0', pg_temp.words() - 'do' - 'name' - 'office'), 'refused not_allowed', 'nor its auditor');
select tests.act_as('otto');
select is(tests.outcome('instruction.leave', 'i0', pg_temp.words() - 'do' - 'name' - 'office'), 'refused not_allowed', 'nor an official of another district');
select tests.act_as('nora');
select is(tests.outcome('instruction.leave', 'i0', pg_temp.words() - 'do' - 'name' - 'office'), 'refused not_allowed', 'nor the neighbour');
select tests.act_as('off');
select throws_ok($$ select tests.outcome('instruction.leave', 'i0', '{}') $$, '42501', null, 'nor who is switched off');
select tests.act_as('past');
select is(tests.outcome('instruction.leave', 'i0', pg_temp.words() - 'do' - 'name' - 'office'), 'refused not_allowed', 'nor whose role is over');
select tests.act_as('olga');
select is(tests.outcome('instruction.leave', 'i1', (pg_temp.words() - 'do' - 'name' - 'office') || jsonb_build_object('due_on', private.today() + 5)), 'applied', 'the district''s observer does');
select is((select no || ' ' || office || ' ' || state from public.instructions where id = tests.id('i1')), '1 示例区 received', 'numbered, with the office, received');
select is(tests.outcome('instruction.leave', 'i2', jsonb_build_object('what', 'instruction', 'kind', 'project', 'on', tests.id('nothing'), 'text', 'x')), 'held not_here_yet', 'not on what is not there');
select is(tests.outcome('instruction.leave', 'i2', jsonb_build_object('what', 'instruction', 'kind', 'place', 'on', tests.id('lushan'), 'text', 'x')), 'held not_here_yet', 'nor on a place of others');
select is(tests.outcome('instruction.leave', 'i2', jsonb_build_object('what', 'answer', 'kind', 'blocker', 'on', pg_temp.blocker('a'), 'text', 'x')), 'refused nothing_asked', 'no answer where nothing is asked');
select is(tests.outcome('instruction.leave', 'i2', jsonb_build_object('what', 'answer', 'kind', 'project', 'on', tests.id('p'), 'text', 'x')), 'refused nothing_asked', 'nor to a project');
select is(tests.outcome('instruction.leave', 'i2', jsonb_build_object('what', 'instruction', 'kind', 'place', 'on', tests.id('baima'), 'text', ' ')), 'refused text_needed', 'no empty words');
select is(tests.outcome('instruction.leave', 'i2', jsonb_build_object('what', 'instruction', 'kind', 'place', 'on', tests.id('baima'), 'text', 'x', 'due_on', private.today() - 1)), 'refused due_out_of_range', 'no day that is over');
select is(tests.outcome('instruction.leave', 'i2', jsonb_build_object('what', 'answer', 'kind', 'blocker', 'on', pg_temp.blocker('p1'), 'text', '首期资金下周拨付')), 'applied', 'an answer to what is asked');
select is((select thing_kind || ' ' || (thing_id = tests.id('p')) || ' ' || (step_id = tests.id('p1')) from public.instructions where id = tests.id('i2')), 'project true true', 'it lies on the thing and its step');

-- ── where an answer is shown ──
select is(public.thing(tests.id('yunxi'), 'project', tests.id('p')) #>> '{steps,0,blocker,answers,0,text}', '首期资金下周拨付', 'an answer stands at the blocker of the thing');
select is(public.stuck(tests.id('yunxi')) @> jsonb_build_array(jsonb_build_object('ask', '请协调首期资金', 'answers', jsonb_build_array(jsonb_build_object('office', '示例区', 'claimed', false)))), true, 'and in the list of what is stuck');
select tests.act_as('finn');
select is(public.thing(tests.id('yunxi'), 'project', tests.id('p')) #>> '{steps,0,blocker,answers,0,name}', 'olga', 'for everybody of the township');
select is((select count(*)::integer from public.instructions), 2, 'members see what was left');
select is(jsonb_array_length(public.instructions_on(tests.id('yunxi'), 'project', tests.id('p')) -> 'rows'), 2, 'on the thing');
select is(public.instructions_on(tests.id('yunxi'), 'task', tests.id('a')) -> 'rows', '[]', 'and not on another');
select is(public.instructions_page(tests.id('yunxi')) ->> 'official', 'false', 'a field worker is no official');
select tests.act_as('otto');
select is((select count(*)::integer from public.instructions), 0, 'another district''s official sees none');
select is(public.instructions_page(tests.id('yunxi')), null, 'nor the register');
select is(public.instructions_on(tests.id('yunxi'), 'project', tests.id('p')), null, 'nor the item''s');
select tests.act_as('nora');
select is((select count(*)::integer from public.instruction_turns), 0, 'the neighbour sees nothing that followed');
select is((select count(*)::integer from public.events where subject_kind = 'instruction'), 0, 'nor the log');

-- ── what follows ──
select tests.act_as('finn');
select is(tests.outcome('instruction.reply', 'i1', '{"text": "好"}'), 'refused not_allowed', 'a field worker does not reply for the township');
select tests.act_as('olga');
select is(tests.outcome('instruction.reply', 'i1', '{"text": "好"}'), 'refused not_allowed', 'nor whoever asked');
select is(tests.outcome('instruction.accept', 'i1', '{}'), 'refused not_from_this_state', 'nothing is accepted before a reply');
select is(tests.outcome('instruction.chase', 'i1', '{}'), 'applied', 'chased');
select is(tests.outcome('instruction.chase', 'i1', '{}'), 'refused chased_today', 'once a day');
select tests.act_as('pan');
select is(tests.outcome('instruction.chase', 'i1', '{}'), 'refused not_yours', 'the township does not chase itself');
select is(tests.outcome('instruction.reply', 'i1', '{"text": ""}'), 'refused text_needed', 'a reply has words');
select is(tests.outcome('instruction.reply', 'i1', '{"text": "电话13812345678"}'), 'refused personal_number', 'without a phone number: readers of links see it');
select is(tests.outcome('instruction.reply', 'i1', '{"text": "已开工"}'), 'applied', 'a planner replies');
select is(tests.outcome('instruction.accept', 'i1', '{}'), 'refused not_yours', 'and does not accept the own reply');
select is(tests.outcome('instruction.withdraw', 'i1', '{"note": "x"}'), 'refused not_yours', 'nor strikes out what an official left');
select tests.act_as('olga');
select is(tests.outcome('instruction.return', 'i1', '{}'), 'refused reason_needed', 'sent back with a reason');
select is(tests.outcome('instruction.return', 'i1', '{"note": "请附开工日期"}'), 'applied', 'sent back');
select is(pg_temp.state('i1'), 'received', 'it waits for a reply again');
select tests.act_as('pan');
select is(tests.outcome('instruction.reply', 'i1', '{"text": "10月8日开工"}'), 'applied', 'replied again');
select is(tests.outcome('instruction.make', 'i1', jsonb_build_object('as', 'step', 'made', tests.id('made'))), 'applied', 'a step is made of it');
select is((select s.state || ' ' || s.thing_id || ' ' || s.due_on from public.steps s where s.id = tests.id('made')), 'said ' || tests.id('p') || ' ' || (private.today() + 5), 'said at once, due when the official said');
select is(tests.outcome('instruction.make', 'i1', jsonb_build_object('as', 'task', 'made', tests.id('made 2'))), 'refused exists_already', 'once');
select is((public.instructions_page(tests.id('yunxi')) #> '{rows,1,step}') ->> 'state', 'said', 'the register shows its facts');
select tests.act_as('olga');
select is(tests.outcome('instruction.accept', 'i1', '{}'), 'applied', 'accepted by whoever asked');
select is(tests.outcome('instruction.withdraw', 'i1', '{}'), 'refused not_from_this_state', 'and closed');

-- ── through a link ──
select tests.act_as_owner();
select is(pg_temp.share('asks', 'project', 'p', true), 'applied', 'a link to the project that takes answers');
select is(pg_temp.share('mute', 'project', 'p', false), 'applied', 'one that takes none');
select is(pg_temp.share('village', 'village', 'baima', true), 'applied', 'and one to a village');
select is(pg_temp.answer('mute', 'l0', pg_temp.words()), 'answers_off', 'a link that does not allow it takes nothing');
select is(pg_temp.answer('asks', 'l0', pg_temp.words(), 'guessed'), 'share_closed', 'nor one whose door is guessed');
select is(pg_temp.answer('asks', 'l0', pg_temp.words('{"name": ""}')), 'name_needed', 'a reader says who');
select is(pg_temp.answer('asks', 'l0', pg_temp.words(jsonb_build_object('text', repeat('x', 1001)))), 'text_too_long', 'at most a thousand characters');
select is(pg_temp.answer('asks', 'l0', pg_temp.words('{"text": "电话 138 1234 5678"}')), 'personal_number', 'no phone number');
select is(pg_temp.answer('asks', 'l0', pg_temp.words('{"text": "42030219800101123X"}')), 'personal_number', 'nor an ID number');
select is(pg_temp.answer('asks', 'l0', pg_temp.words('{"text": "６２２２０２１２３４５６７８９０１２３"}')), 'personal_number', 'nor a bank number, however written');
select is(pg_temp.answer('asks', 'l0', pg_temp.words(jsonb_build_object('kind', 'task', 'on', tests.id('a')))), 'not_on_this_page', 'nothing beside the shared page');
select is(pg_temp.answer('asks', 'l0', pg_temp.words(jsonb_build_object('kind', 'blocker', 'what', 'answer', 'on', pg_temp.blocker('a')))), 'not_on_this_page', 'nor a blocker elsewhere');
select is(pg_temp.answer('village', 'l0', pg_temp.words(jsonb_build_object('kind', 'task', 'on', tests.id('a')))), 'not_on_this_page', 'nor in another village');
select is(pg_temp.answer('asks', 'l0', pg_temp.words('{"on": "x"}')), 'bad_value', 'nor nonsense');
select is(pg_temp.answer('asks', 'l0', pg_temp.words('{"due_on": "soon"}')), 'bad_value', 'a day is a day');
select is(pg_temp.answer('asks', 'l0', pg_temp.words('{"do": "reply"}')), 'bad_value', 'a reader does not reply for the township');
select is(pg_temp.answer('asks', 'l1', pg_temp.words(jsonb_build_object('kind', 'blocker', 'what', 'answer', 'on', pg_temp.blocker('p1'), 'text', '区财政已拨'))), 'applied', 'an answer to the ask');
select is(pg_temp.answer('asks', 'l1', pg_temp.words()), 'already', 'sent twice, kept once');
select is((select name || ' ' || office || ' ' || (by_person is null) from public.instructions where id = tests.id('l1')), '钱区长 示例区政府 true', 'a claim, and no person');
select is(pg_temp.answer('village', 'l1', '{"do": "withdraw"}'), 'not_on_this_page', 'another link does not touch it');
select is(pg_temp.answer('village', 'l2', pg_temp.words(jsonb_build_object('kind', 'place', 'on', tests.id('baima')))), 'applied', 'on a village');
select tests.act_as('pan');
select is(tests.outcome('instruction.reply', 'l1', '{"text": "谢谢，明日开工"}'), 'applied', 'the township replies');
select is(tests.outcome('instruction.withdraw', 'l2', '{}'), 'refused reason_needed', 'what a link brought is struck out with a reason');
select is(tests.outcome('instruction.withdraw', 'l2', '{"note": "冒名"}'), 'applied', 'by a planner');
select tests.act_as_owner();
select is(public.share_answers(pg_temp.public_id('asks'), 'door asks') #>> '{rows,0,turns,0,note}', '谢谢，明日开工', 'the reader sees the reply');
select is(public.share_answers(pg_temp.public_id('asks'), 'door asks')::text ~ 'olga|"pan"', false, 'and nobody''s name, nor what others left');
select is(pg_temp.answer('asks', 'l1', '{"do": "accept"}'), 'applied', 'the reader accepts');
select is((select count(*)::integer from (select pg_temp.answer('asks', 'many ' || n, pg_temp.words()) as r from generate_series(1, 30) n) x where r = 'applied'), 19, 'twenty a day and no more');
select is(pg_temp.answer('asks', 'many 30', pg_temp.words()), 'too_many', 'and it says so');
select tests.act_as('nora');
select is(tests.outcome('share.undo', 'share asks'), 'refused not_allowed', 'no neighbour takes it back');
select tests.act_as('pan');
select is(tests.op('share.undo', 'share asks') ->> 'no', '20', 'taken back at once, all that the link brought');
select tests.act_as_owner();
select is((select count(*)::integer from public.instructions where state = 'withdrawn' and share_id = tests.id('share asks')), 20, 'the record stays');
select tests.act_as('pan');
select is(jsonb_array_length(public.stuck(tests.id('yunxi')) #> '{0,answers}') + jsonb_array_length(public.stuck(tests.id('yunxi')) #> '{1,answers}'), 1, 'and its answer is gone from the blocker');
select tests.act_as_owner();
update public.shares set revoked_at = now(), revoked_why = 'owner' where id = tests.id('share village');
select is(pg_temp.answer('village', 'l9', pg_temp.words()), 'share_closed', 'taken back, the link takes nothing');

-- ── the district ──
select tests.act_as('finn');
select is(public.district_page(), null, 'a field worker looks after no district');
select is(public.district_look(), null, 'and leaves no look');
select tests.act_as('nora');
select is(public.district_page(), null, 'nor does a township''s planner');
select tests.act_as('otto');
select is(public.district_page() -> 'townships' @> jsonb_build_array(jsonb_build_object('name', '云溪镇')), false, 'an official sees the own district');
select tests.act_as('olga');
select is(public.district_look(), '{"since": null}', 'looked for the first time');
select is(public.district_look(), '{"since": null}', 'again at once: the same look');
select is(public.district_page() #>> '{townships,0,name}', '云溪镇', 'every township of the district');
select tests.act_as_owner();
insert into public.places (id, township_id, parent_id, level, name, code) values (tests.id('baihe'), tests.id('baihe'), tests.id('district'), 'township', '白河镇', '420325100');
select tests.act_as('olga');
select is(array(select x ->> 'name' from jsonb_array_elements(public.district_page() -> 'townships') x), '{白河镇,云溪镇}', 'in the order of their codes, whatever the figures');
select is(public.district_page() #>> '{townships,0,counts}', '{}', 'where nothing is planned there is no figure');
select is(public.district_page() #>> '{townships,1,counts,project,overdue}', '0', 'with its counts');
select is(public.district_page() #> '{townships,1,known}' ->> 'project', '1', 'and in how many villages anything is planned');
select is(public.district_page() #>> '{stuck,0,ask}', '请协调首期资金', 'what is asked comes first');
select is(jsonb_array_length(public.district_page() -> 'left'), 1, 'what one left oneself and is not closed');
select is(public.district_page(now() - interval '1 hour') #> '{townships,1,changes,counts}' ->> 'step.block', '2', 'what changed since');
select is(public.district_page(clock_timestamp()) #> '{townships,1,changes,counts}', '{}', 'and nothing since now');
select is(public.district_page(now() - interval '1 hour') ::text ~ 'finn|"pan"|wang', false, 'nobody''s name in it');
select tests.act_as_owner();
update private.last_looks set at = '2026-01-05T00:00:00Z', before = '2026-01-01T00:00:00Z';
select tests.act_as('olga');
select is((public.district_look() ->> 'since')::timestamptz, '2026-01-05T00:00:00Z', 'later: since the last look');
select is((public.district_look() ->> 'since')::timestamptz, '2026-01-05T00:00:00Z', 'and still so when the page is read again');

-- ── nobody by hand ──
select tests.act_as('pan');
select throws_ok($$ select public.share_answer('x', 'y', '{}') $$, '42501', null, 'nobody signed in calls the server''s entrance');
select throws_ok($$ insert into public.instruction_turns (township_id, id, instruction_id, kind, by_person, on_day) values (tests.id('yunxi'), gen_random_uuid(), tests.id('i1'), 'chase', tests.id('person pan'), private.today()) $$, '42501', null, 'no hand writes what followed');
select throws_ok($$ update public.instructions set body = 'x' $$, '42501', null, 'nor what was left');
select throws_ok($$ select * from private.last_looks $$, '42501', null, 'nobody reads when others looked');
select tests.act_as_owner();
select throws_ok($$ delete from public.instruction_turns $$, '42501', null, 'what followed stays');
-- ── an answer to a task, where many are read at once ──
select tests.act_as('pan');
select is(tests.outcome('task.create', 'b', jsonb_build_object('category', 'RUIN', 'village_id', tests.id('guqing'))), 'applied', 'another task');
select is(tests.outcome('step.block', 'b', '{"blocker": "approval", "who": "区自然资源局", "ask": "请批复拆除"}'), 'applied', 'waits and asks');
create function pg_temp.lines(p_task text) returns jsonb language sql as $$
	select jsonb_build_array(
		(select r -> 'blocker' from jsonb_array_elements(public.task_list(tests.id('yunxi')) -> 'rows') r where r ->> 'id' = tests.id(p_task)::text),
		(select r -> 'blocker' from jsonb_array_elements(public.field_day(tests.id('yunxi')) -> 'tasks') r where r ->> 'id' = tests.id(p_task)::text))
$$;
select is((select jsonb_agg((e ->> 'ask') || ' ' || (e ->> 'answers')) from jsonb_array_elements(pg_temp.lines('b')) e), '["请批复拆除 []", "请批复拆除 []"]', 'list and phone say what is asked, and that nobody answered');
select tests.act_as('olga');
select is(tests.outcome('instruction.leave', 'i b', jsonb_build_object('what', 'answer', 'kind', 'blocker', 'on', pg_temp.blocker('b'), 'text', '本周批复')), 'applied', 'the district answers');
select tests.act_as('finn');
select is((select jsonb_agg((e #>> '{answers,0,text}') || ' ' || (e #>> '{answers,0,office}')) from jsonb_array_elements(pg_temp.lines('b')) e), '["本周批复 示例区", "本周批复 示例区"]', 'and both say it to a field worker');
select is((select jsonb_agg((e ->> 'ask') || (e ->> 'answers')) from jsonb_array_elements(pg_temp.lines('a')) e), '["[]", "[]"]', 'a blocker that asks nothing has no answer');
select tests.act_as('olga');
select is(tests.outcome('instruction.withdraw', 'i b', '{}'), 'applied', 'taken back');
select tests.act_as('finn');
select is((select jsonb_agg(e ->> 'answers') from jsonb_array_elements(pg_temp.lines('b')) e), '["[]", "[]"]', 'it is gone from both');
select tests.act_as('nora');
select is((select jsonb_agg(e) from jsonb_array_elements(pg_temp.lines('b')) e), '[null, null]', 'and the neighbours see none of it');

select * from finish();
rollback;
