-- Links without an account: who makes them, what a door opens, what ends it, and that nothing stands anywhere in clear.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(117);

-- Content of its own, so that this file is about links alone.
create or replace function private.share_content(t uuid, p_kind text, p_subject uuid, p_options jsonb) returns jsonb
language sql stable set search_path = '' as $$
	select case when p_kind = 'village' then (select jsonb_build_object('title', p.name, 'people', p.people, 'photos', coalesce(
			(select jsonb_agg(jsonb_build_object('id', o.id, 'role', 'other') order by o.id) from public.photos o where o.township_id = t and o.redacted_of is null), '[]'))
		from public.places p where p.id = p_subject) when p_kind = 'township' then '{"title": "all", "photos": []}'::jsonb end
$$;
revoke all on function private.share_content(uuid, text, uuid, jsonb) from public;
grant execute on function private.share_content(uuid, text, uuid, jsonb) to app_definer;
create function pg_temp.photo(p_name text, p_of text default null) returns void language sql as $$
	select public.photo_put(jsonb_build_object('township_id', tests.id('yunxi'), 'id', tests.id(p_name), 'person', tests.id('person finn'),
		'sha256', encode(sha256(convert_to(p_name, 'UTF8')), 'hex'), 'pixels_sha256', encode(sha256(convert_to('p' || p_name, 'UTF8')), 'hex'),
		'format', 'jpeg', 'bytes', 1000, 'width', 40, 'height', 30, 'redacted_of', tests.id(p_of)))
$$;
create function pg_temp.hex(p text) returns text language sql as $$ select encode(sha256(convert_to(p, 'UTF8')), 'hex') $$;
create function pg_temp.seal(p_name text, p_who text default 'pan', p_passcode text default null, p_looked text[] default '{}', p_secret boolean default true) returns text
language plpgsql as $$
declare v text;
begin
	perform public.share_seal(jsonb_strip_nulls(jsonb_build_object('township_id', tests.id('yunxi'), 'person', tests.id('person ' || p_who), 'id', tests.id('seal ' || p_name),
		'sha256', case when p_secret then pg_temp.hex('secret ' || p_name) end,
		'salt', case when p_passcode is not null then left(pg_temp.hex('salt'), 32) end, 'passcode', pg_temp.hex(p_passcode),
		'findings', '[{"code": "photo", "looked": true}]'::jsonb, 'looked', (select jsonb_agg(tests.id(x)) from unnest(p_looked) x))));
	return 'sealed';
exception when sqlstate 'PT403' then get stacked diagnostics v = message_text; return v;
end
$$;
create function pg_temp.make(p_name text, p jsonb default '{}') returns text language sql as $$
	select tests.outcome('share.create', p_name, jsonb_build_object('seal', tests.id('seal ' || p_name), 'kind', 'village', 'subject', tests.id('baima'),
		'title', '白马村', 'days', 30) || p)
$$;
create function pg_temp.pub(p_name text) returns text language sql security definer as $$ select public_id from public.shares where id = tests.id(p_name) $$;
create function pg_temp.open(p_name text, p_door text, p_passcode text default null, p_reader text default 'r1', p_secret text default null) returns text language sql as $$
	select public.share_open(jsonb_build_object('public_id', pg_temp.pub(p_name), 'sha256', pg_temp.hex(coalesce(p_secret, 'secret ' || p_name)),
		'passcode', pg_temp.hex(p_passcode), 'door', pg_temp.hex(p_door), 'reader', pg_temp.hex(p_reader), 'device', 'wechat phone')) ->> 'outcome'
$$;
create function pg_temp.read(p_name text, p_door text) returns text language plpgsql as $$
declare v text;
begin
	return public.share_read(pg_temp.pub(p_name), p_door) -> 'content' ->> 'title';
