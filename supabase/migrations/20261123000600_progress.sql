-- Counts, kept in the transaction that changes the facts. `progress` holds, for each village and
-- kind, the running counts at the end of each day on which something changed: any past day is one
-- index look-up, and nothing ever counts the tasks. Rows after today exist only for `overdue`: a
-- deadline that will pass unless the step is done first.

create table public.progress (
	township_id uuid not null references public.places,
	-- The township's own id stands for things in no known village.
	village_id uuid not null references public.places,
	kind public.thing_kind not null,
	day date not null,
	planned integer not null default 0,
	said integer not null default 0,
	done integer not null default 0,
	proven integer not null default 0,
	blocked integer not null default 0,
	overdue integer not null default 0,
	primary key (township_id, village_id, kind, day)
);
alter table public.progress enable row level security;
create policy "members see the counts of their townships" on public.progress for select to authenticated
	using (township_id in (select private.my_townships()));

create type private.delta as (
	township_id uuid, village_id uuid, kind public.thing_kind, day date,
	planned integer, said integer, done integer, proven integer, blocked integer, overdue integer
);

-- What a step adds on the days its facts happened (sign 1), or takes back as if it had never been
-- (sign -1, an import undone).
create function private.step_deltas(s public.steps, sign integer) returns setof private.delta
language sql immutable set search_path = '' as $$
	select s.township_id, coalesce(s.village_id, s.township_id), s.thing_kind, d.day,
		sign * d.planned, sign * d.said, sign * d.done, sign * d.proven, 0, sign * d.overdue
	from (values
		(s.found_on, 1, 0, 0, 0, 0),
		(s.said_on, 0, 1, 0, 0, 0),
		(s.done_on, 0, 0, 1, 0, 0),
		(s.proven_on, 0, 0, 0, 1, 0),
		(case when s.said_on is not null then greatest(s.due_on + 1, s.said_on) end, 0, 0, 0, 0, 1),
		(case when s.said_on is not null and s.due_on is not null
			then greatest(s.due_on + 1, s.said_on, s.done_on) end, 0, 0, 0, 0,
			case when s.done_on is not null then -1 else 0 end)
	) as d(day, planned, said, done, proven, overdue)
	where d.day is not null and not s.voided and s.state <> 'dropped'
$$;

-- What a step counts as while it stands, from `p_from` on (a fact gained today, a village changed).
create function private.standing_deltas(s public.steps, p_from date, sign integer)
returns setof private.delta
language sql immutable set search_path = '' as $$
	select s.township_id, coalesce(s.village_id, s.township_id), s.thing_kind, p_from,
		sign, sign * (s.said_on is not null)::int, sign * (s.done_on is not null)::int,
		sign * (s.proven_on is not null)::int, 0, 0
	where not s.voided and s.state <> 'dropped'
	union all
	select s.township_id, coalesce(s.village_id, s.township_id), s.thing_kind,
		greatest(p_from, s.due_on + 1, s.said_on), 0, 0, 0, 0, 0, sign
	where not s.voided and s.state = 'said' and s.due_on is not null
$$;

-- Adds deltas to the running counts, all of them in one statement. Writers of one village and kind
-- queue; the locks are taken in one order, so two imports cannot wait for each other.
create function private.count_in(p_deltas private.delta[]) returns void
language plpgsql set search_path = '' as $$
begin
	perform pg_advisory_xact_lock(k) from (
		select distinct hashtextextended(d.township_id::text || d.village_id || d.kind, 7) as k
		from unnest(p_deltas) d order by 1
	) locks;
	with given as (
		select d.township_id, d.village_id, d.kind, d.day,
			sum(d.planned)::int planned, sum(d.said)::int said, sum(d.done)::int done,
			sum(d.proven)::int proven, sum(d.blocked)::int blocked, sum(d.overdue)::int overdue
		from unnest(p_deltas) d
		group by 1, 2, 3, 4
		having sum(d.planned) <> 0 or sum(d.said) <> 0 or sum(d.done) <> 0
			or sum(d.proven) <> 0 or sum(d.blocked) <> 0 or sum(d.overdue) <> 0
	), starts as (
		select township_id, village_id, kind, min(day) as day from given group by 1, 2, 3
	), days as (
		select township_id, village_id, kind, day from given
		union
		select p.township_id, p.village_id, p.kind, p.day from starts s
		join public.progress p using (township_id, village_id, kind) where p.day >= s.day
	), grown as (
		select d.*,
			sum(coalesce(g.planned, 0)) over w planned, sum(coalesce(g.said, 0)) over w said,
			sum(coalesce(g.done, 0)) over w done, sum(coalesce(g.proven, 0)) over w proven,
			sum(coalesce(g.blocked, 0)) over w blocked, sum(coalesce(g.overdue, 0)) over w overdue
		from days d left join given g using (township_id, village_id, kind, day)
		window w as (partition by d.township_id, d.village_id, d.kind order by d.day)
	)
	insert into public.progress as p
		(township_id, village_id, kind, day, planned, said, done, proven, blocked, overdue)
	select g.township_id, g.village_id, g.kind, g.day,
		coalesce(b.planned, 0) + g.planned, coalesce(b.said, 0) + g.said,
		coalesce(b.done, 0) + g.done, coalesce(b.proven, 0) + g.proven,
		coalesce(b.blocked, 0) + g.blocked, coalesce(b.overdue, 0) + g.overdue
	from grown g
	left join lateral (
		select o.* from public.progress o
		where o.township_id = g.township_id and o.village_id = g.village_id
			and o.kind = g.kind and o.day <= g.day
		order by o.day desc limit 1
	) b on true
	on conflict (township_id, village_id, kind, day) do update set
		planned = excluded.planned, said = excluded.said, done = excluded.done,
		proven = excluded.proven, blocked = excluded.blocked, overdue = excluded.overdue;
