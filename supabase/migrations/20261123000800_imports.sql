-- What a person accepted in the import preview becomes places, things and facts: all of it or none,
-- and all of it can be taken back while nobody has worked on it.

create function private.read_geom_of_row(r public.import_rows, p_types text[]) returns extensions.geometry
language plpgsql stable set search_path = '' as $$
declare
	code text;
	why text;
begin
	return private.read_geom(r.data -> 'geometry', p_types);
exception when sqlstate 'PT403' then
	get stacked diagnostics code = message_text, why = pg_exception_detail;
	perform private.refuse(code, concat_ws(' ', r.file, 'line ' || coalesce(r.line, r.n), why));
	return null;
end
$$;

create function private.village_named(t uuid, p_name text) returns uuid
language sql stable set search_path = '' as $$
	select p.id from public.places p
	where p.township_id = t and p.level = 'village' and p.archived_at is null and p_name <> ''
		and (p.name = p_name or regexp_replace(p.name, '(村|社区|居委会)$', '') = regexp_replace(p_name, '(村|社区|居委会|村委会)$', ''))
	order by p.name <> p_name limit 1
$$;

create function private.import_places(t uuid, imp uuid, k text, lvl public.place_level) returns integer
language plpgsql set search_path = '' as $$
declare
	r public.import_rows;
	o public.places;
	g extensions.geometry;
	parent uuid;
	cnt integer := 0;
begin
	for r in select * from public.import_rows where township_id = t and import_id = imp and kind = k order by import_rows.n loop
		g := extensions.st_multi(private.read_geom_of_row(r, '{Polygon,MultiPolygon}'));
		parent := case when lvl = 'group' then coalesce(
			private.village_named(t, private.text_of(r.data, 'village')), private.village_at(t, g)) else t end;
		if parent is null then perform private.refuse('no_village_for_group', r.file || ' line ' || r.n); end if;
		if lvl = 'township' then
			select * into o from public.places where id = t for update;
		else
			select * into o from public.places p where p.township_id = t and p.level = lvl and p.parent_id = parent
				and p.archived_at is null and p.name = private.text_of(r.data, 'name') for update;
		end if;
		if o.id is null then
			insert into public.places (id, township_id, parent_id, level, code, name, people, households, geom, label,
				area, source_crs, method, confidence)
			values (private.new_id(), t, parent, lvl, nullif(private.text_of(r.data, 'code'), ''),
				private.text_of(r.data, 'name'), (r.data ->> 'people')::integer, (r.data ->> 'households')::integer,
				g, extensions.st_pointonsurface(g), private.area_of(g), r.data ->> 'source_crs', 'file',
				(r.data ->> 'confidence')::real)
			returning * into o;
			update public.import_rows set target_id = o.id where township_id = t and import_id = imp and import_rows.n = r.n;
		else
			update public.import_rows set target_id = o.id, before = jsonb_build_object(
				'geom', encode(extensions.st_asewkb(o.geom), 'hex'), 'code', o.code, 'people', o.people,
				'households', o.households, 'area', o.area, 'source_crs', o.source_crs, 'method', o.method,
				'confidence', o.confidence, 'version', o.version + 1)
			where township_id = t and import_id = imp and import_rows.n = r.n;
			update public.places set geom = coalesce(g, geom), label = coalesce(extensions.st_pointonsurface(g), label),
				area = coalesce(private.area_of(g), area), code = coalesce(nullif(private.text_of(r.data, 'code'), ''), code),
				people = coalesce((r.data ->> 'people')::integer, people),
				households = coalesce((r.data ->> 'households')::integer, households),
				source_crs = coalesce(r.data ->> 'source_crs', source_crs), method = 'file',
				confidence = coalesce((r.data ->> 'confidence')::real, confidence), version = o.version + 1
			where id = o.id;
		end if;
		cnt := cnt + 1;
	end loop;
	return cnt;
end
$$;

