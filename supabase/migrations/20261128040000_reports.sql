-- The report that writes itself. A report on a past period says what was known at the end of its last day, so
-- every step keeps how it stood at the end of each day on which it changed; whatever is counted, listed or
-- compared is read from there, and no number is typed anywhere.

create table private.step_days (
	township_id uuid not null,
	step_id uuid not null,
	-- The step stood so at the end of every day from this one until before the other.
	from_day date not null,
	to_day date not null default 'infinity',
	-- What a ledger claimed when it was imported, kept beside: it may be counted on the days it names.
	paper boolean not null default false,
	thing_kind public.thing_kind not null,
	thing_id uuid not null,
	village_id uuid,
	category text not null,
	campaign text not null,
	state public.step_state not null,
	found_on date not null,
	said_on date,
	done_on date,
	proven_on date,
	proven_how public.proof_how,
	due_on date,
	-- An import taken back is as if it had never counted, on past days too.
	voided boolean not null,
	primary key (township_id, step_id, from_day, paper)
);
create index step_days_standing on private.step_days (township_id, to_day);
create index step_days_first on private.step_days (township_id, from_day);

create function private.keep_days(p_townships uuid[], p_steps uuid[]) returns void
language plpgsql set search_path = '' as $$
begin
	with given as (
		select distinct x.township_id, x.id from unnest(p_townships, p_steps) x(township_id, id)
	), standing as (
		select s.*, coalesce(t.category, '') as category, coalesce(t.campaign, '') as campaign,
			greatest(private.today(), c.from_day) as day
		from given g join public.steps s on s.township_id = g.township_id and s.id = g.id
		left join public.tasks t on s.thing_kind = 'task' and t.township_id = s.township_id and t.id = s.thing_id
		left join private.step_days c on c.township_id = s.township_id and c.step_id = s.id and c.to_day = 'infinity' and not c.paper
	), ended as (
		update private.step_days d set to_day = s.day from standing s
		where d.township_id = s.township_id and d.step_id = s.id and d.to_day = 'infinity' and d.from_day < s.day and not d.paper
	)
	insert into private.step_days as d (township_id, step_id, from_day, thing_kind, thing_id, village_id, category, campaign,
		state, found_on, said_on, done_on, proven_on, proven_how, due_on, voided)
	select s.township_id, s.id, s.day, s.thing_kind, s.thing_id, s.village_id, s.category, s.campaign,
		s.state, s.found_on, s.said_on, s.done_on, s.proven_on, s.proven_how, s.due_on, s.voided
	from standing s
	on conflict (township_id, step_id, from_day, paper) do update set
		village_id = excluded.village_id, category = excluded.category, campaign = excluded.campaign, state = excluded.state,
		found_on = excluded.found_on, said_on = excluded.said_on, done_on = excluded.done_on, proven_on = excluded.proven_on,
		proven_how = excluded.proven_how, due_on = excluded.due_on, voided = excluded.voided;
end
$$;

create function private.keep_new_steps() returns trigger
language plpgsql set search_path = '' as $$
begin
	perform private.keep_days(array(select township_id from rows_new order by township_id, id),
		array(select id from rows_new order by township_id, id));
	insert into private.step_days (township_id, step_id, from_day, to_day, paper, thing_kind, thing_id, village_id, category, campaign,
		state, found_on, said_on, done_on, proven_on, proven_how, due_on, voided)
	select n.township_id, n.id, private.today(), private.today(), true, n.thing_kind, n.thing_id, n.village_id,
		coalesce(t.category, ''), coalesce(t.campaign, ''), n.state, n.found_on, n.said_on, n.done_on, n.proven_on,
		n.proven_how, n.due_on, n.voided
	from rows_new n left join public.tasks t on n.thing_kind = 'task' and t.township_id = n.township_id and t.id = n.thing_id
	where n.import_id is not null;
	return null;
end
$$;

create function private.keep_changed_steps() returns trigger
language plpgsql set search_path = '' as $$
declare
	towns uuid[];
	steps uuid[];
