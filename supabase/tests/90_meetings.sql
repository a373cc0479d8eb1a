begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(85);

create function pg_temp.room() returns jsonb language sql as $$ select public.meeting_room(tests.id('yunxi'), tests.id('meet')) $$;
create function pg_temp.decide(p_target text, p jsonb) returns text language sql as $$
	select tests.outcome('decision.make', p_target, jsonb_build_object('meeting', tests.id('meet'), 'topic', tests.id('rubbish'), 'text', '清理沟渠',
		'due_on', private.today() + 7, 'lead', tests.id('person finn'), 'lead_unit', '白马村') || p)
$$;
grant execute on all functions in schema pg_temp to authenticated;

-- ── before ──
select tests.act_as('finn');
select is(tests.outcome('meeting.create', 'meet', '{"title": "研究"}'), 'refused not_allowed', 'a field worker calls no meeting');
select is(tests.outcome('topic.propose', 'rubbish', '{"title": "河道垃圾", "unit": "白马村", "coordinated": true}'), 'applied', 'but may propose a topic');
select is(tests.outcome('topic.check', 'rubbish', '{"ok": true}'), 'refused not_allowed', 'and checks none');
select is(tests.outcome('topic.edit', 'rubbish', '{"heard": "听取"}'), 'refused not_allowed', 'nor writes what was heard');
select is(tests.outcome('topic.edit', 'rubbish', '{"note": "两处"}'), 'applied', 'its words may be changed by the proposer');
select tests.act_as('olga');
select is(tests.outcome('topic.propose', 'other', '{"title": "别的"}'), 'refused not_allowed', 'an observer proposes nothing');
select tests.act_as('nora');
select is(tests.outcome('topic.propose', 'other', '{"title": "别的"}'), 'refused not_allowed', 'nor the neighbour');
select tests.act_as('pan');
select is(tests.outcome('meeting.create', 'meet', '{"title": "研究环境整治", "kind": "planning", "starts_at": "2026-11-24T09:00:00+08:00"}'), 'applied', 'a planner calls a meeting');
select is((select count(*)::integer from public.meeting_people where meeting_id = tests.id('meet')), 2, 'its members are those who plan now, not those who did');
select is(tests.outcome('topic.edit', 'rubbish', jsonb_build_object('meeting', tests.id('meet'))), 'refused topic_not_checked', 'only a checked topic comes on the list');
select is(tests.outcome('topic.check', 'rubbish', '{"ok": false}'), 'refused reason_needed', 'sent back with a reason only');
select is(tests.outcome('topic.check', 'rubbish', '{"ok": true}'), 'applied', 'checked by somebody else');
select is(tests.outcome('topic.propose', 'own', '{"title": "自己的议题"}'), 'applied', 'a planner proposes, too');
select is(tests.outcome('topic.check', 'own', '{"ok": true}'), 'refused own_work', 'but does not check what is his own');
select is(tests.outcome('topic.edit', 'rubbish', jsonb_build_object('meeting', tests.id('meet'))), 'applied', 'on the list');
select is(tests.outcome('topic.edit', 'rubbish', jsonb_build_object('refs', jsonb_build_array(jsonb_build_object('kind', 'place', 'id', tests.id('baima'))))), 'applied', 'it points at a village');
select is(tests.outcome('topic.edit', 'rubbish', jsonb_build_object('refs', jsonb_build_array(jsonb_build_object('kind', 'place', 'id', tests.id('lushan'))))), 'refused bad_value', 'not at a place elsewhere');
select is(pg_temp.decide('dec', '{}'), 'refused not_from_this_state', 'nothing is decided before it is open');

