begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(19);

create function pg_temp.bring(p_id text, p_rows jsonb, p_sha text default 'ff') returns text language plpgsql as $$
declare r jsonb;
begin
	r := public.import_apply(jsonb_build_object('import_id', tests.id(p_id), 'township_id', tests.id('yunxi'), 'title', p_id,
		'files', jsonb_build_array(jsonb_build_object('name', 'f', 'sha256', p_sha)), 'rows', p_rows));
	return r ->> 'outcome';
exception when sqlstate 'PT403' then
	declare m text; d text;
	begin
		get stacked diagnostics m = message_text, d = pg_exception_detail;
		return m || ' ' || coalesce(d, '');
	end;
end
$$;
grant execute on function pg_temp.bring(text, jsonb, text) to authenticated;

select tests.act_as('finn');
select is(pg_temp.bring('x', '[]'), 'not_allowed plan', 'a field worker imports nothing');
select tests.act_as('nora');
select is(pg_temp.bring('x', '[]'), 'not_allowed plan', 'nor does a planner from elsewhere');
select tests.act_as('pan');
select matches(pg_temp.bring('bow', '[{"kind":"villages","file":"v.geojson","line":7,"data":{"name":"领结村","geometry":{"type":"Polygon","coordinates":[[[110.8,32.6],[110.82,32.62],[110.82,32.6],[110.8,32.62],[110.8,32.6]]]}}}]'),
	'^geometry_crosses_itself v.geojson line 7', 'a refused row names its file and line');
select is((select count(*) from public.imports), 0::bigint, 'and nothing is left of it');
select throws_ok($$ select public.import_apply(jsonb_build_object('import_id', tests.id('own'), 'township_id', tests.id('yunxi'), 'files', '[]'::jsonb,
	'rows', '[{"kind":"tasks","file":"l","line":4,"data":{"village":"baima","category":"TRASH","state":"proven","answers_name":"李","proven_by":"李"}}]'::jsonb)) $$,
	'23514', null, 'paper that proves its own work is refused');
select is(pg_temp.bring('v', '[{"kind":"villages","file":"v","line":1,"data":{"name":"baima","people":900,"geometry":{"type":"Polygon","coordinates":[[[110.7,32.5],[110.75,32.5],[110.75,32.55],[110.7,32.5]]]}}}]', 'v1'),
	'applied', 'a known village gets a new boundary');
select is((select people from public.places where id = tests.id('baima')), 900, 'and its people');
select is(pg_temp.bring('v again', '[]', 'v1') ~ '^imported_before', true, 'the same file again is asked about');
select is(public.import_undo(tests.id('yunxi'), tests.id('v')) ->> 'outcome', 'applied', 'taken back');
select is((select people from public.places where id = tests.id('baima')), null, 'the village is as it was');
select is((select extensions.st_xmin(geom) from public.places where id = tests.id('baima')), 110.8::double precision, 'its boundary too');
select is(pg_temp.bring('t', '[{"kind":"tasks","file":"l","line":4,"data":{"village":"baima","category":"TRASH","title":"=1+1","state":"done","geometry":{"type":"Point","coordinates":[110.81,32.61]}}}]', 't1'), 'applied', 'a task from paper');
select is((select title from public.tasks where import_id = tests.id('t')), '=1+1', 'text stays text');
select tests.act_as('ines');
select is((select tests.outcome('step.prove', 'none')), 'held not_here_yet', 'an act on something not here yet is held');
select is((select (public.apply_op(jsonb_build_object('op_id', gen_random_uuid(), 'kind', 'step.prove', 'township_id', tests.id('yunxi'), 'target', t.id, 'payload', '{}'::jsonb))) ->> 'outcome'
	from public.tasks t where import_id = tests.id('t')), 'applied', 'an inspector proves what paper says was done');
select tests.act_as('pan');
select throws_ok($$ select public.import_undo(tests.id('yunxi'), tests.id('t')) $$, 'PT403', 'worked_on_since', 'what was worked on is not taken back');

-- The chain finds what an owner of the database did behind everybody's back.
select is(public.verify_events(tests.id('yunxi')) ->> 'whole', 'true', 'whole');
select tests.act_as_owner();
alter table public.events disable trigger user;
update public.events set data = '{"forged":true}' where township_id = tests.id('yunxi') and seq = 2;
select tests.act_as('aud');
select is(public.verify_events(tests.id('yunxi')) ->> 'broken_at', '2', 'a changed event is found');
select tests.act_as_owner();
update public.events set data = data where false;
delete from public.events where township_id = tests.id('yunxi') and seq = (select max(seq) from public.events where township_id = tests.id('yunxi'));
select tests.act_as('aud');
select is((public.verify_events(tests.id('yunxi')) ->> 'whole'), 'false', 'and a cut tail');
select * from finish();
rollback;