create function private.import_hazards(t uuid, imp uuid) returns integer
language plpgsql set search_path = '' as $$
declare cnt integer;
begin
	with rows as (
		select r.n, r.data, private.new_id() as id, private.read_geom_of_row(r, '{Point}') as g
		from public.import_rows r where r.township_id = t and r.import_id = imp and r.kind = 'hazards'
	), placed as (
		insert into public.hazards (township_id, id, village_id, name, type, households, note, geom, import_id)
		select t, id, private.village_at(t, g), private.text_of(data, 'name'), private.text_of(data, 'type'),
			(data ->> 'households')::integer, private.text_of(data, 'note'), g, imp
		from rows returning id
	)
	update public.import_rows r set target_id = rows.id from rows
	where r.township_id = t and r.import_id = imp and r.n = rows.n and rows.id in (select id from placed);
	get diagnostics cnt = row_count;
	return cnt;
end
$$;

-- Rows of a ledger become tasks with the facts the paper claims. The days are the paper's; where it
-- gives none, today's. An acceptance is marked as the ledger's for ever.
create function private.import_tasks(t uuid, imp uuid) returns integer
language plpgsql set search_path = '' as $$
declare
	me uuid := private.my_person();
	today date := private.today();
	cnt integer;
begin
	create temporary table if not exists import_scratch (
		n integer, id uuid, village uuid, data jsonb, g extensions.geometry, state text
	) on commit delete rows;
	delete from pg_temp.import_scratch;
	insert into pg_temp.import_scratch
	select r.n, private.new_id(), coalesce(private.village_named(t, private.text_of(r.data, 'village')), private.village_at(t, x.g)),
		r.data, x.g, coalesce(r.data ->> 'state', 'found')
	from public.import_rows r, lateral (select private.read_geom_of_row(r, '{Point}') as g) x
	where r.township_id = t and r.import_id = imp and r.kind = 'tasks';

	insert into public.tasks (township_id, id, village_id, category, title, note, group_name, place_text, fix, unit,
		geom, method, created_by, import_id)
	select t, id, village, coalesce(data ->> 'category', 'OTHER'), private.text_of(data, 'title'),
		private.text_of(data, 'note'), private.text_of(data, 'group_name'), private.text_of(data, 'place_text'),
		private.text_of(data, 'fix'), private.text_of(data, 'unit'), g,
		case when g is not null then 'file' end, me, imp
	from pg_temp.import_scratch;

	insert into public.steps (township_id, id, village_id, thing_kind, thing_id, state, found_on,
		said_on, said_at, answers_name, due_on, first_due_on, done_on, done_at, done_name,
		proven_on, proven_at, proven_name, proven_how, import_id)
	select t, s.id, s.village, 'task', s.id, s.state::public.step_state,
		d.found_on, case when s.state <> 'found' then d.said_on end, case when s.state <> 'found' then now() end,
		nullif(private.text_of(s.data, 'answers_name'), ''),
		(s.data ->> 'due_on')::date, (s.data ->> 'due_on')::date,
		case when s.state in ('done', 'proven') then d.done_on end, case when s.state in ('done', 'proven') then now() end,
		case when s.state in ('done', 'proven') then nullif(private.text_of(s.data, 'answers_name'), '') end,
		case when s.state = 'proven' then d.proven_on end, case when s.state = 'proven' then now() end,
		case when s.state = 'proven' then nullif(private.text_of(s.data, 'proven_by'), '') end,
		case when s.state = 'proven' then 'ledger'::public.proof_how end, imp
	from pg_temp.import_scratch s,
	lateral (select least((s.data ->> 'found_on')::date, today) as f, least((s.data ->> 'said_on')::date, today) as a,
		least((s.data ->> 'done_on')::date, today) as b, least((s.data ->> 'proven_on')::date, today) as c) claim,
	lateral (select coalesce(f, a, today) as found_on, coalesce(a, f, today) as said_on, coalesce(b, today) as done_on,
		coalesce(c, today) as proven_on) raw,
	-- Days on paper out of order are put in order: a later fact is never dated before an earlier one.
	lateral (select raw.found_on, greatest(raw.said_on, raw.found_on) as said_on,
		greatest(raw.done_on, raw.said_on, raw.found_on) as done_on,
		greatest(raw.proven_on, raw.done_on, raw.said_on, raw.found_on) as proven_on) d;

	insert into public.acceptances (township_id, id, step_id, round, ok, by_name, happened_on, how, note)
	select t, private.new_id(), s.id, 1, true, s.proven_name, s.proven_on, 'ledger', ''
	from public.steps s where s.township_id = t and s.import_id = imp and s.thing_kind = 'task' and s.state = 'proven';

	update public.import_rows r set target_id = s.id from pg_temp.import_scratch s
	where r.township_id = t and r.import_id = imp and r.n = s.n;
	get diagnostics cnt = row_count;
	return cnt;
