-- What the Data API offers and which op is played by which function, as data: a later migration adds
-- rows instead of writing the whole list again.

create table private.offers (
	signature text primary key,
	to_role text not null check (to_role in ('authenticated', 'service_role'))
);
insert into private.offers (signature, to_role)
select s, 'authenticated' from unnest(array[
	'public.apply_op(jsonb)', 'public.import_apply(jsonb)', 'public.import_undo(uuid, uuid)',
	'public.progress_on(uuid, date)', 'public.wall_map(uuid, date)', 'public.things_on(uuid, date, integer)',
	'public.task_page(uuid, uuid, public.step_state, text, uuid, integer)',
	'public.thing(uuid, public.thing_kind, uuid)', 'public.stuck(uuid)', 'public.people_of(uuid)', 'public.my_account()',
	'public.verify_events(uuid)', 'public.session_open(text)', 'public.session_end(uuid)',
	'public.account_switch(uuid, boolean)', 'public.membership_give(jsonb)', 'public.membership_end(uuid)',
	'public.invite(jsonb)', 'public.invitation_revoke(uuid)', 'public.invitation_accept(text, text)',
	'public.township_create(jsonb)', 'public.use_quota(text, integer)',
	-- What policies and reading functions call on the way.
	'private.claims()', 'private.me()', 'private.session_id()', 'private.today()', 'private.my_person()',
	'private.account_is_on()', 'private.my_memberships()', 'private.my_districts()', 'private.my_townships()',
	'private.my_places(public.right_name)', 'private.may(public.right_name, uuid)', 'private.people_i_see()',
	'private.may_join(text)', 'private.shape_json(extensions.geometry)', 'private.state_on(public.steps, date)',
	'private.step_json(public.steps)'
]) s
union all
-- Before anybody is signed in, only the server itself asks.
select s, 'service_role' from unnest(array[
	'public.invitation_peek(text)', 'public.try_gate(text, text, text, integer)'
]) s;

create or replace function private.apply_privileges() returns void
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
		select p.oid::regprocedure as f, p.prosecdef from pg_catalog.pg_proc p
		join pg_catalog.pg_namespace n on n.oid = p.pronamespace
		where n.nspname in ('public', 'private') and p.prokind = 'f'
			and not exists (select from pg_catalog.pg_depend d where d.objid = p.oid and d.deptype = 'e')
	loop
		if r.prosecdef then execute format('alter function %s owner to app_definer', r.f); end if;
		execute format('revoke all on function %s from public, anon, authenticated, service_role', r.f);
		execute format('grant execute on function %s to app_definer', r.f);
	end loop;
	grant usage on schema public, private, extensions to authenticated, app_definer;
	grant usage on schema public to anon, service_role;
	revoke create on schema public from public, anon, authenticated;
	-- An offer of a function that is gone is a mistake and stops here.
	for r in select signature, to_role from private.offers loop
		execute format('grant execute on function %s to %I', r.signature, r.to_role);
	end loop;
	grant select on private.role_rights to authenticated;
end
$$;

-- Which function plays an op. `takes`: whether it wants the version the maker saw, the op's id, or both.
create table private.op_kinds (
	kind text primary key,
	fn name not null,
	takes text not null default 'both' check (takes in ('base', 'op', 'both'))
);
insert into private.op_kinds (kind, fn, takes) values
	('task.create', 'op_task_create', 'op'), ('task.edit', 'op_task_edit', 'base'),
	('project.create', 'op_project_create', 'op'), ('project.edit', 'op_project_edit', 'base'),
	('plan.create', 'op_plan_create', 'op'), ('plan.edit', 'op_plan_edit', 'base'),
	('place.edit', 'op_place_edit', 'base'),
	('step.say', 'op_say', 'base'), ('step.do', 'op_do', 'base'), ('step.withdraw', 'op_withdraw', 'base'),
	('step.prove', 'op_prove', 'base'), ('step.return', 'op_return', 'base'), ('step.reopen', 'op_reopen', 'base'),
	('step.drop', 'op_drop', 'base'), ('step.block', 'op_block', 'base'), ('step.unblock', 'op_unblock', 'base'),
	('step.evidence', 'op_evidence', 'base');

