-- What a shared page holds (src/lib/domain/shared.ts), in the order in which a district official asks. Made here alone,
-- for the snapshot, the live page and the preview, so that what leaves is decided in one place: no person, no phone, no
-- contact, no corner of a parcel; points to 3 decimals unless they are for visitors; lines of villages only when chosen.

-- ── the scope ────────────────────────────────────────────────────────────────────────────────────

-- The projects and plans a subject is made of. Of a village or township the tasks are counted from the roll-ups, never listed.
create function private.share_things(t uuid, p_kind text, p_subject uuid) returns table (kind public.thing_kind, id uuid)
language sql stable set search_path = '' as $$
	select 'project'::public.thing_kind, p.id from public.projects p
	where p.township_id = t and p.archived_at is null and case p_kind when 'project' then p.id = p_subject when 'unit' then p.unit_id = p_subject
		when 'village' then p.village_id = p_subject else p_kind = 'township' end
	union all
	select 'plan', o.id from public.plans o
	where o.township_id = t and o.archived_at is null and case p_kind when 'plan' then o.id = p_subject when 'village' then o.village_id = p_subject
		when 'scheme' then o.id in (select x.plan_id from public.scheme_plans x where x.township_id = t and x.scheme_id = p_subject and x.ended_on is null)
		else p_kind = 'township' end
$$;

-- Their steps, and of a session the steps that were decided.
create function private.share_steps(t uuid, p_kind text, p_subject uuid) returns setof public.steps
language sql stable set search_path = '' as $$
	select s.* from private.share_things(t, p_kind, p_subject) x
	join public.steps s on s.township_id = t and s.thing_kind = x.kind and s.thing_id = x.id and not s.voided and s.state <> 'dropped'
	union all
	select s.* from public.decisions d join public.steps s on s.township_id = t and s.id = d.step_id and not s.voided
	where p_kind = 'meeting' and d.township_id = t and d.meeting_id = p_subject and d.withdrawn_at is null
$$;

-- What a step is called away from its thing.
create function private.share_title(s public.steps) returns text
language sql stable set search_path = '' as $$
	select coalesce(private.where_of(s.township_id, s.thing_kind::text, s.thing_id) ->> 'title', '')
		|| case when s.title <> '' and s.thing_kind <> 'task' then ' · ' || s.title else '' end
$$;

-- The running counts of a village, or of all of the township, at the end of a day.
create function private.share_progress(t uuid, p_village uuid, p_day date)
returns table (village_id uuid, kind public.thing_kind, planned integer, said integer, done integer, proven integer, blocked integer, overdue integer)
language sql stable set search_path = '' as $$
	select v.id, k.kind, p.planned, p.said, p.done, p.proven, p.blocked, p.overdue
	from (select id from public.places where township_id = t and level in ('village', 'township') and (p_village is null or id = p_village)) v
	cross join unnest(enum_range(null::public.thing_kind)) as k(kind)
	cross join lateral (select o.* from public.progress o where o.township_id = t and o.village_id = v.id and o.kind = k.kind and o.day <= p_day
		order by o.day desc limit 1) p
$$;

create function private.share_counts(planned bigint, said bigint, done bigint, proven bigint, blocked bigint, overdue bigint) returns jsonb
language sql immutable set search_path = '' as $$
	select jsonb_build_object('planned', coalesce(planned, 0), 'said', coalesce(said, 0), 'done', coalesce(done, 0), 'proven', coalesce(proven, 0),
		'blocked', coalesce(blocked, 0), 'overdue', coalesce(overdue, 0))
$$;

create function private.share_counts_of(t uuid, k public.thing_kind, thing uuid) returns jsonb
language sql stable set search_path = '' as $$
	select private.share_counts(count(*), count(*) filter (where s.said_on is not null), count(*) filter (where s.done_on is not null),
		count(*) filter (where s.proven_on is not null), count(*) filter (where s.stage = 'blocked'),
		count(*) filter (where s.state = 'said' and s.due_on < private.today()))
	from public.steps s where s.township_id = t and s.thing_kind = k and s.thing_id = thing and not s.voided and s.state <> 'dropped'
$$;

-- ── figures ──────────────────────────────────────────────────────────────────────────────────────

-- The latest check of a plan or scheme: of each layer the worst, and the land that lies in it.
create function private.share_check(t uuid, p_subject uuid) returns jsonb
language sql stable set search_path = '' as $$
	select jsonb_build_object('on', c.made_on, 'verdict', c.verdict, 'holds', private.changed_since(c) = '[]', 'layers', (
		select coalesce(jsonb_agg(jsonb_build_object('kind', x.kind, 'name', x.name, 'verdict', x.verdict, 'mu', round(x.mu, 2), 'datedOn', x.dated)
			order by array_position(array['red', 'yellow', 'not_checked', 'info', 'green'], x.verdict), k.nth, x.name), '[]')
		from (
			select l ->> 'kind' as kind, coalesce(l ->> 'name', '') as name, private.worst(array_agg(l ->> 'verdict')) as verdict,
				coalesce(sum((l ->> 'mu')::numeric), 0) as mu, max(l ->> 'datedOn') as dated
			from jsonb_array_elements(c.result -> 'parcels') p cross join jsonb_array_elements(p -> 'layers') l group by 1, 2
		) x left join private.layer_kinds k on k.kind = x.kind))
	from public.constraint_checks c where c.township_id = t and c.subject_id = p_subject order by c.at desc, c.id desc limit 1
$$;