begin
	select array_agg(n.township_id order by n.township_id, n.id), array_agg(n.id order by n.township_id, n.id) into towns, steps
	from rows_new n join rows_old o using (township_id, id)
	where (n.state, n.village_id, n.found_on, n.said_on, n.done_on, n.proven_on, n.proven_how, n.due_on, n.voided)
		is distinct from (o.state, o.village_id, o.found_on, o.said_on, o.done_on, o.proven_on, o.proven_how, o.due_on, o.voided);
	if steps is null then return null; end if;
	perform private.keep_days(towns, steps);
	update private.step_days d set voided = true from rows_new n join rows_old o using (township_id, id)
	where n.voided and not o.voided and d.township_id = n.township_id and d.step_id = n.id and not d.voided;
	return null;
end
$$;

create function private.keep_changed_tasks() returns trigger
language plpgsql set search_path = '' as $$
declare
	towns uuid[];
	steps uuid[];
begin
	select array_agg(n.township_id order by n.township_id, n.id), array_agg(n.id order by n.township_id, n.id) into towns, steps
	from rows_new n join rows_old o using (township_id, id)
	where (n.category, n.campaign) is distinct from (o.category, o.campaign);
	if steps is not null then perform private.keep_days(towns, steps); end if;
	return null;
end
$$;

create trigger keep_new after insert on public.steps
	referencing new table as rows_new for each statement execute function private.keep_new_steps();
create trigger keep_changed after update on public.steps
	referencing old table as rows_old new table as rows_new
	for each statement execute function private.keep_changed_steps();
create trigger keep_changed after update on public.tasks
	referencing old table as rows_old new table as rows_new
	for each statement execute function private.keep_changed_tasks();

-- What stood here before days were kept: the days of its facts, as the steps still name them.
do $$
begin
	insert into private.step_days (township_id, step_id, from_day, to_day, thing_kind, thing_id, village_id, category, campaign,
		state, found_on, said_on, done_on, proven_on, proven_how, due_on, voided)
	select s.township_id, s.id, d.day, coalesce(lead(d.day) over (partition by s.township_id, s.id order by d.day), 'infinity'),
		s.thing_kind, s.thing_id, s.village_id, coalesce(t.category, ''), coalesce(t.campaign, ''), private.state_on(s, d.day), s.found_on,
		case when s.said_on <= d.day then s.said_on end, case when s.done_on <= d.day then s.done_on end,
		case when s.proven_on <= d.day then s.proven_on end, case when s.proven_on <= d.day then s.proven_how end,
		case when s.said_on <= d.day then s.due_on end, s.voided
	from public.steps s
	left join public.tasks t on s.thing_kind = 'task' and t.township_id = s.township_id and t.id = s.thing_id
	left join public.imports i on i.township_id = s.township_id and i.id = s.import_id
	cross join lateral (
		select distinct greatest(x, coalesce((i.applied_at at time zone 'Asia/Shanghai')::date, s.found_on)) as day
		from unnest(array[s.found_on, s.said_on, s.done_on, s.proven_on, s.dropped_on]) x where x is not null
	) d;
	insert into private.step_days (township_id, step_id, from_day, to_day, paper, thing_kind, thing_id, village_id, category, campaign,
		state, found_on, said_on, done_on, proven_on, proven_how, due_on, voided)
	select d.township_id, d.step_id, d.from_day, d.from_day, true, d.thing_kind, d.thing_id, d.village_id, d.category, d.campaign,
		d.state, d.found_on, d.said_on, d.done_on, d.proven_on, d.proven_how, d.due_on, d.voided
	from private.step_days d join public.steps s on s.township_id = d.township_id and s.id = d.step_id
	where s.import_id is not null and d.from_day = (select min(f.from_day) from private.step_days f
		where f.township_id = d.township_id and f.step_id = d.step_id);
end
$$;

-- ── counting ─────────────────────────────────────────────────────────────────────────────────────