exception when sqlstate 'PT403' then get stacked diagnostics v = message_text; return v;
end
$$;
create function pg_temp.file(p_name text, p_door text, p_photo text) returns uuid language plpgsql as $$
begin
	return (public.share_photo(pg_temp.pub(p_name), p_door, tests.id(p_photo)) ->> 'id')::uuid;
exception when sqlstate 'PT403' then return tests.id('closed');
end
$$;
grant execute on all functions in schema pg_temp to authenticated;
select tests.act_as_owner();
select pg_temp.photo('one');

-- ── who makes one ──
select is(pg_temp.seal('a', 'finn'), 'not_allowed', 'nothing is sealed for a field worker');
select is(pg_temp.seal('a', 'nora'), 'not_allowed', 'nor for the neighbour''s planner');
select is(pg_temp.seal('a', 'off'), 'not_allowed', 'nor for an account that is off');
select is(pg_temp.seal('a', 'past'), 'not_allowed', 'nor for who planned here once');
select is(pg_temp.seal('a', 'adam'), 'not_allowed', 'nor for who only manages');
select is(pg_temp.seal('blind'), 'sealed', 'for a planner it is');
select is(pg_temp.seal('a', p_looked => '{one}'), 'sealed', 'with what was looked at');
select tests.act_as('finn');
select is(pg_temp.make('a'), 'refused not_allowed', 'a field worker makes no link');
select tests.act_as('aud');
select is(pg_temp.make('a'), 'refused not_allowed', 'nor an auditor');
select tests.act_as('nora');
select is(pg_temp.make('a'), 'refused not_allowed', 'nor somebody from elsewhere');
select tests.act_as('pan');
select is(pg_temp.make('nothing'), 'refused not_looked_at', 'without a seal there is none');
select is(pg_temp.make('blind'), 'refused not_looked_at', 'a photo that nobody looked at does not leave');
select is(pg_temp.make('a', '{"days": 181}'), 'refused bad_value', 'at most 180 days');
select is(pg_temp.make('a', '{"days": 0}'), 'refused bad_value', 'at least one');
select is(pg_temp.make('a', '{"days": null}'), 'refused bad_value', 'it always ends');
select is(pg_temp.make('a', jsonb_build_object('subject', tests.id('shiqiao'))), 'held not_here_yet', 'nothing of another township');
select is(pg_temp.make('a', '{"kind": "township"}'), 'held not_here_yet', 'a village is no township');
select is(pg_temp.make('a', jsonb_build_object('picture', tests.id('elsewhere'))), 'refused bad_value', 'no picture that is not in it');
select is(pg_temp.make('a', '{"title": "张三 110105 19491231 002X"}'), 'refused personal_numbers', 'no identity number leaves');
select is(pg_temp.make('a', '{"answers": true}'), 'applied', 'a planner makes a link');
select is(tests.outcome('share.create', 'twice', jsonb_build_object('seal', tests.id('seal a'), 'kind', 'village', 'subject', tests.id('baima'), 'title', 'x', 'days', 1)),
	'refused exists_already', 'a secret is for one link');