create function private.share_land(t uuid, p_kind text, p_subject uuid) returns jsonb
language sql stable set search_path = '' as $$
	select case p_kind
		when 'plan' then (select jsonb_build_object('mu', round(coalesce((o.area * 3 / 2000)::numeric, o.land), 2), 'drawn', o.area is not null,
				'parcels', (select count(*) from public.parcels p where p.township_id = t and p.plan_id = o.id and p.archived_at is null),
				'floorArea', o.floor_area, 'landClass', o.land_class, 'plannedUse', o.planned_use, 'ownership', o.ownership, 'supply', o.supply,
				'quota', o.quota, 'check', private.share_check(t, o.id))
			from public.plans o where o.township_id = t and o.id = p_subject)
		when 'scheme' then (select jsonb_build_object('mu', round(sum(coalesce((o.area * 3 / 2000)::numeric, o.land)), 2), 'drawn', bool_and(o.area is not null),
				'parcels', (select count(*) from public.parcels p where p.township_id = t and p.plan_id = any (array_agg(o.id)) and p.archived_at is null),
				'floorArea', sum(o.floor_area), 'landClass', '', 'plannedUse', '', 'ownership', '', 'supply', '', 'quota', '',
				'check', private.share_check(t, p_subject))
			from private.share_things(t, p_kind, p_subject) x join public.plans o on o.township_id = t and o.id = x.id having count(*) > 0)
		-- A scenic unit has an extent and no parcels; nobody has laid it over anything.
		when 'unit' then (select jsonb_build_object('mu', case when extensions.st_dimension(u.geom) = 2 then round((private.area_of(u.geom) * 3 / 2000)::numeric) end,
				'drawn', coalesce(extensions.st_dimension(u.geom) = 2, false), 'parcels', 0, 'floorArea', null, 'landClass', '', 'plannedUse', '', 'ownership', '', 'supply', '',
				'quota', '', 'check', null)
			from public.scenic_units u where u.township_id = t and u.id = p_subject)
		when 'project' then private.share_land(t, 'unit', (select p.unit_id from public.projects p where p.township_id = t and p.id = p_subject))
	end
$$;

-- 10,000 yuan, of the rows by source; a plan without rows is worth what it states.
create function private.share_money(t uuid, p_kind text, p_subject uuid) returns jsonb
language sql stable set search_path = '' as $$
	with things as (select * from private.share_things(t, p_kind, p_subject)), rows as (
		select f.source, f.planned, f.allocated, f.spent from things x join public.funds f on f.township_id = t and f.project_id = x.id and f.archived_at is null
		union all
		select m.source, m.planned, m.allocated, m.spent from things x join public.plan_money m on m.township_id = t and m.plan_id = x.id and m.archived_at is null
	), stated as (
		select o.invest, o.spent from things x join public.plans o on o.township_id = t and o.id = x.id and x.kind = 'plan'
		where not exists (select from public.plan_money m where m.township_id = t and m.plan_id = o.id and m.archived_at is null)
			and (o.invest is not null or o.spent is not null)
	), sums as (
		select (select sum(planned) from (select planned from rows union all select invest from stated) p) as planned,
			(select sum(allocated) from rows) as allocated, (select sum(spent) from (select spent from rows union all select spent from stated) p) as spent
	)
	select jsonb_build_object('planned', s.planned, 'allocated', s.allocated, 'spent', s.spent,
		'rows', coalesce((select jsonb_agg(jsonb_build_object('source', r.source, 'planned', r.planned, 'allocated', r.allocated, 'spent', r.spent) order by r.planned desc nulls last, r.source)
			from (select source, sum(planned) as planned, sum(allocated) as allocated, sum(spent) as spent from rows group by source) r), '[]'),
		'party', coalesce((select o.party from public.plans o where p_kind = 'plan' and o.township_id = t and o.id = p_subject), ''),
		'intensity', coalesce((
			select jsonb_agg(jsonb_build_object('metric', i.metric, 'value', round(i.value, 2), 'minimum', h.minimum) order by i.nth)
			from public.plans o
			cross join lateral (select coalesce((o.area * 3 / 2000)::numeric, o.land) as mu) l
			cross join lateral (values (1, 'invest_per_mu', s.planned / nullif(l.mu, 0)), (2, 'tax_per_mu', o.tax / nullif(l.mu, 0)),
				(3, 'plot_ratio', o.floor_area / nullif(l.mu * 2000 / 3, 0))) i(nth, metric, value)
			left join lateral (select x.minimum from public.plan_thresholds x where x.township_id = t and x.metric = i.metric and x.category in (o.category, '')
				order by x.category = '' limit 1) h on true
			where p_kind = 'plan' and o.township_id = t and o.id = p_subject and (i.value is not null or h.minimum is not null)), '[]'))
	from sums s where coalesce(s.planned, s.allocated, s.spent) is not null
$$;

create function private.share_gains(t uuid, p_kind text, p_subject uuid) returns jsonb
language sql stable set search_path = '' as $$
	select jsonb_build_object('output', sum(o.output), 'tax', sum(o.tax), 'income', sum(o.income), 'jobs', sum(o.jobs), 'jobsIndirect', sum(o.jobs_indirect),
		'households', sum(o.households), 'people', sum(o.people), 'mechanism', case when p_kind = 'plan' then max(o.mechanism) else '' end)
	from private.share_things(t, p_kind, p_subject) x join public.plans o on o.township_id = t and o.id = x.id and x.kind = 'plan'
	having count(coalesce(o.output, o.tax, o.income, o.jobs, o.jobs_indirect, o.households, o.people)) > 0
$$;

-- ── steps, what is stuck, what changed ───────────────────────────────────────────────────────────

create function private.share_step_list(t uuid, p_kind text, p_subject uuid) returns jsonb
language sql stable set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'work', coalesce(w.title, ''), 'title', s.title, 'state', s.state, 'saidOn', s.said_on, 'dueOn', s.due_on,
			'firstDueOn', s.first_due_on, 'drift', coalesce(s.due_on - s.first_due_on, 0), 'doneOn', s.done_on, 'provenOn', s.proven_on,
			'provenHow', s.proven_how, 'overdue', s.state = 'said' and coalesce(s.due_on < private.today(), false), 'blocked', s.stage = 'blocked')
			order by s.thing_id, coalesce(w.made_on, '-infinity'), w.id, s.seq), '[]')
	from private.share_steps(t, p_kind, p_subject) s left join public.works w on w.township_id = t and w.id = s.work_id
	where p_kind in ('project', 'unit', 'plan') and (w.id is null or w.archived_at is null)
$$;

