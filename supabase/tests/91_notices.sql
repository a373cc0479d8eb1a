begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select no_plan();

create function pg_temp.page() returns jsonb language sql as $$ select public.notice_page(tests.id('yunxi'), tests.id('note')) $$;
create function pg_temp.tell(p_target text, p jsonb) returns text language sql as $$
	select tests.outcome('notice.receive', p_target, jsonb_build_object('notice', tests.id('note'), 'via', 'phone', 'text', '不实') || p)
$$;
grant execute on all functions in schema pg_temp to authenticated;

-- ── making ──
select tests.act_as('finn');
select is(tests.outcome('notice.create', 'note', '{"kind": "list", "title": "公示"}'), 'refused not_allowed', 'a field worker makes no notice');
select tests.act_as('aud');
select is(tests.outcome('notice.create', 'note', '{"kind": "list", "title": "公示"}'), 'refused not_allowed', 'nor the auditor');
select tests.act_as('olga');
select is(tests.outcome('notice.create', 'note', '{"kind": "list", "title": "公示"}'), 'refused not_allowed', 'nor the district');
select tests.act_as('nora');
select is(tests.outcome('notice.create', 'note', '{"kind": "list", "title": "公示"}'), 'refused not_allowed', 'nor the neighbour');
select tests.act_as('pan');
select is(tests.outcome('notice.create', 'note', '{"kind": "project", "title": "公示"}'), 'refused bad_value', 'a notice of gradings names its projects');
select is(tests.outcome('notice.create', 'note', '{"kind": "list", "title": "云溪镇420325110201公示"}'), 'applied', 'what only looks like a number is none');
select is(tests.outcome('notice.edit', 'note', '{"title": "户主11010519491231002X"}'), 'refused id_number', 'an identity number is not stored');
select is(tests.outcome('notice.edit', 'note', '{"body": "卡 6222 0212 3456 7890 128"}'), 'refused bank_number', 'nor a bank number');
select is(tests.outcome('notice.edit', 'note', '{"body": "电话１３８ １２３４ ５６７８", "title": "补助公示"}'), 'applied', 'a phone may be written');
select is(pg_temp.page() #>> '{draft,body}', '电话１３８ **** ５６７８', 'and is masked when it is stored');
select is(tests.outcome('notice.edit', 'note', '{"phone": "13812345678"}'), 'refused office_phone', 'objections go to an office, not to a mobile');
select is(tests.outcome('notice.edit', 'note', '{"columns": ["no", "name", "id_card"]}'), 'refused bad_value', 'a column that is not allowed');
select is(tests.outcome('notice.rows', 'note', '{"from": 1, "total": 1, "rows": [{"身份证": "1"}]}'), 'refused column_not_allowed', 'is refused by its name');
select is((tests.op('notice.rows', 'note', '{"from": 1, "total": 2, "rows": [{"name": "张三"}, {"item": "330102 1990 0101 1237"}]}')) ->> 'detail', '第2行“事项”', 'row and column of a number are said');
select is((select count(*)::integer from public.notice_rows), 0, 'and nothing of that table is kept');
select is(tests.outcome('notice.publish', 'note'), 'refused window_needed', 'no notice without a window');
select is(tests.outcome('notice.edit', 'note', '{"to_on": "2020-01-01"}'), 'refused bad_value', 'a window has two days');
select is(tests.outcome('notice.edit', 'note', jsonb_build_object('from_on', private.today() - 1, 'to_on', private.today() + 30)), 'applied', 'a window');
select is(tests.outcome('notice.publish', 'note'), 'refused objection_way_needed', 'nor without saying where to object');
select is(tests.outcome('notice.edit', 'note', '{"unit": "农业农村办", "address": "镇政府二楼"}'), 'applied', 'said');
select is(tests.outcome('notice.publish', 'note'), 'refused nothing_to_publish', 'nor without rows');
select is(tests.outcome('notice.rows', 'note', '{"from": 3, "total": 3, "rows": [{"no": "3", "name": "赵六"}]}'), 'applied', 'the third row');
select is(tests.outcome('notice.publish', 'note'), 'refused rows_missing', 'nor with rows missing');
select is(tests.outcome('notice.rows', 'note', '{"from": 1, "total": 2, "rows": [{"no": "1", "name": "欧阳小明", "place": "白马村"}, {"no": "2", "name": "李四"}]}'), 'applied', 'the whole table');
select is((select count(*)::integer from public.notice_rows where name <> ''), 2, 'what is beyond is emptied');
select is(tests.outcome('notice.publish', 'note'), 'refused bad_value', 'no window that began yesterday');
select is(tests.outcome('notice.edit', 'note', jsonb_build_object('from_on', private.today(), 'to_on', private.today())), 'applied', 'one day');
select is(tests.outcome('notice.publish', 'note'), 'refused notice_too_short', 'is too short');
select is(tests.outcome('notice.edit', 'note', jsonb_build_object('to_on', private.today() + 30)), 'applied', 'a month');

-- ── before it is public ──
select is(pg_temp.tell('o1', '{}'), 'refused not_from_this_state', 'nobody objects to a draft');
select tests.act_as('aud');
select isnt(pg_temp.page(), null, 'the auditor reads a draft');
select is(tests.outcome('notice.publish', 'note'), 'refused not_allowed', 'but does not publish it');
select tests.act_as('finn');
select is(pg_temp.page(), null, 'a field worker does not read it');
select is((select count(*)::integer from public.notices), 0, 'not in the table either');
select is(tests.outcome('notice.publish', 'note'), 'refused not_allowed', 'nor publishes it');
select is(tests.outcome('notice.post', 'b1', jsonb_build_object('notice', tests.id('note'), 'place', '公示栏')), 'refused not_from_this_state', 'nor hangs it up');
select tests.act_as_owner();
select is(public.notice_public((select public_id from public.notices where id = tests.id('note'))), null, 'nor anybody outside');

-- ── published ──
select tests.act_as('pan');
select is(tests.outcome('notice.publish', 'note'), 'applied', 'published');
select is(pg_temp.page() #>> '{content,rows,0,1}', '欧*小明', 'names with their second character hidden');
select is(tests.outcome('notice.publish', 'note', '{"changed": "无"}'), 'refused nothing_changed', 'no edition without a change');
select is(tests.outcome('notice.drop', 'note'), 'refused not_from_this_state', 'what was published is not dropped');
select tests.act_as_owner();
select throws_ok($$ update public.notice_editions set content = '{}' $$, '42501', null, 'an edition stays as it was');
select throws_ok($$ delete from public.notice_editions $$, '42501', null, 'and stays');
select throws_ok($$ update public.notice_rows set item = '11010519491231002X' $$, '23514', null, 'the table itself holds no such number');
select is((select count(*)::integer from public.events where data::text like '%欧阳小明%'), 0, 'the log holds no name');
select tests.act_as('finn');
select isnt(pg_temp.page(), null, 'now members read it');
select is(pg_temp.page() ? 'objectionList', false, 'without its objections');
select is(pg_temp.page() ? 'draft', false, 'and without what is being changed');
select is((select count(*)::integer from public.notice_rows), 0, 'nor the names in the table');
select throws_ok($$ update public.notices set title = '改' $$, '42501', null, 'nobody writes by hand');
select throws_ok($$ insert into public.notice_objections (township_id, id, notice_id, via, body, received_on) values (tests.id('yunxi'), tests.id('x'), tests.id('note'), 'page', 'x', private.today()) $$, '42501', null, 'nor objections');
select throws_ok($$ select public.notice_object('{}') $$, '42501', null, 'the form''s function is the server''s alone');
select throws_ok($$ select public.notice_public('x') $$, '42501', null, 'the page''s, too');
select throws_ok($$ select public.notices_tidy() $$, '42501', null, 'and the job''s');
select is(tests.outcome('notice.post', 'b1', jsonb_build_object('notice', tests.id('note'), 'place', '白马村公示栏')), 'applied', 'a village hangs it up');
select is(tests.outcome('notice.post', 'b2', jsonb_build_object('notice', tests.id('note'), 'place', '栏', 'on_day', private.today() + 1)), 'refused bad_value', 'not tomorrow');
select is(tests.outcome('notice.post', 'b2', jsonb_build_object('notice', tests.id('note'), 'place', '栏', 'photo', tests.id('nothing'))), 'held not_here_yet', 'a photo comes first');
select is(pg_temp.tell('o1', '{}'), 'refused not_allowed', 'but takes no objections');
select is(tests.outcome('notice.take_down', 'note', '{"note": "x"}'), 'refused not_allowed', 'nor takes it down');
select tests.act_as('olga');
select is(tests.outcome('notice.post', 'b3', jsonb_build_object('notice', tests.id('note'), 'place', '栏')), 'refused not_allowed', 'the district hangs up nothing');
select tests.act_as('nora');
select is(pg_temp.page(), null, 'the neighbour reads no notice here');
select is((select count(*)::integer from public.notices), 0, 'not even its row');

-- ── objections ──
select tests.act_as('pan');
select is(pg_temp.tell('o1', '{"text": "他的号11010519491231002X"}'), 'refused id_number', 'an objection holds no identity number either');
select is(pg_temp.tell('o1', '{"contact_name": "钱七", "contact_phone": "13611112222"}'), 'applied', 'an objection by telephone');
select is(pg_temp.tell('o2', jsonb_build_object('received_on', private.today() + 1)), 'refused outside_window', 'not of tomorrow');
select is(pg_temp.tell('o2', '{"via": "page"}'), 'refused bad_value', 'nobody writes one down as if it came by the page');
select is(pg_temp.page() #>> '{objectionList,0,contact,phone}', '13611112222', 'who answers knows whom to call');
select tests.act_as('aud');
select is(pg_temp.page() #>> '{objectionList,0,contact}', null, 'the auditor reads the objection without its contact');
select is((select count(*)::integer from public.objection_contacts), 0, 'nor the table');
select is(tests.outcome('notice.answer', 'o1', '{"outcome": "upheld", "answer": "x"}'), 'refused not_allowed', 'and answers nothing');
select tests.act_as('pan');
select is(tests.outcome('notice.answer', 'o1', '{"outcome": "perhaps", "answer": "x"}'), 'refused bad_value', 'a finding of the list');
select is(tests.outcome('notice.answer', 'o1', '{"outcome": "dismissed", "answer": ""}'), 'refused reason_needed', 'and its reason');
select is(tests.outcome('notice.answer', 'o1', '{"outcome": "dismissed", "answer": "经核实无误"}'), 'applied', 'answered');
select is(pg_temp.page() #>> '{objectionList,0,otherPerson}', 'false', 'by the maker, and that is shown');
select tests.act_as_owner();
select is((select count(*)::integer from public.events where data::text ~ '(13611112222|不实|经核实无误)'), 0, 'the log holds nothing of it');

-- ── the end ──
select tests.act_as('pan');
select is(tests.outcome('notice.take_down', 'note', '{"note": "有误"}'), 'applied', 'taken down');
select is(tests.outcome('notice.edit', 'note', '{"title": "再"}'), 'refused not_from_this_state', 'and not changed any more');
select tests.act_as('finn');
select is(pg_temp.page() #>> '{content}', null, 'what is no longer public is no longer read by all');
select tests.act_as_owner();
select is(public.notice_public((select public_id from public.notices where id = tests.id('note'))) ? 'content', false, 'nor outside');
select * from finish();
rollback;
