begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(71);

-- A feed of Yunxi by whoever acts; its token is its name.
create function pg_temp.make(p_name text, p jsonb) returns text language sql as $$
	select tests.outcome('feed.create', 'feed ' || p_name, jsonb_build_object('name', p_name, 'expires_on', private.today() + 30,
		'sha256', encode(sha256(convert_to(p_name, 'UTF8')), 'hex')) || p)
$$;
create function pg_temp.ask(p_name text, p_what text, p_part text, p jsonb default '{}', p_token text default null) returns jsonb language sql as $$
	select public.feed_read(tests.id('feed ' || p_name), encode(sha256(convert_to(coalesce(p_token, p_name), 'UTF8')), 'hex'), '10.0.0.1', p_what, p_part, p)
$$;
create function pg_temp.count(p_name text, p_layer text, p jsonb default '{}') returns integer language sql as $$
	select jsonb_array_length(pg_temp.ask(p_name, 'features', 'features', jsonb_build_object('layer', p_layer, 'limit', 100) || p) -> 'data' -> 'features')
$$;
grant execute on all functions in schema pg_temp to authenticated, service_role;
grant usage on schema tests, extensions to service_role;
grant execute on all functions in schema tests to service_role;

-- ── who makes one ──
select tests.act_as('finn');
select is(pg_temp.make('own', '{"what": ["calendar"], "mine": true}'), 'applied', 'a field worker takes his due days along');
select is(pg_temp.make('no', '{"what": ["features"]}'), 'refused not_allowed', 'but no layers');
select is(pg_temp.make('no', '{"what": ["calendar", "tiles"]}'), 'refused not_allowed', 'nor tiles beside a calendar');
select tests.act_as('olga');
select is(pg_temp.make('olga', '{"what": ["calendar"]}'), 'applied', 'whoever looks at the township from the district has its calendar');
select is(pg_temp.make('no', '{"what": ["tiles"]}'), 'refused not_allowed', 'not its layers');
select tests.act_as('nora');
select is(pg_temp.make('no', '{"what": ["calendar"]}'), 'refused not_allowed', 'the neighbour has none here');
select tests.act_as('loner');
select is(pg_temp.make('no', '{"what": ["calendar"]}'), 'refused not_allowed', 'nor somebody without a role');
select tests.act_as('pan');
select is(pg_temp.make('gis', '{"what": ["features", "tiles", "calendar"]}'), 'applied', 'a planner makes one for the GIS');
select is(pg_temp.make('no', '{"what": []}'), 'refused bad_value', 'a feed of nothing is none');
select is(pg_temp.make('no', '{"what": ["photos"]}'), 'refused bad_value', 'nor of what there is no feed of');
select is(pg_temp.make('no', jsonb_build_object('what', '["calendar"]'::jsonb, 'expires_on', private.today() + 366)), 'refused bad_value', 'a year at most');
select is(pg_temp.make('no', jsonb_build_object('what', '["calendar"]'::jsonb, 'expires_on', private.today() - 1)), 'refused bad_value', 'and not over already');
select is(pg_temp.make('no', '{"what": ["calendar"], "expires_on": null}'), 'refused bad_value', 'an end always');
select is(pg_temp.make('no', '{"what": ["calendar"], "sha256": "secret"}'), 'refused bad_value', 'the token itself is not taken');
select is(pg_temp.make('no', jsonb_build_object('what', '["calendar"]'::jsonb, 'sha256', encode(sha256('gis'), 'hex'))), 'refused exists_already', 'no token twice');
select is(pg_temp.make('no', jsonb_build_object('what', '["calendar"]'::jsonb, 'village_id', tests.id('shiqiao'))), 'refused no_such_village', 'of a village of the township');