end
$$;

create function private.import_things(t uuid, imp uuid, k text) returns integer
language plpgsql set search_path = '' as $$
declare
	r public.import_rows;
	g extensions.geometry;
	v uuid;
	thing uuid;
	cnt integer := 0;
begin
	for r in select * from public.import_rows where township_id = t and import_id = imp and kind = k order by import_rows.n loop
		thing := private.new_id();
		g := private.read_geom_of_row(r, '{Point,Polygon,MultiPolygon}');
		v := coalesce(private.village_named(t, private.text_of(r.data, 'village')), private.village_at(t, g));
		if k = 'projects' then
			declare u uuid := private.new_id();
			begin
				insert into public.scenic_units (township_id, id, village_id, name, present_grade, geom, import_id)
				values (t, u, v, coalesce(nullif(private.text_of(r.data, 'unit_name'), ''), private.text_of(r.data, 'title')),
					private.text_of(r.data, 'present_grade'), g, imp);
				insert into public.projects (township_id, id, village_id, unit_id, title, target_grade, note, unit, created_by, import_id)
				values (t, thing, v, u, private.text_of(r.data, 'title'), coalesce(nullif(private.text_of(r.data, 'target_grade'), ''), 'A'),
					private.text_of(r.data, 'note'), private.text_of(r.data, 'unit'), private.my_person(), imp);
			end;
		else
			-- A point says where, not how much land: it is kept as the record's text, not as a parcel.
			if extensions.st_dimension(g) < 2 then g := null; end if;
			insert into public.plans (township_id, id, village_id, title, category, content, invest, land, jobs, unit, geom, area,
				source_crs, method, confidence, created_by, import_id)
			values (t, thing, v, private.text_of(r.data, 'title'), private.text_of(r.data, 'category'),
				private.text_of(r.data, 'content'), (r.data ->> 'invest')::numeric, (r.data ->> 'land')::numeric,
				(r.data ->> 'jobs')::integer, private.text_of(r.data, 'unit'), extensions.st_multi(g), private.area_of(g),
				r.data ->> 'source_crs', 'file', (r.data ->> 'confidence')::real, private.my_person(), imp);
		end if;
		insert into public.steps (township_id, id, village_id, thing_kind, thing_id, seq, title, state, found_on,
			said_on, said_at, answers_name, due_on, first_due_on, done_on, done_at, done_name,
			proven_on, proven_at, proven_name, proven_how, import_id)
		select t, private.new_id(), v, case k when 'projects' then 'project' else 'plan' end::public.thing_kind, thing,
			s.ordinality, private.text_of(s.value, 'title'), c.state, c.found,
			case when c.state <> 'found' then c.said end, case when c.state <> 'found' then now() end,
			nullif(private.text_of(r.data, 'answers_name'), ''), (s.value ->> 'due_on')::date, (s.value ->> 'due_on')::date,
			case when c.state in ('done', 'proven') then c.done end, case when c.state in ('done', 'proven') then now() end,
			case when c.state in ('done', 'proven') then nullif(private.text_of(r.data, 'answers_name'), '') end,
			case when c.state = 'proven' then c.proven end, case when c.state = 'proven' then now() end,
			case when c.state = 'proven' then nullif(private.text_of(s.value, 'proven_by'), '') end,
			case when c.state = 'proven' then 'ledger'::public.proof_how end, imp
		from jsonb_array_elements(coalesce(r.data -> 'steps', '[]')) with ordinality s,
		lateral (select coalesce(s.value ->> 'state', 'found')::public.step_state as state,
			least(coalesce((s.value ->> 'said_on')::date, private.today()), private.today()) as said,
			least(coalesce((s.value ->> 'said_on')::date, private.today()), private.today()) as found,
			least(greatest(coalesce((s.value ->> 'done_on')::date, private.today()), (s.value ->> 'said_on')::date), private.today()) as done,
			least(greatest(coalesce((s.value ->> 'proven_on')::date, private.today()), (s.value ->> 'done_on')::date), private.today()) as proven) c;
		update public.import_rows set target_id = thing where township_id = t and import_id = imp and import_rows.n = r.n;
		cnt := cnt + 1;
	end loop;
	insert into public.acceptances (township_id, id, step_id, round, ok, by_name, happened_on, how)
	select t, private.new_id(), s.id, 1, true, s.proven_name, s.proven_on, 'ledger'
	from public.steps s where s.township_id = t and s.import_id = imp and s.state = 'proven'
		and s.thing_kind = case k when 'projects' then 'project' else 'plan' end::public.thing_kind;
	return cnt;
