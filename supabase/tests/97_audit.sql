-- The audit: what is refused leaves a row, nobody writes over it, contacts are masked, a person can be forgotten.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(47);

create function pg_temp.told(p_sql text) returns text language plpgsql as $$
declare r text; m text; d text;
begin
	execute p_sql into r;
	return r;
exception when sqlstate 'PT403' then
	get stacked diagnostics m = message_text, d = pg_exception_detail;
	return m || ' ' || coalesce(d, '');
end
$$;
grant execute on function pg_temp.told(text) to authenticated, service_role;

-- ── words
select is(private.hide_phones('电话 13812345678，138-1234-5678，０１３８12345678 0719-1234567、1234567、12345'),
	'电话 138****5678，138****5678，013****5678 071****4567、12***67、12345', 'phones are masked however they are typed');
select is(private.hide_phones(encode(sha256('a'), 'hex')), encode(sha256('a'), 'hex'), 'a hash is no phone');
select is(private.one_line(E'a\r\nb\u2028c', 10), 'a b c', 'one line is one line');

-- ── refusals
select tests.act_as('pan');
select is(tests.outcome('plan.create', 'q', '{"title":"茶厂","geometry":{"type":"Polygon","coordinates":[[[110.801,32.601],[110.803,32.601],[110.803,32.603],[110.801,32.601]]]}}'), 'applied', 'a plan');
select is(tests.outcome('plan.contact', 'q', '{"legal_person":"钱示例","name":"赵示例","phone":"13812345678","note":"秘书 139-8765-4321"}'), 'applied', 'and whom to call');
select tests.act_as('olga');
select is(tests.outcome('task.create', 'z', '{"category":"TRASH"}'), 'refused not_allowed', 'an observer reports nothing');
select is((select tests.op('task.create', 'z', '{"category":"TRASH"}', 'again') ->> 'outcome'), 'refused', 'refused once');
select is((select tests.op('task.create', 'z', '{"category":"TRASH"}', 'again') ->> 'outcome'), 'refused', 'the same op again is told the same');
select is((select count(*)::int from public.refusals), 0, 'an observer does not read what was refused');
select tests.act_as('pan');
select is((select count(*)::int from public.refusals), 0, 'nor does a planner');
select tests.act_as('adam');
select is((select count(*)::int from public.refusals), 0, 'nor an administrator');
select tests.act_as('nora');
select is((select count(*)::int from public.refusals), 0, 'nor anybody elsewhere');
select tests.act_as('aud');
select is((select string_agg(action || ' ' || code || ' ' || subject_id || ' ' || (person_id = tests.id('person olga')) || ' '
	|| (session_id = tests.id('session olga')), ', ') from public.refusals),
	format('task.create not_allowed %1$s true true, task.create not_allowed %1$s true true', tests.id('z')),
	'the auditor reads who tried what, once each');
select throws_ok($$ insert into public.refusals (township_id, seq, id, action, subject_kind, code, prev_hash, hash) values (tests.id('yunxi'), 99, gen_random_uuid(), 'x', 'x', 'x', '', '') $$, '42501', null, 'nobody writes a refusal by hand');
select throws_ok($$ update public.refusals set code = 'x' $$, '42501', null, 'or changes one');
select throws_ok($$ delete from public.refusals $$, '42501', null, 'or takes one away');
select throws_ok($$ select public.audit_refused('{"what":"x","code":"y"}') $$, '42501', null, 'only the server itself notes what it saw refused');
select throws_ok($$ select public.chain_heads() $$, '42501', null, 'or reads all heads');

-- ── contacts
select is((select count(*)::int from public.plan_contacts), 0, 'no contact is read from the table by an auditor');
select tests.act_as('pan');
select is((select count(*)::int from public.plan_contacts), 0, 'nor by a planner');
select is(public.plan_contact(tests.id('yunxi'), tests.id('q')) ->> 'phone', '138****5678', 'an ordinary read is masked');
select is(public.plan_contact(tests.id('yunxi'), tests.id('q')) ->> 'note', '秘书 139****4321', 'in the note too');
select is(pg_temp.told($$ select public.contact_reveal(tests.id('yunxi'), tests.id('q'), '') $$), 'bad_value purpose', 'not without a purpose');
select is(public.contact_reveal(tests.id('yunxi'), tests.id('q'), 'call') ->> 'phone', '13812345678', 'whole for a purpose');
select is((select count(*)::int from public.events where action = 'contact.reveal'), 0, 'who looked is not for everybody to read');
select is((select tests.op('plan.contact', 'q', '{"note":"x"}', null, 0) - 'detail'), '{"now": {"version": 1}, "reason": "changed_meanwhile", "outcome": "conflict"}'::jsonb,
	'a conflict does not carry the contact into the kept answer');
