-- The fences, put up over all tables at once, so that a new table cannot be forgotten: restrictive
-- policy (account on), guard triggers, policies of app_definer, and every grant there is.
-- Lite grants ALL to anon and authenticated on its first request where it owns the tables; the boot
-- logs it in as an owner of nothing and calls apply_privileges() afterwards all the same. Every later
-- migration ends with `select private.apply_privileges();`.

create function private.apply_privileges() returns void
language plpgsql set search_path = '' as $$
declare
	r record;
begin
	for r in
		select n.nspname, c.relname, c.oid from pg_catalog.pg_class c
		join pg_catalog.pg_namespace n on n.oid = c.relnamespace
		where n.nspname in ('public', 'private') and c.relkind in ('r', 'p')
	loop
		execute format('alter table %I.%I enable row level security', r.nspname, r.relname);
		execute format('revoke all on %I.%I from public, anon, authenticated, service_role', r.nspname, r.relname);
		execute format('grant select, insert, update on %I.%I to app_definer', r.nspname, r.relname);
		if not exists (select from pg_catalog.pg_policies where schemaname = r.nspname and tablename = r.relname and policyname = 'functions act') then
			execute format('create policy "functions act" on %I.%I for all to app_definer using (true) with check (true)', r.nspname, r.relname);
		end if;
		if r.nspname = 'public' then
			if not exists (select from pg_catalog.pg_policies where schemaname = 'public' and tablename = r.relname and policyname = 'only while the account is on') then
				execute format('create policy "only while the account is on" on public.%I as restrictive for all to authenticated using ((select private.account_is_on()))', r.relname);
			end if;
			execute format('grant select on public.%I to authenticated', r.relname);
		end if;
		if not exists (select from pg_catalog.pg_trigger where tgrelid = r.oid and tgname = 'a_guard_write') then
			execute format('create trigger a_guard_write before insert or update or delete on %I.%I for each row execute function private.guard_write()', r.nspname, r.relname);
		end if;
	end loop;

	-- Definer functions belong to app_definer; nothing is executable by default.
	for r in
		select p.oid::regprocedure as f, p.prosecdef, n.nspname, p.prorettype from pg_catalog.pg_proc p
		join pg_catalog.pg_namespace n on n.oid = p.pronamespace
		where n.nspname in ('public', 'private') and p.prokind = 'f'
			and not exists (select from pg_catalog.pg_depend d where d.objid = p.oid and d.deptype = 'e')
	loop
		if r.prosecdef then execute format('alter function %s owner to app_definer', r.f); end if;
		execute format('revoke all on function %s from public, anon, authenticated, service_role', r.f);
		execute format('grant execute on function %s to app_definer', r.f);
	end loop;
	grant usage on schema public, private, extensions to authenticated, app_definer;
	grant usage on schema public to anon;
	revoke create on schema public from public, anon, authenticated;

	-- What the Data API offers. Reading functions run under the caller's own rights.
	grant execute on function
		public.apply_op(jsonb), public.import_apply(jsonb), public.import_undo(uuid, uuid),
		public.progress_on(uuid, date), public.wall_map(uuid, date), public.things_on(uuid, date, integer),
		public.task_page(uuid, uuid, public.step_state, text, uuid, integer),
		public.thing(uuid, public.thing_kind, uuid), public.stuck(uuid), public.people_of(uuid), public.my_account(),
		public.verify_events(uuid), public.session_open(text), public.session_end(uuid),
		public.account_switch(uuid, boolean), public.membership_give(jsonb), public.membership_end(uuid),
		public.invite(jsonb), public.invitation_revoke(uuid), public.invitation_accept(text, text),
		public.township_create(jsonb), public.use_quota(text, integer)
	to authenticated;
	-- Before anybody is signed in, only the server itself asks.
	grant usage on schema public to service_role;
	grant execute on function public.invitation_peek(text), public.try_gate(text, text, text, integer) to service_role;
	-- What policies and reading functions call on the way.
	grant execute on function
		private.claims(), private.me(), private.session_id(), private.today(), private.my_person(),
		private.account_is_on(), private.my_memberships(), private.my_districts(), private.my_townships(),
		private.my_places(public.right_name), private.may(public.right_name, uuid), private.people_i_see(),
		private.may_join(text), private.shape_json(extensions.geometry), private.state_on(public.steps, date),
		private.step_json(public.steps)
	to authenticated;
	grant select on private.role_rights to authenticated;
end
$$;
select private.apply_privileges();

-- On Supabase the right to a live channel is a policy on realtime.messages; the embedded endpoint asks
-- the same function.
do $$
begin
	if to_regclass('realtime.messages') is not null then
		execute 'create policy "members listen to their townships" on realtime.messages for select to authenticated
			using (private.may_join(realtime.topic()))';
		execute 'create policy "members show their cursors" on realtime.messages for insert to authenticated
			with check (private.may_join(realtime.topic()))';
	end if;
end
$$;

-- Raw files of imports, private: only the server itself reads and writes them.
do $$
begin
	if to_regclass('storage.buckets') is not null then
		execute 'insert into storage.buckets (id, name, public) values (''imports'', ''imports'', false) on conflict (id) do nothing';
	end if;
end
$$;
