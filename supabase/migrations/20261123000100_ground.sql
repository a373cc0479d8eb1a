-- The ground: where helpers live, who owns the functions that may write, and who is asking.
-- Runs unchanged on the embedded PGlite, on PostgreSQL 15+ with PostGIS, and on Supabase.

create schema if not exists extensions;
create extension if not exists postgis with schema extensions;
create schema if not exists private;

-- Owner of every function that writes: neither superuser nor BYPASSRLS, nobody logs in as it.
do $$
begin
	if not exists (select from pg_catalog.pg_roles where rolname = 'app_definer') then
		create role app_definer nologin;
	end if;
end
$$;
grant app_definer to current_user;
grant usage, create on schema public, private to app_definer;
grant usage on schema extensions to app_definer;

create type public.place_level as enum ('district', 'township', 'village', 'group');
create type public.role_name as enum (
	'observer', 'field', 'contact', 'inspector', 'planner', 'admin', 'auditor'
);
create type public.right_name as enum ('see', 'report', 'plan', 'prove', 'manage', 'audit');
create type public.thing_kind as enum ('task', 'project', 'plan');
create type public.step_state as enum ('found', 'said', 'done', 'proven', 'dropped');
create type public.proof_how as enum ('on_site', 'desk', 'ledger');
create type public.blocker_kind as enum ('approval', 'money', 'person', 'land', 'weather', 'other');
create type public.op_outcome as enum ('applied', 'already', 'conflict', 'held', 'refused');

-- Hosted Supabase sets request.jwt.claims, Lite sets request.jwt.claim.sub as well: the body of
-- auth.uid(), kept here so that app_definer needs no right on the schema auth.
create function private.claims() returns jsonb
language sql stable set search_path = '' as $$
	select coalesce(nullif(current_setting('request.jwt.claims', true), '')::jsonb, '{}'::jsonb)
$$;

create function private.me() returns uuid
language sql stable set search_path = '' as $$
	select coalesce(
		nullif(current_setting('request.jwt.claim.sub', true), ''),
		private.claims() ->> 'sub'
	)::uuid
$$;

create function private.session_id() returns uuid
language sql stable set search_path = '' as $$
	select nullif(private.claims() ->> 'session_id', '')::uuid
$$;

-- Deadlines and days are those of the township's wall clock; the whole country keeps one.
create function private.today() returns date
language sql stable set search_path = '' as $$
	select (now() at time zone 'Asia/Shanghai')::date
$$;

-- UUID version 7 (RFC 9562 5.7): milliseconds first, so that ids sort by time. For rows that the
-- server makes; everything a person makes brings its own id.
create function private.new_id() returns uuid
language sql volatile set search_path = '' as $$
	select encode(
		set_bit(set_bit(
			overlay(
				uuid_send(gen_random_uuid())
				placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
				from 1 for 6
			), 52, 1), 53, 1), 'hex')::uuid
$$;

-- A refusal of ours: `code` is a word the page translates, `detail` says where. SQLSTATE PT403 is what both
-- PostgREST and Lite answer with status 403.
create function private.refuse(p_code text, p_detail text default null) returns void
language plpgsql set search_path = '' as $$
begin
	raise exception '%', p_code using errcode = 'PT403', detail = coalesce(p_detail, '');
end
$$;

-- Second fence on every table: even where a grant and a policy were too wide, only the functions
-- of app_definer (and the owner of the database) write. The triggers are attached at the end.
create function private.guard_write() returns trigger
language plpgsql set search_path = '' as $$
begin
	if current_user in ('anon', 'authenticated', 'service_role') then
		raise exception 'written only through functions' using errcode = '42501';
	end if;
	return coalesce(new, old);
end
$$;

-- For what is a record of what happened: nobody changes it, not even our own functions.
create function private.guard_append_only() returns trigger
language plpgsql set search_path = '' as $$
begin
	raise exception '% is append-only', tg_table_name using errcode = '42501';
end
$$;
