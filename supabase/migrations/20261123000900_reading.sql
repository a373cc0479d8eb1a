-- What the wall map reads: one call for the map, one for the things on it, one for a thing. Plain
-- SQL under the caller's own rights, geometry as GeoJSON.

-- The counts of every village on one day. Cost follows villages × kinds, not tasks. A definer function that
-- asks once whether the township may be seen: under a row policy PostgreSQL would not use the index for the
-- kind (equality of enums is not marked leakproof) and would read every day of every village.
create function public.progress_on(p_township uuid, p_day date)
returns table (village_id uuid, kind public.thing_kind, planned integer, said integer, done integer,
	proven integer, blocked integer, overdue integer)
language sql stable security definer set search_path = '' as $$
	select v.id, k.kind, p.planned, p.said, p.done, p.proven, p.blocked, p.overdue
	from (select id from public.places where township_id = p_township and level in ('village', 'township')
		and p_township in (select private.my_townships())) v
	cross join unnest(enum_range(null::public.thing_kind)) as k(kind)
	cross join lateral (
		select o.* from public.progress o
		where o.township_id = p_township and o.village_id = v.id and o.kind = k.kind and o.day <= p_day
		order by o.day desc limit 1
	) p
$$;


-- A shape for drawing: at most about 300 corners, six decimals (0.1 m).
create function private.shape_json(g extensions.geometry) returns jsonb
language sql immutable set search_path = '' as $$
	select extensions.st_asgeojson(case when extensions.st_npoints(g) > 300
		then extensions.st_simplifypreservetopology(g, 0.0001) else g end, 6)::jsonb
$$;

create function public.wall_map(p_township uuid, p_day date default null) returns jsonb
language sql stable set search_path = '' as $$
	with day as (
		select least(coalesce(p_day, private.today()), private.today()) as shown
	), counts as (
		select c.village_id, jsonb_object_agg(c.kind, jsonb_build_object('planned', c.planned, 'said', c.said,
			'done', c.done, 'proven', c.proven, 'blocked', c.blocked, 'overdue', c.overdue)) as by_kind
		from day, public.progress_on(p_township, day.shown) c group by c.village_id
	)
	select jsonb_build_object(
		'township', jsonb_build_object('id', t.id, 'name', t.name, 'code', t.code, 'demo', t.demo,
			'shape', private.shape_json(t.geom)),
		'day', day.shown,
		'today', private.today(),
		'firstDay', coalesce((select min(p.day) from public.progress p where p.township_id = p_township), private.today()),
		'villages', coalesce((
			select jsonb_agg(jsonb_build_object('id', v.id, 'name', v.name, 'code', v.code, 'people', v.people,
				'households', v.households, 'area', v.area, 'shape', private.shape_json(v.geom),
				'label', case when v.label is null then null else jsonb_build_array(extensions.st_x(v.label), extensions.st_y(v.label)) end,
				'version', v.version, 'counts', coalesce(c.by_kind, '{}')) order by v.code nulls last, v.name)
			from public.places v left join counts c on c.village_id = v.id
			where v.township_id = p_township and v.level = 'village' and v.archived_at is null
		), '[]'),
		'elsewhere', coalesce((select by_kind from counts where village_id = p_township), '{}'),
		'hazards', coalesce((
			select jsonb_agg(jsonb_build_object('id', h.id, 'name', h.name, 'type', h.type, 'households', h.households,
				'note', h.note, 'at', jsonb_build_array(extensions.st_x(h.geom), extensions.st_y(h.geom))))
			from public.hazards h where h.township_id = p_township and h.archived_at is null
		), '[]')
	)
	from public.places t, day
	where t.id = p_township and t.level = 'township'
$$;

-- The state of a step on a past day, from the days its facts happened.
create function private.state_on(s public.steps, d date) returns public.step_state
language sql immutable set search_path = '' as $$
	select case
		when s.dropped_on <= d then 'dropped' when s.proven_on <= d then 'proven'
		when s.done_on <= d then 'done' when s.said_on <= d then 'said' else 'found'
	end::public.step_state
$$;