-- ── who knows of it ──
select is((select count(*)::integer from public.feeds), 3, 'a planner sees all feeds of the township');
select tests.act_as('finn');
select is((select count(*)::integer from public.feeds), 1, 'a field worker the own one');
select is(jsonb_array_length(public.feeds_page(tests.id('yunxi')) -> 'feeds'), 1, 'on the page as well');
select throws_ok($$ select count(*) from private.feed_secrets $$, '42501', null, 'nobody reads the hashes');
select throws_ok($$ insert into public.feeds (township_id, id, name, what, made_by, account_id, expires_on) values (tests.id('yunxi'), tests.id('z'), 'z', '{calendar}', tests.id('person finn'), tests.id('finn'), private.today()) $$, '42501', null, 'nobody writes one by hand');
select throws_ok($$ update public.feeds set expires_on = expires_on + 1 $$, '42501', null, 'nor makes it last');
select throws_ok($$ delete from public.feeds $$, '42501', null, 'nor takes it away');
select throws_ok($$ select pg_temp.ask('own', 'calendar', 'calendar') $$, '42501', null, 'the reading function is the server''s alone');
select throws_ok($$ select public.open311_read(tests.id('yunxi'), '', '{}') $$, '42501', null, 'and so is the public one');
select is((select data::text from public.events where subject_id = tests.id('feed own')), '{}', 'the log does not hold the hash');
select tests.act_as('wang');
select is((select count(*)::integer from public.feeds), 0, 'a colleague does not see it');
select is(tests.outcome('feed.revoke', 'feed own'), 'refused not_allowed', 'nor end it');
select tests.act_as('nora');
select is((select count(*)::integer from public.feeds), 0, 'nor the neighbour');
select is(public.feeds_page(tests.id('yunxi')), null, 'whose page is empty');
select is(tests.outcome('feed.revoke', 'feed own'), 'refused not_allowed', 'and who ends nothing');

-- ── something to read ──
select tests.act_as('pan');
select tests.op('task.create', 'ta', '{"category": "TRASH", "title": "桥头", "note": "张三家 13800000000", "geometry": {"type": "Point", "coordinates": [110.80512, 32.60512]}}');
select tests.op('task.create', 'tb', '{"category": "TOILET", "geometry": {"type": "Point", "coordinates": [110.83, 32.61]}}');
select tests.op('task.create', 'tc', '{"category": "BIN"}');
select tests.op('step.say', 'ta', jsonb_build_object('answers', tests.id('person finn'), 'due_on', private.today() + 5));
select tests.op('step.say', 'tb', jsonb_build_object('answers', tests.id('person wang'), 'due_on', private.today() + 6));
select tests.op('plan.create', 'pl', '{"title": "茶厂", "party": "某公司", "geometry": {"type": "Polygon", "coordinates": [[[110.801, 32.601], [110.803, 32.601], [110.803, 32.603], [110.801, 32.601]]]}}');
select tests.op('meeting.create', 'mt', jsonb_build_object('title', '例会', 'starts_at', now() + interval '2 days'));
select tests.act_as('nora');
select tests.op('task.create', 'foreign', '{"category": "TRASH", "geometry": {"type": "Point", "coordinates": [110.80512, 32.60512]}}', null, null, 'lushan');

