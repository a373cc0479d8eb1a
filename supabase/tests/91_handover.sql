begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(36);

create function pg_temp.begin_it(p_township text) returns text language plpgsql as $$
declare v_code text;
begin
	return public.handover_begin(jsonb_build_object('township_id', tests.id(p_township), 'sealed', true)) ->> 'outcome';
exception when sqlstate 'PT403' then
	get stacked diagnostics v_code = message_text;
	return v_code;
end
$$;
grant execute on all functions in schema pg_temp to authenticated;

-- ── who hands over ──
select tests.act_as('finn');
select is(pg_temp.begin_it('yunxi'), 'not_allowed', 'a field worker hands nothing over');
select tests.act_as('lei');
select is(pg_temp.begin_it('yunxi'), 'not_allowed', 'nor does who plans for one village, or contacts it');
select tests.act_as('ines');
select is(pg_temp.begin_it('yunxi'), 'not_allowed', 'nor an inspector');
select tests.act_as('adam');
select is(pg_temp.begin_it('yunxi'), 'not_allowed', 'nor an administrator of accounts: he reads no contacts');
select tests.act_as('aud');
select is(pg_temp.begin_it('yunxi'), 'not_allowed', 'nor an auditor');
select tests.act_as('olga');
select is(pg_temp.begin_it('yunxi'), 'not_allowed', 'nor an observer');
select tests.act_as('nora');
select is(pg_temp.begin_it('yunxi'), 'not_allowed', 'nor the neighbour');
select tests.act_as('past');
select is(pg_temp.begin_it('yunxi'), 'not_allowed', 'nor who planned here once');
select tests.act_as('off');
select is(pg_temp.begin_it('yunxi'), 'not_allowed', 'nor an account that is off');
select tests.act_as('pan');
select is(pg_temp.begin_it('baima'), 'not_allowed', 'a village is no township');
select is(pg_temp.begin_it('district'), 'not_allowed', 'nor is a district');
select is(pg_temp.begin_it('lushan'), 'not_allowed', 'nor another township');
select is(pg_temp.begin_it('yunxi'), 'applied', 'whoever plans for the township does');
select is((select count(*)::integer from public.events where action = 'handover.export' and township_id = tests.id('yunxi')), 1,
	'and the chain says so');
select is((select data ->> 'sealed' from public.events where action = 'handover.export'), 'true', 'and whether it was sealed');
select is(public.verify_events(tests.id('yunxi')) ->> 'whole', 'true', 'the chain stays whole');

-- What is hidden from somebody does not leave before it is open.
select is(tests.outcome('topic.propose', 'topic', '{"title": "议题"}'), 'applied', 'a topic');
select tests.act_as('ines');
select is(tests.outcome('round.create', 'round', jsonb_build_object('title', '暗访', 'villages', jsonb_build_array(tests.id('baima')),
	'sheet', '[{"code": "TRASH", "label": "垃圾", "points": 5, "perFinding": 1, "category": "TRASH"}]'::jsonb)), 'applied', 'a round begins');
select tests.act_as('pan');
select is(pg_temp.begin_it('yunxi'), 'handover_round_open', 'no hand-over while a round is hidden');
select tests.act_as('ines');
select is(tests.outcome('round.cancel', 'round', '{}'), 'applied', 'it is called off');
select tests.act_as('pan');
select is(pg_temp.begin_it('yunxi'), 'applied', 'then it may be');

-- ── what is the server's alone ──
select throws_ok($$ select private.chain_state(tests.id('yunxi')) $$, '42501', null, 'nobody signed in asks for the chain without a right');
select throws_ok($$ select private.restored_administrator(tests.id('x'), 'x', 'x') $$, '42501', null, 'nor makes himself the first account');
reset role;
select is(private.chain_state(tests.id('yunxi')) ->> 'whole', 'true', 'the owner sees the chain whole');
select throws_ok($$ select private.restored_administrator(tests.id('x'), 'x', 'x') $$, 'PT403', 'exists_already', 'and makes no first account where there are some');

-- ── forms ──
create function pg_temp.remember(p_target text, p jsonb) returns text language sql as $$
	select tests.outcome('form.remember', p_target, jsonb_build_object('fingerprint', repeat('a', 64), 'title', '月报', 'mapping', '{"0:B2": "t/people"}'::jsonb) || p)
$$;
grant execute on all functions in schema pg_temp to authenticated;
select tests.act_as('finn');
select is(pg_temp.remember('form', '{}'), 'refused not_allowed', 'a field worker changes no form of everybody''s');
select tests.act_as('pan');
select is(pg_temp.remember('form', '{}'), 'applied', 'a planner does');
select is(pg_temp.remember('form', '{"mapping": {"0:B3": "t/area"}}'), 'applied', 'and corrects it');
select is((select version::text || mapping::text from public.forms), '2{"0:B3": "t/area"}', 'the later one counts');
select is(pg_temp.remember('other', '{}'), 'refused exists_already', 'one memory a form');
select is(pg_temp.remember('bad', '{"fingerprint": "x"}'), 'refused bad_value', 'a fingerprint is one');
select is(pg_temp.remember('bad', jsonb_build_object('fingerprint', repeat('b', 64), 'mapping', '{"0:B2": 7}'::jsonb)), 'refused bad_value', 'a mapping names what');
select tests.act_as('finn');
select is((select count(*)::integer from public.forms), 1, 'members use it');
select tests.act_as('nora');
select is((select count(*)::integer from public.forms), 0, 'the neighbour does not see it');
select throws_ok($$ update public.forms set title = 'x' $$, null, null, 'no hand writes forms');
select throws_ok($$ insert into public.forms (township_id, id, fingerprint, title, mapping, made_by, made_on)
	values (tests.id('lushan'), tests.id('f'), repeat('c', 64), 'x', '{}', tests.id('person nora'), current_date) $$, null, null, 'nor makes one');
select * from finish();
rollback;