-- The things of a township as the map and the list show them on a day: open ones first, at most
-- `p_limit`; `total` says how many there are.
create function public.things_on(p_township uuid, p_day date default null, p_limit integer default 20000) returns jsonb
language sql stable security definer set search_path = '' as $$
	with day as (
		-- No row, and so nothing below, for whoever may not look at this township.
		select least(coalesce(p_day, private.today()), private.today()) as shown
		where p_township in (select private.my_townships())
	), picked as (
		-- Today: the open ones first, straight from the index; nothing is computed for the rest.
		(select s.* from public.steps s
		where s.township_id = p_township and s.thing_kind = 'task' and not s.voided and s.state <> 'dropped'
			and (select shown from day) >= private.today()
		order by s.state, s.id desc limit p_limit)
		union all
		-- A past day: what had been found by then, the latest first.
		(select s.* from public.steps s
		where s.township_id = p_township and s.thing_kind = 'task' and not s.voided
			and (select shown from day) < private.today() and s.found_on <= (select shown from day)
		order by s.found_on desc, s.id desc limit p_limit)
		union all
		select s.* from public.steps s
		where s.township_id = p_township and s.thing_kind in ('project', 'plan') and not s.voided
			and s.found_on <= (select shown from day)
	), now_steps as (
		select s.*, private.state_on(row(s.*)::public.steps, day.shown) as st,
			s.id in (select b.step_id from public.blockers b, day d where b.township_id = p_township
				and b.opened_on <= d.shown and (b.closed_on is null or b.closed_on > d.shown)) as is_blocked,
			coalesce(s.due_on < day.shown, false) and private.state_on(row(s.*)::public.steps, day.shown) = 'said' as is_overdue
		from picked s, day
	), tasks as (
		select t.id, 'task' as kind, t.title, t.category, t.village_id, s.st as state, s.is_blocked, s.is_overdue,
			s.first_due_on, s.due_on, t.geom, jsonb_build_array(1, (s.st in ('said', 'done', 'proven'))::int,
				(s.st in ('done', 'proven'))::int, (s.st = 'proven')::int, s.is_blocked::int, s.is_overdue::int) as steps
		from now_steps s join public.tasks t on t.township_id = s.township_id and t.id = s.thing_id
		where s.thing_kind = 'task' and t.archived_at is null and s.st <> 'dropped'
		order by s.st, t.id desc
	), sets as (
		select s.thing_kind, s.thing_id, count(*)::int planned,
			count(*) filter (where s.st in ('said', 'done', 'proven'))::int said,
			count(*) filter (where s.st in ('done', 'proven'))::int done,
			count(*) filter (where s.st = 'proven')::int proven,
			count(*) filter (where s.is_blocked)::int blocked, count(*) filter (where s.is_overdue)::int overdue,
			max(s.first_due_on) first_due_on, max(s.due_on) due_on
		from now_steps s where s.thing_kind <> 'task' and s.st <> 'dropped' group by 1, 2
	), others as (
		select x.id, x.kind, x.title, x.category, x.village_id,
			case when n.planned is null or n.said = 0 then 'found' when n.proven = n.planned then 'proven'
				when n.done = n.planned then 'done' else 'said' end::public.step_state as state,
			coalesce(n.blocked, 0) > 0 as is_blocked, coalesce(n.overdue, 0) > 0 as is_overdue,
			n.first_due_on, n.due_on, x.geom, jsonb_build_array(coalesce(n.planned, 0), coalesce(n.said, 0),
				coalesce(n.done, 0), coalesce(n.proven, 0), coalesce(n.blocked, 0), coalesce(n.overdue, 0)) as steps
		from (
			select p.id, 'project' as kind, p.title, p.target_grade as category, p.village_id,
				coalesce(u.geom, v.label) as geom, p.created_at
			from public.projects p
			join public.scenic_units u on u.township_id = p.township_id and u.id = p.unit_id
			left join public.places v on v.id = p.village_id
			where p.township_id = p_township and p.archived_at is null
			union all
			select p.id, 'plan', p.title, p.category, p.village_id, coalesce(p.geom, v.label), p.created_at
			from public.plans p left join public.places v on v.id = p.village_id
			where p.township_id = p_township and p.archived_at is null
		) x
		cross join day
		left join sets n on n.thing_kind = x.kind::public.thing_kind and n.thing_id = x.id
	), listed as (
		select * from tasks union all select * from others
	)
	select jsonb_build_object(
		'total', coalesce((
			select sum(p.planned) from day, public.progress_on(p_township, day.shown) p where p.kind = 'task'
		), 0) + (select count(*) from others),
		'things', coalesce(jsonb_agg(jsonb_build_array(l.id, l.kind, l.title, l.category, l.village_id, l.state,
			l.is_blocked, l.is_overdue, l.first_due_on, l.due_on,
			case when extensions.st_dimension(l.geom) = 0 then null else private.shape_json(l.geom) end,
			case when l.geom is null then null
				when extensions.geometrytype(l.geom) = 'POINT' then jsonb_build_array(
					round(extensions.st_x(l.geom)::numeric, 6), round(extensions.st_y(l.geom)::numeric, 6))
				else jsonb_build_array(
					round(extensions.st_x(extensions.st_pointonsurface(l.geom))::numeric, 6),
					round(extensions.st_y(extensions.st_pointonsurface(l.geom))::numeric, 6)) end,
			l.steps)), '[]')
	) from listed l