create or replace function private.play(k text, t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o private.op_kinds;
	result jsonb;
begin
	select * into o from private.op_kinds where kind = k;
	if o.kind is null then perform private.refuse('no_such_op', left(k, 60)); end if;
	execute format('select private.%I($1, $2, $3, %s)', o.fn,
		case o.takes when 'base' then '$4' when 'op' then '$5' else '$4, $5' end)
	into result using t, target, p, base, op;
	return result;
end
$$;

-- What an op speaks of has not arrived yet: nothing of it is kept, and it may be sent again.
create function private.not_here_yet() returns void
language plpgsql set search_path = '' as $$
begin
	raise exception 'not_here_yet' using errcode = '23503';
end
$$;
-- Applies one op, as before; the event now also carries what the function decided.
create or replace function public.apply_op(p_op jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
	me uuid := private.my_person();
	v_op uuid;
	t uuid;
	target uuid;
	k text := coalesce(p_op ->> 'kind', '');
	body jsonb := coalesce(p_op -> 'payload', '{}');
	base integer;
	digest bytea;
	past public.ops;
	result jsonb;
	v_outcome public.op_outcome := 'applied';
	v_seq bigint;
	v_code text; v_detail text; v_hint text; v_table text;
	v_device timestamptz;
begin
	if me is null then raise exception 'signed_out' using errcode = '42501'; end if;
	begin
		v_op := (p_op ->> 'op_id')::uuid;
		t := (p_op ->> 'township_id')::uuid;
		target := (p_op ->> 'target')::uuid;
		base := (p_op ->> 'base_version')::integer;
	exception when others then
		return jsonb_build_object('outcome', 'refused', 'reason', 'bad_op');
	end;
	begin
		v_device := (p_op ->> 'device_time')::timestamptz;
	exception when others then v_device := null;
	end;
	if v_op is null or t is null or target is null or jsonb_typeof(body) <> 'object' then
		return jsonb_build_object('outcome', 'refused', 'reason', 'bad_op');
	end if;
	if pg_column_size(p_op) > 1048576 or pg_column_size(body - 'geometry') > 60000 then
		return jsonb_build_object('outcome', 'refused', 'reason', 'too_large');
	end if;
	digest := sha256(convert_to(jsonb_build_array(k, t, target, base, body)::text, 'UTF8'));

	perform pg_advisory_xact_lock(hashtextextended(v_op::text, 11));
	select * into past from public.ops where op_id = v_op;
	if past.op_id is not null then
		if past.person_id <> me then
			return jsonb_build_object('outcome', 'refused', 'reason', 'op_of_another');
		end if;
		if past.payload_sha256 <> digest then
			return jsonb_build_object('outcome', 'refused', 'reason', 'op_id_reused',
				'detail', encode(past.payload_sha256, 'hex') || ' ' || encode(digest, 'hex'));
		end if;
		return past.result || jsonb_build_object('outcome', case past.outcome
			when 'applied' then 'already' else past.outcome::text end);
	end if;

	begin
		if not t in (select private.my_townships()) then perform private.refuse('not_allowed', 'township'); end if;
		result := private.play(k, t, target, body, base, v_op);
		if result is null then v_outcome := 'held'; result := jsonb_build_object('reason', 'not_here_yet'); end if;
	exception
		when sqlstate 'PT403' then
			get stacked diagnostics v_code = message_text, v_detail = pg_exception_detail, v_hint = pg_exception_hint;
			if v_code = 'conflict' then
				v_outcome := 'conflict';
				result := jsonb_build_object('reason', 'changed_meanwhile', 'now', v_hint::jsonb);
			else
				v_outcome := 'refused';
				result := jsonb_build_object('reason', v_code, 'detail', v_detail);
			end if;
		when check_violation or not_null_violation or string_data_right_truncation then
			get stacked diagnostics v_detail = constraint_name, v_table = column_name;
			v_outcome := 'refused';
			result := jsonb_build_object('reason', case v_detail when 'someone_else_accepts' then 'own_work' else 'bad_value' end,
				'detail', coalesce(nullif(v_detail, ''), v_table));
		when unique_violation then
			v_outcome := 'refused';
			result := jsonb_build_object('reason', 'exists_already');
		when foreign_key_violation then
			v_outcome := 'held';
			result := jsonb_build_object('reason', 'not_here_yet');
		when data_exception then
			v_outcome := 'refused';
			result := jsonb_build_object('reason', 'bad_value');
	end;

	-- What is held may still be played when what it waits for has come, so it leaves no record.
	if v_outcome = 'held' then return result || jsonb_build_object('outcome', 'held'); end if;
	if v_outcome = 'applied' then
		-- `did`: what the function decided itself (a day, a person), so that the events alone tell the whole story.
		v_seq := private.log(t, k, coalesce(result ->> 'kind', 'thing'), target,
			(body - 'geometry') || coalesce(result -> 'did', '{}'), v_op);
		result := (result - 'did') || jsonb_build_object('seq', v_seq);
		perform private.hint(t, coalesce(result ->> 'kind', 'thing'), target, coalesce((result ->> 'version')::integer, 1));
	end if;
	insert into public.ops (op_id, township_id, person_id, account_id, kind, payload_sha256, outcome, result,
		device_time, server_seq)
	values (v_op, t, me, private.me(), left(k, 60), digest, v_outcome, result,
		v_device, v_seq);
	return result || jsonb_build_object('outcome', v_outcome);
end
$$;
select private.apply_privileges();