-- The last day that counts, since when the map knows anything, and whether ledgers that were imported later
-- count on the days they name: asked for, or of themselves where the map knew nothing yet.
create type private.report_days as (from_day date, as_of date, since date, ledger boolean);
create function private.days_of_report(t uuid, p_from date, p_to date, p_ledger boolean) returns private.report_days
language plpgsql stable set search_path = '' as $$
declare
	d private.report_days;
begin
	if p_from is null or p_to is null or p_from > p_to or p_to - p_from > 3700 then perform private.refuse('bad_value', 'days'); end if;
	d.from_day := p_from;
	d.as_of := least(p_to, private.today());
	d.since := (select k.from_day from private.step_days k where k.township_id = t and not k.voided order by k.from_day limit 1);
	d.ledger := coalesce(p_ledger, d.since is null or d.as_of < d.since);
	return d;
end
$$;

-- The names of the figures, in the order of `n`. The first four are of the period, the rest at its end.
create function private.figures() returns text[]
language sql immutable set search_path = '' as $$
	select array['found', 'said', 'done', 'proven', 'open', 'waiting', 'overdue', 'carried', 'blocked', 'due',
		'all_found', 'all_said', 'all_done', 'all_proven']
$$;

-- Every step as it stood at the end of the last day, with a one for each figure in which it counts.
create function private.steps_of_report(t uuid, d private.report_days, p_campaign text) returns table (
	step_id uuid, thing_kind public.thing_kind, thing_id uuid, village_id uuid, category text, state public.step_state,
	found_on date, said_on date, done_on date, proven_on date, proven_how public.proof_how, due_on date, blocked boolean,
	late boolean, n integer[])
language sql stable set search_path = '' as $$
	with known as (
		select k.step_id, k.thing_kind, k.thing_id, k.village_id, k.category, k.state, k.found_on, k.said_on, k.done_on, k.proven_on,
			k.proven_how, k.due_on, false as late
		from private.step_days k
		where k.township_id = t and k.to_day > d.as_of and k.from_day <= d.as_of and not k.paper and not k.voided
			and k.state <> 'dropped' and (p_campaign is null or k.campaign = p_campaign)
		union all
		select k.step_id, k.thing_kind, k.thing_id, k.village_id, k.category, (case when k.proven_on <= d.as_of then 'proven'
				when k.done_on <= d.as_of then 'done' when k.said_on <= d.as_of then 'said' else 'found' end)::public.step_state,
			k.found_on, case when k.said_on <= d.as_of then k.said_on end, case when k.done_on <= d.as_of then k.done_on end,
			case when k.proven_on <= d.as_of then k.proven_on end, case when k.proven_on <= d.as_of then k.proven_how end,
			case when k.said_on <= d.as_of then k.due_on end, true
		from private.step_days k
		where d.ledger and k.township_id = t and k.paper and k.from_day > d.as_of and k.found_on <= d.as_of and not k.voided
			and (p_campaign is null or k.campaign = p_campaign)
	), held as (
		select b.step_id from public.blockers b
		where b.township_id = t and b.opened_on <= d.as_of and (b.closed_on is null or b.closed_on > d.as_of)
	), seen as (
		select k.*, h.step_id is not null as blocked from known k left join held h on h.step_id = k.step_id
	)
	select s.step_id, s.thing_kind, s.thing_id, s.village_id, s.category, s.state, s.found_on, s.said_on, s.done_on, s.proven_on,
		s.proven_how, s.due_on, s.blocked, s.late, array[
			(s.found_on >= d.from_day)::int, coalesce(s.said_on >= d.from_day, false)::int,
			coalesce(s.done_on >= d.from_day, false)::int, coalesce(s.proven_on >= d.from_day, false)::int,
			(s.state in ('found', 'said'))::int, (s.state = 'done')::int,
			(s.state = 'said' and coalesce(s.due_on < d.as_of, false))::int,
			(s.state in ('found', 'said') and s.found_on < d.from_day)::int, s.blocked::int,
			(s.state = 'said' and coalesce(s.due_on between d.as_of + 1 and d.as_of + 7, false))::int,
			1, (s.said_on is not null)::int, (s.done_on is not null)::int, (s.proven_on is not null)::int]
	from seen s