$$;

-- One page of tasks, newest first, by key: for lists, exports and other programs.
create function public.task_page(
	p_township uuid, p_village uuid default null, p_state public.step_state default null,
	p_category text default null, p_before uuid default null, p_limit integer default 100
) returns table (id uuid, village_id uuid, village text, category text, title text, place_text text,
	state public.step_state, answers text, due_on date, first_due_on date, found_on date, said_on date, done_on date,
	proven_on date, proven_how public.proof_how, blocked_by text, lon double precision, lat double precision, version integer)
language sql stable set search_path = '' as $$
	select t.id, t.village_id, v.name, t.category, t.title, t.place_text, s.state,
		coalesce(w.name, s.answers_name), s.due_on, s.first_due_on, s.found_on, s.said_on, s.done_on, s.proven_on,
		s.proven_how, b.who, extensions.st_x(t.geom), extensions.st_y(t.geom), t.version
	from public.tasks t
	join public.steps s on s.township_id = t.township_id and s.id = t.id and not s.voided
	left join public.places v on v.id = t.village_id
	left join public.persons w on w.id = s.answers
	left join public.blockers b on b.township_id = s.township_id and b.step_id = s.id and b.closed_on is null
	where t.township_id = p_township and t.archived_at is null
		and (p_village is null or t.village_id = p_village)
		and (p_state is null or s.state = p_state)
		and (p_category is null or t.category = p_category)
		and (p_before is null or t.id < p_before)
	order by t.id desc
	limit least(greatest(p_limit, 1), 1000)
$$;

create function private.step_json(s public.steps) returns jsonb
language sql stable set search_path = '' as $$
	select jsonb_build_object(
		'id', s.id, 'seq', s.seq, 'title', s.title, 'state', s.state, 'round', s.round, 'version', s.version,
		'foundOn', s.found_on, 'foundBy', (select name from public.persons where id = s.found_by),
		'saidOn', s.said_on, 'saidBy', (select name from public.persons where id = s.said_by),
		'answers', s.answers, 'answersName', coalesce((select name from public.persons where id = s.answers), s.answers_name),
		'dueOn', s.due_on, 'firstDueOn', s.first_due_on,
		'doneOn', s.done_on, 'doneBy', s.done_by, 'doneName', coalesce((select name from public.persons where id = s.done_by), s.done_name),
		'provenOn', s.proven_on, 'provenBy', s.proven_by, 'provenHow', s.proven_how,
		'provenName', coalesce((select name from public.persons where id = s.proven_by), s.proven_name),
		'droppedOn', s.dropped_on, 'droppedWhy', s.dropped_why, 'fromPaper', s.import_id is not null,
		'blocker', (select jsonb_build_object('id', b.id, 'kind', b.kind, 'who', b.who, 'note', b.note, 'since', b.since,
				'until', b.until, 'openedBy', (select name from public.persons where id = b.opened_by))
			from public.blockers b where b.township_id = s.township_id and b.step_id = s.id and b.closed_on is null),
		'pastBlockers', coalesce((select jsonb_agg(jsonb_build_object('kind', b.kind, 'who', b.who, 'since', b.since,
				'closedOn', b.closed_on) order by b.opened_on)
			from public.blockers b where b.township_id = s.township_id and b.step_id = s.id and b.closed_on is not null), '[]'),
		'verdicts', coalesce((select jsonb_agg(jsonb_build_object('ok', a.ok, 'round', a.round, 'on', a.happened_on, 'how', a.how,
				'note', a.note, 'by', coalesce((select name from public.persons where id = a.by_person), a.by_name)) order by a.round)
			from public.acceptances a where a.township_id = s.township_id and a.step_id = s.id), '[]'),
		'evidence', coalesce((select jsonb_agg(jsonb_build_object('id', e.id, 'kind', e.kind, 'title', e.title, 'number', e.number,
				'unit', e.unit, 'at', e.at, 'by', (select name from public.persons where id = e.by_person)) order by e.at)
			from public.evidence e where e.township_id = s.township_id and e.step_id = s.id), '[]')
	)
