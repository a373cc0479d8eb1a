-- Photos stay as they came (E-09): who may put, attach, see and cover them, and what nobody may change.
begin;
create extension if not exists pgtap;
select plan(76);

-- What the server does after it measured a photo.
create function pg_temp.put(p_name text, p_person text, p jsonb default '{}') returns text
language plpgsql as $$
begin
	return public.photo_put(jsonb_build_object('township_id', tests.id('yunxi'), 'id', tests.id(p_name),
		'person', tests.id('person ' || p_person), 'sha256', encode(sha256(convert_to(p_name, 'UTF8')), 'hex'),
		'pixels_sha256', encode(sha256(convert_to('pixels ' || p_name, 'UTF8')), 'hex'),
		'format', 'jpeg', 'bytes', 1000, 'width', 40, 'height', 30) || p) ->> 'sha256';
exception when sqlstate 'PT403' then
	declare m text; d text;
	begin
		get stacked diagnostics m = message_text, d = pg_exception_detail;
		return m || ' ' || coalesce(d, '');
	end;
end
$$;
create function pg_temp.file(p_name text, p_use text) returns uuid
language sql as $$ select (public.photo_file(tests.id('yunxi'), tests.id(p_name), p_use) ->> 'id')::uuid $$;
create function pg_temp.shown(p_step text) returns jsonb
language sql as $$ select private.photos_json(tests.id('yunxi'), tests.id(p_step)) $$;
-- Everything here happens in one moment, so the before photo is asked for by its role.
create function pg_temp.before(p_step text) returns jsonb
language sql as $$ select x from jsonb_array_elements(pg_temp.shown(p_step)) x where x ->> 'role' = 'before' $$;
grant execute on all functions in schema pg_temp to authenticated;

select tests.act_as_owner();
select matches(pg_temp.put('one', 'finn', '{"claims": {"lon": 110.81, "lat": 32.61, "camera": "HUAWEI P50"}, "hashes": ["0123456789abcdef"]}'),
	'^[0-9a-f]{64}$', 'the photo of a field worker is kept');
select is(pg_temp.put('one', 'finn'), pg_temp.put('one', 'finn'), 'sent again it is the same');
select is(pg_temp.put('one', 'finn', jsonb_build_object('sha256', repeat('f', 64))),
	'id_reused ' || encode(sha256('one'), 'hex'), 'other bytes under the same id are refused, with the hash that is here');
select is((select count(*) from public.photos where id = tests.id('one')), 1::bigint, 'one row');
select is(pg_temp.put('x', 'olga'), 'not_allowed report', 'an observer sends none');
select is(pg_temp.put('x', 'aud'), 'not_allowed report', 'nor an auditor');
select is(pg_temp.put('x', 'nora'), 'not_allowed report', 'nor a planner from elsewhere');
select is(pg_temp.put('x', 'past'), 'not_allowed report', 'nor whoever had a role once');
select throws_ok($$ select public.photo_known(tests.id('yunxi'), tests.id('one'), tests.id('person olga')) $$, 'PT403', 'not_allowed', 'asked first as well');
select is(public.photo_known(tests.id('yunxi'), tests.id('one'), tests.id('person finn')) ->> 'width', '40', 'known to its maker');
select is((select data ->> 'sha256' from public.events where subject_id = tests.id('one')), encode(sha256('one'), 'hex'), 'its hash is in the chain');

-- The server's entrance is the server's alone.
select tests.act_as('finn');
select throws_ok($$ select public.photo_put('{}') $$, '42501', null, 'nobody signed in puts rows');
select throws_ok($$ select public.photo_known(tests.id('yunxi'), tests.id('one'), tests.id('person finn')) $$, '42501', null, 'or asks as the server');
select tests.act_as('anon');
select throws_ok($$ select public.photo_file(tests.id('yunxi'), tests.id('one'), 'small') $$, '42501', null, 'nobody gets a file unknown');