end
$$;

-- {import_id, township_id, title, again?, files: [...], rows: [{kind, file, line, data}]}
create function public.import_apply(p jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
	t uuid := (p ->> 'township_id')::uuid;
	imp uuid := (p ->> 'import_id')::uuid;
	v_counts jsonb := '{}';
	earlier timestamptz;
	seq bigint;
begin
	if private.my_person() is null then raise exception 'signed_out' using errcode = '42501'; end if;
	if t is null or imp is null or jsonb_typeof(p -> 'rows') is distinct from 'array' then perform private.refuse('bad_import'); end if;
	perform private.need('plan', t);
	if exists (select from public.imports where township_id = t and id = imp) then
		return (select jsonb_build_object('outcome', 'already', 'counts', i.counts) from public.imports i
			where i.township_id = t and i.id = imp);
	end if;
	if jsonb_array_length(p -> 'rows') > 60000 then perform private.refuse('too_many_rows'); end if;
	if not coalesce((p ->> 'again')::boolean, false) then
		select i.applied_at into earlier from public.imports i, jsonb_array_elements(i.files) f
		where i.township_id = t and i.undone_at is null
			and f ->> 'sha256' in (select x ->> 'sha256' from jsonb_array_elements(p -> 'files') x)
		limit 1;
		if earlier is not null then perform private.refuse('imported_before', earlier::text); end if;
	end if;
	insert into public.imports (township_id, id, title, files, created_by, applied_at)
	values (t, imp, private.text_of(p, 'title'), coalesce(p -> 'files', '[]'), private.my_person(), now());
	insert into public.import_rows (township_id, import_id, n, kind, file, line, data)
	select t, imp, r.ordinality, r.value ->> 'kind', left(coalesce(r.value ->> 'file', ''), 200), (r.value ->> 'line')::integer,
		r.value -> 'data'
	from jsonb_array_elements(p -> 'rows') with ordinality r;

	if (select count(*) from public.import_rows where township_id = t and import_id = imp and kind = 'outline') > 1 then
		perform private.refuse('more_than_one_outline');
	end if;
	v_counts := jsonb_build_object(
		'outline', private.import_places(t, imp, 'outline', 'township'),
		'villages', private.import_places(t, imp, 'villages', 'village'),
		'groups', private.import_places(t, imp, 'groups', 'group'));
	v_counts := v_counts || jsonb_build_object(
		'hazards', private.import_hazards(t, imp),
		'tasks', private.import_tasks(t, imp),
		'projects', private.import_things(t, imp, 'projects'),
		'plans', private.import_things(t, imp, 'plans'));
	update public.imports i set counts = v_counts
	where i.township_id = t and i.id = imp;
	seq := private.log(t, 'import.apply', 'import', imp, jsonb_build_object('counts', v_counts, 'files', (
		select jsonb_agg(jsonb_build_object('name', f ->> 'name', 'sha256', f ->> 'sha256')) from jsonb_array_elements(p -> 'files') f)));
	perform private.hint(t, 'import', imp, 1);
	return jsonb_build_object('outcome', 'applied', 'counts', v_counts, 'seq', seq);
end
$$;

create function public.import_undo(p_township uuid, p_import uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
	i public.imports;
	worked integer;
	r public.import_rows;
	o public.places;
begin
	perform private.need('plan', p_township);
	select * into i from public.imports where township_id = p_township and id = p_import for update;
	if i.id is null then perform private.refuse('no_such_import'); end if;
	if i.undone_at is not null then return jsonb_build_object('outcome', 'already'); end if;
	select count(*) into worked from (
		select s.id from public.steps s where s.township_id = p_township and s.import_id = p_import and s.version > 1
		union all select e.id from public.evidence e join public.steps s on s.township_id = e.township_id and s.id = e.step_id
			where e.township_id = p_township and s.import_id = p_import
		union all select id from public.tasks where township_id = p_township and import_id = p_import and version > 1
		union all select id from public.projects where township_id = p_township and import_id = p_import and version > 1
		union all select id from public.plans where township_id = p_township and import_id = p_import and version > 1
	) x;
	if worked > 0 then perform private.refuse('worked_on_since', worked::text); end if;

	update public.steps set voided = true where township_id = p_township and import_id = p_import;
	update public.tasks set archived_at = now() where township_id = p_township and import_id = p_import;
	update public.projects set archived_at = now() where township_id = p_township and import_id = p_import;
	update public.scenic_units set archived_at = now() where township_id = p_township and import_id = p_import;
	update public.plans set archived_at = now() where township_id = p_township and import_id = p_import;
	update public.hazards set archived_at = now() where township_id = p_township and import_id = p_import;
	for r in select * from public.import_rows where township_id = p_township and import_id = p_import
		and kind in ('outline', 'villages', 'groups') and target_id is not null order by import_rows.n desc loop
		select * into o from public.places where id = r.target_id for update;
		if r.before is null then
			if exists (select from public.steps s where s.township_id = p_township and s.village_id = o.id and not s.voided)
				or exists (select from public.places c where c.parent_id = o.id and c.archived_at is null)
				or exists (select from public.memberships m where m.place_id = o.id
					and (m.valid_to is null or m.valid_to > private.today())) then
				perform private.refuse('place_in_use', o.name);
			end if;
			update public.places set archived_at = now(), version = version + 1 where id = o.id;
		else
			if o.version <> (r.before ->> 'version')::integer then perform private.refuse('place_changed_since', o.name); end if;
			update public.places set
				geom = extensions.st_geomfromewkb(decode(r.before ->> 'geom', 'hex')),
				label = extensions.st_pointonsurface(extensions.st_geomfromewkb(decode(r.before ->> 'geom', 'hex'))),
				code = r.before ->> 'code', people = (r.before ->> 'people')::integer,
				households = (r.before ->> 'households')::integer, area = (r.before ->> 'area')::double precision,
				source_crs = r.before ->> 'source_crs', method = r.before ->> 'method',
				confidence = (r.before ->> 'confidence')::real, version = version + 1
			where id = o.id;
		end if;
	end loop;
	update public.imports set undone_at = now(), undone_by = private.my_person()
	where township_id = p_township and id = p_import;
	perform private.log(p_township, 'import.undo', 'import', p_import, i.counts);
	perform private.hint(p_township, 'import', p_import, 2);
	return jsonb_build_object('outcome', 'applied');
end
$$;
