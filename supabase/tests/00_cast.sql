-- The cast of every database test: who holds which role where. Loaded once before the other files.
create schema if not exists tests;
grant usage on schema tests to anon, authenticated;

-- Fixed ids, so that a failing test names somebody: tests.id('finn').
create or replace function tests.id(p_name text) returns uuid
language sql immutable as $$ select md5('xiangtu:' || p_name)::uuid $$;

create or replace function tests.box(lon float, lat float) returns extensions.geometry
language sql immutable as $$
	select extensions.st_multi(extensions.st_makeenvelope(lon, lat, lon + 0.02, lat + 0.02, 4326))
$$;

create or replace function tests.village(p_name text, p_township text, lon float, lat float) returns void
language sql as $$
	insert into public.places (id, township_id, parent_id, level, name, geom, label, area)
	values (tests.id(p_name), tests.id(p_township), tests.id(p_township), 'village', p_name, tests.box(lon, lat),
		extensions.st_pointonsurface(tests.box(lon, lat)), private.area_of(tests.box(lon, lat)))
$$;

-- A person with one account and, where given, one role at one place.
create or replace function tests.person(p_name text, p_role public.role_name default null, p_place text default null) returns void
language plpgsql as $$
begin
	insert into public.persons (id, name) values (tests.id('person ' || p_name), p_name);
	insert into public.accounts (user_id, person_id, login) values (tests.id(p_name), tests.id('person ' || p_name), p_name);
	insert into public.account_sessions (id, user_id) values (tests.id('session ' || p_name), tests.id(p_name));
	if p_role is not null then
		insert into public.memberships (id, person_id, place_id, township_id, role)
		values (tests.id('membership ' || p_name), tests.id('person ' || p_name), tests.id(p_place),
			(select township_id from public.places where id = tests.id(p_place)), p_role);
	end if;
end
$$;

create or replace function tests.act_as(p_name text) returns void
language plpgsql as $$
begin
	perform set_config('role', case when p_name = 'anon' then 'anon' else 'authenticated' end, true);
	perform set_config('request.jwt.claim.sub', case when p_name = 'anon' then '' else tests.id(p_name)::text end, true);
	perform set_config('request.jwt.claims', case when p_name = 'anon' then '{"role":"anon"}' else jsonb_build_object(
		'sub', tests.id(p_name), 'role', 'authenticated', 'session_id', tests.id('session ' || p_name))::text end, true);
end
$$;

create or replace function tests.act_as_owner() returns void
language plpgsql as $$
begin
	perform set_config('role', 'none', true);
	perform set_config('request.jwt.claim.sub', '', true);
	perform set_config('request.jwt.claims', '', true);
end
$$;

-- One op in Yunxi by whoever acts; returns its whole answer.
create or replace function tests.op(p_kind text, p_target text, p_payload jsonb default '{}', p_op text default null, p_base integer default null, p_township text default 'yunxi') returns jsonb
language sql volatile as $$
	select public.apply_op(jsonb_build_object('op_id', tests.id(coalesce('op ' || p_op, gen_random_uuid()::text)), 'kind', p_kind,
		'township_id', tests.id(p_township), 'target', tests.id(p_target), 'base_version', p_base, 'payload', p_payload))
$$;

create or replace function tests.outcome(p_kind text, p_target text, p_payload jsonb default '{}', p_township text default 'yunxi') returns text
language sql volatile as $$
	select concat_ws(' ', r ->> 'outcome', r ->> 'reason')
	from (select tests.op(p_kind, p_target, p_payload, null, null, p_township) r) x
$$;

do $$
begin
	insert into public.places (id, level, name) values (tests.id('district'), 'district', '示例区'), (tests.id('far district'), 'district', '远方区');
	insert into public.places (id, township_id, parent_id, level, name) values
		(tests.id('yunxi'), tests.id('yunxi'), tests.id('district'), 'township', '云溪镇'),
		(tests.id('lushan'), tests.id('lushan'), tests.id('far district'), 'township', '鹿山镇');
	perform tests.village('baima', 'yunxi', 110.80, 32.60);
	perform tests.village('guqing', 'yunxi', 110.82, 32.60);
	perform tests.village('shiqiao', 'lushan', 110.90, 32.60);
	perform tests.person('finn', 'field', 'baima');
	perform tests.person('wang', 'field', 'guqing');
	perform tests.person('lei', 'contact', 'baima');
	perform tests.person('carl', 'contact', 'guqing');
	perform tests.person('pan', 'planner', 'yunxi');
	perform tests.person('ines', 'inspector', 'yunxi');
	perform tests.person('adam', 'admin', 'yunxi');
	perform tests.person('aud', 'auditor', 'yunxi');
	perform tests.person('olga', 'observer', 'district');
	perform tests.person('otto', 'observer', 'far district');
	perform tests.person('nora', 'planner', 'lushan');
	perform tests.person('noah', 'inspector', 'lushan');
	perform tests.person('past', 'planner', 'yunxi');
	perform tests.person('off', 'planner', 'yunxi');
	perform tests.person('loner');
	-- A second account of the same person.
	insert into public.accounts (user_id, person_id, login) values (tests.id('ines again'), tests.id('person ines'), 'ines again');
	insert into public.account_sessions (id, user_id) values (tests.id('session ines again'), tests.id('ines again'));
	update public.accounts set ended_at = now() where login = 'off';
	update public.memberships set valid_from = '2020-01-01', valid_to = '2021-01-01' where id = tests.id('membership past');
end
$$;
grant execute on all functions in schema tests to anon, authenticated;
