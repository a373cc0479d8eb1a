begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(22);

-- What must hold for every table and function, so that a new one cannot be forgotten.
select is_empty($$ select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
	where n.nspname in ('public', 'private') and c.relkind in ('r', 'p') and not c.relrowsecurity $$, 'row level security is on everywhere');
select is_empty($$ select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
	where n.nspname = 'public' and c.relkind = 'r' and not exists (select from pg_policies p
		where p.schemaname = 'public' and p.tablename = c.relname and p.permissive = 'RESTRICTIVE' and 'authenticated' = any (p.roles)) $$,
	'every table asks whether the account is on');
select is_empty($$ select tablename, policyname from pg_policies where schemaname in ('public', 'private')
	and ('public' = any (roles) or 'anon' = any (roles)) $$, 'no policy is for everybody');
select is_empty($$ select tablename, policyname from pg_policies where schemaname = 'public' and cmd <> 'SELECT'
	and 'authenticated' = any (roles) and permissive = 'PERMISSIVE' $$, 'people only read');
select is_empty($$ select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
	where n.nspname in ('public', 'private') and c.relkind = 'r' and not exists (select from pg_trigger t
		where t.tgrelid = c.oid and t.tgname = 'a_guard_write' and t.tgenabled = 'O') $$, 'every table has its second fence');
select is_empty($$ select p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
	where n.nspname in ('public', 'private') and p.prosecdef and pg_get_userbyid(p.proowner) <> 'app_definer' $$, 'definer functions belong to app_definer');
select is_empty($$ select p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
	where n.nspname in ('public', 'private') and not coalesce(p.proconfig::text like '%search_path=%', false) $$, 'every function has a search path of its own');
select is_empty($$ select p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
	where n.nspname in ('public', 'private') and has_function_privilege('anon', p.oid, 'execute') $$, 'a stranger may call nothing');
select is((select array[rolsuper, rolbypassrls, rolcanlogin] from pg_roles where rolname = 'app_definer'), array[false, false, false], 'app_definer is nobody special');
select is_empty($$ select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
	where n.nspname in ('public', 'private') and (c.relkind = 'p' or exists (select from pg_inherits i where i.inhrelid = c.oid)) $$,
	'no partitions or inheritance under row level security');
select is_empty($$ select c.relname, a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid
	join pg_namespace n on n.oid = c.relnamespace
	where n.nspname = 'public' and c.relkind = 'r' and a.atttypid = 'text'::regtype and a.attnum > 0 and not a.attisdropped
		and not exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'c' and a.attnum = any (k.conkey)) $$,
	'every text has a limit');
select is_empty($$ select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
	where n.nspname = 'public' and c.relkind = 'v' and not coalesce(c.reloptions::text like '%security_invoker=true%', false) $$, 'views run as their reader');

-- The second fence holds where the first two are taken away.
create policy "too wide" on public.steps for all to authenticated using (true) with check (true);
grant all on public.steps, public.acceptances, public.progress, public.memberships to authenticated;
create policy "too wide" on public.memberships for all to authenticated using (true) with check (true);
create policy "too wide" on public.progress for all to authenticated using (true) with check (true);
select tests.act_as('pan');
select is(tests.outcome('task.create', 'f1', jsonb_build_object('village_id', tests.id('baima'))), 'applied', 'something to attack');
select throws_ok($$ update public.steps set state = 'proven', proven_how = 'on_site' where true $$, '42501', null, 'no fact by hand');
select throws_ok($$ insert into public.memberships (id, person_id, place_id, role) values (gen_random_uuid(), tests.id('person pan'), tests.id('yunxi'), 'admin') $$, '42501', null, 'no role by hand');
select throws_ok($$ update public.progress set proven = 99 where true $$, '42501', null, 'no count by hand');
select throws_ok($$ delete from public.steps $$, '42501', null, 'no deletion by hand');

select tests.act_as_owner();
select throws_ok($$ update public.events set action = 'x' $$, '42501', null, 'not even the owner changes an event by accident');
select throws_ok($$ truncate public.events $$, '42501', null, 'nor empties them');

-- A new table without a policy gives nothing.
create table public.scratch (id uuid primary key, name text);
insert into public.scratch values (gen_random_uuid(), 'secret');
select private.apply_privileges();
select tests.act_as('pan');
select is((select count(*) from public.scratch), 0::bigint, 'a table without a policy shows nothing');
select tests.act_as('off');
select is((select count(*) from public.places), 0::bigint, 'a switched-off account sees nothing');
select tests.act_as('past');
select is((select count(*) from public.tasks), 0::bigint, 'a role that is over sees nothing');
select * from finish();
rollback;
