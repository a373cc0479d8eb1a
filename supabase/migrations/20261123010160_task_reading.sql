-- What the task desk and the phones read. Definer functions that ask once whether the township may be
-- seen (see progress_on for why), with only the conditions that were asked for in the query.

create or replace function private.step_json(s public.steps) returns jsonb
language sql stable set search_path = '' as $$
	select jsonb_build_object(
		'id', s.id, 'seq', s.seq, 'title', s.title, 'state', s.state, 'stage', s.stage, 'round', s.round, 'version', s.version,
		'foundOn', s.found_on, 'foundBy', (select name from public.persons where id = s.found_by),
		'saidOn', s.said_on, 'saidBy', (select name from public.persons where id = s.said_by), 'saidById', s.said_by,
		'answers', s.answers, 'answersName', coalesce((select name from public.persons where id = s.answers), s.answers_name),
		'dueOn', s.due_on, 'firstDueOn', s.first_due_on, 'startedOn', s.started_on, 'reopenedOn', s.reopened_on,
		'doneOn', s.done_on, 'doneBy', s.done_by, 'doneName', coalesce((select name from public.persons where id = s.done_by), s.done_name),
		'provenOn', s.proven_on, 'provenBy', s.proven_by, 'provenHow', s.proven_how,
		'provenName', coalesce((select name from public.persons where id = s.proven_by), s.proven_name),
		'closedOn', s.closed_on, 'closedBy', (select name from public.persons where id = s.closed_by),
		'droppedOn', s.dropped_on, 'droppedWhy', s.dropped_why, 'mergedInto', s.merged_into, 'fromPaper', s.import_id is not null,
		'heldBy', case when s.held_until > now() then s.held_by end,
		'heldByName', case when s.held_until > now() then (select name from public.persons where id = s.held_by) end,
		'heldUntil', case when s.held_until > now() then s.held_until end)
	|| jsonb_build_object(
		'blocker', (select jsonb_build_object('id', b.id, 'kind', b.kind, 'who', b.who, 'note', b.note, 'ask', b.ask,
				'since', b.since, 'until', b.until, 'openedBy', (select name from public.persons where id = b.opened_by))
			from public.blockers b where b.township_id = s.township_id and b.step_id = s.id and b.closed_on is null),
		'pastBlockers', coalesce((select jsonb_agg(jsonb_build_object('kind', b.kind, 'who', b.who, 'since', b.since,
				'closedOn', b.closed_on) order by b.opened_on)
			from public.blockers b where b.township_id = s.township_id and b.step_id = s.id and b.closed_on is not null), '[]'),
		'extension', (select jsonb_build_object('askedOn', e.asked_on, 'askedBy', e.asked_by,
				'askedByName', (select name from public.persons where id = e.asked_by), 'toDay', e.to_day, 'note', e.note)
			from public.extensions e where e.township_id = s.township_id and e.step_id = s.id and e.answered_on is null),
		'pastExtensions', coalesce((select jsonb_agg(jsonb_build_object('askedOn', e.asked_on, 'toDay', e.to_day,
				'granted', e.granted, 'grantedTo', e.granted_to, 'answeredOn', e.answered_on, 'note', e.note, 'answer', e.answer) order by e.asked_on, e.id)
			from public.extensions e where e.township_id = s.township_id and e.step_id = s.id and e.answered_on is not null), '[]'),
		'verdicts', coalesce((select jsonb_agg(jsonb_build_object('ok', a.ok, 'part', a.part, 'round', a.round, 'on', a.happened_on, 'how', a.how,
				'note', a.note, 'by', coalesce((select name from public.persons where id = a.by_person), a.by_name)) order by a.round)
			from public.acceptances a where a.township_id = s.township_id and a.step_id = s.id), '[]'),
		'evidence', coalesce((select jsonb_agg(jsonb_build_object('id', e.id, 'kind', e.kind, 'title', e.title, 'number', e.number,
				'unit', e.unit, 'at', e.at, 'by', (select name from public.persons where id = e.by_person)) order by e.at)
			from public.evidence e where e.township_id = s.township_id and e.step_id = s.id), '[]'),
		'photos', private.photos_json(s.township_id, s.id)
	)