$$;

-- What a step is called: a task by its own title, a milestone with its thing before it.
create function private.title_of(t uuid, k public.thing_kind, thing uuid, step uuid) returns text
language sql stable set search_path = '' as $$
	select case k when 'task' then (select x.title from public.tasks x where x.township_id = t and x.id = thing)
		else concat_ws('：', coalesce((select x.title from public.projects x where k = 'project' and x.township_id = t and x.id = thing),
			(select x.title from public.plans x where k = 'plan' and x.township_id = t and x.id = thing)),
			(select nullif(s.title, '') from public.steps s where s.township_id = t and s.id = step)) end
$$;

-- ── before and after ─────────────────────────────────────────────────────────────────────────────

-- Three pairs of what was accepted in the period, by a rule: a photo of before and one of after were there by its end, and
-- neither looks like another photo; accepted on the spot comes first, then one a village before a second of any,
-- then the latest accepted.
create function private.pairs_of_report(t uuid, d private.report_days, p_proven uuid[]) returns jsonb
language sql stable set search_path = '' as $$
	with shots as (
		select s.step_id, s.thing_id, s.village_id, s.proven_on, s.proven_how,
			(select l.photo_id from public.photo_links l where l.township_id = t and l.step_id = s.step_id and l.role = 'before'
				and (l.at at time zone 'Asia/Shanghai')::date <= d.as_of order by l.at, l.photo_id limit 1) as before,
			(select l.photo_id from public.photo_links l where l.township_id = t and l.step_id = s.step_id and l.role = 'after'
				and (l.at at time zone 'Asia/Shanghai')::date <= d.as_of order by l.at desc, l.photo_id desc limit 1) as after
		from private.step_days s
		where s.township_id = t and s.step_id = any (p_proven) and s.from_day <= d.as_of and s.to_day > d.as_of and not s.paper
	), fit as (
		select s.*, row_number() over (partition by s.village_id order by s.proven_how <> 'on_site', s.proven_on desc, s.step_id) as nth
		from shots s
		where s.before is not null and s.after is not null and s.before <> s.after
			and not exists (select from private.photo_twins w join public.photos o on o.township_id = t and o.id = w.other_id
				where w.township_id = t and w.photo_id in (s.before, s.after) and (o.at at time zone 'Asia/Shanghai')::date <= d.as_of)
	), best as (
		select * from fit order by proven_how <> 'on_site', nth, proven_on desc, step_id limit 3
	)
	select coalesce(jsonb_agg(jsonb_build_object('id', b.thing_id, 'title', private.title_of(t, 'task', b.thing_id, b.step_id),
		'category', (select x.category from public.tasks x where x.township_id = t and x.id = b.thing_id),
		'villageId', b.village_id, 'provenOn', b.proven_on, 'how', b.proven_how,
		'before', private.photo_shown(t, b.before), 'after', private.photo_shown(t, b.after))
		order by b.proven_how <> 'on_site', b.nth, b.proven_on desc, b.step_id), '[]')
	from best b
$$;

-- ── decisions of meetings ────────────────────────────────────────────────────────────────────────

-- The meetings this person may see: with a seat, or who plans or audits the whole township.
create function private.meetings_of(t uuid, p_person uuid) returns setof uuid
language sql stable set search_path = '' as $$
	select m.id from public.meetings m where m.township_id = t and exists (
		select from public.memberships x join private.role_rights r on r.role = x.role and r."right" in ('plan', 'audit')
		where x.person_id = p_person and x.place_id in (t, (select parent_id from public.places where id = t))
			and x.valid_from <= private.today() and (x.valid_to is null or x.valid_to > private.today()))
	union
	select p.meeting_id from public.meeting_people p where p.township_id = t and p.person_id = p_person and not p.removed
$$;

