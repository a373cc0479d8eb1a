-- Everything held about one outsider (a contact, somebody who objected or reported), found by name and phone: to be
-- handed out, or to be erased. The record of what happened is append-only; the one way through is an erasure, which
-- leaves its own row in the chain with the new hash of each row that it touched, so that the chain still proves itself.

create table public.erasures (
	township_id uuid not null references public.places,
	id uuid not null,
	at timestamptz not null default clock_timestamp(),
	by_person uuid references public.persons,
	reason text not null check (reason in ('asked', 'wrong', 'expired', 'restored')),
	cells integer not null,
	primary key (township_id, id)
);
alter table public.erasures enable row level security;
create policy "auditors and administrators see that something was erased" on public.erasures for select to authenticated
	using (township_id in (select private.my_places('audit')) or township_id in (select private.my_places('manage')));
create trigger append_only before update or delete on public.erasures
	for each row execute function private.guard_append_only();
create trigger never_truncated before truncate on public.erasures
	for each statement execute function private.guard_append_only();

-- The transaction in which an erasure runs; written and taken away by it alone.
create table private.erasing (
	xid xid8 primary key
);

-- Nobody changes a record of what happened, not even our own functions, but for an erasure.
create or replace function private.guard_append_only() returns trigger
language plpgsql set search_path = '' as $$
begin
	if tg_op = 'UPDATE' and current_user = 'app_definer'
		and exists (select from private.erasing where xid = pg_current_xact_id_if_assigned()) then
		return new;
	end if;
	raise exception '% is append-only', tg_table_name using errcode = '42501';
end
$$;

-- Nor what was published; its SHA-256 then says no longer what it reads, and `person.erase` says why.
create or replace function private.guard_edition() returns trigger
language plpgsql set search_path = '' as $$
begin
	if tg_op = 'UPDATE' and current_user = 'app_definer'
		and exists (select from private.erasing where xid = pg_current_xact_id_if_assigned()) then
		return new;
	end if;
	if tg_op = 'UPDATE' and old.emptied_on is null and new.emptied_on is not null
		and (new.township_id, new.notice_id, new.n, new.sha256, new.changed, new.by_person, new.at)
			is not distinct from (old.township_id, old.notice_id, old.n, old.sha256, old.changed, old.by_person, old.at)
		and not new.content ?| array['rows', 'body'] then return new; end if;
	raise exception 'what was published stays as it was' using errcode = '42501';
end
$$;

-- ── finding ──────────────────────────────────────────────────────────────────────────────────────

-- A phone however it was typed: spaces, dashes, full width. null where there are fewer than 7 digits.
create function private.phone_pattern(p text) returns text
language sql immutable set search_path = '' as $$
	select case when length(d) >= 7 then '(?<![0-9０-９a-fA-F])' || (
		select string_agg('[' || c || translate(c, '0123456789', '０１２３４５６７８９') || ']', '[- 　]?' order by n)
		from unnest(string_to_array(d, null)) with ordinality x(c, n)) || '(?![0-9０-９a-fA-F])' end
	from (select regexp_replace(translate(coalesce(p, ''), '０１２３４５６７８９', '0123456789'), '\D', '', 'g') as d) x
$$;

-- The text without the person; as long as before.
create function private.blot(p text, p_name text, p_phone text) returns text
language sql immutable set search_path = '' as $$
	select case when p_phone is null then q else regexp_replace(q, p_phone, '＊＊＊＊', 'g') end
	from (select case when p_name = '' then p else replace(p, p_name, repeat('＊', char_length(p_name))) end as q) x
$$;