end
$$;

create function private.count_new_steps() returns trigger
language plpgsql set search_path = '' as $$
begin
	perform private.count_in(array(
		select d from rows_new n cross join lateral private.step_deltas(n::public.steps, 1) d
	));
	return null;
end
$$;

create function private.count_changed_steps() returns trigger
language plpgsql set search_path = '' as $$
begin
	perform private.count_in(array(
		-- Undone imports leave as they came; everything else changes from today on, and the past
		-- stays what it was.
		select d from rows_old o join rows_new n using (township_id, id)
			cross join lateral private.step_deltas(o::public.steps, -1) d
			where n.voided and not o.voided
		union all
		select d from rows_old o join rows_new n using (township_id, id)
			cross join lateral private.standing_deltas(o::public.steps, private.today(), -1) d
			where not n.voided
		union all
		select d from rows_new n cross join lateral private.standing_deltas(n::public.steps, private.today(), 1) d
			where not n.voided
	));
	return null;
end
$$;

create trigger count_new after insert on public.steps
	referencing new table as rows_new for each statement execute function private.count_new_steps();
create trigger count_changed after update on public.steps
	referencing old table as rows_old new table as rows_new
	for each statement execute function private.count_changed_steps();

create function private.blocker_delta(b public.blockers, p_day date, sign integer) returns private.delta
language sql immutable set search_path = '' as $$
	select row(b.township_id, coalesce(b.village_id, b.township_id), b.thing_kind, p_day,
		0, 0, 0, 0, sign, 0)::private.delta
$$;

create function private.count_blockers() returns trigger
language plpgsql set search_path = '' as $$
begin
	if tg_op = 'INSERT' then
		perform private.count_in(array(
			select private.blocker_delta(n::public.blockers, n.opened_on, 1) from rows_new n
			where n.closed_on is null
		));
	else
		perform private.count_in(array(
			select private.blocker_delta(o::public.blockers, private.today(), -1)
			from rows_old o where o.closed_on is null
			union all
			select private.blocker_delta(n::public.blockers, private.today(), 1)
			from rows_new n where n.closed_on is null
		));
	end if;
	return null;
end
$$;
create trigger count_new after insert on public.blockers
	referencing new table as rows_new for each statement execute function private.count_blockers();
create trigger count_changed after update on public.blockers
	referencing old table as rows_old new table as rows_new
	for each statement execute function private.count_blockers();

-- Compares today's running counts with a count of the steps themselves, the slow way. No row: equal.
create function private.progress_differences(p_township uuid)
returns table (village_id uuid, kind public.thing_kind, kept integer[], counted integer[])
language sql stable set search_path = '' as $$
	with slow as (
		select coalesce(s.village_id, s.township_id) v, s.thing_kind k, array[
			count(*), count(*) filter (where s.said_on is not null),
			count(*) filter (where s.done_on is not null), count(*) filter (where s.proven_on is not null),
			count(*) filter (where exists (select from public.blockers b
				where b.township_id = s.township_id and b.step_id = s.id and b.closed_on is null)),
			count(*) filter (where s.state = 'said' and s.due_on < private.today())
		]::integer[] c
		from public.steps s
		where s.township_id = p_township and not s.voided and s.state <> 'dropped'
		group by 1, 2
	), fast as (
		select distinct on (p.village_id, p.kind) p.village_id v, p.kind k,
			array[p.planned, p.said, p.done, p.proven, p.blocked, p.overdue] c
		from public.progress p where p.township_id = p_township and p.day <= private.today()
		order by p.village_id, p.kind, p.day desc
	)
	select coalesce(f.v, s.v), coalesce(f.k, s.k), f.c, s.c
	from fast f full join slow s on s.v = f.v and s.k = f.k
	where coalesce(f.c, '{0,0,0,0,0,0}') <> coalesce(s.c, '{0,0,0,0,0,0}')
$$;
