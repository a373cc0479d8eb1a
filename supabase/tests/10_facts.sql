begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(52);

-- A task goes said → done → proven by different people.
select tests.act_as('finn');
select is(tests.outcome('task.create', 't1', jsonb_build_object('category', 'TRASH', 'title', '桥头垃圾',
	'geometry', '{"type":"Point","coordinates":[110.81,32.61]}'::jsonb)), 'applied', 'a field worker reports in his village');
select is((select village_id from public.tasks where id = tests.id('t1')), tests.id('baima'), 'the village comes from the place');
select is(tests.outcome('step.say', 't1', '{"due_on":"2027-01-05"}'), 'refused not_allowed', 'a field worker does not decide');
select is(tests.outcome('task.create', 't2', jsonb_build_object('village_id', tests.id('guqing'))), 'refused not_allowed',
	'a field worker does not report in a neighbour''s village');
select is(tests.outcome('step.prove', 't1'), 'refused not_allowed', 'a field worker proves nothing');

select tests.act_as('pan');
select is(tests.outcome('step.prove', 't1'), 'refused not_from_this_state', 'nothing is proven before it is done');
select is(tests.outcome('step.say', 't1', jsonb_build_object('answers', tests.id('person finn'), 'due_on', private.today() + 5)), 'applied', 'a planner decides');
select is(tests.outcome('step.say', 't1', jsonb_build_object('due_on', private.today() + 9)), 'applied', 'and may move the day');
select is((select array[first_due_on, due_on] from public.steps where id = tests.id('t1')),
	array[private.today() + 5, private.today() + 9], 'the first planned day is frozen');
select is(tests.outcome('step.say', 't1', jsonb_build_object('due_on', '2020-01-01')), 'refused due_out_of_range', 'no deadline in the past');
select is(tests.outcome('step.say', 't1', jsonb_build_object('answers', tests.id('person nora'))), 'refused no_such_person', 'nobody from elsewhere answers for it');

select tests.act_as('wang');
select is(tests.outcome('step.do', 't1'), 'refused not_allowed', 'somebody of another village does not report it done');
select tests.act_as('finn');
select is(tests.outcome('step.block', 't1', '{"blocker":"money"}'), 'refused who_needed', 'a blocker names who must act');
select is(tests.outcome('step.block', 't1', '{"blocker":"money","who":"财政所","since":"2999-01-01"}'), 'refused since_in_future', 'nothing is blocked from tomorrow on');
select is(tests.outcome('step.block', 't1', '{"blocker":"nonsense","who":"财政所"}'), 'refused bad_value', 'the kind of blocker is one of the list');
select is(tests.outcome('step.block', 't1', '{"blocker":"money","who":"财政所"}'), 'applied', 'the one who does it says he waits');
select is(tests.outcome('step.block', 't1', '{"blocker":"land","who":"自然资源所"}'), 'refused not_from_this_state', 'one open blocker at a time');
select is((select blocked from public.progress_on(tests.id('yunxi'), private.today()) where village_id = tests.id('baima') and kind = 'task'), 1, 'the count of blocked moves');
select is(tests.outcome('step.unblock', 't1'), 'applied', 'and it is cleared');
select is(tests.outcome('step.unblock', 't1'), 'refused not_from_this_state', 'only once');
select is(tests.outcome('step.do', 't1', '{"note":"已清运"}'), 'applied', 'done is reported by the one who did it');
select is(tests.outcome('step.withdraw', 't1'), 'applied', 'who reported it may take it back');
select is(tests.outcome('step.do', 't1'), 'applied', 'and report again');
select is((select array[planned, said, done, proven] from public.progress_on(tests.id('yunxi'), private.today())
	where village_id = tests.id('baima') and kind = 'task'), array[1, 1, 1, 0], 'done is not proven');