select matches(pg_temp.pub('a'), '^[a-z2-9]{10}$', 'its address has ten signs');
select is((select count(*)::integer from public.events where subject_kind = 'share' and data::text like '%' || tests.id('seal a') || '%'), 1, 'the log names the seal');
select is((select count(*)::integer from public.events where data::text like '%' || pg_temp.hex('secret a') || '%'), 0, 'and no hash of the secret');
select is(jsonb_array_length(public.shares_page(tests.id('yunxi')) -> 'shares'), 1, 'the planner sees it');
select is(public.shares_page(tests.id('yunxi')) -> 'shares' -> 0 ->> 'open', 'true', 'open');
select is(public.shares_page(tests.id('yunxi')) -> 'shares' -> 0 -> 'findings' -> 0 ->> 'code', 'photo', 'with what was found before it left');
select throws_ok($$ select * from private.share_seals $$, '42501', null, 'nobody reads seals');
select throws_ok($$ select * from private.share_doors $$, '42501', null, 'nor doors');
select throws_ok($$ select * from private.share_snapshots $$, '42501', null, 'nor snapshots by hand');
select throws_ok($$ select private.share_content(tests.id('yunxi'), 'township', tests.id('yunxi'), '{}') $$, '42501', null, 'nor asks for content past the fences');
select throws_ok($$ select public.share_read('x', 'y') $$, '42501', null, 'readers'' functions are the server''s');
select throws_ok($$ select public.share_open('{}') $$, '42501', null, 'so is opening');
select throws_ok($$ select public.share_seal('{}') $$, '42501', null, 'and sealing');
select throws_ok($$ select public.share_photo('x', 'y', null) $$, '42501', null, 'and photos');
select throws_ok($$ select public.share_card('x') $$, '42501', null, 'and cards');
select throws_ok($$ select public.share_salt('x') $$, '42501', null, 'and salts');
select throws_ok($$ update public.shares set expires_at = now() + interval '1 year' $$, null, null, 'no hand changes a link');
select throws_ok($$ insert into public.share_looks (township_id, id, share_id, what) values (tests.id('yunxi'), tests.id('l'), tests.id('a'), 'opened') $$, null, null, 'nor its log');
select tests.act_as('aud');
select is((select count(*)::integer from public.shares), 1, 'an auditor sees it');
select is((select count(*)::integer from public.events where subject_kind = 'share'), 1, 'and its log');
select is(tests.outcome('share.revoke', 'a', '{}'), 'refused not_allowed', 'and does not take it back');
select tests.act_as('finn');
select is((select count(*)::integer from public.shares), 0, 'a field worker sees none');
select is((select count(*)::integer from public.events where subject_kind = 'share'), 0, 'nor what the log says of it');
select is(public.shares_page(tests.id('yunxi')), null, 'nor the page');
select is(tests.outcome('share.revoke', 'a', '{}'), 'refused not_allowed', 'nor takes it back');
select is(tests.outcome('share.edit', 'a', '{"days": 3}'), 'refused not_allowed', 'nor changes it');
select is(tests.outcome('share.undo', 'a', '{}'), 'refused not_allowed', 'nor undoes it');
select tests.act_as('nora');
select is((select count(*)::integer from public.shares), 0, 'the neighbour sees none');
select is(public.shares_page(tests.id('yunxi')), null, 'nor the page');
select is(tests.outcome('share.revoke', 'a', '{}'), 'refused not_allowed', 'nor takes it back');

-- ── the door ──
select tests.act_as_owner();
select is(pg_temp.open('a', 'd0', p_secret => 'guess'), 'closed', 'a wrong secret opens nothing');
select is((select failed_count from public.shares where id = tests.id('a')), 0, 'and locks nobody out');
select is(pg_temp.open('a', 'd1'), 'opened', 'the secret opens');
select is(pg_temp.read('a', 'd1'), 'baima', 'and the door shows the content');
select is(pg_temp.read('a', 'd2'), 'share_closed', 'another door does not');
select is(pg_temp.read('a', null), 'share_closed', 'nor none');
select is(public.share_read(pg_temp.pub('a'), 'd1') ->> 'lastLook', null, 'the first look has none before it');
select is(pg_temp.open('a', 'd3'), 'opened', 'the same reader again');
select isnt(public.share_read(pg_temp.pub('a'), 'd3') ->> 'lastLook', null, 'has looked before');
select is(public.share_read(pg_temp.pub('a'), 'd1') ->> 'lastLook', null, 'while the first door goes on as it was');
select is(pg_temp.open('a', 'd4', p_reader => 'r2'), 'opened', 'another reader');
select is((select array_agg(reader order by at) from public.share_looks where share_id = tests.id('a')), '{1,1,2}'::integer[], 'readers are numbered');
select is((select opened_count from public.shares where id = tests.id('a')), 3, 'openings counted');
select is(pg_temp.file('a', 'd1', 'one'), tests.id('one'), 'a photo of the page');
select pg_temp.photo('two');
select is(pg_temp.file('a', 'd1', 'two'), null, 'one that came later is not');
select is(pg_temp.file('a', 'd9', 'one'), tests.id('closed'), 'nor any without a door');
select pg_temp.photo('one covered', 'one');
select is(pg_temp.file('a', 'd1', 'one'), tests.id('one covered'), 'what was covered since goes out covered');
update public.places set people = 999 where id = tests.id('baima');
select is(public.share_read(pg_temp.pub('a'), 'd1') -> 'content' ->> 'people', null, 'a snapshot stays as it was');
select is(public.share_card(pg_temp.pub('a')), null, 'no picture on cards unless allowed');
select is(public.share_card('aaaaaaaaaa'), null, 'nor of unknown links');
update private.share_doors set expires_at = now() - interval '1 second' where sha256 = sha256('d4');
select is(pg_temp.read('a', 'd4'), 'share_closed', 'a door is open for two hours');