create function private.decisions_of_report(t uuid, d private.report_days, p_person uuid) returns jsonb
language sql stable set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'meetingId', c.meeting_id, 'meeting', m.title, 'text', c.body,
		'lead', coalesce(nullif(c.lead_unit, ''), (select name from public.persons where id = c.lead)),
		'dueOn', s.due_on, 'state', s.state, 'overdue', s.due_on < d.as_of) order by s.due_on, c.id), '[]')
	from public.decisions c
	join public.meetings m on m.township_id = t and m.id = c.meeting_id
	join private.step_days s on s.township_id = t and s.step_id = c.step_id and not s.paper and s.from_day <= d.as_of and s.to_day > d.as_of
	where c.township_id = t and c.meeting_id in (select private.meetings_of(t, p_person))
		and (c.made_at at time zone 'Asia/Shanghai')::date <= d.as_of
		and (c.withdrawn_at is null or (c.withdrawn_at at time zone 'Asia/Shanghai')::date > d.as_of)
		and s.state in ('found', 'said') and s.due_on <= d.as_of + 7
$$;

-- ── the report ───────────────────────────────────────────────────────────────────────────────────

create function private.report_body(t uuid, p_from date, p_to date, p_campaign text, p_ledger boolean, p_person uuid) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
	d private.report_days := private.days_of_report(t, p_from, p_to, p_ledger);
	result jsonb;
begin
	with s as materialized (
		select * from private.steps_of_report(t, d, p_campaign)
	), cells as (
		select s.thing_kind, s.village_id, s.category, array[
			sum(n[1]), sum(n[2]), sum(n[3]), sum(n[4]), sum(n[5]), sum(n[6]), sum(n[7]), sum(n[8]), sum(n[9]), sum(n[10]),
			sum(n[11]), sum(n[12]), sum(n[13]), sum(n[14])]::integer[] as n
		from s group by 1, 2, 3
	), stuck as (
		select b.*, s.category, s.village_id as place, s.thing_id from public.blockers b join s on s.step_id = b.step_id
		where b.township_id = t and b.opened_on <= d.as_of and (b.closed_on is null or b.closed_on > d.as_of)
		order by b.since, b.id limit 300
	), due as (
		select * from s where n[10] = 1 order by due_on, thing_kind, step_id limit 60
	), moved as (
		select * from s where thing_kind <> 'task' and n[2] + n[3] + n[4] > 0 order by thing_kind, thing_id, step_id limit 200
	)
	select jsonb_build_object(
		'township', (select jsonb_build_object('id', p.id, 'name', p.name, 'demo', p.demo) from public.places p where p.id = t),
		'from', p_from, 'to', p_to, 'asOf', d.as_of, 'today', private.today(), 'campaign', p_campaign,
		'since', d.since, 'ledger', d.ledger,
		'late', (select count(*) from private.step_days k where k.township_id = t and k.paper and k.from_day > d.as_of
			and k.found_on <= d.as_of and not k.voided and (p_campaign is null or k.campaign = p_campaign)),
		'villages', coalesce((select jsonb_agg(jsonb_build_object('id', v.id, 'name', v.name) order by v.code nulls last, v.name)
			from public.places v where v.township_id = t and v.level = 'village'
				and (v.archived_at is null or v.id in (select c.village_id from cells c))), '[]'),
		'cells', coalesce((select jsonb_agg(jsonb_build_object('kind', c.thing_kind, 'villageId', c.village_id, 'category', c.category, 'n', c.n)
			order by c.thing_kind, c.village_id, c.category) from cells c), '[]'),
		'stuck', coalesce((select jsonb_agg(jsonb_build_object('kind', b.thing_kind, 'id', b.thing_id, 'category', b.category,
			'title', private.title_of(t, b.thing_kind, b.thing_id, b.step_id), 'villageId', b.place, 'blocker', b.kind,
			'who', b.who, 'ask', b.ask, 'since', b.since) order by b.since, b.id) from stuck b), '[]'),
		'due', coalesce((select jsonb_agg(jsonb_build_object('kind', s.thing_kind, 'id', s.thing_id, 'category', s.category,
			'title', private.title_of(t, s.thing_kind, s.thing_id, s.step_id), 'villageId', s.village_id, 'dueOn', s.due_on)
			order by s.due_on, s.thing_kind, s.step_id) from due s), '[]'),
		'moved', coalesce((select jsonb_agg(jsonb_build_object('kind', s.thing_kind, 'id', s.thing_id,
			'title', private.title_of(t, s.thing_kind, s.thing_id, s.step_id), 'villageId', s.village_id,
			'saidOn', case when s.n[2] = 1 then s.said_on end, 'doneOn', case when s.n[3] = 1 then s.done_on end,
			'provenOn', case when s.n[4] = 1 then s.proven_on end) order by s.thing_kind, s.thing_id, s.step_id) from moved s), '[]'),
		'pairs', private.pairs_of_report(t, d, array(select s.step_id from s where s.thing_kind = 'task' and s.n[4] = 1)),
		'decisions', case when p_campaign is null then private.decisions_of_report(t, d, p_person) else '[]'::jsonb end,
		'campaigns', coalesce((select jsonb_agg(jsonb_build_object('name', c.campaign, 'from', c.from_day, 'to', c.to_day) order by c.from_day desc, c.campaign)
			from (select k.campaign, min(k.found_on) as from_day, max(greatest(k.found_on, k.done_on, k.proven_on)) as to_day
				from private.step_days k where k.township_id = t and k.campaign <> '' and k.to_day = 'infinity' and not k.voided
				group by 1) c), '[]'))
	into result;
	return result;