$$;

create function public.thing(p_township uuid, p_kind public.thing_kind, p_id uuid) returns jsonb
language sql stable set search_path = '' as $$
	with base as (
		select t.id, t.village_id, t.created_at, t.created_by, t.import_id, t.geom,
			jsonb_build_object('version', t.version, 'title', t.title, 'category', t.category, 'note', t.note,
				'groupName', t.group_name, 'placeText', t.place_text, 'fix', t.fix, 'unit', t.unit, 'method', t.method) as own
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

-- What is stuck: where, with whom, since when; the longest wait first.
create function public.stuck(p_township uuid) returns jsonb
language sql stable set search_path = '' as $$
	select coalesce(jsonb_agg(x.j order by x.since), '[]') from (
		select b.since, jsonb_build_object('stepId', s.id, 'kind', s.thing_kind, 'thingId', s.thing_id,
			'title', coalesce(nullif(t.title, ''), p.title, q.title), 'category', t.category, 'step', s.title,
			'village', v.name, 'villageId', s.village_id, 'blocker', b.kind, 'who', b.who, 'note', b.note,
			'since', b.since, 'days', private.today() - b.since, 'dueOn', s.due_on) as j
		from public.blockers b
		join public.steps s on s.township_id = b.township_id and s.id = b.step_id and not s.voided
		left join public.tasks t on s.thing_kind = 'task' and t.township_id = s.township_id and t.id = s.thing_id
		left join public.projects p on s.thing_kind = 'project' and p.township_id = s.township_id and p.id = s.thing_id
		left join public.plans q on s.thing_kind = 'plan' and q.township_id = s.township_id and q.id = s.thing_id
		left join public.places v on v.id = s.village_id
		where b.township_id = p_township and b.closed_on is null
		order by b.since limit 500
	) x
$$;

-- People who hold a role in the township today, for hand-over and the page of accounts.
create function public.people_of(p_place uuid) returns jsonb
language sql stable set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name, 'roles', r.roles) order by p.name, p.id), '[]')
	from public.persons p
	join lateral (
		select jsonb_agg(jsonb_build_object('id', m.id, 'role', m.role, 'placeId', m.place_id, 'place', l.name,
			'from', m.valid_from, 'to', m.valid_to) order by m.valid_from) as roles
		from public.memberships m join public.places l on l.id = m.place_id
		where m.person_id = p.id and (m.township_id = p_place or m.place_id = p_place
				or m.place_id = (select parent_id from public.places where id = p_place and level = 'township'))
			and m.valid_from <= private.today() and (m.valid_to is null or m.valid_to > private.today())
	) r on r.roles is not null
$$;

-- Who I am and where I may look: the first call of every page.
create function public.my_account() returns jsonb
language sql stable security definer set search_path = '' as $$
	select case when private.my_person() is null then null else jsonb_build_object(
		'accountId', private.me(),
		'sessionId', private.session_id(),
		'id', p.id, 'name', p.name,
		'memberships', coalesce((select jsonb_agg(jsonb_build_object('id', m.id, 'placeId', m.place_id,
				'place', l.name, 'level', l.level, 'townshipId', m.township_id, 'role', m.role,
				'from', m.valid_from, 'to', m.valid_to))
			from private.my_memberships() m join public.places l on l.id = m.place_id), '[]'),
		'townships', coalesce((select jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name, 'demo', t.demo,
				'districtId', t.parent_id, 'district', d.name,
				'stands', (select coalesce(max(h.seq), 0) from private.chain_heads h where h.township_id = t.id)) order by t.name)
			from public.places t left join public.places d on d.id = t.parent_id
			where t.id in (select private.my_townships()) and t.archived_at is null), '[]'),
		'districts', coalesce((select jsonb_agg(jsonb_build_object('id', d.id, 'name', d.name))
			from public.places d where d.id in (select private.my_districts())), '[]')
	) end
	from (select 1) one left join public.persons p on p.id = private.my_person()
$$;
