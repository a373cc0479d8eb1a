-- What a scenic village is measured by (domain.md A): standards as data, how points follow from what an
-- assessor gives, and the working days of a year. The same arithmetic is in src/lib/domain/score.ts; a test
-- compares the two.

create type public.standard_state as enum ('draft', 'in_force', 'retired');
create table public.standards (
	township_id uuid not null references public.places,
	id uuid not null,
	-- Editions of one standard share it; `from_id` is the edition this one was made from.
	family_id uuid not null,
	from_id uuid,
	name text not null check (char_length(name) between 1 and 120),
	edition text not null default '' check (char_length(edition) <= 80),
	-- False: 样板，非官方, printed on everything that comes of it.
	official boolean not null default false,
	state public.standard_state not null default 'draft',
	body jsonb not null check (pg_column_size(body) <= 262144),
	made_by uuid not null references public.persons,
	made_at timestamptz not null default now(),
	published_at timestamptz,
	version integer not null default 1,
	primary key (township_id, id),
	foreign key (township_id, from_id) references public.standards (township_id, id)
);
create index standards_of_family on public.standards (township_id, family_id, published_at);

-- A project keeps the edition it was started under: what is in force never changes again.
create function private.keep_standard() returns trigger
language plpgsql set search_path = '' as $$
begin
	if old.state <> 'draft' and (new.body, new.name, new.edition, new.official, new.family_id, new.from_id)
		is distinct from (old.body, old.name, old.edition, old.official, old.family_id, old.from_id) then
		raise exception 'a standard in force is frozen' using errcode = '42501';
	end if;
	if new.state < old.state then raise exception 'no way back for a standard' using errcode = '42501'; end if;
	return new;
end
$$;
create trigger b_keep_standard before update on public.standards for each row execute function private.keep_standard();

-- ── the shape of a standard ──────────────────────────────────────────────────────────────────────

create function private.bad_standard(p_where text) returns void
language plpgsql set search_path = '' as $$
begin
	perform private.refuse('bad_standard', left(p_where, 120));