$$;

-- Who usually answers at this village and by when for this type: the village's officer, the type's days.
create function public.suggest(p_township uuid, p_village uuid, p_category text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('answers', o.id, 'answersName', o.name,
		'dueOn', private.today() + private.days_for(p_township, p_category))
	from (select 1) one left join public.persons o on o.id = private.officer_of(p_village)
	where p_township in (select private.my_townships())
$$;

-- The thing's own fields now also name the campaign and, for a task, who usually answers here and by when.
create or replace function public.thing(p_township uuid, p_kind public.thing_kind, p_id uuid) returns jsonb
language sql stable set search_path = '' as $$
	with base as (
		select t.id, t.village_id, t.created_at, t.created_by, t.import_id, t.geom,
			jsonb_build_object('version', t.version, 'title', t.title, 'category', t.category, 'note', t.note,
				'groupName', t.group_name, 'placeText', t.place_text, 'fix', t.fix, 'unit', t.unit, 'method', t.method,
				'campaign', t.campaign, 'suggested', public.suggest(t.township_id, t.village_id, t.category)) as own
		from public.tasks t where p_kind = 'task' and t.township_id = p_township and t.id = p_id and t.archived_at is null
		union all
		select p.id, p.village_id, p.created_at, p.created_by, p.import_id, u.geom,
			jsonb_build_object('version', p.version, 'title', p.title, 'targetGrade', p.target_grade, 'note', p.note,
				'unit', p.unit, 'unitId', u.id, 'unitName', u.name, 'presentGrade', u.present_grade)
		from public.projects p join public.scenic_units u on u.township_id = p.township_id and u.id = p.unit_id
		where p_kind = 'project' and p.township_id = p_township and p.id = p_id and p.archived_at is null
		union all
		select p.id, p.village_id, p.created_at, p.created_by, p.import_id, p.geom,
			jsonb_build_object('version', p.version, 'title', p.title, 'category', p.category, 'content', p.content,
				'invest', p.invest, 'spent', p.spent, 'jobs', p.jobs, 'land', p.land, 'party', p.party, 'unit', p.unit,
				'area', p.area, 'sourceCrs', p.source_crs, 'method', p.method, 'confidence', p.confidence)
		from public.plans p where p_kind = 'plan' and p.township_id = p_township and p.id = p_id and p.archived_at is null
	)
	select b.own || jsonb_build_object('id', b.id, 'kind', p_kind, 'villageId', b.village_id,
		'village', (select name from public.places where id = b.village_id),
		'createdAt', b.created_at, 'createdBy', (select name from public.persons where id = b.created_by),
		'importId', b.import_id, 'geometry', extensions.st_asgeojson(b.geom, 7)::jsonb,
		'steps', coalesce((select jsonb_agg(private.step_json(s) order by s.seq) from public.steps s
			where s.township_id = p_township and s.thing_kind = p_kind and s.thing_id = b.id and not s.voided), '[]'),
		'history', coalesce((select jsonb_agg(h.j order by h.seq desc) from (
			select e.seq, jsonb_build_object('seq', e.seq, 'at', e.at, 'action', e.action,
				'by', (select name from public.persons where id = e.person_id), 'data', e.data) as j
			from public.events e
			where e.township_id = p_township and (e.subject_id = b.id or e.subject_id in (
				select s.id from public.steps s where s.township_id = p_township and s.thing_kind = p_kind and s.thing_id = b.id))
			order by e.seq desc limit 100) h), '[]'))
	from base b
$$;

create function public.task_types(p_township uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_agg(jsonb_build_object('code', d.code, 'name', coalesce(y.name, ''), 'days', coalesce(y.days, d.days),
		'usualDays', d.days, 'unit', coalesce(y.unit, ''), 'hidden', coalesce(y.hidden, false), 'auto', coalesce(y.auto, false),
		'version', coalesce(y.version, 0)) order by d.seq)
	from private.task_type_defaults d
	left join public.task_types y on y.township_id = p_township and y.code = d.code
	where p_township in (select private.my_townships())
$$;

-- Tasks as lists and phones read them. All at once: a call a task would cost a phone's day most of its time,
-- so nothing in here calls a function a row. `carried`: months in which a task has been open beyond its deadline
-- (or, without one, since it was found), 往期未整改, 0 when of this month. `photo`: the one shown small, the newest
-- after, else the first of all.
create function private.task_rows(p_township uuid, p_ids uuid[]) returns table (id uuid, j jsonb)
language sql stable set search_path = '' as $$
	with day as materialized (
		select extract(year from d) * 12 + extract(month from d) as month from private.today() d
	), pictured as materialized (
		select distinct on (l.step_id) l.step_id, coalesce((select r.id from public.photos r
			where r.township_id = p_township and r.redacted_of = l.photo_id order by r.at desc, r.id desc limit 1), l.photo_id) as photo
		from public.photo_links l
		where l.township_id = p_township and l.step_id = any (p_ids) and l.role in ('before', 'after')
		order by l.step_id, l.role = 'after' desc, case when l.role = 'after' then l.at end desc, l.at, l.photo_id
	)
	select t.id, jsonb_build_object('id', t.id, 'category', t.category, 'title', t.title, 'villageId', t.village_id,
		'village', v.name, 'placeText', t.place_text,
		'at', case when t.geom is null then null else jsonb_build_array(
			round(extensions.st_x(t.geom)::numeric, 6), round(extensions.st_y(t.geom)::numeric, 6)) end,
		'stage', s.stage, 'state', s.state, 'round', s.round, 'version', s.version, 'taskVersion', t.version,
		'answers', s.answers, 'answersName', coalesce(who_answers.name, s.answers_name),
		'foundOn', s.found_on, 'foundById', s.found_by, 'foundByName', who_found.name,
		'saidOn', s.said_on, 'saidById', s.said_by,
		'dueOn', s.due_on, 'firstDueOn', s.first_due_on, 'doneOn', s.done_on, 'doneBy', s.done_by,
		'doneByName', coalesce(who_did.name, s.done_name),
		'provenOn', s.proven_on, 'provenHow', s.proven_how, 'provenByName', coalesce(who_proved.name, s.proven_name),
		'closedOn', s.closed_on, 'reopenedOn', s.reopened_on)
	|| jsonb_build_object(
		'blocker', case when b.id is not null then jsonb_build_object('kind', b.kind, 'who', b.who, 'since', b.since) end,
		'extension', case when e.id is not null then jsonb_build_object('toDay', e.to_day, 'askedBy', e.asked_by) end,
		'campaign', t.campaign, 'carried', case when s.state in ('found', 'said') then greatest(0, (day.month
			- extract(year from coalesce(s.due_on, s.found_on)) * 12 - extract(month from coalesce(s.due_on, s.found_on)))::integer) else 0 end,
		'photo', f.photo, 'unit', t.unit, 'note', t.note, 'groupName', t.group_name, 'fix', t.fix, 'fromPaper', s.import_id is not null)
	from public.tasks t
	join public.steps s on s.township_id = t.township_id and s.id = t.id
	cross join day
	left join public.places v on v.id = t.village_id
	left join public.persons who_answers on who_answers.id = s.answers
	left join public.persons who_found on who_found.id = s.found_by
	left join public.persons who_did on who_did.id = s.done_by
	left join public.persons who_proved on who_proved.id = s.proven_by
	left join public.blockers b on b.township_id = p_township and b.step_id = s.id and b.closed_on is null
	left join public.extensions e on e.township_id = p_township and e.step_id = s.id and e.answered_on is null
	left join pictured f on f.step_id = s.id
	where t.township_id = p_township and t.id = any (p_ids)
$$;

create function private.uuids_of(p jsonb) returns uuid[]
language sql immutable set search_path = '' as $$
	select coalesce(array_agg(e::uuid), '{}') from jsonb_array_elements_text(p) e
$$;
create function private.texts_of(p jsonb) returns text[]
language sql immutable set search_path = '' as $$
	select coalesce(array_agg(e), '{}') from jsonb_array_elements_text(p) e
$$;

-- Tasks within so many metres of a point: to merge with, or to see what this place has been through.
create function private.tasks_within(p_township uuid, g extensions.geometry, p_metres double precision)
returns table (t public.tasks, s public.steps, metres double precision)
language sql stable set search_path = '' as $$
	select t, s, extensions.st_distance(t.geom::extensions.geography, g::extensions.geography)
	from public.tasks t join public.steps s on s.township_id = t.township_id and s.id = t.id and not s.voided
	where t.township_id = p_township and t.archived_at is null
		and t.geom operator(extensions.&&) extensions.st_expand(g, p_metres / 80000)
		and extensions.st_distance(t.geom::extensions.geography, g::extensions.geography) <= p_metres
$$;
create index tasks_by_place on public.tasks using gist (geom);

create function public.tasks_near(p_township uuid, p_lon double precision, p_lat double precision, p_category text default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	with near as materialized (
		select (n.t).id, n.metres
		from private.tasks_within(p_township, extensions.st_setsrid(extensions.st_makepoint(p_lon, p_lat), 4326), 50) n
		where p_township in (select private.my_townships()) and (p_category is null or (n.t).category = p_category)
			and (n.s).stage not in ('rejected', 'merged', 'dropped')
			and ((n.s).state <> 'proven' or (n.s).proven_on > private.today() - 90)
	)
	select coalesce(jsonb_agg(r.j || jsonb_build_object('metres', round(n.metres::numeric, 1)) order by n.metres, n.id), '[]')
	from near n join private.task_rows(p_township, array(select id from near)) r on r.id = n.id
$$;

create function public.place_history(p_township uuid, p_task uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with here as materialized (
		select (w.t).id, (w.s).found_on, w.metres from public.tasks o cross join lateral private.tasks_within(p_township, o.geom, 30) w
		where o.township_id = p_township and o.id = p_task and o.geom is not null and p_township in (select private.my_townships())
		union all
		-- A task without a place has only its own history.
		select o.id, s.found_on, 0 from public.tasks o join public.steps s on s.township_id = o.township_id and s.id = o.id and not s.voided
		where o.township_id = p_township and o.id = p_task and o.geom is null and p_township in (select private.my_townships())
	)
	select coalesce(jsonb_agg(r.j || jsonb_build_object('metres', round(n.metres::numeric, 1),
		'photos', private.photos_json(p_township, n.id),
		'verdicts', (select coalesce(jsonb_agg(jsonb_build_object('ok', a.ok, 'part', a.part, 'round', a.round, 'on', a.happened_on,
			'how', a.how, 'note', a.note) order by a.round), '[]') from public.acceptances a where a.township_id = p_township and a.step_id = n.id)
		) order by n.found_on desc, n.id desc), '[]')
	from here n join private.task_rows(p_township, array(select id from here)) r on r.id = n.id
$$;

-- What a phone needs for a day without signal: places, people, types, open tasks, what was finished lately.
create function public.field_day(p_township uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	me uuid := private.my_person();
	mine uuid[];
	open_ids uuid[];
	recent_ids uuid[];
	pictured uuid[];
	result jsonb;
begin
	if not p_township in (select private.my_townships()) then return null; end if;
	mine := array(select place_id from private.my_memberships() m where m.township_id = p_township);
	-- Own work and own villages first, then whatever is due first.
	open_ids := array(select s.id from public.steps s
		where s.township_id = p_township and s.thing_kind = 'task' and not s.voided
			and s.stage in ('found', 'assigned', 'doing', 'blocked', 'extension', 'reported', 'returned')
		order by (s.answers = me) desc nulls last, (s.village_id = any (mine)) desc nulls last, s.due_on nulls last, s.id desc
		limit 3000);
	recent_ids := array(select s.id from public.steps s
		where s.township_id = p_township and s.thing_kind = 'task' and not s.voided and s.stage in ('proven', 'closed')
			and s.proven_on > private.today() - 90
		order by s.proven_on desc, s.id desc limit 500);
	pictured := array(select distinct step_id from public.photo_links
		where township_id = p_township and step_id = any (open_ids || recent_ids));
	with made as materialized (
		select i.n, i.n <= cardinality(open_ids) as open, r.j || jsonb_build_object(
			'heldBy', h.held_by, 'heldByName', h.name, 'heldUntil', h.held_until,
			'returned', (select jsonb_build_object('note', a.note, 'part', a.part, 'by', coalesce(p.name, a.by_name), 'on', a.happened_on)
				from public.acceptances a left join public.persons p on p.id = a.by_person
				where a.township_id = p_township and a.step_id = s.id and a.round = s.round - 1 and not a.ok),
			'photos', case when s.id = any (pictured) then private.photos_json(p_township, s.id) else '[]' end) as j
		from unnest(open_ids || recent_ids) with ordinality i(id, n)
		join public.steps s on s.township_id = p_township and s.id = i.id
		join public.tasks t on t.township_id = p_township and t.id = i.id and t.archived_at is null
		join private.task_rows(p_township, open_ids || recent_ids) r on r.id = i.id
		left join (select x.id, x.held_by, w.name, x.held_until from public.steps x join public.persons w on w.id = x.held_by
			where x.township_id = p_township and x.held_until > now()) h on h.id = i.id
	)
	select jsonb_build_object('today', private.today(), 'at', now(),
		'township', (select jsonb_build_object('id', p.id, 'name', p.name, 'demo', p.demo, 'shape', private.shape_json(p.geom))
			from public.places p where p.id = p_township),
		'villages', coalesce((select jsonb_agg(jsonb_build_object('id', v.id, 'name', v.name, 'shape', private.shape_json(v.geom),
				'label', case when v.label is null then null else jsonb_build_array(extensions.st_x(v.label), extensions.st_y(v.label)) end,
				'officer', (select jsonb_build_object('id', o.id, 'name', o.name) from public.persons o where o.id = private.officer_of(v.id))) order by v.code nulls last, v.name)
			from public.places v where v.township_id = p_township and v.level = 'village' and v.archived_at is null), '[]'),
		'types', public.task_types(p_township),
		'people', public.people_of(p_township),
		'campaigns', coalesce((select jsonb_agg(c.campaign) from (select campaign from public.tasks
			where township_id = p_township and campaign <> '' and archived_at is null group by campaign order by max(id::text) desc limit 20) c), '[]'),
		'tasks', coalesce((select jsonb_agg(j order by n) from made where open), '[]'),
		'recent', coalesce((select jsonb_agg(j order by n) from made where not open), '[]'))
	into result;
	return result;
end
$$;

-- A few quiet numbers for whoever asks: own work, and what waits for this person's decision.
-- No table is read through: the planner takes one person's open work for most of all work.
create function public.reminders(p_township uuid) returns jsonb
language sql stable security definer set search_path = '' set enable_seqscan = off as $$
	with me as (
		select private.my_person() as id,
			(select array_agg(m.place_id) from private.my_memberships() m join private.role_rights r on r.role = m.role and r."right" = 'prove') as prove_at,
			(select array_agg(m.place_id) from private.my_memberships() m join private.role_rights r on r.role = m.role and r."right" = 'plan') as plan_at,
			(select parent_id from public.places where id = p_township) as district
		where p_township in (select private.my_townships())
	), mine as (
		select s.* from me cross join lateral (
			select o.state, o.stage, o.due_on from public.steps o
			where o.township_id = p_township and o.answers = me.id and o.thing_kind = 'task' and not o.voided
				and o.stage in ('found', 'assigned', 'doing', 'blocked', 'extension', 'reported', 'returned') offset 0
		) s
	), waiting as (
		-- Each stage straight from its index, whatever the planner believes of stages.
		select s.stage, s.done_by, s.answers, (me.prove_at && array[s.village_id, p_township, me.district]) as may_prove,
			(me.plan_at && array[s.village_id, p_township, me.district]) as may_plan
		from me cross join unnest('{found,extension,reported}'::public.step_stage[]) w(stage) cross join lateral (
			select * from public.steps o where o.township_id = p_township and o.thing_kind = 'task' and not o.voided
				and o.stage = w.stage order by o.thing_kind, o.stage, o.id desc offset 0
		) s
	)
	select jsonb_build_object(
		'dueToday', count(*) filter (where state = 'said' and due_on = private.today()),
		'overdue', count(*) filter (where state = 'said' and due_on < private.today()),
		'returned', count(*) filter (where stage = 'returned'),
		'blocked', count(*) filter (where stage = 'blocked'))
	|| (select jsonb_build_object(
		'toProve', count(*) filter (where may_prove and stage = 'reported' and done_by is distinct from me.id and answers is distinct from me.id),
		'toAssign', count(*) filter (where may_plan and stage = 'found'),
		'toGrant', count(*) filter (where may_plan and stage = 'extension')) from me left join waiting on true)
	from mine having exists (select from me)
$$;

create function public.handovers(p_township uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', h.id, 'year', h.year, 'no', h.no, 'madeOn', h.made_on,
		'madeBy', (select name from public.persons where id = h.made_by),
		'answersName', (select name from public.persons where id = h.answers), 'unit', h.unit, 'dueOn', h.due_on,
		'count', cardinality(h.task_ids)) order by h.year desc, h.no desc), '[]')
	from (select * from public.handovers where township_id = p_township and p_township in (select private.my_townships())
		order by year desc, no desc limit 200) h
$$;

create function public.handover(p_township uuid, p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('id', h.id, 'year', h.year, 'no', h.no, 'madeOn', h.made_on,
		'madeBy', (select name from public.persons where id = h.made_by),
		'answersName', (select name from public.persons where id = h.answers), 'unit', h.unit, 'dueOn', h.due_on,
		'tasks', coalesce((select jsonb_agg(r.j order by v.code nulls last, t.id)
			from private.task_rows(p_township, h.task_ids) r
			join public.tasks t on t.township_id = p_township and t.id = r.id
			join public.steps s on s.township_id = t.township_id and s.id = t.id and not s.voided
			left join public.places v on v.id = t.village_id), '[]'))
	from public.handovers h
	where h.township_id = p_township and h.id = p_id and p_township in (select private.my_townships())
$$;

create function public.draws(p_township uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'year', d.year, 'no', d.no, 'seed', d.seed, 'size', d.size,
		'population', d.population, 'filter', d.filter, 'madeOn', d.made_on,
		'madeBy', (select name from public.persons where id = d.made_by), 'drawn', cardinality(d.task_ids),
		'checked', (select count(*) from public.draw_results r where r.township_id = p_township and r.draw_id = d.id),
		'failed', (select count(*) from public.draw_results r where r.township_id = p_township and r.draw_id = d.id and not r.ok))
		order by d.year desc, d.no desc), '[]')
	from (select * from public.draws where township_id = p_township and p_township in (select private.my_townships())
		order by year desc, no desc limit 200) d
$$;

create function public.draw(p_township uuid, p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('id', d.id, 'year', d.year, 'no', d.no, 'seed', d.seed, 'size', d.size,
		'population', d.population, 'filter', d.filter, 'madeOn', d.made_on,
		'madeBy', (select name from public.persons where id = d.made_by),
		'rows', coalesce((select jsonb_agg(w.j || jsonb_build_object('result', (
				select jsonb_build_object('ok', r.ok, 'note', r.note, 'on', r.happened_on, 'by', (select name from public.persons where id = r.by_person))
				from public.draw_results r where r.township_id = p_township and r.draw_id = d.id and r.task_id = i.id)) order by i.n)
			from unnest(d.task_ids) with ordinality i(id, n)
			join private.task_rows(p_township, d.task_ids) w on w.id = i.id), '[]'))
	from public.draws d
	where d.township_id = p_township and d.id = p_id and p_township in (select private.my_townships())
$$;

insert into private.offers (signature, to_role)
select s, 'authenticated' from unnest(array[
	'public.suggest(uuid, uuid, text)', 'public.task_types(uuid)', 'public.tasks_near(uuid, double precision, double precision, text)',
	'public.place_history(uuid, uuid)', 'public.field_day(uuid)', 'public.reminders(uuid)', 'public.handovers(uuid)',
	'public.handover(uuid, uuid)', 'public.draws(uuid)', 'public.draw(uuid, uuid)'
]) s;
select private.apply_privileges();