-- ── who sees it ──
select tests.act_as('finn');
select is((select count(*)::integer from public.meetings), 0, 'who has no seat does not see it');
select is((select count(*)::integer from public.topics), 1, 'but sees the own topic');
select is(pg_temp.room(), null, 'nor reads the room');
select is(private.may_join('meeting:' || tests.id('meet')), false, 'nor listens');
select is(tests.outcome('mark.add', 'm1', jsonb_build_object('meeting', tests.id('meet'), 'mark', 'note', 'text', '看')), 'refused not_allowed', 'nor marks');
select is((select count(*)::integer from public.events where subject_kind = 'meeting'), 0, 'nor reads its log');
select tests.act_as('pan');
select is(tests.outcome('meeting.seat', 'seat finn', jsonb_build_object('meeting', tests.id('meet'), 'person', tests.id('person finn'), 'part', 'attending', 'present', true)), 'applied', 'a seat for the field worker');
select is(tests.outcome('meeting.seat', 'seat guest', jsonb_build_object('meeting', tests.id('meet'), 'name', '县专家', 'part', 'attending', 'present', true)), 'applied', 'and one for a guest by name');
select tests.act_as('finn');
select is((select count(*)::integer from public.meetings), 1, 'now it is seen');
select is(private.may_join('meeting:' || tests.id('meet')), true, 'and heard');
select is(tests.outcome('meeting.open', 'meet', '{}'), 'refused not_allowed', 'but not run');
select tests.act_as('nora');
select is(private.may_join('meeting:' || tests.id('meet')), false, 'the neighbour''s planner does not listen');
select is((select count(*)::integer from public.meetings where id = tests.id('meet')), 0, 'nor see it');
select is(tests.outcome('meeting.open', 'meet', '{}'), 'refused not_allowed', 'nor run it');