create function private.share_asks(t uuid, p_kind text, p_subject uuid) returns jsonb
language sql stable set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', b.id, 'kind', b.kind, 'title', private.share_title(s), 'text', b.note, 'ask', b.ask, 'who', b.who,
			'since', b.since, 'days', private.today() - b.since) order by b.since, b.id), '[]')
	from (
		select b.*, s as step from public.blockers b join public.steps s on s.township_id = t and s.id = b.step_id and not s.voided
		where b.township_id = t and b.closed_on is null and case p_kind when 'township' then true when 'village' then s.village_id = p_subject
			else s.id in (select x.id from private.share_steps(t, p_kind, p_subject) x) end
		order by b.since, b.id limit 60
	) b cross join lateral (select (b.step).*) s
$$;

-- From the log: what happened, when, to what; who did it is not asked for.
create function private.share_changes(t uuid, p_kind text, p_subject uuid) returns jsonb
language sql stable set search_path = '' as $$
	with things as (select * from private.share_things(t, p_kind, p_subject)), steps as (select s.id from private.share_steps(t, p_kind, p_subject) s), ids as (
		select id from things union select id from steps union select p_subject
		union select f.id from public.funds f where f.township_id = t and f.project_id in (select id from things where p_kind in ('project', 'unit'))
		union select d.id from public.decisions d where p_kind = 'meeting' and d.township_id = t and d.meeting_id = p_subject
		union select c.id from public.scenarios c where p_kind = 'scheme' and c.township_id = t and c.scheme_id = p_subject
	), happened as (
		select e.* from public.events e where p_kind not in ('village', 'township') and e.township_id = t and e.subject_id in (select id from ids)
		union all
		-- Of a whole township: what the end of the log says, newest first, as far back as is worth reading.
		select e.* from (select * from public.events x where p_kind in ('village', 'township') and x.township_id = t order by x.seq desc limit 4000) e
		where p_kind = 'township' or e.subject_id in (select id from ids)
			or e.subject_id in (select s.id from public.steps s where s.township_id = t and s.village_id = p_subject)
	), told as (
		select e.at, e.seq, case e.action
				when 'task.create' then case when not exists (select from public.decisions d where d.township_id = t and d.step_id = e.subject_id) then 'found' end when 'step.do' then 'done' when 'step.prove' then 'proven' when 'step.return' then 'returned'
				when 'step.withdraw' then 'reopened' when 'step.reopen' then 'reopened' when 'step.drop' then 'dropped' when 'step.reject' then 'dropped'
				when 'step.block' then 'blocked' when 'step.unblock' then 'unblocked' when 'step.grant' then 'moved' when 'work.plan' then 'moved'
				when 'plan.money' then 'money' when 'fund.create' then 'money' when 'fund.edit' then 'money' when 'plan.edit' then 'record'
				when 'project.edit' then 'record' when 'decision.make' then 'decided' when 'scenario.adopt' then 'scenario'
				when 'step.say' then case when exists (select from public.events o where o.township_id = t and o.subject_id = e.subject_id and o.action = 'step.say'
					and o.seq < e.seq) then 'moved' else 'said' end end as what,
			e.subject_id, e.action, case when e.action in ('step.say', 'step.grant') then e.data ->> 'due_on' end as due
		from happened e
	), lines as (
		select x.at, x.what, case
				when x.action like 'step.%' then (select private.share_title(s) from public.steps s where s.township_id = t and s.id = x.subject_id)
				when x.action = 'decision.make' then (select d.body from public.decisions d where d.township_id = t and d.id = x.subject_id)
				when x.action like 'fund.%' then (select coalesce(w.title, p.title) from public.funds f join public.projects p on p.township_id = t and p.id = f.project_id
					left join public.works w on w.township_id = t and w.id = f.work_id where f.township_id = t and f.id = x.subject_id)
				else (select y ->> 'title' from (values (private.where_of(t, case when x.action like 'task.%' then 'task' when x.action like 'plan.%' then 'plan'
					when x.action like 'scenario.%' then 'scenario' else 'project' end, x.subject_id))) v(y)) end as title, null::text as from_, x.due as to_
		from (select * from told where what is not null order by seq desc limit 200) x
		union all
		select l.at, 'phase', p.title, l.from_phase::text, l.to_phase::text
		from (select o.* from public.project_log o where o.township_id = t and o.project_id in (select id from things) order by o.at desc limit 40) l
		join public.projects p on p.township_id = t and p.id = l.project_id
		union all
		select c.at, 'check', coalesce(o.title, h.title), null, c.verdict
		from (select * from public.constraint_checks x where x.township_id = t and (x.subject_id in (select id from things) or x.subject_id = p_subject)
			order by x.at desc limit 20) c
		left join public.plans o on o.township_id = t and o.id = c.subject_id left join public.schemes h on h.township_id = t and h.id = c.subject_id
	)
	select coalesce(jsonb_agg(jsonb_build_object('at', to_char(l.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'what', l.what, 'title', coalesce(l.title, ''),
		'from', l.from_, 'to', l.to_, 'times', l.times) order by l.at desc, l.what, l.title), '[]')
	from (
		-- The same on one day is said once.
		select max(at) as at, what, title, from_, to_, count(*) as times from lines
		group by (at at time zone 'Asia/Shanghai')::date, what, title, from_, to_ order by 1 desc limit 40
	) l
$$;

-- Counts at the ends of the days on which something happened; of a set, at the ends of fortnights.
create function private.share_timeline(t uuid, p_kind text, p_subject uuid) returns jsonb
language sql stable set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_array(day, planned, said, done, proven) order by day), '[]')
	from (
		select d.day, count(*) filter (where s.found_on <= d.day) as planned, count(*) filter (where s.said_on <= d.day) as said,
			count(*) filter (where s.done_on <= d.day) as done, count(*) filter (where s.proven_on <= d.day) as proven
		from private.share_steps(t, p_kind, p_subject) s
		cross join (
			select day from (select distinct unnest(array[x.found_on, x.said_on, x.done_on, x.proven_on, private.today()]) as day
				from private.share_steps(t, p_kind, p_subject) x) y
			where p_kind not in ('village', 'township') and day is not null order by day desc limit 60
		) d
		group by d.day
		union all
		select g.day, sum(p.planned), sum(p.said), sum(p.done), sum(p.proven)
		from (select distinct private.today() - n * 14 as day from generate_series(0, 26) n where p_kind in ('village', 'township')) g
		cross join lateral private.share_progress(t, case when p_kind = 'village' then p_subject end, g.day) p
		group by g.day
	) x