-- The same in every string and number of a JSON value; keys stay, they are ours.
create function private.blot(j jsonb, p_name text, p_phone text) returns jsonb
language plpgsql immutable set search_path = '' as $$
begin
	case jsonb_typeof(j)
		when 'string' then return to_jsonb(private.blot(j #>> '{}', p_name, p_phone));
		when 'number' then return case when p_phone is not null and j::text ~ p_phone then to_jsonb('＊＊＊＊'::text) else j end;
		when 'array' then return (select coalesce(jsonb_agg(private.blot(e, p_name, p_phone) order by n), '[]')
			from jsonb_array_elements(j) with ordinality x(e, n));
		when 'object' then return (select coalesce(jsonb_object_agg(k, private.blot(v, p_name, p_phone)), '{}') from jsonb_each(j) x(k, v));
		else return j;
	end case;
end
$$;
create function private.blot(a text[], p_name text, p_phone text) returns text[]
language sql immutable set search_path = '' as $$
	select array(select private.blot(e, p_name, p_phone) from unnest(a) with ordinality x(e, n) order by n)
$$;

-- Columns that may say something of somebody: texts and JSON of every table of a township, as they are now. Not the
-- names of places, nor standards and calendars.
create function private.cells() returns table (tbl text, col text, kind text, pk text)
language sql stable set search_path = '' as $$
	select format('%I.%I', n.nspname, c.relname), a.attname::text, t.typname::text,
		(select string_agg(format('%L, x.%I', k.attname, k.attname), ', ' order by k.attnum) from pg_catalog.pg_index i
			join pg_catalog.pg_attribute k on k.attrelid = c.oid and k.attnum = any (i.indkey)
			where i.indrelid = c.oid and i.indisprimary)
	from pg_catalog.pg_class c
	join pg_catalog.pg_namespace n on n.oid = c.relnamespace and n.nspname in ('public', 'private')
	join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
	join pg_catalog.pg_type t on t.oid = a.atttypid and t.typname in ('text', 'jsonb', '_text')
	where c.relkind = 'r'
		and c.relname not in ('places', 'standards', 'calendar_years', 'progress', 'task_types')
		and exists (select from pg_catalog.pg_attribute s where s.attrelid = c.oid and s.attname = 'township_id' and not s.attisdropped)
	order by 1, 2
$$;

-- Every cell of a township in which the name or the phone stands.
create function private.traces(t uuid, p_name text, p_phone text) returns table (cell text, tbl text, col text, value text)
language plpgsql stable set search_path = '' as $$
declare
	k record;
	pattern text := private.phone_pattern(p_phone);
begin
	for k in select * from private.cells() loop
		return query execute format(
			'select md5(%L || jsonb_build_object(%s)::text), %L, %L, x.%I::text from %s x where x.township_id = $1
				and (($2 <> '''' and strpos(x.%I::text, $2) > 0) or ($3 is not null and x.%I::text ~ $3)) limit 5000',
			k.tbl || '.' || k.col, k.pk, k.tbl, k.col, k.col, k.tbl, k.col, k.col)
		using t, p_name, pattern;
	end loop;
end
$$;

create function private.check_sought(p_name text, p_phone text) returns void
language plpgsql immutable set search_path = '' as $$
begin
	if char_length(coalesce(p_name, '')) = 1 or char_length(coalesce(p_name, '')) > 40 or char_length(coalesce(p_phone, '')) > 40
		-- Words of our own (keys, states) are plain ASCII: nobody is erased by them.
		or coalesce(p_name, '') ~ '^[!-~]+$'
		or (coalesce(p_name, '') = '' and private.phone_pattern(p_phone) is null) then
		perform private.refuse('bad_value', 'name');
	end if;
end
$$;

-- Everything held about a person, whole, for whoever administers: written down before it is read.
create function public.person_search(p_township uuid, p_name text, p_phone text, p_reason text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
	answer jsonb;
begin
	if not coalesce(p_township in (select private.my_places('manage')), false) then perform private.refuse('not_allowed', 'manage'); end if;
	perform private.check_sought(p_name, p_phone);
	if coalesce(p_reason, '') not in ('asked', 'wrong', 'expired') then perform private.refuse('bad_value', 'reason'); end if;
	perform private.log(p_township, 'person.search', 'erasure', null, jsonb_build_object('reason', p_reason));
	select coalesce(jsonb_agg(jsonb_build_object('cell', cell, 'table', split_part(tbl, '.', 2), 'column', col, 'value', value)
		order by tbl, col), '[]') into answer
	from private.traces(p_township, btrim(coalesce(p_name, '')), p_phone);
	return answer;
end
$$;

-- ── erasing ──────────────────────────────────────────────────────────────────────────────────────

-- Takes name and phone out of the chosen cells (null: all). Contacts in which either stands are blanked whole.
create function private.erase_person(t uuid, p_id uuid, p_name text, p_phone text, p_cells text[], p_reason text, p_by uuid) returns integer
language plpgsql security definer set search_path = '' as $$
declare
	k record;
	pattern text := private.phone_pattern(p_phone);
	n integer;
	total integer := 0;
	touched bigint[] := '{}';
	touched_refusals bigint[] := '{}';
	seqs bigint[];
begin
	if exists (select from public.erasures where township_id = t and id = p_id) then return 0; end if;
	insert into private.erasing (xid) values (pg_current_xact_id());
	update public.plan_contacts set legal_person = '', name = '', phone = '', note = '', version = version + 1
	where township_id = t and plan_id in (
		select c.plan_id from public.plan_contacts c where c.township_id = t
			and ((p_name <> '' and strpos(concat_ws(' ', c.legal_person, c.name, c.note), p_name) > 0)
				or (pattern is not null and concat_ws(' ', c.phone, c.note) ~ pattern))
			and (p_cells is null or exists (select from unnest(array['legal_person', 'name', 'phone', 'note']) f
				where md5('public.plan_contacts.' || f || jsonb_build_object('township_id', c.township_id, 'plan_id', c.plan_id)::text) = any (p_cells))));
	get diagnostics total = row_count;
	for k in select * from private.cells() loop
		execute format(
			'with gone as (update %s x set %I = private.blot(x.%I, $2, $3) where x.township_id = $1
				and (($2 <> '''' and strpos(x.%I::text, $2) > 0) or ($3 is not null and x.%I::text ~ $3))
				-- In a copy that was put back the phone is looked for everywhere.
				and ($4 is null or md5(%L || jsonb_build_object(%s)::text) = any ($4) or ($5 and $3 is not null and x.%I::text ~ $3))
				returning %s as seq)
			select count(*), coalesce(array_agg(seq), ''{}'') from gone',
			k.tbl, k.col, k.col, k.col, k.col,
			k.tbl || '.' || k.col, k.pk, k.col, case when k.tbl in ('public.events', 'public.refusals') then 'x.seq' else '0::bigint' end)
		into n, seqs using t, p_name, pattern, p_cells, p_reason = 'restored';
		total := total + n;
		if k.tbl = 'public.events' then touched := touched || seqs; end if;
		if k.tbl = 'public.refusals' then touched_refusals := touched_refusals || seqs; end if;
	end loop;
	delete from private.erasing where xid = pg_current_xact_id();
	insert into public.erasures (township_id, id, by_person, reason, cells) values (t, p_id, p_by, p_reason, total);
	-- The new hash of every row of the chain that was touched, some hundreds to a row.
	for n in 0 .. greatest(cardinality(touched), cardinality(touched_refusals), 1) - 1 by 300 loop
		perform private.log(t, 'person.erase', 'erasure', p_id, jsonb_build_object('cells', total, 'reason', p_reason,
			'rows', coalesce((select jsonb_object_agg(e.seq, encode(private.event_hash(e), 'hex')) from public.events e
				where e.township_id = t and e.seq = any (touched[n + 1 : n + 300])), '{}'),
			'refusals', coalesce((select jsonb_object_agg(r.seq, encode(private.refusal_hash(r), 'hex')) from public.refusals r
				where r.township_id = t and r.seq = any (touched_refusals[n + 1 : n + 300])), '{}')));
	end loop;
	return total;
end
$$;
grant delete on private.erasing to app_definer;

-- {id, name, phone, reason, cells?}
create function public.person_erase(p_township uuid, p jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
	n integer;
begin
	if not coalesce(p_township in (select private.my_places('manage')), false) then perform private.refuse('not_allowed', 'manage'); end if;
	perform private.check_sought(p ->> 'name', p ->> 'phone');
	if private.uuid_of(p ->> 'id') is null or coalesce(p ->> 'reason', '') not in ('asked', 'wrong', 'expired') then
		perform private.refuse('bad_value', 'reason'); end if;
	if exists (select from public.erasures where township_id = p_township and id = (p ->> 'id')::uuid) then
		return jsonb_build_object('outcome', 'already'); end if;
	n := private.erase_person(p_township, (p ->> 'id')::uuid, btrim(coalesce(p ->> 'name', '')), p ->> 'phone',
		case when jsonb_typeof(p -> 'cells') = 'array' then array(select jsonb_array_elements_text(p -> 'cells')) end,
		p ->> 'reason', private.my_person());
	return jsonb_build_object('outcome', 'applied', 'cells', n);
end
$$;

-- For the server at its start: which of these erasures a restored copy does not know, and every text of a township.
create function public.erasures_lost(p jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(x), '[]') from jsonb_array_elements(p) x
	where exists (select from public.places where id = (x ->> 'township')::uuid)
		and not exists (select from public.erasures e where e.township_id = (x ->> 'township')::uuid and e.id = (x ->> 'id')::uuid)
$$;
create function public.erasure_texts(p_township uuid, p_after integer) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	k record;
	answer jsonb;
begin
	-- One column a call: column number `p_after` + 1; null after the last.
	select * into k from private.cells() offset p_after limit 1;
	if k.tbl is null then return null; end if;
	execute format('select coalesce(jsonb_agg(distinct x.%I::text), ''[]'') from %s x where x.township_id = $1 and x.%I is not null
		and x.%I::text not in ('''', ''{}'', ''[]'')', k.col, k.tbl, k.col, k.col) into answer using p_township;
	return answer;
end
$$;
create function public.erasure_again(p_township uuid, p jsonb) returns integer
language sql volatile security definer set search_path = '' as $$
	select private.erase_person(p_township, (p ->> 'id')::uuid, coalesce(p ->> 'name', ''), p ->> 'phone',
		case when jsonb_typeof(p -> 'cells') = 'array' then array(select jsonb_array_elements_text(p -> 'cells')) end, 'restored', null)
$$;

insert into private.offers (signature, to_role) values
	('public.person_search(uuid, text, text, text)', 'authenticated'), ('public.person_erase(uuid, jsonb)', 'authenticated'),
	('public.erasures_lost(jsonb)', 'service_role'), ('public.erasure_texts(uuid, integer)', 'service_role'),
	('public.erasure_again(uuid, jsonb)', 'service_role');
select private.apply_privileges();