end
$$;

-- What a township did from a day to a day, as it was known at the end of the last. `p_ledger`: whether ledgers
-- that were imported afterwards count on the days they name; null: only where nothing else was known yet.
create function public.report(p_township uuid, p_from date, p_to date, p_campaign text default null, p_ledger boolean default null)
returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
	if not p_township in (select private.my_townships()) then return null; end if;
	return private.report_body(p_township, p_from, p_to, p_campaign, p_ledger, private.my_person());
end
$$;

-- The places behind one number, a page of them by key: exactly as many as the number says.
create function public.report_rows(p_township uuid, p_from date, p_to date, p_kind public.thing_kind, p_figure text,
	p_village uuid default null, p_category text default null, p_campaign text default null, p_ledger boolean default null,
	p_after uuid default null, p_limit integer default 200) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	d private.report_days;
	at integer := array_position(private.figures(), p_figure);
	result jsonb;
begin
	if not p_township in (select private.my_townships()) then return null; end if;
	if at is null then perform private.refuse('bad_value', 'figure'); end if;
	d := private.days_of_report(p_township, p_from, p_to, p_ledger);
	with s as materialized (
		select * from private.steps_of_report(p_township, d, p_campaign) x
		where x.thing_kind = p_kind and x.n[at] = 1
			-- The township's own id stands for what lies in no known village.
			and (p_village is null or coalesce(x.village_id, p_township) = p_village)
			and (p_category is null or x.category = p_category)
	), page as (
		select * from s where p_after is null or s.step_id < p_after order by s.step_id desc limit least(greatest(p_limit, 1), 1000)
	)
	select jsonb_build_object('total', (select count(*) from s), 'asOf', d.as_of, 'ledger', d.ledger,
		'rows', coalesce((select jsonb_agg(jsonb_build_object('id', p.step_id, 'kind', p.thing_kind, 'thingId', p.thing_id,
			'title', private.title_of(p_township, p.thing_kind, p.thing_id, p.step_id), 'category', p.category, 'villageId', p.village_id,
			'village', (select v.name from public.places v where v.id = p.village_id), 'state', p.state, 'foundOn', p.found_on,
			'saidOn', p.said_on, 'doneOn', p.done_on, 'provenOn', p.proven_on, 'dueOn', p.due_on, 'blocked', p.blocked, 'late', p.late,
			'now', (select n.state from public.steps n where n.township_id = p_township and n.id = p.step_id),
			'at', (select jsonb_build_array(round(extensions.st_x(g.p)::numeric, 6), round(extensions.st_y(g.p)::numeric, 6))
				from (select extensions.st_pointonsurface(coalesce(
					(select x.geom from public.tasks x where p.thing_kind = 'task' and x.township_id = p_township and x.id = p.thing_id),
					(select u.geom from public.projects x join public.scenic_units u on u.township_id = x.township_id and u.id = x.unit_id
						where p.thing_kind = 'project' and x.township_id = p_township and x.id = p.thing_id),
					(select x.geom from public.plans x where p.thing_kind = 'plan' and x.township_id = p_township and x.id = p.thing_id))) as p) g
				where g.p is not null)) order by p.step_id desc) from page p), '[]'))
	into result;
	return result;