$$;

-- ── photos ───────────────────────────────────────────────────────────────────────────────────────

-- Of a set the three places that were accepted last and have both photos; else those of the steps and of the evidence.
-- Always the copy with parts burnt over, where there is one.
create function private.share_photos(t uuid, p_kind text, p_subject uuid) returns jsonb
language sql stable set search_path = '' as $$
	with links as (
		select l.photo_id, l.role::text as role, l.at, s.id as step_id, private.share_title(s) as title, 0 as sort
		from private.share_steps(t, p_kind, p_subject) s join public.photo_links l on l.township_id = t and l.step_id = s.id
		where p_kind not in ('village', 'township')
		union all
		select e.photo_id, 'other', e.at, null, e.title, 1 from public.exhibits e
		where p_kind in ('project', 'unit') and e.township_id = t and e.photo_id is not null and e.withdrawn_on is null
			and e.unit_id = case p_kind when 'unit' then p_subject else (select p.unit_id from public.projects p where p.township_id = t and p.id = p_subject) end
		union all
		select l.photo_id, l.role::text, l.at, s.id, private.share_title(s), 0
		from (
			select s.* from public.steps s
			where p_kind in ('village', 'township') and s.township_id = t and s.thing_kind = 'task' and s.state = 'proven' and not s.voided
				and (p_kind = 'township' or s.village_id = p_subject)
				and exists (select from public.photo_links a where a.township_id = t and a.step_id = s.id and a.role = 'before')
				and exists (select from public.photo_links a where a.township_id = t and a.step_id = s.id and a.role = 'after')
			order by s.proven_on desc, s.id desc limit 3
		) s
		join public.photo_links l on l.township_id = t and l.step_id = s.id and l.role in ('before', 'after')
	), groups as (
		select *, dense_rank() over (order by sort, coalesce(step_id, photo_id)) as grp from links
	)
	select coalesce(jsonb_agg(jsonb_build_object('id', x.id, 'role', x.role, 'at', to_char(x.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'width', x.width,
		'height', x.height, 'group', x.grp, 'title', x.title) order by x.grp, array_position(array['before', 'after', 'check', 'other'], x.role), x.at), '[]')
	from (
		select distinct on (v.id) v.id, g.role, g.at, v.width, v.height, g.grp, g.title from groups g
		join public.photos v on v.township_id = t and v.id = private.photo_shown(t, g.photo_id)
		order by v.id, g.grp limit 24
	) x
$$;

-- ── the map ──────────────────────────────────────────────────────────────────────────────────────

-- A shape for strangers: no line of it is truer than 50 m, no corner than 3 decimals. null: too small to be one.
create function private.share_shape(g extensions.geometry, p_digits integer default 3) returns jsonb
language sql immutable set search_path = '' as $$
	select extensions.st_asgeojson(s.g, p_digits)::jsonb
	from (select extensions.st_snaptogrid(extensions.st_simplifypreservetopology(g, 0.0005 / 10 ^ (p_digits - 3)), 10 ^ (-p_digits)) as g) s
	where s.g is not null and not extensions.st_isempty(s.g)
$$;
create function private.share_at(g extensions.geometry, p_digits integer default 3) returns jsonb
language sql immutable set search_path = '' as $$
	select case when g is not null and not extensions.st_isempty(g) then (select jsonb_build_array(round(extensions.st_x(p)::numeric, p_digits), round(extensions.st_y(p)::numeric, p_digits))
		from (select extensions.st_pointonsurface(g) as p) x) end
$$;

create function private.share_map(t uuid, p_kind text, p_subject uuid, p_boundaries boolean) returns jsonb
language sql stable set search_path = '' as $$
	with things as (select * from private.share_things(t, p_kind, p_subject)), units as (
		select u.*, private.area_of(u.geom) as m2 from public.scenic_units u where u.township_id = t and u.archived_at is null and u.geom is not null
			and (p_kind = 'unit' and u.id = p_subject or u.id in (select p.unit_id from public.projects p join things x on x.kind = 'project' and x.id = p.id
				where p.township_id = t and p_kind in ('project', 'township', 'village')))
	), states as (
		select x.kind, x.id, case when n.planned = 0 or n.said = 0 then 'found' when n.proven = n.planned then 'proven' when n.done = n.planned then 'done' else 'said' end as state,
			case when n.blocked > 0 then 'blocked' when n.overdue > 0 then 'overdue' end as mark
		from things x cross join lateral (select (c ->> 'planned')::integer as planned, (c ->> 'said')::integer as said, (c ->> 'done')::integer as done,
			(c ->> 'proven')::integer as proven, (c ->> 'blocked')::integer as blocked, (c ->> 'overdue')::integer as overdue
			from private.share_counts_of(t, x.kind, x.id) c) n
	), features as (
		select f.* from public.unit_features f join units u on u.id = f.unit_id
		where f.township_id = t and f.archived_at is null and p_kind in ('project', 'unit')
	), points as (
		-- Places for visitors are where visitors find them; pipes and bins are good to 100 m.
		select f.kind, f.name, private.share_at(f.geom, case when f.kind in ('waste', 'sewage', 'water') then 3 else 5 end) as at, null as state, null as mark,
			null::numeric as radius, null::integer as no, 1 as sort
		from features f where extensions.st_dimension(f.geom) <> 1
		union all
		select 'project', p.title, private.share_at(coalesce(u.geom, v.label)), s.state, s.mark,
			case when extensions.st_dimension(u.geom) = 2 and private.area_of(u.geom) < 300000 then round(sqrt(private.area_of(u.geom) / pi())::numeric) end, null, 2
		from states s join public.projects p on s.kind = 'project' and p.township_id = t and p.id = s.id join public.scenic_units u on u.township_id = t and u.id = p.unit_id
		left join public.places v on v.id = p.village_id
		union all
		select 'plan', o.title, private.share_at(coalesce(o.geom, v.label)), s.state, s.mark,
			case when p_kind in ('plan', 'scheme') and o.area is not null then round(sqrt(o.area / pi())::numeric) end, null, 2
		from states s join public.plans o on s.kind = 'plan' and o.township_id = t and o.id = s.id left join public.places v on v.id = o.village_id
		union all
		select 'decision', d.body, (select jsonb_build_array(round((a ->> 0)::numeric, 3), round((a ->> 1)::numeric, 3)) from (values (private.where_of(t, d.kind, d.thing_id) -> 'at')) w(a)
				where jsonb_typeof(a) = 'array'), s.state::text, case when s.stage = 'blocked' then 'blocked' end, null, d.seq, 2
		from public.decisions d left join public.steps s on s.township_id = t and s.id = d.step_id
		where p_kind = 'meeting' and d.township_id = t and d.meeting_id = p_subject and d.withdrawn_at is null
	), seen as (
		select extensions.st_collect(g) as g from (
			select geom as g from units where p_kind in ('project', 'unit')
			union all select extensions.st_setsrid(extensions.st_makepoint((at ->> 0)::double precision, (at ->> 1)::double precision), 4326) from points where at is not null
			union all select geom from features
			-- The village's name beside it says where it is.
			union all select v.label from things x
				left join public.projects p on x.kind = 'project' and p.township_id = t and p.id = x.id left join public.plans o on x.kind = 'plan' and o.township_id = t and o.id = x.id
				join public.places v on v.id = coalesce(p.village_id, o.village_id) where p_kind in ('project', 'unit', 'plan')
			union all select coalesce(v.geom, v.label) from public.places v where p_kind = 'village' and v.id = p_subject
			union all select v.label from public.places v where p_kind in ('township', 'meeting', 'scheme') and v.township_id = t and v.level = 'village' and v.archived_at is null
		) x where g is not null
	), box as (
		select extensions.st_expand(g, greatest(0.004, 0.15 * greatest(extensions.st_xmax(g) - extensions.st_xmin(g), extensions.st_ymax(g) - extensions.st_ymin(g)))) as b
		from seen where g is not null
	), names as (
		select v.name, private.share_at(v.label) as at from public.places v, box
		where v.township_id = t and v.level = 'village' and v.archived_at is null and v.label is not null and v.label operator(extensions.&&) box.b
	), shapes as (
		select 'township' as kind, v.name, null as state, private.share_shape(v.geom) as geometry, 1 as sort from public.places v
		where p_boundaries and v.id = t and v.geom is not null
		union all
		select 'village', v.name, null, private.share_shape(v.geom), 2 from public.places v, box
		where p_boundaries and v.township_id = t and v.level = 'village' and v.archived_at is null and v.geom is not null and v.geom operator(extensions.&&) box.b
		union all
		select 'road', '', null, private.share_shape(r.geom), 3 from (
			select s.geom from public.constraint_layers l join public.constraint_shapes s on s.township_id = t and s.load_id = l.load_id
			cross join box
			where l.township_id = t and l.kind = 'road' and l.archived_at is null and s.geom operator(extensions.&&) box.b and extensions.st_dimension(s.geom) = 1
			order by extensions.st_length(s.geom) desc limit 60) r
		union all
		select 'unit', u.name, (select s.state from states s join public.projects p on p.township_id = t and p.id = s.id and s.kind = 'project' where p.unit_id = u.id limit 1),
			private.share_shape(u.geom), 4 from units u where u.m2 >= 300000 and extensions.st_dimension(u.geom) = 2
		union all
		select 'route', f.name, null, private.share_shape(f.geom, 4), 5 from features f where extensions.st_dimension(f.geom) = 1
	)
	select jsonb_build_object(
		'bounds', (select jsonb_build_array(round(extensions.st_xmin(b)::numeric, 3), round(extensions.st_ymin(b)::numeric, 3), round(extensions.st_xmax(b)::numeric, 3),
			round(extensions.st_ymax(b)::numeric, 3)) from box),
		'shapes', coalesce((select jsonb_agg(jsonb_build_object('kind', kind, 'name', name, 'state', state, 'geometry', geometry) order by sort, name) from shapes
			where geometry is not null), '[]'),
		'points', coalesce((select jsonb_agg(jsonb_build_object('kind', kind, 'name', name, 'at', at, 'state', state, 'mark', mark, 'radius', radius, 'no', no) order by sort, no, name)
			from (select * from points where at is not null union all select 'village', name, at, null, null, null, null, 0 from names) x), '[]'))
$$;

-- ── of one kind alone ────────────────────────────────────────────────────────────────────────────

create function private.share_grade(t uuid, p_kind text, p_subject uuid) returns jsonb
language sql stable set search_path = '' as $$
	select jsonb_build_object('unit', u.name, 'present', u.present_grade, 'target', p.target_grade, 'phase', p.phase, 'phaseOn', p.phase_on,
		'standard', nullif(concat_ws(' ', d.name, nullif(d.edition, '')), ''), 'official', coalesce(d.official, false),
		'totals', coalesce((select jsonb_agg(jsonb_build_object('assessor', x.assessor, 'total', x.total, 'grade', x.grade) order by x.assessor) from private.totals_of(t, p.id) x), '[]'),
		'line', (select (g ->> 'min')::numeric from jsonb_array_elements(coalesce(d.body -> 'grades', '[]')) g where g ->> 'grade' = p.target_grade limit 1),
		'items', case when d.id is not null then (select jsonb_build_object('planned', count(*), 'said', count(*) filter (where f.said), 'done', count(*) filter (where f.done),
			'proven', count(*) filter (where f.proven)) from private.item_facts(t, p.id) f) end,
		'history', coalesce((select jsonb_agg(jsonb_build_object('on', l.happened_on, 'phase', l.to_phase, 'project', l.title) order by l.at desc)
			from (select o.*, q.title from public.project_log o join public.projects q on q.township_id = t and q.id = o.project_id
				where o.township_id = t and q.unit_id = u.id and (p_kind = 'unit' or q.id = p.id) order by o.at desc limit 30) l), '[]'))
	from public.scenic_units u
	left join lateral (select o.* from public.projects o where o.township_id = t and o.unit_id = u.id and o.archived_at is null and (p_kind = 'unit' or o.id = p_subject)
		order by o.created_at desc, o.id desc limit 1) p on true
	left join public.standards d on d.township_id = t and d.id = p.standard_id
	where u.township_id = t and case p_kind when 'unit' then u.id = p_subject when 'project' then u.id = (select o.unit_id from public.projects o where o.township_id = t and o.id = p_subject) else false end
$$;

create function private.share_features(t uuid, p_kind text, p_subject uuid) returns jsonb
language sql stable set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('kind', f.kind, 'name', f.name, 'amount', f.amount) order by f.kind, f.name, f.id), '[]')
	from public.unit_features f where f.township_id = t and f.archived_at is null
		and f.unit_id = case p_kind when 'unit' then p_subject when 'project' then (select p.unit_id from public.projects p where p.township_id = t and p.id = p_subject) end