-- ── live ──
select is(pg_temp.seal('l', p_looked => '{one,two}'), 'sealed', 'another');
select tests.act_as('pan');
select is(pg_temp.make('l', jsonb_build_object('live', true, 'picture', tests.id('one'))), 'applied', 'a live one with a picture');
select tests.act_as_owner();
select is((public.share_card(pg_temp.pub('l')) ->> 'id')::uuid, tests.id('one covered'), 'the picture is allowed, covered');
select is(pg_temp.open('l', 'e1'), 'opened', 'opened');
select is(public.share_read(pg_temp.pub('l'), 'e1') -> 'content' ->> 'people', '999', 'shows what is now');
update public.places set name = '卡号 6222 0200 0000 0000 018' where id = tests.id('baima');
select unalike(public.share_read(pg_temp.pub('l'), 'e1') ->> 'content', '%6222%', 'a bank number written since is covered');
update public.places set name = 'baima' where id = tests.id('baima');
select pg_temp.photo('three');
select is(jsonb_array_length(public.share_read(pg_temp.pub('l'), 'e1') -> 'content' -> 'photos'), 2, 'a later photo waits for a look');
select is(pg_temp.file('l', 'e1', 'three'), null, 'and is not served');
select is(pg_temp.file('l', 'e1', 'two'), tests.id('two'), 'others are');
select tests.act_as('pan');
select is(tests.outcome('share.edit', 'l', jsonb_build_object('looked', jsonb_build_array(tests.id('three')))), 'applied', 'somebody looks');
select tests.act_as_owner();
select is(jsonb_array_length(public.share_read(pg_temp.pub('l'), 'e1') -> 'content' -> 'photos'), 3, 'then it is shown');