-- Before it is attached it is its maker's.
select tests.act_as('finn');
select is(pg_temp.file('one', 'small'), tests.id('one'), 'the maker sees it');
select is(pg_temp.file('one', 'original'), tests.id('one'), 'and has the original');
select is((select count(*) from public.photos), 1::bigint, 'and its row');
select is((select count(*) from public.photo_claims), 0::bigint, 'but not what the file claims');
select tests.act_as('wang');
select is(pg_temp.file('one', 'small'), null, 'a neighbour does not');
select is((select count(*) from public.photos), 0::bigint, 'nor its row');
select tests.act_as('noah');
select is(pg_temp.file('one', 'small'), null, 'nor an inspector from elsewhere');
select is((select count(*) from public.photo_claims), 0::bigint, 'nor its claims');
select tests.act_as('ines');
select is((select camera from public.photo_claims), 'HUAWEI P50', 'an inspector reads the claims');

-- Attaching.
select tests.act_as('finn');
select is(tests.outcome('task.create', 'a', jsonb_build_object('category', 'TRASH', 'village_id', tests.id('baima'), 'photos', jsonb_build_array(tests.id('later')))),
	'held not_here_yet', 'a task waits for its photo');
select is((select count(*) from public.tasks where id = tests.id('a')), 0::bigint, 'and nothing of it is there');
select is(tests.outcome('task.create', 'a', jsonb_build_object('category', 'TRASH', 'village_id', tests.id('baima'), 'photos', jsonb_build_array(tests.id('one')))),
	'applied', 'with its photo it is made');
select is(pg_temp.before('a') ->> 'role', 'before', 'as the before photo');
select is(pg_temp.before('a') -> 'twins', null, 'who may not accept is told of no twins');
select is(tests.outcome('step.photo', 'a', jsonb_build_object('photos', (select jsonb_agg(gen_random_uuid()) from generate_series(1, 10)), 'role', 'other')),
	'refused too_many_photos', 'ten at once are too many');
select is(tests.outcome('step.photo', 'a', jsonb_build_object('photos', jsonb_build_array(tests.id('one')), 'role', 'after')), 'applied', 'attached twice');
select is((select string_agg(role::text, ',') from public.photo_links where step_id = tests.id('a')), 'before', 'it stays what it was: nothing is re-linked');
select tests.act_as('lei');
select is(tests.outcome('step.photo', 'a', jsonb_build_object('photos', jsonb_build_array(tests.id('one')), 'role', 'after')), 'refused not_your_photo', 'another''s photo is not mine to use');
select is(pg_temp.file('one', 'large'), tests.id('one'), 'members see what is attached');
select is(pg_temp.file('one', 'original'), null, 'not the original');
select tests.act_as('aud');
select is(pg_temp.file('one', 'original'), tests.id('one'), 'the auditor has the original');
select is(pg_temp.file('one', 'redact'), null, 'and covers nothing');
select tests.act_as('nora');
select is(pg_temp.file('one', 'small'), null, 'another township sees nothing');
select is(pg_temp.shown('a'), '[]', 'not even that there is one');

-- Nothing is replaced, deleted or re-linked, not even by the owner of the functions.
select tests.act_as('pan');
select throws_ok($$ update public.photos set sha256 = repeat('0', 64) $$, '42501', null, 'no update by hand');
select throws_ok($$ delete from public.photo_links $$, '42501', null, 'no delete by hand');
select throws_ok($$ insert into public.photo_links select * from public.photo_links $$, '42501', null, 'no link by hand');
select tests.act_as_owner();
select throws_ok($$ update public.photos set sha256 = repeat('0', 64) $$, '42501', 'photos is append-only', 'a file is not exchanged');
select throws_ok($$ delete from public.photos $$, '42501', 'photos is append-only', 'nor deleted');
select throws_ok($$ update public.photo_links set step_id = tests.id('b') $$, '42501', 'photo_links is append-only', 'a link is not moved');
select throws_ok($$ update public.photo_claims set lon = 0 $$, '42501', 'photo_claims is append-only', 'claims are not corrected');
select throws_ok($$ truncate public.photo_claims $$, '42501', 'photo_claims is append-only', 'nor emptied');