$$;

create function private.share_thing_list(t uuid, p_kind text, p_subject uuid) returns jsonb
language sql stable set search_path = '' as $$
	select coalesce(jsonb_agg(j order by sort, title), '[]') from (
		select p.title, coalesce((c ->> 'blocked')::integer, 0) = 0 as sort, jsonb_build_object('kind', x.kind, 'title', p.title, 'village', v.name, 'step', coalesce(s.title, ''),
			'state', case when (c ->> 'planned')::integer = 0 or (c ->> 'said')::integer = 0 then 'found' when c -> 'proven' = c -> 'planned' then 'proven'
				when c -> 'done' = c -> 'planned' then 'done' else 'said' end,
			'counts', c, 'dueOn', s.due_on, 'drift', coalesce(s.due_on - s.first_due_on, 0), 'grade', p.grade, 'phase', p.phase) as j
		from private.share_things(t, p_kind, p_subject) x
		join lateral (
			select o.title, o.village_id, o.target_grade as grade, o.phase::text as phase from public.projects o where x.kind = 'project' and o.township_id = t and o.id = x.id
			union all
			select o.title, o.village_id, null, null from public.plans o where x.kind = 'plan' and o.township_id = t and o.id = x.id
		) p on true
		left join public.places v on v.id = p.village_id
		cross join lateral private.share_counts_of(t, x.kind, x.id) c
		left join lateral (select o.* from public.steps o where o.township_id = t and o.thing_kind = x.kind and o.thing_id = x.id and not o.voided
			and o.state not in ('proven', 'dropped') order by o.seq limit 1) s on true
		where p_kind in ('village', 'township', 'scheme')
		order by 2, 1 limit 80
	) y
