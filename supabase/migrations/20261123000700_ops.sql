-- The one way to write: an op, a value with its own id. Applied once for ever; a second arrival of
-- the same op is told what the first one did. Outcomes: applied, already, conflict (somebody else was
-- faster; both values come back), held (what it speaks of is not here yet), refused (with a reason).

-- GeoJSON to a geometry, checked before anything costly is done with it.
create function private.read_geom(p jsonb, p_types text[]) returns extensions.geometry
language plpgsql immutable set search_path = '' as $$
declare
	g extensions.geometry;
begin
	if p is null or p = 'null' then return null; end if;
	if not (p ->> 'type' = any (p_types)) then
		perform private.refuse('geometry_type', left(coalesce(p ->> 'type', '?'), 40));
	end if;
	begin
		g := extensions.st_setsrid(extensions.st_force2d(extensions.st_geomfromgeojson(p)), 4326);
	exception when others then
		perform private.refuse('geometry_unreadable');
	end;
	if extensions.st_isempty(g) then perform private.refuse('geometry_unreadable'); end if;
	if extensions.st_npoints(g) > 20000 then perform private.refuse('geometry_too_large'); end if;
	if extensions.st_xmin(g) < -180 or extensions.st_xmax(g) > 180
		or extensions.st_ymin(g) < -90 or extensions.st_ymax(g) > 90 then
		perform private.refuse('geometry_out_of_bounds');
	end if;
	if not extensions.st_isvalid(g) then
		perform private.refuse('geometry_crosses_itself', extensions.st_isvalidreason(g));
	end if;
	return g;
end
$$;

-- m² on the 3° Gauss–Krüger zone of the shape's own middle (CGCS2000, EPSG 4534–4554).
create function private.area_of(g extensions.geometry) returns double precision
language sql stable set search_path = '' as $$
	select extensions.st_area(extensions.st_transform(g, 4509 + greatest(25, least(45,
		round(extensions.st_x(extensions.st_centroid(g)) / 3)::integer))))
$$;

create function private.village_at(p_township uuid, g extensions.geometry) returns uuid
language sql stable set search_path = '' as $$
	select p.id from public.places p
	where p.township_id = p_township and p.level = 'village' and p.archived_at is null
		and p.geom operator(extensions.&&) g
		and extensions.st_covers(p.geom, extensions.st_pointonsurface(g))
	limit 1
$$;

create function private.text_of(p jsonb, p_key text) returns text
language sql immutable set search_path = '' as $$
	select btrim(regexp_replace(coalesce(p ->> p_key, ''), '[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]', '', 'g'))
$$;

create function private.need(p_right public.right_name, p_place uuid) returns void
language plpgsql stable set search_path = '' as $$
begin
	if not private.may(p_right, p_place) then perform private.refuse('not_allowed', p_right::text); end if;
end
$$;

-- A village named in an op must lie in the op's township.
create function private.check_village(p_township uuid, p_village uuid) returns void
language plpgsql stable set search_path = '' as $$
begin
	if p_village is not null and not exists (
		select from public.places p
		where p.id = p_village and p.township_id = p_township and p.level = 'village' and p.archived_at is null
	) then perform private.refuse('no_such_village'); end if;
end
$$;

create function private.check_person(p_township uuid, p_person uuid) returns void
language plpgsql stable set search_path = '' as $$
begin
	if p_person is not null and not exists (
		select from public.memberships m
		left join public.places t on t.id = p_township
		where m.person_id = p_person and (m.township_id = p_township or m.place_id = t.parent_id)
			and m.valid_from <= private.today() and (m.valid_to is null or m.valid_to > private.today())
	) then perform private.refuse('no_such_person'); end if;
end
$$;

create function private.check_version(p_current integer, p_base integer, p_now jsonb) returns void
language plpgsql set search_path = '' as $$
begin
	if p_base is not null and p_base <> p_current then
		raise exception 'conflict' using errcode = 'PT403', detail = 'conflict', hint = p_now::text;
	end if;
end
$$;