-- Twins: the same file, the same pixels, nearly the same look; told to who checks and to nobody else.
select isnt(pg_temp.put('same file', 'wang', jsonb_build_object('sha256', encode(sha256('one'), 'hex'))), null, 'the same file from another');
select isnt(pg_temp.put('same pixels', 'finn', jsonb_build_object('pixels_sha256', encode(sha256('pixels one'), 'hex'))), null, 'the same picture in other bytes');
select isnt(pg_temp.put('like', 'finn', '{"hashes": ["0123456789abcd10"]}'), null, 'one that differs in 8 bits of the last piece');
select isnt(pg_temp.put('alike', 'finn', '{"hashes": ["8123456789ab4dee"]}'), null, 'one that differs in 3 bits of two pieces');
select isnt(pg_temp.put('cut', 'finn', '{"hashes": ["fedcba9876543210", "0123456789abcdee"]}'), null, 'one of whose views is it');
select isnt(pg_temp.put('other', 'finn', '{"hashes": ["fedcba0076003210"]}'), null, 'one that is not');
select is((select string_agg(t.kind || ' ' || t.distance, ', ' order by t.kind, t.distance) from private.photo_twins t where t.photo_id = tests.id('one')),
	'like 1, like 3, same_file 0, same_pixels 0', 'found both ways, each as what it is');
select is((select count(*) from private.photo_twins t where t.other_id = tests.id('one')), 4::bigint, 'and from the other side');
select throws_ok($$ delete from private.photo_twins $$, '42501', 'photo_twins is append-only', 'a twin is not forgotten');
select tests.act_as('finn');
select is(tests.outcome('task.create', 'b', jsonb_build_object('category', 'TRASH', 'village_id', tests.id('baima'), 'photos', jsonb_build_array(tests.id('same pixels')))), 'applied', 'used for another task: never punished');
select is(tests.outcome('step.do', 'a', jsonb_build_object('photos', jsonb_build_array(tests.id('alike')))), 'applied', 'an after that looks like its own before: never punished');
select tests.act_as('ines');
select is((select jsonb_agg(x -> 'kind' order by x ->> 'kind') from jsonb_array_elements(pg_temp.before('a') -> 'twins') x), '["like", "same_pixels"]', 'the inspector is told');
select is(pg_temp.before('b') -> 'twins' -> 0 ->> 'taskId', tests.id('a')::text, 'and where it is from');

-- Covering.
select tests.act_as('wang');
select is(pg_temp.file('one', 'redact'), null, 'who may not report there covers nothing');
select tests.act_as('lei');
select is(pg_temp.file('one', 'redact'), tests.id('one'), 'who may report there does');
select tests.act_as_owner();
select isnt(pg_temp.put('covered', 'lei', jsonb_build_object('redacted_of', tests.id('one'), 'pixels_sha256', encode(sha256('pixels one'), 'hex'))), null, 'a copy with parts burnt over');
select is((select count(*) from private.photo_twins where other_id = tests.id('one') and photo_id = tests.id('covered')), 0::bigint, 'is no twin of its original');
select is(pg_temp.put('of nothing', 'lei', jsonb_build_object('redacted_of', tests.id('nobody'))), 'no_such_photo ', 'a copy of nothing is none');
select tests.act_as('lei');
select is(pg_temp.before('a') ->> 'id', tests.id('covered')::text, 'members see the copy');
select is(pg_temp.before('a') ->> 'redacted', 'true', 'marked as one');
select is(pg_temp.before('a') ->> 'originalId', null, 'and not what it is of');
select is(pg_temp.file('one', 'large'), tests.id('covered'), 'also under the old address');
select is(pg_temp.file('one', 'redact'), tests.id('covered'), 'and cover more of the copy');
select tests.act_as('ines');
select is(pg_temp.before('a') ->> 'originalId', tests.id('one')::text, 'the inspector finds the original');
select is(pg_temp.file('one', 'large'), tests.id('one'), 'and sees it');
select tests.act_as_owner();
select isnt(pg_temp.put('more', 'lei', jsonb_build_object('redacted_of', tests.id('covered'))), null, 'a copy of the copy');
select is((select redacted_of from public.photos where id = tests.id('more')), tests.id('one'), 'is a copy of what came');
select tests.act_as('olga');
select is(pg_temp.before('a') ->> 'id', tests.id('more')::text, 'the newest copy is shown');
select tests.act_as_owner();
select is((select (j ->> 'photo')::uuid from private.task_rows(tests.id('yunxi'), array[tests.id('a')])), tests.id('alike'), 'a list shows the after');
select tests.act_as('off');
select is(pg_temp.file('one', 'small'), null, 'a switched-off account sees nothing');
select * from finish();
rollback;