-- ── in the room ──
select tests.act_as('pan');
select is(tests.outcome('meeting.open', 'meet', '{}'), 'applied', 'opened');
select is(tests.outcome('meeting.show', 'meet', jsonb_build_object('topic', tests.id('own'))), 'refused bad_value', 'only a topic of its own comes on the wall');
select is(tests.outcome('meeting.show', 'meet', jsonb_build_object('topic', tests.id('rubbish'))), 'applied', 'the topic is on the wall');
select isnt(pg_temp.room() #>> '{topics,0,startedAt}', null, 'and has its time');
select tests.act_as('finn');
select is(pg_temp.decide('dec', '{}'), 'refused not_allowed', 'a seat decides nothing');
select is(tests.outcome('mark.add', 'm1', jsonb_build_object('meeting', tests.id('meet'), 'topic', tests.id('rubbish'), 'mark', 'pin', 'text', '这里', 'geometry', '{"type": "Point", "coordinates": [110.81, 32.61]}'::jsonb)), 'applied', 'but marks');
select is(tests.outcome('mark.add', 'm2', jsonb_build_object('meeting', tests.id('meet'), 'mark', 'line', 'geometry', '{"type": "Point", "coordinates": [110.81, 32.61]}'::jsonb)), 'refused geometry_type', 'a point is no line');
select is(tests.outcome('mark.show', 'm1', '{"shown": false}'), 'applied', 'taken off by its maker');
select is(tests.outcome('mark.show', 'm1', '{"shown": true}'), 'applied', 'and put back');
select tests.act_as('pan');
select is(pg_temp.decide('dec', jsonb_build_object('village_id', tests.id('baima'), 'done_means', '沟渠见底')), 'applied', 'decided');
select is((select state::text from public.steps where id = tests.id('dec')), 'said', 'it is said on the map at once');
select is((select answers from public.steps where id = tests.id('dec')), tests.id('person finn'), 'with who leads');
select is((select count(*)::integer from public.events where subject_id = tests.id('dec') and action = 'task.create'), 1, 'the log tells of the task');
select is(pg_temp.decide('dec2', '{"due_on": null}'), 'refused bad_value', 'no decision without a day');
select is(pg_temp.decide('dec2', '{"lead": null, "lead_unit": ""}'), 'refused bad_value', 'nor without a lead');
select is((select count(*)::integer from public.tasks where id = tests.id('dec2')), 0, 'and nothing of it is left');
select is(pg_temp.decide('dec2', jsonb_build_object('as', 'plan', 'thing', tests.id('nothing'))), 'held not_here_yet', 'a plan that is not there waits');
select is(tests.outcome('ballot.open', 'vote', jsonb_build_object('meeting', tests.id('meet'), 'topic', tests.id('rubbish'), 'question', '同意吗')), 'applied', 'a vote');
select is(tests.outcome('ballot.open', 'vote2', jsonb_build_object('meeting', tests.id('meet'), 'topic', tests.id('rubbish'), 'question', '同意吗')), 'refused ballot_open', 'one at a time');
select is(tests.outcome('meeting.close', 'meet', '{"read": 1}'), 'refused ballot_open', 'no end while it is open');
select is(tests.outcome('ballot.cast', 'vote', '{"choice": "yes"}'), 'refused not_allowed', 'who is not marked present does not vote');
select is(tests.outcome('meeting.seat', 'second seat', jsonb_build_object('meeting', tests.id('meet'), 'person', tests.id('person pan'))), 'refused exists_already', 'one seat each');
select is(public.apply_op(jsonb_build_object('op_id', gen_random_uuid(), 'kind', 'meeting.seat', 'township_id', tests.id('yunxi'),
	'target', (select id from public.meeting_people where person_id = tests.id('person pan')), 'payload', jsonb_build_object('meeting', tests.id('meet'), 'present', true))) ->> 'outcome', 'applied', 'present');
select is(tests.outcome('ballot.cast', 'vote', '{"choice": "maybe"}'), 'refused bad_value', 'yes, no, abstain');
select is(tests.outcome('ballot.cast', 'vote', '{"choice": "no"}'), 'applied', 'cast');
select is(tests.outcome('ballot.cast', 'vote', '{"choice": "yes"}'), 'applied', 'and changed');
select tests.act_as('finn');
select is(tests.outcome('ballot.cast', 'vote', '{"choice": "yes"}'), 'refused not_allowed', 'attending is not voting');
select is((select count(*)::integer from public.casts), 0, 'nobody sees another''s before the end');
select is((select count(*)::integer from public.events where subject_kind = 'cast'), 0, 'nor in the log');
select is(tests.outcome('ballot.close', 'vote', '{}'), 'refused not_allowed', 'nor closes it');
select tests.act_as('aud');
select is((select count(*)::integer from public.events where subject_kind = 'cast'), 0, 'not even the auditor');
select tests.act_as('pan');
select is(tests.outcome('ballot.close', 'vote', '{}'), 'applied', 'closed');
select is(pg_temp.room() #>> '{ballots,0,result,yes}', '1', 'one yes');
select is(tests.outcome('ballot.cast', 'vote', '{"choice": "no"}'), 'refused ballot_closed', 'too late');
select tests.act_as('finn');
select is((select count(*)::integer from public.casts), 1, 'then everybody sees');

-- ── after ──
select tests.act_as('pan');
select is(tests.outcome('meeting.close', 'meet', '{"read": 0}'), 'refused decisions_not_read', 'the decisions are read back first');
select is(tests.outcome('meeting.issue', 'meet', '{}'), 'refused not_from_this_state', 'no minutes of an open meeting');
select is(tests.outcome('meeting.close', 'meet', '{"read": 1}'), 'applied', 'closed');
select is(pg_temp.decide('dec3', '{}'), 'refused not_from_this_state', 'nothing is decided afterwards');
select is(tests.outcome('chase', 'c0', '{}'), 'refused no_such_op', 'an op has its name');
select is(tests.outcome('decision.chase', 'c1', jsonb_build_object('decision', tests.id('dec'))), 'applied', 'reminded');
select is(tests.outcome('decision.chase', 'c2', jsonb_build_object('decision', tests.id('dec'))), 'refused chased_today', 'once a day');
select is(tests.outcome('meeting.issue', 'meet', '{}'), 'applied', 'issued');
select is(length(pg_temp.room() ->> 'head'), 64, 'with the head of the log');
select is(tests.outcome('topic.edit', 'rubbish', '{"heard": "改"}'), 'refused not_from_this_state', 'minutes that are issued stay');
select is(tests.outcome('decision.edit', 'dec', '{"text": "改"}'), 'refused not_from_this_state', 'so do their decisions');
select is(jsonb_array_length(public.meetings_page(tests.id('yunxi')) -> 'register'), 1, 'the register has it');
select tests.act_as('nora');
select is(public.meetings_page(tests.id('yunxi')), null, 'the neighbour reads no register');
select is(public.load_of(tests.id('yunxi'), tests.id('person finn'), private.today()), null, 'nor anybody''s load');
select tests.act_as('finn');
select is(public.load_of(tests.id('yunxi'), tests.id('person finn'), private.today()), null, 'only whoever plans');
select tests.act_as('pan');
select is(public.load_of(tests.id('yunxi'), tests.id('person finn'), private.today() + 7) ->> 'near', '1', 'what else falls due then');
select throws_ok($$ update public.decisions set body = 'x' $$, null, null, 'no hand writes decisions');
select throws_ok($$ insert into public.casts (township_id, ballot_id, person_id, choice) values (tests.id('yunxi'), tests.id('vote'), tests.id('person pan'), 'yes') $$, null, null, 'nor casts');
select * from finish();
rollback;