end
$$;

-- The files behind photos of a report, for the server's own printing: they were in a report already.
create function public.report_photos(p_township uuid, p_ids uuid[]) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_object_agg(p.id, p.sha256), '{}') from public.photos p
	where p.township_id = p_township and p.id = any (p_ids)
$$;

-- ── by e-mail, to whoever wants it ───────────────────────────────────────────────────────────────

create table public.report_subscriptions (
	township_id uuid not null references public.places,
	person_id uuid not null references public.persons,
	account_id uuid not null,
	email text not null check (char_length(email) between 6 and 254),
	active boolean not null,
	since timestamptz not null,
	version integer not null default 1,
	primary key (township_id, person_id)
);
alter table public.report_subscriptions enable row level security;
create policy "own subscriptions only" on public.report_subscriptions for select to authenticated
	using (person_id = (select private.my_person()));

-- One row a reader and period, however many processes and restarts: claimed, then sent, or to be tried again.
create table public.report_sendings (
	township_id uuid not null,
	person_id uuid not null,
	from_day date not null,
	to_day date not null,
	state text not null check (state in ('sending', 'sent', 'failed', 'given_up')),
	attempts integer not null default 1,
	-- Until then nobody else tries: a claim runs out, a failure waits.
	next_at timestamptz not null,
	sent_at timestamptz,
	error text not null default '' check (char_length(error) <= 200),
	primary key (township_id, person_id, from_day),
	foreign key (township_id, person_id) references public.report_subscriptions
);
alter table public.report_sendings enable row level security;
create policy "own sendings only" on public.report_sendings for select to authenticated
	using (person_id = (select private.my_person()));

-- The address of the account, if mail can reach it: names without one have a made-up address.
create function private.my_email() returns text
language sql stable set search_path = '' as $$
	select e from lower(btrim(private.claims() ->> 'email')) e
	where e ~ '^[^@\s<>,;"]+@[a-z0-9.-]+\.[a-z]{2,}$' and char_length(e) <= 254 and e not like '%.invalid'
$$;