$$;

create function private.share_scenarios(t uuid, p_scheme uuid) returns jsonb
language sql stable set search_path = '' as $$
	with base as (select private.baseline_of(t, p_scheme) as state), all_of as (
		select null::uuid as id, '' as title, 'baseline' as kind, '' as note, b.state, b.state as from_, null::date as made_on, 0 as sort from base b
		union all
		select s.id, s.title, s.state, s.note, private.play_moves(coalesce(s.baseline, b.state), private.moves_in_effect(t, s.id)), coalesce(s.baseline, b.state), s.made_on, 1
		from public.scenarios s cross join base b where s.township_id = t and s.scheme_id = p_scheme
	)
	select coalesce(jsonb_agg(jsonb_build_object('title', a.title, 'state', a.kind, 'note', a.note, 'items', x -> 'items', 'mu', round((x ->> 'land')::numeric * 3 / 2000, 2),
			'invest', x -> 'invest', 'output', x -> 'output', 'tax', x -> 'tax', 'income', x -> 'income', 'jobs', x -> 'jobs', 'households', x -> 'households',
			'red', x -> 'conflicts' -> 'red', 'yellow', x -> 'conflicts' -> 'yellow', 'notChecked', x -> 'conflicts' -> 'notChecked',
			'differs', coalesce((select jsonb_agg(jsonb_build_object('how', case when o.value is null then 'added' when n.value is null then 'dropped' else 'changed' end,
					'title', coalesce(n.value, o.value) -> 'title') order by coalesce(n.value, o.value) ->> 'title')
				from jsonb_each(a.from_) o full join jsonb_each(a.state) n on n.key = o.key where o.value is distinct from n.value), '[]'))
			order by a.sort, a.made_on, a.id), '[]')
	from all_of a cross join lateral private.totals_of_state(a.state, private.verdicts_of(t, a.state, array[a.id, p_scheme])) x
$$;