-- ── reading ──
select tests.act_as_owner();
set local role service_role;
select is(pg_temp.count('gis', 'tasks'), 2, 'the tasks that have a place, none of the neighbour''s');
select is(pg_temp.count('gis', 'tasks', '{"box": [110.80, 32.60, 110.82, 32.62]}'), 1, 'in a box');
select is(pg_temp.count('gis', 'tasks', '{"box": [179, 32.60, 110.82, 32.62]}'), 1, 'also in one across the antimeridian');
select is(pg_temp.count('gis', 'tasks', '{"limit": 1}'), 1, 'a page of them');
select is(pg_temp.count('gis', 'tasks', jsonb_build_object('only', tests.id('foreign'))), 0, 'no way to a task elsewhere');
select is(pg_temp.count('gis', 'tasks', '{"only": "x'' or true --"}'), 0, 'nor through a strange key');
select is(pg_temp.ask('gis', 'features', 'features', '{"layer": "persons"}') ->> 'data', null, 'no layer of people');
select is(pg_temp.ask('gis', 'features', 'features', '{"layer": "plan_contacts"}') ->> 'data', null, 'nor of contacts');
select is(pg_temp.count('gis', 'villages'), 2, 'villages');
select is(pg_temp.count('gis', 'plans'), 1, 'plans');
select is(pg_temp.count('gis', 'parcels'), 1, 'parcels');
select is(pg_temp.ask('gis', 'features', 'features', '{"layer": "tasks", "limit": 9}')::text ~ '13800000000|张三|finn', false, 'without notes, phones and names');
select is(pg_temp.ask('gis', 'features', 'features', '{"layer": "plans", "limit": 9}')::text ~ '某公司', false, 'nor whose plan it is');
select is(jsonb_array_length(pg_temp.ask('gis', 'features', 'layers') -> 'data'), 6, 'six layers while no constraint layer is loaded');
select is(jsonb_array_length(pg_temp.ask('gis', 'calendar', 'calendar') -> 'data' -> 'days'), 2, 'the planner''s calendar has both due days');
select is(jsonb_array_length(pg_temp.ask('gis', 'calendar', 'calendar') -> 'data' -> 'meetings'), 1, 'and the meeting');
select is(pg_temp.ask('own', 'calendar', 'calendar') #>> '{data,days,0,title}', '桥头', 'the field worker''s what he answers for');
select is(jsonb_array_length(pg_temp.ask('own', 'calendar', 'calendar') -> 'data' -> 'days'), 1, 'and no more');
select is(jsonb_array_length(pg_temp.ask('own', 'calendar', 'calendar') -> 'data' -> 'meetings'), 0, 'no meeting without a seat');
select is(jsonb_array_length(pg_temp.ask('olga', 'calendar', 'calendar') -> 'data' -> 'meetings'), 0, 'none for an observer, either');

-- ── one answer for everything else ──
select is(pg_temp.ask('gis', 'features', 'layers', '{}', 'guess'), '{"many": false, "refused": true}', 'a wrong token');
select is(pg_temp.ask('nowhere', 'features', 'layers'), '{"many": false, "refused": true}', 'an unknown feed');
select is(pg_temp.ask('own', 'features', 'layers'), '{"many": false, "refused": true}', 'what the feed was not made for');
select is(pg_temp.ask('gis', 'features', 'layers', '{}', 'own'), '{"many": false, "refused": true}', 'the token of another feed');
set local role none;
update public.accounts set ended_at = now() where user_id = tests.id('finn');
set local role service_role;
select is(pg_temp.ask('own', 'calendar', 'calendar'), '{"many": false, "refused": true}', 'its maker is switched off');
set local role none;
update public.accounts set ended_at = null where user_id = tests.id('finn');
update public.memberships set valid_to = private.today() where id = tests.id('membership finn');
set local role service_role;
select is(pg_temp.ask('own', 'calendar', 'calendar'), '{"many": false, "refused": true}', 'the maker''s role is over');
set local role none;
update public.memberships set role = 'inspector' where id = tests.id('membership pan');
set local role service_role;
select is(pg_temp.ask('gis', 'features', 'layers'), '{"many": false, "refused": true}', 'the maker plans no longer');
select isnt(pg_temp.ask('gis', 'calendar', 'calendar') -> 'data', null, 'who still looks has the calendar');
set local role none;
update public.memberships set role = 'planner' where id = tests.id('membership pan');
update public.feeds set made_on = made_on - 60, expires_on = private.today() - 1 where id = tests.id('feed olga');
set local role service_role;
select is(pg_temp.ask('olga', 'calendar', 'calendar'), '{"many": false, "refused": true}', 'it is over');
set local role none;
select is((select uses from private.feed_secrets where feed_id = tests.id('feed olga')), 1::bigint, 'refused readings do not count as uses');
select tests.act_as('pan');
select is(tests.outcome('feed.revoke', 'feed gis'), 'applied', 'revoked');
select is(tests.outcome('feed.revoke', 'feed gis'), 'refused not_from_this_state', 'once');
select tests.act_as_owner();
set local role service_role;
select is(pg_temp.ask('gis', 'features', 'layers'), '{"many": false, "refused": true}', 'and gone');
select is((select count(*) from generate_series(1, 60) where pg_temp.ask('gis', 'features', 'layers', '{}', 'guess') ->> 'many' = 'true')::integer > 0, true, 'who keeps trying waits');

-- ── public spots ──
select is(public.open311_read(tests.id('yunxi'), '', '{"limit": 10}'), null, 'nothing is public by itself');
select tests.act_as('finn');
select is(tests.outcome('open311.set', 'yunxi', '{"on": true, "kinds": ["TRASH"]}'), 'refused not_allowed', 'a field worker opens nothing');
select tests.act_as('pan');
select is(tests.outcome('open311.set', 'yunxi', '{"on": true, "kinds": ["TRASH", "X"]}'), 'refused bad_value', 'no kind there is not');
select is(tests.outcome('open311.set', 'yunxi', '{"on": true, "kinds": ["TRASH"]}'), 'applied', 'the planner turns it on');
select tests.act_as_owner();
set local role service_role;
select is((public.open311_read(tests.id('yunxi'), '', '{"limit": 10}') #> '{rows,0}') - '{id,found,changed,due}'::text[],
	'{"category": "TRASH", "state": "said", "lon": 110.805, "lat": 32.605}', 'kind, state and a rough place of the kinds that were chosen');
set local role none;
select is(jsonb_array_length(public.open311_read(tests.id('yunxi'), '', '{"limit": 10}') -> 'rows'), 1, 'and of no other');

select * from finish();
rollback;