-- ── tasks ────────────────────────────────────────────────────────────────────────────────────────

create function private.op_task_create(t uuid, target uuid, p jsonb, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	g extensions.geometry := private.read_geom(p -> 'geometry', '{Point}');
	v uuid := coalesce((p ->> 'village_id')::uuid, private.village_at(t, g));
	me uuid := private.my_person();
begin
	perform private.check_village(t, v);
	perform private.need('report', coalesce(v, t));
	insert into public.tasks (township_id, id, village_id, category, title, note, group_name, place_text,
		geom, method, created_by)
	values (t, target, v, coalesce(p ->> 'category', 'OTHER'), private.text_of(p, 'title'),
		private.text_of(p, 'note'), private.text_of(p, 'group_name'), private.text_of(p, 'place_text'),
		g, case when g is null then null else coalesce(p ->> 'method', 'map') end, me);
	-- A task is one step; they share their id.
	insert into public.steps (township_id, id, village_id, thing_kind, thing_id, found_on, found_by)
	values (t, target, v, 'task', target, private.today(), me);
	if p ? 'answers' or p ? 'due_on' then
		if private.may('plan', coalesce(v, t)) then perform private.op_say(t, target, p, null); end if;
	end if;
	return jsonb_build_object('id', target, 'kind', 'task');
end
$$;

create function private.op_task_edit(t uuid, target uuid, p jsonb, base integer) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.tasks;
	n public.tasks;
begin
	select * into o from public.tasks where township_id = t and id = target and archived_at is null for update;
	if o.id is null then return null; end if;
	perform private.need('report', coalesce(o.village_id, t));
	if o.created_by is distinct from private.my_person() then
		perform private.need('plan', coalesce(o.village_id, t));
	end if;
	perform private.check_version(o.version, base, to_jsonb(o) - 'geom');
	n := o;
	if p ? 'category' then n.category := p ->> 'category'; end if;
	if p ? 'title' then n.title := private.text_of(p, 'title'); end if;
	if p ? 'note' then n.note := private.text_of(p, 'note'); end if;
	if p ? 'place_text' then n.place_text := private.text_of(p, 'place_text'); end if;
	if p ? 'geometry' then
		n.geom := private.read_geom(p -> 'geometry', '{Point}');
		n.method := case when n.geom is null then null else coalesce(p ->> 'method', 'map') end;
		if not p ? 'village_id' and n.geom is not null then
			n.village_id := coalesce(private.village_at(t, n.geom), n.village_id);
		end if;
	end if;
	if p ? 'village_id' then n.village_id := (p ->> 'village_id')::uuid; end if;
	perform private.check_village(t, n.village_id);
	perform private.need('report', coalesce(n.village_id, t));
	update public.tasks set category = n.category, title = n.title, note = n.note,
		place_text = n.place_text, geom = n.geom, method = n.method, village_id = n.village_id,
		version = o.version + 1
	where township_id = t and id = target;
	perform private.move_steps(t, 'task', target, n.village_id);
	return jsonb_build_object('id', target, 'kind', 'task', 'version', o.version + 1);
end
$$;

-- Steps and blockers count where their thing lies.
create function private.move_steps(t uuid, k public.thing_kind, thing uuid, v uuid) returns void
language plpgsql set search_path = '' as $$
begin
	update public.blockers b set village_id = v from public.steps s
	where b.township_id = t and s.township_id = t and s.id = b.step_id
		and s.thing_kind = k and s.thing_id = thing and b.village_id is distinct from v;
	update public.steps set village_id = v
	where township_id = t and thing_kind = k and thing_id = thing and village_id is distinct from v;
end
$$;

-- ── scenic-village projects ──────────────────────────────────────────────────────────────────────

create function private.add_steps(t uuid, k public.thing_kind, thing uuid, v uuid, p jsonb) returns void
language plpgsql set search_path = '' as $$
declare
	s jsonb;
	n integer := 0;
	first integer;
begin
	if jsonb_typeof(coalesce(p -> 'steps', '[]')) <> 'array' or jsonb_array_length(coalesce(p -> 'steps', '[]')) > 100 then
		perform private.refuse('too_many_steps');
	end if;
	select coalesce(max(seq), 0) into first from public.steps
	where township_id = t and thing_kind = k and thing_id = thing and not voided;
	for s in select * from jsonb_array_elements(coalesce(p -> 'steps', '[]')) loop
		n := n + 1;
		insert into public.steps (township_id, id, village_id, thing_kind, thing_id, seq, title, found_on, found_by)
		values (t, (s ->> 'id')::uuid, v, k, thing, first + n, private.text_of(s, 'title'),
			private.today(), private.my_person());
		if s ->> 'due_on' is not null then perform private.op_say(t, (s ->> 'id')::uuid, s, null); end if;
	end loop;
end
$$;

create function private.op_project_create(t uuid, target uuid, p jsonb, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	g extensions.geometry := private.read_geom(p -> 'geometry', '{Point,Polygon,MultiPolygon}');
	v uuid := coalesce((p ->> 'village_id')::uuid, private.village_at(t, g));
	u uuid := coalesce((p ->> 'unit_id')::uuid, private.new_id());
begin
	perform private.check_village(t, v);
	perform private.need('plan', coalesce(v, t));
	insert into public.scenic_units (township_id, id, village_id, name, present_grade, geom)
	values (t, u, v, private.text_of(p, 'unit_name'), private.text_of(p, 'present_grade'), g)
	on conflict (township_id, id) do nothing;
	insert into public.projects (township_id, id, village_id, unit_id, title, target_grade, note, unit, created_by)
	values (t, target, v, u, private.text_of(p, 'title'), coalesce(p ->> 'target_grade', 'A'),
		private.text_of(p, 'note'), private.text_of(p, 'unit'), private.my_person());
	perform private.add_steps(t, 'project', target, v, p);
	return jsonb_build_object('id', target, 'kind', 'project');
end
$$;

create function private.op_project_edit(t uuid, target uuid, p jsonb, base integer) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.projects;
	n public.projects;
	g extensions.geometry;
begin
	select * into o from public.projects where township_id = t and id = target and archived_at is null for update;
	if o.id is null then return null; end if;
	perform private.need('plan', coalesce(o.village_id, t));
	perform private.check_version(o.version, base, to_jsonb(o));
	n := o;
	if p ? 'title' then n.title := private.text_of(p, 'title'); end if;
	if p ? 'target_grade' then n.target_grade := p ->> 'target_grade'; end if;
	if p ? 'note' then n.note := private.text_of(p, 'note'); end if;
	if p ? 'unit' then n.unit := private.text_of(p, 'unit'); end if;
	if p ? 'village_id' then n.village_id := (p ->> 'village_id')::uuid; end if;
	perform private.check_village(t, n.village_id);
	perform private.need('plan', coalesce(n.village_id, t));
	if p ? 'geometry' or p ? 'unit_name' or p ? 'present_grade' then
		g := private.read_geom(p -> 'geometry', '{Point,Polygon,MultiPolygon}');
		update public.scenic_units set
			geom = case when p ? 'geometry' then g else geom end,
			name = case when p ? 'unit_name' then private.text_of(p, 'unit_name') else name end,
			present_grade = case when p ? 'present_grade' then private.text_of(p, 'present_grade') else present_grade end,
			version = version + 1
		where township_id = t and id = o.unit_id;
	end if;
	update public.projects set title = n.title, target_grade = n.target_grade, note = n.note,
		unit = n.unit, village_id = n.village_id, version = o.version + 1
	where township_id = t and id = target;
	perform private.add_steps(t, 'project', target, n.village_id, p);
	perform private.move_steps(t, 'project', target, n.village_id);
	return jsonb_build_object('id', target, 'kind', 'project', 'version', o.version + 1);
end
$$;

-- ── industry plans ───────────────────────────────────────────────────────────────────────────────

create function private.op_plan_create(t uuid, target uuid, p jsonb, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	g extensions.geometry := extensions.st_multi(private.read_geom(p -> 'geometry', '{Polygon,MultiPolygon}'));
	v uuid := coalesce((p ->> 'village_id')::uuid, private.village_at(t, g));
begin
	perform private.check_village(t, v);
	perform private.need('plan', coalesce(v, t));
	insert into public.plans (township_id, id, village_id, title, category, content, invest, spent, jobs, land,
		party, unit, geom, area, source_crs, method, confidence, created_by)
	values (t, target, v, private.text_of(p, 'title'), private.text_of(p, 'category'),
		private.text_of(p, 'content'), (p ->> 'invest')::numeric, (p ->> 'spent')::numeric,
		(p ->> 'jobs')::integer, (p ->> 'land')::numeric, private.text_of(p, 'party'),
		private.text_of(p, 'unit'), g, private.area_of(g), coalesce(p ->> 'source_crs', 'EPSG:4326'),
		coalesce(p ->> 'method', 'map'), (p ->> 'confidence')::real, private.my_person());
	perform private.add_steps(t, 'plan', target, v, p);
	return jsonb_build_object('id', target, 'kind', 'plan');
end
$$;

create function private.op_plan_edit(t uuid, target uuid, p jsonb, base integer) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.plans;
	n public.plans;
begin
	select * into o from public.plans where township_id = t and id = target and archived_at is null for update;
	if o.id is null then return null; end if;
	perform private.need('plan', coalesce(o.village_id, t));
	perform private.check_version(o.version, base, to_jsonb(o) - 'geom');
	n := o;
	if p ? 'title' then n.title := private.text_of(p, 'title'); end if;
	if p ? 'category' then n.category := private.text_of(p, 'category'); end if;
	if p ? 'content' then n.content := private.text_of(p, 'content'); end if;
	if p ? 'party' then n.party := private.text_of(p, 'party'); end if;
	if p ? 'unit' then n.unit := private.text_of(p, 'unit'); end if;
	if p ? 'invest' then n.invest := (p ->> 'invest')::numeric; end if;
	if p ? 'spent' then n.spent := (p ->> 'spent')::numeric; end if;
	if p ? 'jobs' then n.jobs := (p ->> 'jobs')::integer; end if;
	if p ? 'land' then n.land := (p ->> 'land')::numeric; end if;
	if p ? 'geometry' then
		n.geom := extensions.st_multi(private.read_geom(p -> 'geometry', '{Polygon,MultiPolygon}'));
		n.area := private.area_of(n.geom);
		n.method := coalesce(p ->> 'method', 'map');
	end if;
	if p ? 'village_id' then n.village_id := (p ->> 'village_id')::uuid; end if;
	perform private.check_village(t, n.village_id);
	perform private.need('plan', coalesce(n.village_id, t));
	update public.plans set title = n.title, category = n.category, content = n.content, party = n.party,
		unit = n.unit, invest = n.invest, spent = n.spent, jobs = n.jobs, land = n.land, geom = n.geom,
		area = n.area, method = n.method, village_id = n.village_id, version = o.version + 1
	where township_id = t and id = target;
	perform private.add_steps(t, 'plan', target, n.village_id, p);
	perform private.move_steps(t, 'plan', target, n.village_id);
	return jsonb_build_object('id', target, 'kind', 'plan', 'version', o.version + 1);
end
$$;

-- ── facts ────────────────────────────────────────────────────────────────────────────────────────

-- The step, locked, after asking the move table whether this verb may be used on it by whoever asks.
create function private.step_for(t uuid, step uuid, p_verb text, base integer) returns public.steps
language plpgsql set search_path = '' as $$
declare
	s public.steps;
	m public.step_moves;
	me uuid := private.my_person();
begin
	select * into s from public.steps where township_id = t and id = step and not voided for update;
	if s.id is null then return null; end if;
	select * into m from public.step_moves where verb = p_verb;
	perform private.need(m."right", coalesce(s.village_id, t));
	if m.needs = 'other_person' and (me is not distinct from s.done_by or me is not distinct from s.answers) then
		perform private.refuse('own_work');
	end if;
	if m.needs = 'doer' and s.done_by is distinct from me then perform private.refuse('not_yours'); end if;
	perform private.check_version(s.version, base, to_jsonb(s));
	if not (s.state = any (m.from_states)) then
		perform private.refuse('not_from_this_state', s.state::text);
	end if;
	return s;
end
$$;

create function private.op_say(t uuid, step uuid, p jsonb, base integer) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.steps := private.step_for(t, step, 'say', base);
	due date := (p ->> 'due_on')::date;
	who uuid := (p ->> 'answers')::uuid;
begin
	if s.id is null then return null; end if;
	perform private.check_person(t, who);
	if due is not null and due not between private.today() - 1 and private.today() + 3660 and due is distinct from s.due_on then
		perform private.refuse('due_out_of_range');
	end if;
	update public.steps set
		state = 'said',
		said_on = coalesce(s.said_on, private.today()), said_at = coalesce(s.said_at, now()),
		said_by = private.my_person(),
		answers = case when p ? 'answers' then who else s.answers end,
		answers_name = case when p ? 'answers' then null else s.answers_name end,
		due_on = coalesce(due, s.due_on),
		first_due_on = coalesce(s.first_due_on, due, s.due_on),
		version = s.version + 1
	where township_id = t and id = step;
	return jsonb_build_object('id', step, 'kind', 'step', 'version', s.version + 1, 'state', 'said');
end
$$;

create function private.close_blocker(t uuid, step uuid, p_note text) returns boolean
language plpgsql set search_path = '' as $$
begin
	update public.blockers set closed_on = private.today(), closed_by = private.my_person(), closed_note = p_note
	where township_id = t and step_id = step and closed_on is null;
	return found;
end
$$;

create function private.op_do(t uuid, step uuid, p jsonb, base integer) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.steps := private.step_for(t, step, 'do', base);
begin
	if s.id is null then return null; end if;
	perform private.close_blocker(t, step, '');
	-- Doing what nobody had said yet says it as well: the facts stay in order.
	update public.steps set
		state = 'done',
		said_on = coalesce(s.said_on, private.today()), said_at = coalesce(s.said_at, now()),
		said_by = coalesce(s.said_by, private.my_person()),
		done_on = private.today(), done_at = now(), done_by = private.my_person(), done_name = null,
		version = s.version + 1
	where township_id = t and id = step;
	if private.text_of(p, 'note') <> '' then
		insert into public.evidence (township_id, id, step_id, kind, title, by_person)
		values (t, private.new_id(), step, 'note', left(private.text_of(p, 'note'), 200), private.my_person());
	end if;
	return jsonb_build_object('id', step, 'kind', 'step', 'version', s.version + 1, 'state', 'done');
end
$$;

create function private.op_withdraw(t uuid, step uuid, p jsonb, base integer) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.steps := private.step_for(t, step, 'withdraw', base);
begin
	if s.id is null then return null; end if;
	update public.steps set state = 'said', done_on = null, done_at = null, done_by = null, done_name = null,
		version = s.version + 1
	where township_id = t and id = step;
	return jsonb_build_object('id', step, 'kind', 'step', 'version', s.version + 1, 'state', 'said');
end
$$;

create function private.accept(t uuid, s public.steps, ok boolean, p jsonb) returns void
language plpgsql set search_path = '' as $$
declare
	how public.proof_how := coalesce(p ->> 'how', 'on_site');
begin
	if how = 'ledger' then perform private.refuse('ledger_only_by_import'); end if;
	insert into public.acceptances (township_id, id, step_id, round, ok, by_person, happened_on, how, note)
	values (t, private.new_id(), s.id, s.round, ok, private.my_person(), private.today(), how,
		private.text_of(p, 'note'));
end
$$;

create function private.op_prove(t uuid, step uuid, p jsonb, base integer) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.steps := private.step_for(t, step, 'prove', base);
begin
	if s.id is null then return null; end if;
	perform private.accept(t, s, true, p);
	update public.steps set state = 'proven', proven_on = private.today(), proven_at = now(),
		proven_by = private.my_person(), proven_name = null,
		proven_how = coalesce(p ->> 'how', 'on_site')::public.proof_how, version = s.version + 1
	where township_id = t and id = step;
	return jsonb_build_object('id', step, 'kind', 'step', 'version', s.version + 1, 'state', 'proven');
end
$$;

create function private.op_return(t uuid, step uuid, p jsonb, base integer) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.steps := private.step_for(t, step, 'return', base);
begin
	if s.id is null then return null; end if;
	if private.text_of(p, 'note') = '' then perform private.refuse('reason_needed'); end if;
	perform private.accept(t, s, false, p);
	update public.steps set state = 'said', round = s.round + 1, done_on = null, done_at = null,
		done_by = null, done_name = null, version = s.version + 1
	where township_id = t and id = step;
	return jsonb_build_object('id', step, 'kind', 'step', 'version', s.version + 1, 'state', 'said');
end
$$;

create function private.op_reopen(t uuid, step uuid, p jsonb, base integer) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.steps := private.step_for(t, step, 'reopen', base);
begin
	if s.id is null then return null; end if;
	if private.text_of(p, 'note') = '' then perform private.refuse('reason_needed'); end if;
	update public.steps set state = 'said', round = s.round + 1,
		done_on = null, done_at = null, done_by = null, done_name = null,
		proven_on = null, proven_at = null, proven_by = null, proven_name = null, proven_how = null,
		version = s.version + 1
	where township_id = t and id = step;
	return jsonb_build_object('id', step, 'kind', 'step', 'version', s.version + 1, 'state', 'said');
end
$$;

create function private.op_drop(t uuid, step uuid, p jsonb, base integer) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.steps := private.step_for(t, step, 'drop', base);
begin
	if s.id is null then return null; end if;
	if private.text_of(p, 'note') = '' then perform private.refuse('reason_needed'); end if;
	perform private.close_blocker(t, step, '');
	update public.steps set state = 'dropped', dropped_on = private.today(), dropped_by = private.my_person(),
		dropped_why = private.text_of(p, 'note'), version = s.version + 1
	where township_id = t and id = step;
	return jsonb_build_object('id', step, 'kind', 'step', 'version', s.version + 1, 'state', 'dropped');
end
$$;

create function private.op_block(t uuid, step uuid, p jsonb, base integer) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.steps := private.step_for(t, step, 'block', base);
	since date := coalesce((p ->> 'since')::date, private.today());
begin
	if s.id is null then return null; end if;
	if private.text_of(p, 'who') = '' then perform private.refuse('who_needed'); end if;
	if since > private.today() then perform private.refuse('since_in_future'); end if;
	if exists (select from public.blockers where township_id = t and step_id = step and closed_on is null) then
		perform private.refuse('already_blocked');
	end if;
	insert into public.blockers (township_id, id, step_id, village_id, thing_kind, kind, who, note, since, until,
		opened_on, opened_by)
	values (t, private.new_id(), step, s.village_id, s.thing_kind, (p ->> 'blocker')::public.blocker_kind,
		private.text_of(p, 'who'), private.text_of(p, 'note'), since, (p ->> 'until')::date,
		private.today(), private.my_person());
	update public.steps set version = s.version + 1 where township_id = t and id = step;
	return jsonb_build_object('id', step, 'kind', 'step', 'version', s.version + 1, 'state', s.state);
end
$$;

create function private.op_unblock(t uuid, step uuid, p jsonb, base integer) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.steps := private.step_for(t, step, 'unblock', base);
begin
	if s.id is null then return null; end if;
	if not private.close_blocker(t, step, private.text_of(p, 'note')) then
		perform private.refuse('not_blocked');
	end if;
	update public.steps set version = s.version + 1 where township_id = t and id = step;
	return jsonb_build_object('id', step, 'kind', 'step', 'version', s.version + 1, 'state', s.state);
end
$$;

create function private.op_evidence(t uuid, step uuid, p jsonb, base integer) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.steps;
begin
	select * into s from public.steps where township_id = t and id = step and not voided;
	if s.id is null then return null; end if;
	perform private.need('report', coalesce(s.village_id, t));
	if coalesce(p ->> 'evidence', 'note') not in ('note', 'number') then perform private.refuse('bad_value', 'evidence'); end if;
	insert into public.evidence (township_id, id, step_id, kind, title, number, unit, by_person)
	values (t, private.new_id(), step, coalesce(p ->> 'evidence', 'note'), private.text_of(p, 'title'),
		(p ->> 'number')::numeric, nullif(private.text_of(p, 'unit'), ''), private.my_person());
	return jsonb_build_object('id', step, 'kind', 'step', 'version', s.version);
end
$$;

create function private.op_place_edit(t uuid, target uuid, p jsonb, base integer) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.places;
begin
	select * into o from public.places where township_id = t and id = target and archived_at is null for update;
	if o.id is null then return null; end if;
	if not private.may('manage', t) then perform private.need('plan', t); end if;
	perform private.check_version(o.version, base, to_jsonb(o) - 'geom' - 'label');
	update public.places set
		name = case when p ? 'name' then private.text_of(p, 'name') else name end,
		code = case when p ? 'code' then nullif(private.text_of(p, 'code'), '') else code end,
		people = case when p ? 'people' then (p ->> 'people')::integer else people end,
		households = case when p ? 'households' then (p ->> 'households')::integer else households end,
		version = o.version + 1
	where id = target;
	return jsonb_build_object('id', target, 'kind', 'place', 'version', o.version + 1);
end
$$;

-- ── the door ─────────────────────────────────────────────────────────────────────────────────────

create function private.play(k text, t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
begin
	case k
		when 'task.create' then return private.op_task_create(t, target, p, op);
		when 'task.edit' then return private.op_task_edit(t, target, p, base);
		when 'project.create' then return private.op_project_create(t, target, p, op);
		when 'project.edit' then return private.op_project_edit(t, target, p, base);
		when 'plan.create' then return private.op_plan_create(t, target, p, op);
		when 'plan.edit' then return private.op_plan_edit(t, target, p, base);
		when 'place.edit' then return private.op_place_edit(t, target, p, base);
		when 'step.say' then return private.op_say(t, target, p, base);
		when 'step.do' then return private.op_do(t, target, p, base);
		when 'step.withdraw' then return private.op_withdraw(t, target, p, base);
		when 'step.prove' then return private.op_prove(t, target, p, base);
		when 'step.return' then return private.op_return(t, target, p, base);
		when 'step.reopen' then return private.op_reopen(t, target, p, base);
		when 'step.drop' then return private.op_drop(t, target, p, base);
		when 'step.block' then return private.op_block(t, target, p, base);
		when 'step.unblock' then return private.op_unblock(t, target, p, base);
		when 'step.evidence' then return private.op_evidence(t, target, p, base);
		else perform private.refuse('no_such_op', left(k, 60)); return null;
	end case;
end
$$;

-- Applies one op: {op_id, kind, township_id, target, base_version?, payload, device_time?}.
-- Returns {outcome, reason?, detail?, now?, id?, kind?, version?, state?, seq?}.
create function public.apply_op(p_op jsonb) returns jsonb
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
		v_seq := private.log(t, k, coalesce(result ->> 'kind', 'thing'), target, body - 'geometry', v_op);
		result := result || jsonb_build_object('seq', v_seq);
		perform private.hint(t, coalesce(result ->> 'kind', 'thing'), target, coalesce((result ->> 'version')::integer, 1));
	end if;
	insert into public.ops (op_id, township_id, person_id, account_id, kind, payload_sha256, outcome, result,
		device_time, server_seq)
	values (v_op, t, me, private.me(), left(k, 60), digest, v_outcome, result,
		v_device, v_seq);
	return result || jsonb_build_object('outcome', v_outcome);
end
$$;