create function private.share_session(t uuid, p_meeting uuid, p_people boolean) returns jsonb
language sql stable set search_path = '' as $$
	select jsonb_build_object('kind', o.kind, 'number', o.number, 'place', o.place, 'startsAt', to_char(o.starts_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
		'issued', o.state = 'issued',
		'topics', coalesce((select jsonb_agg(jsonb_build_object('title', x.title, 'unit', case when p_people then x.unit else '' end) order by x.seq, x.id)
			from public.topics x where x.township_id = t and x.meeting_id = o.id and x.state <> 'withdrawn'), '[]'),
		'decisions', coalesce((select jsonb_agg(jsonb_build_object('no', d.seq, 'text', d.body, 'topic', x.title, 'office', case when p_people then d.lead_unit else '' end,
				'helpers', case when p_people then d.helpers else '' end, 'dueOn', coalesce(s.due_on, d.due_on), 'firstDueOn', coalesce(s.first_due_on, d.due_on),
				'drift', coalesce(s.due_on - s.first_due_on, 0), 'doneMeans', d.done_means, 'ask', d.ask, 'state', s.state, 'saidOn', s.said_on, 'doneOn', s.done_on,
				'provenOn', s.proven_on, 'blocked', coalesce(s.stage = 'blocked', false), 'overdue', coalesce(s.state = 'said' and s.due_on < private.today(), false)) order by d.seq)
			from public.decisions d join public.topics x on x.township_id = t and x.id = d.topic_id left join public.steps s on s.township_id = t and s.id = d.step_id
			where d.township_id = t and d.meeting_id = o.id and d.withdrawn_at is null), '[]'))
	from public.meetings o where o.township_id = t and o.id = p_meeting
$$;

-- ── nobody's name ────────────────────────────────────────────────────────────────────────────────

-- Everybody whom the township knows by name and whose name stands in this content, longest first. A name that is part of a
-- place's name is a place.
create function private.share_names(t uuid, p_content jsonb) returns text[]
language sql stable set search_path = '' as $$
	with names as (
		select p.name from public.persons p where exists (select from public.memberships m where m.person_id = p.id
			and (m.township_id = t or m.place_id = t or m.place_id = (select parent_id from public.places where id = t)))
		union select unnest(array[s.answers_name, s.done_name, s.proven_name]) from public.steps s
			where s.township_id = t and coalesce(s.answers_name, s.done_name, s.proven_name) is not null
		union select name from public.meeting_people where township_id = t
		union select unnest(array[leader, patron, officer, promoter]) from public.plans where township_id = t
		union select unnest(array[name, legal_person]) from public.plan_contacts where township_id = t
	), whole as materialized (select p_content::text as text)
	select coalesce(array_agg(n.name order by char_length(n.name) desc, n.name), '{}')
	from (select distinct btrim(name) as name from names) n cross join whole w
	where char_length(n.name) >= 2
		-- As it is written in JSON, without the quotes around it.
		and strpos(w.text, (select substr(x, 2, char_length(x) - 2) from (select to_json(n.name)::text as x) q)) > 0
		and not exists (select from public.places v where v.township_id = t and strpos(v.name, n.name) > 0)
		and not exists (select from public.scenic_units u where u.township_id = t and strpos(u.name, n.name) > 0)
$$;

-- Text without names, ID and bank numbers, phones. What the township wrote elsewhere stays as it is.
-- The pattern is made of the names that stand in this text: one of all names took 11 s over a page of 250 of them.
create function private.share_text(p_text text, p_names text[]) returns text
language sql immutable set search_path = '' as $$
	select regexp_replace(regexp_replace(regexp_replace(case when o.names is null then p_text else regexp_replace(p_text, o.names, '某某', 'g') end,
		'(?<![0-9０-９])(?:[0-9０-９][ -]?){15,18}[0-9０-９Xx](?![0-9０-９])', '〔号码已隐去〕', 'g'),
		'(?<![0-9０-９])[1１][3-9３-９][0-9０-９][ -]?[0-9０-９]{4}[ -]?[0-9０-９]{4}(?![0-9０-９])', '〔电话已隐去〕', 'g'),
		'(?<![0-9０-９])[0０][0-9０-９]{2,3}[ -]?[0-9０-９]{7,8}(?![0-9０-９])', '〔电话已隐去〕', 'g')
	from (
		select string_agg(case when n.name ~ '^[ -~]+$' then '\m' || e.name || '\M' else e.name end, '|' order by n.nth) as names
		from unnest(p_names) with ordinality n(name, nth)
		cross join lateral (select regexp_replace(n.name, '([.^$*+?()\[\]{}|\\-])', '\\\1', 'g') as name) e
		where strpos(p_text, n.name) > 0
	) o
$$;

-- Every text of the content passes through here; words of ours (states, kinds), days and ids do not.
create function private.share_clean(j jsonb, p_names text[], p_key text default '') returns jsonb
language plpgsql immutable set search_path = '' as $$
begin
	case jsonb_typeof(j)
		when 'object' then return (select coalesce(jsonb_object_agg(e.key, private.share_clean(e.value, p_names, e.key)), '{}') from jsonb_each(j) e);
		when 'array' then return (select coalesce(jsonb_agg(private.share_clean(e.value, p_names, p_key) order by e.n), '[]') from jsonb_array_elements(j) with ordinality e(value, n));
		when 'string' then
			if p_key = any (array['title', 'about', 'office', 'village', 'category', 'text', 'ask', 'who', 'name', 'note', 'mechanism', 'party', 'work', 'step', 'plannedUse',
				'quota', 'doneMeans', 'topic', 'helpers', 'place', 'number', 'unit', 'standard', 'project', 'landClass']) then
				return to_jsonb(private.share_text(j #>> '{}', p_names));
			end if;
			return j;
		else return j;
	end case;
end
$$;

-- ── the whole ────────────────────────────────────────────────────────────────────────────────────

-- null: there is no such thing here. Asks nobody's rights: whoever calls it has.
create function private.share_content(t uuid, p_kind text, p_subject uuid, p_options jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
	on_ jsonb := jsonb_build_object('boundaries', false, 'land', true, 'money', true, 'gains', true, 'stuck', true, 'photos', true, 'changes', true, 'people', true)
		|| coalesce(p_options, '{}');
	head jsonb;
	counts jsonb;
	content jsonb;
	sets jsonb := '[]';
	villages jsonb := '[]';
	unknown integer := 0;
	is_set boolean := p_kind in ('village', 'township');
begin
	on_ := (select jsonb_object_agg(key, value) from jsonb_each(on_) where key in ('boundaries', 'land', 'money', 'gains', 'stuck', 'photos', 'changes', 'people')
		and jsonb_typeof(value) = 'boolean');
	if (select count(*) from jsonb_object_keys(on_)) <> 8 then perform private.refuse('bad_value', 'options'); end if;
	case p_kind
		when 'project' then select jsonb_build_object('title', p.title, 'about', p.note, 'village', v.name, 'category', '', 'office', p.unit) into head
			from public.projects p left join public.places v on v.id = p.village_id where p.township_id = t and p.id = p_subject and p.archived_at is null;
		when 'unit' then select jsonb_build_object('title', u.name, 'about', '', 'village', v.name, 'category', '', 'office', coalesce((select p.unit from public.projects p
				where p.township_id = t and p.unit_id = u.id and p.archived_at is null order by p.created_at desc limit 1), '')) into head
			from public.scenic_units u left join public.places v on v.id = u.village_id where u.township_id = t and u.id = p_subject and u.archived_at is null;
		when 'plan' then select jsonb_build_object('title', o.title, 'about', o.content, 'village', v.name, 'category', o.category, 'office', o.unit) into head
			from public.plans o left join public.places v on v.id = o.village_id where o.township_id = t and o.id = p_subject and o.archived_at is null;
		when 'scheme' then select jsonb_build_object('title', c.title, 'about', c.note, 'village', null, 'category', '', 'office', '') into head
			from public.schemes c where c.township_id = t and c.id = p_subject and c.archived_at is null;
		when 'village' then select jsonb_build_object('title', v.name, 'about', '', 'village', v.name, 'category', '', 'office', '') into head
			from public.places v where v.id = p_subject and v.township_id = t and v.level = 'village' and v.archived_at is null;
		when 'township' then select jsonb_build_object('title', v.name, 'about', '', 'village', null, 'category', '', 'office', '') into head
			from public.places v where v.id = t and p_subject = t and v.archived_at is null;
		when 'meeting' then select jsonb_build_object('title', o.title, 'about', '', 'village', null, 'category', '', 'office', '') into head
			from public.meetings o where o.township_id = t and o.id = p_subject and o.state <> 'cancelled';
		else perform private.refuse('bad_value', 'kind');
	end case;
	if head is null then return null; end if;
	if not (on_ ->> 'people')::boolean then head := head || '{"office": ""}'; end if;

	if is_set then
		with now_ as (select * from private.share_progress(t, case when p_kind = 'village' then p_subject end, private.today()))
		select coalesce((select jsonb_agg(jsonb_build_object('kind', k.kind, 'counts', private.share_counts(k.planned, k.said, k.done, k.proven, k.blocked, k.overdue)) order by k.kind)
				from (select n.kind, sum(n.planned) as planned, sum(n.said) as said, sum(n.done) as done, sum(n.proven) as proven, sum(n.blocked) as blocked,
					sum(n.overdue) as overdue from now_ n group by n.kind) k where k.planned > 0), '[]'),
			(select private.share_counts(sum(n.planned), sum(n.said), sum(n.done), sum(n.proven), sum(n.blocked), sum(n.overdue)) from now_ n),
			coalesce((select jsonb_agg(jsonb_build_object('name', v.name, 'people', v.people, 'tasks', private.share_counts(n.planned, n.said, n.done, n.proven, n.blocked, n.overdue))
				order by v.code nulls last, v.name) from public.places v left join now_ n on n.village_id = v.id and n.kind = 'task'
				where v.township_id = t and v.level = 'village' and v.archived_at is null and (p_kind = 'township' or v.id = p_subject)), '[]')
		into sets, counts, villages;
		unknown := (select count(*) from jsonb_array_elements(villages) v where (v -> 'tasks' ->> 'planned')::integer = 0);
	else
		select private.share_counts(count(*), count(*) filter (where s.said_on is not null), count(*) filter (where s.done_on is not null),
			count(*) filter (where s.proven_on is not null), count(*) filter (where s.stage = 'blocked'),
			count(*) filter (where s.state = 'said' and s.due_on < private.today()))
		into counts from private.share_steps(t, p_kind, p_subject) s;
	end if;

	content := jsonb_build_object('form', 1, 'kind', p_kind, 'id', p_subject, 'day', private.today(), 'options', on_,
			'township', (select name from public.places where id = t), 'demo', (select demo from public.places where id = t),
			'district', (select d.name from public.places d join public.places o on o.parent_id = d.id where o.id = t))
		|| head
		|| jsonb_build_object('counts', counts, 'unknown', unknown, 'figures', jsonb_build_object(
				'land', case when (on_ ->> 'land')::boolean then private.share_land(t, p_kind, p_subject) end,
				'money', case when (on_ ->> 'money')::boolean then private.share_money(t, p_kind, p_subject) end,
				'gains', case when (on_ ->> 'gains')::boolean then private.share_gains(t, p_kind, p_subject) end),
			'steps', private.share_step_list(t, p_kind, p_subject),
			'asks', case when (on_ ->> 'stuck')::boolean then private.share_asks(t, p_kind, p_subject) else '[]' end,
			'changes', case when (on_ ->> 'changes')::boolean then private.share_changes(t, p_kind, p_subject) else '[]' end,
			'photos', case when (on_ ->> 'photos')::boolean then private.share_photos(t, p_kind, p_subject) else '[]' end,
			'map', private.share_map(t, p_kind, p_subject, (on_ ->> 'boundaries')::boolean),
			'timeline', private.share_timeline(t, p_kind, p_subject))
		|| jsonb_build_object('grade', private.share_grade(t, p_kind, p_subject), 'features', private.share_features(t, p_kind, p_subject), 'sets', sets,
			'villages', villages, 'things', private.share_thing_list(t, p_kind, p_subject),
			'scenarios', case when p_kind = 'scheme' then private.share_scenarios(t, p_subject) else '[]' end,
			'session', case when p_kind = 'meeting' then private.share_session(t, p_subject, (on_ ->> 'people')::boolean) end);
	return private.share_clean(content, private.share_names(t, content));
end
$$;

-- What a reader would see, for whoever plans the township; no link has to exist. null: there is no such thing.
create function public.share_preview(p_township uuid, p_kind text, p_subject uuid, p_options jsonb default '{}') returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
	perform private.need('plan', p_township);
	return private.share_content(p_township, p_kind, p_subject, p_options);
end
$$;

insert into private.offers (signature, to_role) values ('public.share_preview(uuid, text, uuid, jsonb)', 'authenticated');
select private.apply_privileges();