end
$$;
create function private.is_points(p jsonb, p_max numeric default 10000) returns boolean
language sql immutable set search_path = '' as $$
	select case when jsonb_typeof(p) = 'number' then (p #>> '{}')::numeric between 0 and p_max
		and round((p #>> '{}')::numeric, 2) = (p #>> '{}')::numeric else false end
$$;
create function private.is_text(p jsonb, p_most integer, p_least integer default 0) returns boolean
language sql immutable set search_path = '' as $$
	select case when jsonb_typeof(p) = 'string' then char_length(p #>> '{}') between p_least and p_most else p is null and p_least = 0 end
$$;

-- All items: of the sections, then the bonus ones (section '+').
create function private.items_of(body jsonb) returns table (code text, section text, item jsonb, nth bigint)
language sql immutable set search_path = '' as $$
	select i.item ->> 'code', s.section ->> 'code', i.item, s.n * 1000 + i.n
	from jsonb_array_elements(body -> 'sections') with ordinality s(section, n)
	cross join lateral jsonb_array_elements(s.section -> 'items') with ordinality i(item, n)
	union all
	select i.item ->> 'code', '+', i.item, 1000000 + i.n
	from jsonb_array_elements(coalesce(body -> 'bonus', '[]')) with ordinality i(item, n)
$$;

create function private.check_item(item jsonb, p_where text) returns void
language plpgsql set search_path = '' as $$
declare
	r jsonb := coalesce(item -> 'rule', '{"type": "max"}');
	top numeric;
	o jsonb;
begin
	if jsonb_typeof(item) <> 'object' then perform private.bad_standard(p_where); end if;
	p_where := coalesce(item ->> 'code', p_where);
	if not private.is_text(item -> 'code', 12, 1) or not private.is_text(item -> 'zh', 300, 1) or not private.is_text(item -> 'en', 300)
		or not private.is_points(item -> 'max') or (item ->> 'max')::numeric = 0 then perform private.bad_standard(p_where); end if;
	top := (item ->> 'max')::numeric;
	case r ->> 'type'
		when 'max', 'yes_no' then null;
		when 'tiered' then
			if coalesce(jsonb_typeof(r -> 'options'), '') <> 'array' or jsonb_array_length(r -> 'options') not between 1 and 20 then
				perform private.bad_standard(p_where); end if;
			for o in select * from jsonb_array_elements(r -> 'options') loop
				if not private.is_points(o -> 'points', top) then perform private.bad_standard(p_where); end if;
			end loop;
		when 'per_unit' then
			if not private.is_points(r -> 'unit_points') or r ? 'cap' and not private.is_points(r -> 'cap', top) then
				perform private.bad_standard(p_where); end if;
		when 'deduct_per_finding' then
			if not private.is_points(r -> 'points') or r ? 'floor' and not private.is_points(r -> 'floor', top) then
				perform private.bad_standard(p_where); end if;
		when 'rate' then
			if r ? 'full' and not (jsonb_typeof(r -> 'full') = 'number' and (r ->> 'full')::numeric > 0 and (r ->> 'full')::numeric <= 1) then
				perform private.bad_standard(p_where); end if;
			if r ? 'bands' then
				if jsonb_typeof(r -> 'bands') <> 'array' or jsonb_array_length(r -> 'bands') not between 1 and 20 then
					perform private.bad_standard(p_where); end if;
				for o in select * from jsonb_array_elements(r -> 'bands') loop
					if not private.is_points(o -> 'points', top) or jsonb_typeof(o -> 'from') is distinct from 'number'
						or (o ->> 'from')::numeric not between 0 and 1 then perform private.bad_standard(p_where); end if;
				end loop;
			end if;
		else perform private.bad_standard(p_where);
	end case;
end
$$;

-- Refuses what could not be read at all. `p_whole`: also what does not add up, so that only a standard with
-- which somebody can be graded comes into force.
create function private.check_standard(body jsonb, p_whole boolean) returns void
language plpgsql set search_path = '' as $$
declare
	x jsonb;
	i jsonb;
	last numeric;
begin
	if jsonb_typeof(body) <> 'object' or coalesce(jsonb_typeof(body -> 'sections'), '') <> 'array'
		or jsonb_array_length(body -> 'sections') not between 1 and 30 then perform private.bad_standard('sections'); end if;
	foreach x in array array[body -> 'bonus', body -> 'vetoes', body -> 'grades', body -> 'assessors', body -> 'higher'] loop
		if x is not null and jsonb_typeof(x) <> 'array' then perform private.bad_standard('list'); end if;
	end loop;
	if not private.is_points(body -> 'total', 1000000) then perform private.bad_standard('total'); end if;
	if body ? 'bonus_max' and not private.is_points(body -> 'bonus_max') then perform private.bad_standard('bonus_max'); end if;
	if jsonb_typeof(coalesce(body -> 'bonus_counts', 'true')) <> 'boolean' or jsonb_typeof(coalesce(body -> 'redistribute_na', 'false')) <> 'boolean' then
		perform private.bad_standard('switch'); end if;
	if body ? 'review_months' and not (jsonb_typeof(body -> 'review_months') = 'number' and (body ->> 'review_months')::numeric between 1 and 240) then
		perform private.bad_standard('review_months'); end if;
	if body ? 'notice_days' and not (jsonb_typeof(body -> 'notice_days') = 'number' and (body ->> 'notice_days')::numeric between 5 and 60) then
		perform private.bad_standard('notice_days'); end if;
	for x in select * from jsonb_array_elements(body -> 'sections') loop
		if jsonb_typeof(x) <> 'object' or not private.is_text(x -> 'code', 12, 1) or not private.is_text(x -> 'zh', 300, 1)
			or not private.is_points(x -> 'max') or coalesce(jsonb_typeof(x -> 'items'), '') <> 'array' then
			perform private.bad_standard(coalesce(x ->> 'code', 'sections')); end if;
		for i in select * from jsonb_array_elements(x -> 'items') loop perform private.check_item(i, x ->> 'code'); end loop;
	end loop;
	for i in select * from jsonb_array_elements(coalesce(body -> 'bonus', '[]')) loop perform private.check_item(i, 'bonus'); end loop;
	for x in select * from jsonb_array_elements(coalesce(body -> 'vetoes', '[]')) loop
		if jsonb_typeof(x) <> 'object' or not private.is_text(x -> 'code', 12, 1) or not private.is_text(x -> 'zh', 300, 1) then
			perform private.bad_standard(coalesce(x ->> 'code', 'vetoes')); end if;
	end loop;
	for x in select * from jsonb_array_elements(coalesce(body -> 'grades', '[]')) loop
		if coalesce(x ->> 'grade', '') not in ('A', 'AA', 'AAA') or not private.is_points(x -> 'min', 1000000) then
			perform private.bad_standard('grades'); end if;
	end loop;
	for x in select * from jsonb_array_elements(coalesce(body -> 'assessors', '[]')) loop
		if coalesce(x ->> 'code', '') not in ('self', 'town', 'county', 'higher') then perform private.bad_standard('assessors'); end if;
	end loop;
	if (select count(*) from private.items_of(body)) > 300 then perform private.bad_standard('items'); end if;
	if not p_whole then return; end if;

	if exists (select from (
		select code from private.items_of(body) union all select v ->> 'code' from jsonb_array_elements(coalesce(body -> 'vetoes', '[]')) v
	) c group by code having count(*) > 1) then perform private.bad_standard('codes'); end if;
	for x in select * from jsonb_array_elements(body -> 'sections') loop
		-- More than the section holds is a cap, as many real tables have; less can never be reached.
		if (select coalesce(sum((e ->> 'max')::numeric), 0) from jsonb_array_elements(x -> 'items') e) < (x ->> 'max')::numeric then
			perform private.bad_standard(x ->> 'code'); end if;
	end loop;
	if (select sum((s ->> 'max')::numeric) from jsonb_array_elements(body -> 'sections') s) <> (body ->> 'total')::numeric then
		perform private.bad_standard('total'); end if;
	if jsonb_array_length(coalesce(body -> 'grades', '[]')) = 0 then perform private.bad_standard('grades'); end if;
	for x in select * from jsonb_array_elements(body -> 'grades') loop
		if (x ->> 'min')::numeric >= coalesce(last, (body ->> 'total')::numeric + 0.01) then perform private.bad_standard('grades'); end if;
		last := (x ->> 'min')::numeric;
	end loop;
	if (select count(distinct g ->> 'grade') from jsonb_array_elements(body -> 'grades') g) <> jsonb_array_length(body -> 'grades') then
		perform private.bad_standard('grades'); end if;
	if not (body -> 'assessors' @> '[{"code": "self"}]' and body -> 'assessors' @> '[{"code": "county"}]') then
		perform private.bad_standard('assessors'); end if;
end
$$;

-- ── points ───────────────────────────────────────────────────────────────────────────────────────

-- The points that a value gives for an item, by the item's own rule; refuses what the rule does not know.
create function private.points_of(item jsonb, v jsonb) returns numeric
language plpgsql set search_path = '' as $$
declare
	r jsonb := coalesce(item -> 'rule', '{"type": "max"}');
	top numeric := (item ->> 'max')::numeric;
	n numeric;
	points numeric;
	field text := case r ->> 'type' when 'tiered' then 'option' when 'per_unit' then 'count' when 'deduct_per_finding' then 'findings'
		when 'rate' then 'rate' when 'yes_no' then 'yes' else 'points' end;
begin
	if jsonb_typeof(v) is distinct from 'object' or (select count(*) from jsonb_object_keys(v)) <> 1
		or jsonb_typeof(v -> field) is distinct from (case field when 'yes' then 'boolean' else 'number' end) then
		perform private.refuse('bad_score', item ->> 'code');
	end if;
	if field = 'yes' then return case when (v ->> 'yes')::boolean then top else 0 end; end if;
	n := (v ->> field)::numeric;
	if n < 0 or n > 10000000 or field in ('option', 'findings') and n <> trunc(n) or field = 'rate' and n > 1
		or field = 'points' and (n > top or round(n, 2) <> n) then
		perform private.refuse('bad_score', item ->> 'code');
	end if;
	case field
		when 'points' then points := n;
		when 'option' then points := (r -> 'options' -> n::integer ->> 'points')::numeric;
		when 'count' then points := least(coalesce((r ->> 'cap')::numeric, top), top, round(n * (r ->> 'unit_points')::numeric, 2));
		when 'findings' then points := greatest(coalesce((r ->> 'floor')::numeric, 0), top - n * (r ->> 'points')::numeric);
		when 'rate' then
			if r ? 'bands' then
				select coalesce((select (b ->> 'points')::numeric from jsonb_array_elements(r -> 'bands') b
					where (b ->> 'from')::numeric <= n order by (b ->> 'from')::numeric desc, (b ->> 'points')::numeric desc limit 1), 0) into points;
			else
				points := round(top * least(1, n / coalesce((r ->> 'full')::numeric, 1)), 2);
			end if;
	end case;
	if points is null then perform private.refuse('bad_score', item ->> 'code'); end if;
	return points;
end
$$;

-- Total and grade of one assessor's scores: `p_scores` {code: points}, `p_na` codes not applicable, `p_met`
-- vetoes answered with yes. An unanswered veto is not met.
create function private.total_of(body jsonb, p_scores jsonb, p_na text[], p_met text[]) returns table (total numeric, grade text)
language sql stable set search_path = '' as $$
	with sums as (
		select s ->> 'code' as code, (s ->> 'max')::numeric as top,
			coalesce(sum((p_scores ->> (i ->> 'code'))::numeric) filter (where not (i ->> 'code') = any (p_na)), 0) as points,
			coalesce(sum((i ->> 'max')::numeric) filter (where (i ->> 'code') = any (p_na)), 0) as na
		from jsonb_array_elements(body -> 'sections') s
		left join lateral jsonb_array_elements(s -> 'items') i on true group by 1, 2
	), whole as (
		select (select sum(least(top, case
				when not coalesce((body ->> 'redistribute_na')::boolean, false) or na = 0 then points
				when na >= top then 0
				else round(points * top / (top - na), 2) end)) from sums)
			+ case when coalesce((body ->> 'bonus_counts')::boolean, true) then least(coalesce((body ->> 'bonus_max')::numeric, 0),
				(select coalesce(sum((p_scores ->> (b ->> 'code'))::numeric), 0) from jsonb_array_elements(coalesce(body -> 'bonus', '[]')) b
					where not (b ->> 'code') = any (p_na))) else 0 end as total
	)
	select w.total, (select g ->> 'grade' from jsonb_array_elements(coalesce(body -> 'grades', '[]')) g
		where (g ->> 'min')::numeric <= w.total and not exists (
			select from jsonb_array_elements(coalesce(body -> 'vetoes', '[]')) v
			where not (v ->> 'code') = any (p_met) and (v -> 'grades' is null or v -> 'grades' ? (g ->> 'grade')))
		order by (g ->> 'min')::numeric desc limit 1)
	from whole w
$$;

-- ── ops ──────────────────────────────────────────────────────────────────────────────────────────

create function private.op_standard_create(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	origin public.standards;
begin
	perform private.need('plan', t);
	perform private.check_standard(p -> 'body', false);
	if p ? 'from' then
		select * into origin from public.standards where township_id = t and id = (p ->> 'from')::uuid;
		if origin.id is null then return null; end if;
	end if;
	insert into public.standards (township_id, id, family_id, from_id, name, edition, official, body, made_by)
	values (t, target, coalesce(origin.family_id, target), origin.id, private.text_of(p, 'name'), private.text_of(p, 'edition'),
		coalesce((p ->> 'official')::boolean, false), p -> 'body', private.my_person());
	return jsonb_build_object('id', target, 'kind', 'standard', 'version', 1);
end
$$;

create function private.standard_for(t uuid, target uuid, base integer) returns public.standards
language plpgsql set search_path = '' as $$
declare
	s public.standards;
begin
	select * into s from public.standards where township_id = t and id = target for update;
	if s.id is null then return null; end if;
	perform private.need('plan', t);
	perform private.check_version(s.version, base, to_jsonb(s) - 'body');
	return s;
end
$$;

create function private.op_standard_edit(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.standards := private.standard_for(t, target, base);
begin
	if s.id is null then return null; end if;
	if s.state <> 'draft' then perform private.refuse('standard_frozen'); end if;
	if p ? 'body' then perform private.check_standard(p -> 'body', false); end if;
	update public.standards set body = coalesce(p -> 'body', body), version = s.version + 1,
		name = case when p ? 'name' then private.text_of(p, 'name') else name end,
		edition = case when p ? 'edition' then private.text_of(p, 'edition') else edition end,
		official = coalesce((p ->> 'official')::boolean, official)
	where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'standard', 'version', s.version + 1);
end
$$;

create function private.op_standard_publish(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.standards := private.standard_for(t, target, base);
begin
	if s.id is null then return null; end if;
	if s.state <> 'draft' then perform private.refuse('standard_frozen'); end if;
	perform private.check_standard(s.body, true);
	update public.standards set state = 'in_force', published_at = clock_timestamp(), version = s.version + 1 where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'standard', 'version', s.version + 1);
end
$$;

create function private.op_standard_retire(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.standards := private.standard_for(t, target, base);
begin
	if s.id is null then return null; end if;
	if s.state = 'retired' then perform private.refuse('standard_frozen'); end if;
	update public.standards set state = 'retired', version = s.version + 1 where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'standard', 'version', s.version + 1);
end
$$;

-- ── working days ─────────────────────────────────────────────────────────────────────────────────

-- What the program knows of a year: days off beyond weekends, weekend days that are worked. Filled from
-- supabase/seed/calendar; a township replaces a whole year by what it was told.
create table private.calendar_known (
	year integer primary key,
	status text not null check (status in ('official', 'provisional')),
	source text not null,
	off jsonb not null,
	work jsonb not null
);
create table public.calendar_years (
	township_id uuid not null references public.places,
	year integer not null check (year between 2000 and 2100),
	-- Null: back to what the program knows.
	off jsonb check (jsonb_typeof(off) = 'array' and pg_column_size(off) <= 16384),
	work jsonb not null default '[]' check (jsonb_typeof(work) = 'array' and pg_column_size(work) <= 16384),
	source text not null default '' check (char_length(source) <= 200),
	set_by uuid not null references public.persons,
	set_on date not null,
	version integer not null default 1,
	primary key (township_id, year)
);

create function private.calendar(t uuid, p_year integer) returns jsonb
language sql stable set search_path = '' as $$
	select coalesce(
		(select jsonb_build_object('year', year, 'status', 'official', 'source', source, 'off', off, 'work', work, 'set', true)
			from public.calendar_years where township_id = t and year = p_year and off is not null),
		(select jsonb_build_object('year', year, 'status', status, 'source', source, 'off', off, 'work', work, 'set', false)
			from private.calendar_known where year = p_year),
		jsonb_build_object('year', p_year, 'status', 'unknown', 'source', '', 'off', '[]'::jsonb, 'work', '[]'::jsonb, 'set', false))
$$;

-- Both ends counted. A year that nobody knows has weekends only.
create function private.workdays(t uuid, p_from date, p_to date) returns integer
language sql stable set search_path = '' as $$
	with years as (
		select private.calendar(t, y) as c from generate_series(extract(year from p_from)::integer, extract(year from p_to)::integer) y
	), marks as (
		select (d ->> 'day')::date as day, false as worked from years, jsonb_array_elements(c -> 'off') d
		union all
		select (d ->> 'day')::date, true from years, jsonb_array_elements(c -> 'work') d
	)
	select count(*)::integer from generate_series(p_from, least(p_to, p_from + 3660), interval '1 day') g(day)
	left join lateral (select worked from marks m where m.day = g.day::date limit 1) m on true
	where coalesce(m.worked, extract(isodow from g.day) < 6)
$$;

create function private.op_calendar_set(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	y integer := (p ->> 'year')::integer;
	d jsonb;
begin
	perform private.need('plan', t);
	if target <> t then perform private.refuse('bad_value', 'target'); end if;
	for d in select * from jsonb_array_elements(coalesce(nullif(p -> 'off', 'null'), '[]') || coalesce(p -> 'work', '[]')) loop
		if extract(year from (d ->> 'day')::date) is distinct from y or not private.is_text(d -> 'name', 40) then
			perform private.refuse('bad_value', coalesce(d ->> 'day', 'day'));
		end if;
	end loop;
	if exists (select from jsonb_array_elements(coalesce(nullif(p -> 'off', 'null'), '[]') || coalesce(p -> 'work', '[]')) e
		group by e ->> 'day' having count(*) > 1) then perform private.refuse('bad_value', 'twice'); end if;
	insert into public.calendar_years as c (township_id, year, off, work, source, set_by, set_on)
	values (t, y, nullif(p -> 'off', 'null'), coalesce(p -> 'work', '[]'), private.text_of(p, 'source'), private.my_person(), private.today())
	on conflict (township_id, year) do update set off = excluded.off, work = excluded.work, source = excluded.source,
		set_by = excluded.set_by, set_on = excluded.set_on, version = c.version + 1;
	return jsonb_build_object('id', t, 'kind', 'calendar');
end
$$;

do $$
declare t text;
begin
	foreach t in array array['standards', 'calendar_years'] loop
		execute format('alter table public.%I enable row level security', t);
		execute format(
			'create policy "members see what holds in their townships" on public.%I for select to authenticated using (township_id in (select private.my_townships()))', t);
	end loop;
end
$$;

insert into private.op_kinds (kind, fn) values
	('standard.create', 'op_standard_create'), ('standard.edit', 'op_standard_edit'),
	('standard.publish', 'op_standard_publish'), ('standard.retire', 'op_standard_retire'),
	('calendar.set', 'op_calendar_set');
select private.apply_privileges();
