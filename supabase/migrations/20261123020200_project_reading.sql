-- What the pages of scenic-village projects read. Definer functions that ask once whether the township may be
-- seen (see progress_on for why).

create function private.name_of(p_person uuid) returns text
language sql stable set search_path = '' as $$ select name from public.persons where id = p_person $$;

create function private.standard_head(s public.standards) returns jsonb
language sql stable set search_path = '' as $$
	select case when s.id is null then null else jsonb_build_object('id', s.id, 'name', s.name, 'edition', s.edition, 'official', s.official, 'state', s.state,
		'fromId', s.from_id, 'version', s.version, 'madeOn', (s.made_at at time zone 'Asia/Shanghai')::date,
		'madeByName', coalesce(private.name_of(s.made_by), ''), 'projects', (select count(*) from public.projects p
			where p.township_id = s.township_id and p.standard_id = s.id and p.archived_at is null)) end
$$;

create function public.standards_of(p_township uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce((select jsonb_agg(private.standard_head(s) order by s.state, s.name, s.made_at desc) from public.standards s
		where s.township_id = p_township), '[]')
	where p_township in (select private.my_townships())
$$;

create function public.standard_page(p_township uuid, p_standard uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('head', private.standard_head(s), 'body', s.body,
		'family', (select jsonb_agg(private.standard_head(f) order by f.made_at desc) from public.standards f
			where f.township_id = p_township and f.family_id = s.family_id),
		'log', coalesce((select jsonb_agg(jsonb_build_object('at', e.at, 'byName', coalesce(private.name_of(e.person_id), ''), 'action', e.action,
				'note', coalesce(e.data ->> 'note', '')) order by e.seq desc)
			from (select * from public.events e where e.township_id = p_township and e.subject_id = s.id order by e.seq desc limit 200) e), '[]'))
	from public.standards s
	where s.township_id = p_township and s.id = p_standard and p_township in (select private.my_townships())
$$;

create function public.calendar_of(p_township uuid, p_year integer) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.calendar(p_township, p_year) where p_township in (select private.my_townships())
$$;

create function private.score_json(a public.assessments, p_times bigint) returns jsonb
language sql stable set search_path = '' as $$
	select jsonb_build_object('item', a.item_code, 'assessor', a.assessor, 'value', a.value, 'na', a.na, 'points', a.points, 'note', a.note,
		'on', a.happened_on, 'by', a.by_person, 'byName', coalesce(private.name_of(a.by_person), ''), 'times', p_times)
$$;

create function public.score_log(p_township uuid, p_project uuid, p_item text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce((select jsonb_agg(private.score_json(a, a.n) order by a.at desc, a.n desc) from public.assessments a
		where a.township_id = p_township and a.project_id = p_project and a.item_code = p_item), '[]')
	where p_township in (select private.my_townships())
$$;

create function private.totals_json(t uuid, project uuid) returns jsonb
language sql stable set search_path = '' as $$
	select coalesce(jsonb_object_agg(x.assessor, jsonb_build_object('total', x.total, 'grade', x.grade)), '{}') from private.totals_of(t, project) x
$$;

create function private.exhibit_json(e public.exhibits, p_items jsonb) returns jsonb
language sql stable set search_path = '' as $$
	select jsonb_build_object('id', e.id, 'kind', e.kind, 'title', e.title, 'number', e.number, 'measure', e.measure, 'photoId', e.photo_id,
		'file', (select jsonb_build_object('sha256', d.sha256, 'name', d.name, 'size', d.bytes, 'type', d.type)
			from public.documents d where d.township_id = e.township_id and d.sha256 = e.sha256),
		'featureId', e.feature_id, 'thingId', e.thing_id,
		'thing', case e.kind
			when 'task' then (select jsonb_build_object('title', coalesce(nullif(t.title, ''), t.category), 'state', s.state)
				from public.tasks t join public.steps s on s.township_id = t.township_id and s.id = t.id
				where t.township_id = e.township_id and t.id = e.thing_id)
			when 'plan' then (select jsonb_build_object('title', p.title, 'state', case when count(s.id) = 0 then 'found'
					else (array['found', 'said', 'done', 'proven'])[1 + min(array_position(array['found', 'said', 'done', 'proven']::public.step_state[], s.state) - 1)] end)
				from public.plans p left join public.steps s on s.township_id = p.township_id and s.thing_kind = 'plan' and s.thing_id = p.id
					and not s.voided and s.state <> 'dropped'
				where p.township_id = e.township_id and p.id = e.thing_id group by p.title) end,
		'happenedOn', e.happened_on, 'on', e.made_on, 'by', e.by_person, 'byName', coalesce(private.name_of(e.by_person), ''), 'items', p_items)
$$;

create function public.exhibits_of(p_township uuid, p_unit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce((select jsonb_agg(private.exhibit_json(e, '[]') order by e.made_on desc, e.id desc) from public.exhibits e
		where e.township_id = p_township and e.unit_id = p_unit and e.withdrawn_on is null), '[]')
	where p_township in (select private.my_townships())
$$;

create function public.project_page(p_township uuid, p_project uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('id', p.id, 'version', p.version, 'title', p.title, 'note', p.note, 'unit', p.unit, 'villageId', p.village_id,
		'village', v.name, 'townshipId', t.id, 'township', t.name, 'districtId', t.parent_id,
		'createdOn', (p.created_at at time zone 'Asia/Shanghai')::date, 'phase', p.phase, 'phaseOn', p.phase_on, 'targetGrade', p.target_grade,
		'scenicUnit', jsonb_build_object('id', u.id, 'name', u.name, 'presentGrade', u.present_grade, 'version', u.version,
			'geometry', extensions.st_asgeojson(u.geom, 7)::jsonb),
		'listedOn', p.listed_on, 'reviewDueOn', p.review_due_on, 'rectifyBy', p.rectify_by,
		'notice', case when p.notice_from is not null then jsonb_build_object('from', p.notice_from, 'to', p.notice_to, 'where', p.notice_where,
			'workdays', private.workdays(p_township, p.notice_from, p.notice_to)) end,
		'standard', private.standard_head(d) || jsonb_build_object('body', d.body),
		'newer', (select private.standard_head(n) from public.standards n where n.township_id = p_township and n.family_id = d.family_id
			and n.state = 'in_force' and n.published_at > d.published_at order by n.published_at desc limit 1),
		'today', private.today())
	|| jsonb_build_object(
		'scores', coalesce((select jsonb_agg(private.score_json(a::public.assessments, (select count(*) from public.assessments b where b.township_id = a.township_id
				and b.project_id = a.project_id and b.item_code = a.item_code and b.assessor = a.assessor and not b.carried)))
			from private.scores_of(p_township, p.id) a), '[]'),
		'totals', private.totals_json(p_township, p.id),
		'targets', coalesce((select jsonb_agg(jsonb_build_object('item', g.item_code, 'points', g.points, 'cost', g.cost, 'readyOn', g.ready_on,
				'firstReadyOn', g.first_ready_on, 'answers', g.answers, 'answersName', private.name_of(g.answers), 'note', g.note,
				'saidOn', g.said_on, 'version', g.version))
			from public.item_targets g where g.township_id = p_township and g.project_id = p.id), '[]'),
		'exhibits', coalesce((select jsonb_agg(private.exhibit_json(e, coalesce((select jsonb_agg(c.item_code order by c.item_code) from public.citations c
				where c.township_id = p_township and c.project_id = p.id and c.exhibit_id = e.id and c.ended_on is null), '[]')) order by e.made_on desc, e.id desc)
			from public.exhibits e where e.township_id = p_township and e.unit_id = u.id and e.withdrawn_on is null), '[]'),
		'features', coalesce((select jsonb_agg(jsonb_build_object('id', f.id, 'kind', f.kind, 'name', f.name, 'amount', f.amount, 'note', f.note,
				'geometry', extensions.st_asgeojson(f.geom, 7)::jsonb,
				'size', case extensions.st_dimension(f.geom) when 1 then round(extensions.st_length(f.geom::extensions.geography)::numeric, 1)
					when 2 then round(private.area_of(f.geom)::numeric, 1) end,
				'version', f.version, 'byName', coalesce(private.name_of(f.by_person), ''), 'on', f.made_on) order by f.kind, f.name, f.id)
			from public.unit_features f where f.township_id = p_township and f.unit_id = u.id and f.archived_at is null), '[]'))
	|| jsonb_build_object(
		'works', coalesce((select jsonb_agg(jsonb_build_object('id', w.id, 'title', w.title, 'items', w.items, 'note', w.note, 'version', w.version) order by w.made_on, w.id)
			from public.works w where w.township_id = p_township and w.project_id = p.id and w.archived_at is null), '[]'),
		'steps', coalesce((select jsonb_agg(private.step_json(s) || jsonb_build_object('workId', s.work_id, 'startsOn', s.starts_on,
				'firstStartsOn', s.first_starts_on) order by s.seq)
			from public.steps s where s.township_id = p_township and s.thing_kind = 'project' and s.thing_id = p.id and not s.voided), '[]'),
		'links', coalesce((select jsonb_agg(jsonb_build_object('step', l.step_id, 'after', l.after_id, 'lag', l.lag))
			from public.step_links l join public.steps s on s.township_id = l.township_id and s.id = l.step_id
			where l.township_id = p_township and s.thing_kind = 'project' and s.thing_id = p.id and not s.voided and l.ended_on is null), '[]'),
		'funds', coalesce((select jsonb_agg(jsonb_build_object('id', f.id, 'workId', f.work_id, 'source', f.source, 'planned', f.planned,
				'allocated', f.allocated, 'spent', f.spent, 'note', f.note, 'version', f.version) order by f.source, f.id)
			from public.funds f where f.township_id = p_township and f.project_id = p.id and f.archived_at is null), '[]'),
		'log', coalesce((select jsonb_agg(jsonb_build_object('verb', l.verb, 'from', l.from_phase, 'to', l.to_phase, 'on', l.happened_on, 'at', l.at,
				'by', l.by_person, 'byName', coalesce(private.name_of(l.by_person), ''), 'note', l.note, 'data', l.data) order by l.at desc)
			from public.project_log l where l.township_id = p_township and l.project_id = p.id), '[]'),
		'ways', (select jsonb_agg(jsonb_build_object('verb', x.verb, 'from', x.from_phase, 'to', x.to_phase, 'right', x."right", 'level', x.level,
			'otherPerson', x.other_person)) from public.project_transitions x))
	from public.projects p
	join public.places t on t.id = p.township_id
	join public.scenic_units u on u.township_id = p.township_id and u.id = p.unit_id
	left join public.places v on v.id = p.village_id
	left join public.standards d on d.township_id = p.township_id and d.id = p.standard_id
	where p.township_id = p_township and p.id = p_project and p.archived_at is null and p_township in (select private.my_townships())
$$;

create function public.projects_page(p_township uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('today', private.today(),
		'targets', coalesce((select jsonb_agg(jsonb_build_object('year', g.year, 'grade', g.grade, 'count', g.count, 'note', g.note, 'version', g.version,
				'reached', (select count(distinct l.project_id) from public.project_log l where l.township_id = p_township and l.verb = 'list'
					and extract(year from l.happened_on) = g.year and l.data ->> 'grade' = g.grade)) order by g.year, g.grade)
			from public.grade_targets g where g.township_id = p_township), '[]'),
		'projects', coalesce((
			select jsonb_agg(jsonb_build_object('id', p.id, 'title', p.title, 'villageId', p.village_id, 'village', v.name, 'unitId', u.id, 'unitName', u.name,
				'presentGrade', u.present_grade, 'targetGrade', p.target_grade, 'phase', p.phase, 'phaseOn', p.phase_on, 'reviewDueOn', p.review_due_on,
				'noticeTo', p.notice_to, 'standard', d.name, 'official', coalesce(d.official, false), 'totals', private.totals_json(p_township, p.id),
				'line', (select (g ->> 'min')::numeric from jsonb_array_elements(coalesce(d.body -> 'grades', '[]')) g where g ->> 'grade' = p.target_grade),
				'items', (select jsonb_build_object('planned', count(*), 'said', count(*) filter (where f.said), 'done', count(*) filter (where f.done),
					'proven', count(*) filter (where f.proven)) from private.item_facts(p_township, p.id) f),
				'milestones', (select jsonb_build_object('planned', count(*), 'said', count(*) filter (where s.said_on is not null),
					'done', count(*) filter (where s.done_on is not null), 'proven', count(*) filter (where s.proven_on is not null),
					'blocked', count(*) filter (where s.stage = 'blocked'), 'overdue', count(*) filter (where s.state = 'said' and s.due_on < private.today()))
					from public.steps s where s.township_id = p_township and s.thing_kind = 'project' and s.thing_id = p.id and not s.voided and s.state <> 'dropped'),
				'funds', (select jsonb_build_object('planned', coalesce(sum(f.planned), 0), 'allocated', coalesce(sum(f.allocated), 0), 'spent', coalesce(sum(f.spent), 0))
					from public.funds f where f.township_id = p_township and f.project_id = p.id and f.archived_at is null),
				'blockers', coalesce((select jsonb_agg(jsonb_build_object('step', s.title, 'who', b.who, 'since', b.since, 'ask', b.ask) order by b.since)
					from public.steps s join public.blockers b on b.township_id = s.township_id and b.step_id = s.id and b.closed_on is null
					where s.township_id = p_township and s.thing_kind = 'project' and s.thing_id = p.id and not s.voided), '[]'),
				'nextDueOn', (select min(s.due_on) from public.steps s where s.township_id = p_township and s.thing_kind = 'project' and s.thing_id = p.id
					and not s.voided and s.state = 'said'),
				'at', (select case when c.g is not null then jsonb_build_array(round(extensions.st_x(c.g)::numeric, 6), round(extensions.st_y(c.g)::numeric, 6)) end
					from (select extensions.st_pointonsurface(coalesce(u.geom, v.label)) as g) c)
			) order by p.phase, p.target_grade desc, p.title, p.id)
			from public.projects p
			join public.scenic_units u on u.township_id = p.township_id and u.id = p.unit_id
			left join public.places v on v.id = p.village_id
			left join public.standards d on d.township_id = p.township_id and d.id = p.standard_id
			where p.township_id = p_township and p.archived_at is null), '[]'))
	where p_township in (select private.my_townships())
$$;

-- A document that is evidence in a township one may see: which file to hand out.
create function public.document_file(p_township uuid, p_exhibit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('sha256', d.sha256, 'name', d.name, 'type', d.type, 'size', d.bytes)
	from public.exhibits e join public.documents d on d.township_id = e.township_id and d.sha256 = e.sha256
	where e.township_id = p_township and e.id = p_exhibit and p_township in (select private.my_townships())
$$;

-- As before, with what is asked of the district.
create or replace function public.stuck(p_township uuid) returns jsonb
language sql stable set search_path = '' as $$
	select coalesce(jsonb_agg(x.j order by x.since), '[]') from (
		select b.since, jsonb_build_object('stepId', s.id, 'kind', s.thing_kind, 'thingId', s.thing_id,
			'title', coalesce(nullif(t.title, ''), p.title, q.title), 'category', t.category, 'step', s.title,
			'village', v.name, 'villageId', s.village_id, 'blocker', b.kind, 'who', b.who, 'note', b.note, 'ask', b.ask,
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

insert into private.offers (signature, to_role) values
	('public.standards_of(uuid)', 'authenticated'), ('public.standard_page(uuid, uuid)', 'authenticated'),
	('public.calendar_of(uuid, integer)', 'authenticated'), ('public.score_log(uuid, uuid, text)', 'authenticated'),
	('public.exhibits_of(uuid, uuid)', 'authenticated'), ('public.project_page(uuid, uuid)', 'authenticated'),
	('public.projects_page(uuid)', 'authenticated'), ('public.document_file(uuid, uuid)', 'authenticated');
select private.apply_privileges();