-- Someone else accepts.
select tests.act_as_owner();
insert into public.memberships (id, person_id, place_id, township_id, role)
values (tests.id('finn inspects'), tests.id('person finn'), tests.id('yunxi'), tests.id('yunxi'), 'inspector');
select tests.act_as('finn');
select is(tests.outcome('step.prove', 't1'), 'refused own_work', 'not even as an inspector does the doer prove');
select throws_ok($$ update public.steps set state = 'proven' where id = tests.id('t1') $$, '42501', null, 'nor by hand');
select tests.act_as('ines');
select is(tests.outcome('step.return', 't1'), 'refused reason_needed', 'a return says why');
select is(tests.outcome('step.return', 't1', '{"note":"桥下还有"}'), 'applied', 'an inspector returns it');
select is((select round from public.steps where id = tests.id('t1')), 2, 'a new round');
select tests.act_as('finn');
select is(tests.outcome('step.do', 't1'), 'refused not_from_this_state', 'what came back is not done again before its reason was read');
select is(tests.outcome('step.start', 't1'), 'refused reason_not_read', 'reading is said');
select is(tests.outcome('step.start', 't1', '{"read":2}'), 'applied', 'the reason of this round was read');
select is(tests.outcome('step.do', 't1'), 'applied', 'done again');
select tests.act_as('noah');
select is(tests.outcome('step.prove', 't1'), 'refused not_allowed', 'an inspector of another township proves nothing here');
select tests.act_as('ines');
select is(tests.outcome('step.prove', 't1', '{"how":"ledger"}'), 'refused ledger_only_by_import', 'a person does not accept on behalf of paper');
select is(tests.outcome('step.prove', 't1', '{"how":"on_site"}'), 'applied', 'another person proves on the spot');
select is(tests.outcome('step.prove', 't1'), 'refused not_from_this_state', 'once');
select is((select count(*) from public.acceptances where step_id = tests.id('t1')), 2::bigint, 'both verdicts are kept');

-- Two accounts of one person are one person; who answers for it does not accept it either.
select tests.act_as('ines');
select is(tests.outcome('task.create', 't3', jsonb_build_object('village_id', tests.id('baima'))), 'applied', 'an inspector finds something');
select is(tests.outcome('step.do', 't3'), 'applied', 'and does it himself');
select tests.act_as('ines again');
select is(tests.outcome('step.prove', 't3'), 'refused own_work', 'his second account is still he');
select tests.act_as('pan');
select is(tests.outcome('task.create', 't4', jsonb_build_object('village_id', tests.id('baima'), 'answers', tests.id('person pan'), 'due_on', private.today())), 'applied', 'a planner makes and answers for a task');
select tests.act_as('finn');
select is(tests.outcome('step.do', 't4'), 'applied', 'somebody else does it');
select tests.act_as('pan');
select is(tests.outcome('step.prove', 't4'), 'refused own_work', 'who answers for it does not accept it');

-- Replays.
select tests.act_as('lei');
select is(tests.op('task.create', 't5', jsonb_build_object('village_id', tests.id('baima')), 'five') ->> 'outcome', 'applied', 'an op');
select is(tests.op('task.create', 't5', jsonb_build_object('village_id', tests.id('baima')), 'five') ->> 'outcome', 'already', 'the same op again has no effect');
select is(tests.op('task.create', 't6', jsonb_build_object('village_id', tests.id('baima')), 'five') ->> 'reason', 'op_id_reused', 'the same id with other content is refused');
select tests.act_as('finn');
select is(tests.op('task.create', 't5', jsonb_build_object('village_id', tests.id('baima')), 'five') ->> 'reason', 'op_of_another', 'nobody replays another''s op');

-- The counts kept are the counts counted.
select tests.act_as_owner();
select is_empty($$ select * from private.progress_differences(tests.id('yunxi')) $$, 'roll-ups equal a count of the steps');
select is((select (private.event_hash(e) = e.hash) from public.events e where township_id = tests.id('yunxi') order by seq desc limit 1), true, 'events are hashed');
select tests.act_as('aud');
select is(public.verify_events(tests.id('yunxi')) ->> 'whole', 'true', 'the chain is whole');
select throws_ok($$ delete from public.events $$, '42501', null, 'nobody deletes an event');
select * from finish();
rollback;