select tests.act_as('finn');
select is(pg_temp.told($$ select public.contact_reveal(tests.id('yunxi'), tests.id('q'), 'call') $$), 'not_allowed plan', 'a field worker is shown nobody');
select is(public.plan_contact(tests.id('yunxi'), tests.id('q')), null, 'masked or not');
select is(pg_temp.told($$ select public.person_search(tests.id('yunxi'), '赵示例', '', 'asked')::text $$), 'not_allowed manage', 'and looks for nobody');
select is(pg_temp.told($$ select public.audit_page(tests.id('yunxi'))::text $$), null, 'nor reads the audit');
select tests.act_as('nora');
select is(pg_temp.told($$ select public.export_note(tests.id('yunxi'), 'x')::text $$), 'not_allowed township', 'nothing leaves a foreign township');
select tests.act_as('olga');
select ok(public.export_note(tests.id('yunxi'), E'export/xlsx 13812345678\n') > 0, 'a member takes a file');

-- ── the auditor's page
select tests.act_as('aud');
select is((select r ->> 'detail' from jsonb_array_elements(public.audit_page(tests.id('yunxi'), '{"action":"export.take"}') -> 'rows') r), 'export/xlsx 138****5678 ', 'what left, in one line');
select is((select r ->> 'detail' from jsonb_array_elements(public.audit_page(tests.id('yunxi'), '{"action":"contact.reveal"}') -> 'rows') r), 'call', 'what for');
select is(jsonb_array_length(public.audit_page(tests.id('yunxi'), '{"ok":"false"}') -> 'rows'), 3, 'what was refused alone, the conflict among it');
select is(jsonb_array_length(public.audit_page(tests.id('yunxi'), jsonb_build_object('object', tests.id('z'))) -> 'rows'), 2, 'of one object alone');
select is(pg_temp.told($$ select public.audit_page(tests.id('yunxi'), '{"from":"31.12.x"}')::text $$), 'bad_value filter', 'a day that is none');
select tests.act_as('adam');
select is(jsonb_array_length(public.audit_page(tests.id('yunxi')) -> 'rows'), 0, 'who administers does not audit');

-- ── forgetting somebody
select is(pg_temp.told($$ select public.person_search(tests.id('yunxi'), 'title', '', 'asked')::text $$), 'bad_value name', 'our own words are no names');
select is(pg_temp.told($$ select public.person_search(tests.id('yunxi'), '赵', '123', 'asked')::text $$), 'bad_value name', 'nor is one character');
select is((select count(*)::int from jsonb_array_elements(public.person_search(tests.id('yunxi'), '赵示例', '138 1234 5678', 'asked'))), 2, 'name and phone are found');
select is(public.person_erase(tests.id('yunxi'), jsonb_build_object('id', tests.id('er'), 'name', '赵示例', 'phone', '13812345678', 'reason', 'asked')) ->> 'outcome', 'applied', 'and erased');
select is(public.person_erase(tests.id('yunxi'), jsonb_build_object('id', tests.id('er'), 'name', '赵示例', 'phone', '13812345678', 'reason', 'asked')) ->> 'outcome', 'already', 'once');
select is(public.person_search(tests.id('yunxi'), '赵示例', '13812345678', 'asked'), '[]'::jsonb, 'nothing is left');
select tests.act_as('aud');
select is((public.verify_events(tests.id('yunxi')) ->> 'whole'), 'true', 'and the chains are whole');
select tests.act_as_owner();
select throws_ok($$ update public.events set action = 'x' $$, '42501', null, 'not even the owner changes an event');
select is(public.heads_lost(public.chain_heads()), '[]'::jsonb, 'the heads of now are held');
select * from finish();
rollback;