create function private.op_report_subscribe(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	wanted boolean := (p ->> 'active')::boolean;
	address text := private.my_email();
	me uuid := private.my_person();
	v integer;
begin
	if target <> t then perform private.refuse('bad_value', 'target'); end if;
	if wanted is null then perform private.refuse('bad_value', 'active'); end if;
	if wanted and address is null then perform private.refuse('no_email'); end if;
	if wanted then
		insert into public.report_subscriptions as s (township_id, person_id, account_id, email, active, since)
		values (t, me, private.me(), address, true, now())
		on conflict (township_id, person_id) do update set account_id = excluded.account_id, email = excluded.email, active = true,
			since = case when s.active then s.since else excluded.since end, version = s.version + 1
		returning version into v;
	else
		update public.report_subscriptions s set active = false, version = s.version + 1
		where s.township_id = t and s.person_id = me returning version into v;
	end if;
	return jsonb_build_object('id', t, 'kind', 'account', 'version', coalesce(v, 1));
end
$$;
insert into private.op_kinds (kind, fn, takes) values ('report.subscribe', 'op_report_subscribe', 'both');

create function public.report_subscription(p_township uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('email', private.my_email(), 'active', coalesce(s.active, false), 'to', s.email,
		'last', (select jsonb_build_object('from', x.from_day, 'to', x.to_day, 'state', x.state, 'sentAt', x.sent_at, 'nextAt', x.next_at,
				'error', x.error) from public.report_sendings x
			where x.township_id = p_township and x.person_id = s.person_id order by x.from_day desc limit 1))
	from (select 1) one
	left join public.report_subscriptions s on s.township_id = p_township and s.person_id = private.my_person()
	where p_township in (select private.my_townships())
$$;

-- What is to be sent now, claimed for whoever asks for ten minutes: the last full week, from Monday seven o'clock,
-- once a reader, to those who still belong to the township and whose account is on.
create function public.report_claim(p_limit integer default 3) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
	monday date := date_trunc('week', now() at time zone 'Asia/Shanghai')::date;
	opens timestamptz := (monday + time '07:00') at time zone 'Asia/Shanghai';
	result jsonb;
begin
	if now() < opens then return '[]'; end if;
	with wanted as (
		select s.* from public.report_subscriptions s
		join public.accounts a on a.user_id = s.account_id and a.person_id = s.person_id and a.ended_at is null
		where s.active and s.since < opens
			and exists (select from public.memberships m where m.person_id = s.person_id
				and (m.township_id = s.township_id or m.place_id = (select parent_id from public.places where id = s.township_id))
				and m.valid_from <= private.today() and (m.valid_to is null or m.valid_to > private.today()))
			and not exists (select from public.report_sendings x where x.township_id = s.township_id and x.person_id = s.person_id
				and x.from_day = monday - 7 and (x.state in ('sent', 'given_up') or x.next_at > now()))
		order by s.township_id, s.person_id limit least(greatest(p_limit, 1), 20)
	), claimed as (
		insert into public.report_sendings as x (township_id, person_id, from_day, to_day, state, next_at)
		select w.township_id, w.person_id, monday - 7, monday - 1, 'sending', now() + interval '10 minutes' from wanted w
		on conflict (township_id, person_id, from_day) do update set state = 'sending', attempts = x.attempts + 1,
			next_at = excluded.next_at
		where x.state in ('sending', 'failed') and x.next_at <= now()
		returning x.*
	)
	select coalesce(jsonb_agg(jsonb_build_object('townshipId', c.township_id, 'personId', c.person_id, 'from', c.from_day, 'to', c.to_day,
		'attempt', c.attempts, 'email', w.email,
		'report', private.report_body(c.township_id, c.from_day, c.to_day, null, null, c.person_id))), '[]')
	into result from claimed c join wanted w using (township_id, person_id);
	return result;
end
$$;

-- How it went. A failure is tried again after 10, 20, 40 … minutes, eight times in all.
create function public.report_told(p_township uuid, p_person uuid, p_from date, p_ok boolean, p_error text default '') returns void
language sql security definer set search_path = '' as $$
	update public.report_sendings set
		state = case when p_ok then 'sent' when attempts >= 8 then 'given_up' else 'failed' end,
		sent_at = case when p_ok then now() end, error = case when p_ok then '' else left(coalesce(p_error, ''), 200) end,
		next_at = now() + interval '10 minutes' * power(2, least(attempts - 1, 6))
	where township_id = p_township and person_id = p_person and from_day = p_from and state = 'sending'
$$;

insert into private.offers (signature, to_role) values
	('public.report(uuid, date, date, text, boolean)', 'authenticated'),
	('public.report_rows(uuid, date, date, public.thing_kind, text, uuid, text, text, boolean, uuid, integer)', 'authenticated'),
	('public.report_subscription(uuid)', 'authenticated'),
	('public.report_photos(uuid, uuid[])', 'service_role'),
	('public.report_claim(integer)', 'service_role'),
	('public.report_told(uuid, uuid, date, boolean, text)', 'service_role');
select private.apply_privileges();