-- ── passcode ──
select is(pg_temp.seal('p', p_passcode => '246810', p_looked => '{one,two,three}'), 'sealed', 'with a passcode');
select tests.act_as('pan');
select is(pg_temp.make('p'), 'applied', 'made');
select tests.act_as_owner();
select is(public.share_salt(pg_temp.pub('p')), left(pg_temp.hex('salt'), 32), 'its salt');
select is(length(public.share_salt('aaaaaaaaaa')), 32, 'and one of the same length for what is not there');
select is(pg_temp.open('p', 'f1'), 'no_passcode', 'not without it');
select is((select failed_count from public.shares where id = tests.id('p')), 0, 'which is no failure');
select is(pg_temp.open('p', 'f1', '246810'), 'opened', 'with it');
select is((select string_agg(pg_temp.open('p', 'x', 'n' || i), ' ' order by i) from generate_series(1, 10) i), 'wrong wrong wrong wrong wrong wrong wrong wrong wrong locked', 'ten wrong ones lock it');
select is(pg_temp.open('p', 'f2', '246810'), 'locked', 'then the right one does not open either');
select is(pg_temp.read('p', 'f1'), 'baima', 'who is in stays in');
update public.shares set locked_until = now() - interval '1 second' where id = tests.id('p');
select is(pg_temp.open('p', 'f3', '246810'), 'opened', 'after the lock it does');
select tests.act_as('pan');
select is(tests.outcome('share.edit', 'p', '{"days": 181}'), 'refused bad_value', 'never longer than 180 days');
select is(tests.outcome('share.edit', 'p', '{"days": 180}'), 'applied', 'made longer');
select tests.act_as_owner();
select is((select count(*)::integer from (select pg_temp.open('p', 'x', 'm' || i) as r from generate_series(1, 40) i) y where r = 'revoked'), 1, 'fifty wrong ones take it back');
select is((select revoked_why from public.shares where id = tests.id('p')), 'passcode', 'and say why');
select is(pg_temp.open('p', 'f4', '246810'), 'closed', 'for good');
select is(pg_temp.read('p', 'f1'), 'share_closed', 'for all');
select is((select count(*)::integer from public.events where action = 'share.revoked'), 1, 'its owner is told once');
select tests.act_as('pan');
select is(tests.outcome('share.edit', 'p', '{"days": 3}'), 'refused share_closed', 'it does not come back');

-- ── what ends it at once ──
select tests.act_as_owner();
select is((select count(*)::integer from (
	select 1 from (values (1)) v where pg_temp.read('a', 'd1') = 'baima') x), 1, 'open before');
update public.shares set expires_at = now() - interval '1 second' where id = tests.id('a');
select is(pg_temp.read('a', 'd1') || ' ' || pg_temp.open('a', 'g'), 'share_closed closed', 'its day');
update public.shares set expires_at = now() + interval '9 days' where id = tests.id('a');
update public.memberships set valid_to = private.today() where id = tests.id('membership pan');
select is(pg_temp.read('a', 'd1') || ' ' || pg_temp.open('a', 'g'), 'share_closed closed', 'its maker plans here no longer');
update public.memberships set valid_to = null where id = tests.id('membership pan');
update public.places set archived_at = now() where id = tests.id('yunxi');
select is(pg_temp.read('a', 'd1') || ' ' || pg_temp.open('a', 'g'), 'share_closed closed', 'the township is closed');
update public.places set archived_at = null where id = tests.id('yunxi');
select is(pg_temp.seal('new'), 'sealed', 'a new secret');
select tests.act_as('pan');
select is(tests.outcome('share.edit', 'a', jsonb_build_object('secret', tests.id('seal new'))), 'applied', 'the link is made anew');
select tests.act_as_owner();
select is(pg_temp.read('a', 'd1') || ' ' || pg_temp.open('a', 'g') || ' ' || pg_temp.open('a', 'h', p_secret => 'secret new'), 'share_closed closed opened', 'the old one and its doors end');
select tests.act_as('pan');
select is(tests.outcome('share.undo', 'a', '{}'), 'applied', 'what was done through it is undone');
select is(tests.outcome('share.revoke', 'a', '{"note": "发错了"}'), 'applied', 'taken back');
select is(tests.outcome('share.revoke', 'a', '{}'), 'refused share_closed', 'once');
select tests.act_as_owner();
select is(pg_temp.read('a', 'h') || ' ' || pg_temp.open('a', 'g', p_secret => 'secret new') || coalesce(pg_temp.file('a', 'h', 'one')::text, ''), 'share_closed closed' || tests.id('closed'), 'the next request gets nothing');
select is(public.share_card(pg_temp.pub('a')), null, 'nor a card');
select throws_ok($$ update private.share_seals set sha256 = null $$, '42501', null, 'seals stay');
select throws_ok($$ update private.share_snapshots set content = '{}' $$, '42501', null, 'snapshots stay');
select throws_ok($$ delete from public.share_looks $$, '42501', null, 'looks stay');
select * from finish();
rollback;
