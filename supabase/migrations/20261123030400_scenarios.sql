-- Scenarios of a scheme: an ordered, append-only list of moves over its baseline. An undo is an entry too. What
-- holds is played, never stored; src/lib/domain/scenario.ts plays the same, and a test compares the two.
-- State: {plan id: item}. Item: {id, title, category, village, invest, output, tax, income, jobs, indirect,
-- households, land, money: [{source, year, planned, allocated, spent}], steps: [{id, title, due, state}],
-- parcels: [{id, name, dlbm, area, mark, geometry}]}.

create table public.scenarios (
	township_id uuid not null references public.places,
	id uuid not null,
	scheme_id uuid not null,
	title text not null check (char_length(title) between 1 and 120),
	note text not null default '' check (char_length(note) <= 2000),
	state text not null default 'open' check (state in ('open', 'adopted', 'closed')),
	-- What it stood on when it was adopted or closed; while open it stands on the scheme as it is now.
	baseline jsonb,
	from_id uuid,
	made_by uuid not null references public.persons,
	made_on date not null,
	ended_on date,
	ended_by uuid references public.persons,
	ended_why text not null default '' check (char_length(ended_why) <= 500),
	version integer not null default 1,
	primary key (township_id, id),
	foreign key (township_id, scheme_id) references public.schemes,
	check ((state = 'open') = (baseline is null) and (state = 'open') = (ended_on is null))
);
create index scenarios_by_scheme on public.scenarios (township_id, scheme_id);

create table public.scenario_moves (
	township_id uuid not null,
	scenario_id uuid not null,
	n integer not null,
	entry text not null check (entry in ('do', 'undo', 'redo')),
	move jsonb check (pg_column_size(move) <= 1048576),
	by_person uuid not null references public.persons,
	at timestamptz not null default clock_timestamp(),
	primary key (township_id, scenario_id, n),
	foreign key (township_id, scenario_id) references public.scenarios,
	check ((entry = 'do') = (move is not null))
);

do $$
declare t text;
begin
	foreach t in array array['scenarios', 'scenario_moves'] loop
		execute format('alter table public.%I enable row level security', t);
		execute format(
			'create policy "members see the scenarios of their townships" on public.%I for select to authenticated using (township_id in (select private.my_townships()))', t);
	end loop;
end
$$;
create trigger append_only before update or delete on public.scenario_moves for each row execute function private.guard_append_only();
create trigger never_truncated before truncate on public.scenario_moves for each statement execute function private.guard_append_only();

-- ── baseline ─────────────────────────────────────────────────────────────────────────────────────

create function private.item_of(t uuid, plan uuid) returns jsonb
language sql stable set search_path = '' as $$
	select jsonb_build_object('id', o.id, 'title', o.title, 'category', o.category, 'village', o.village_id, 'invest', o.invest, 'output', o.output,
		'tax', o.tax, 'income', o.income, 'jobs', o.jobs, 'indirect', o.jobs_indirect, 'households', o.households, 'land', o.land,
		'money', coalesce((select jsonb_agg(jsonb_build_object('source', m.source, 'year', m.year, 'planned', m.planned, 'allocated', m.allocated,
				'spent', m.spent) order by m.year, m.source)
			from public.plan_money m where m.township_id = t and m.plan_id = o.id and m.archived_at is null), '[]'),
		'steps', coalesce((select jsonb_agg(jsonb_build_object('id', s.id, 'title', s.title, 'due', s.due_on, 'state', s.state) order by s.seq)
			from public.steps s where s.township_id = t and s.thing_kind = 'plan' and s.thing_id = o.id and not s.voided and s.state <> 'dropped'), '[]'),
		'parcels', coalesce((select jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name, 'dlbm', p.land_class, 'area', round(p.area::numeric, 2),
				'mark', p.version::text, 'geometry', extensions.st_asgeojson(p.geom, 15)::jsonb) order by p.id)
			from public.parcels p where p.township_id = t and p.plan_id = o.id and p.archived_at is null), '[]'))
	from public.plans o where o.township_id = t and o.id = plan and o.archived_at is null
$$;

create function private.baseline_of(t uuid, scheme uuid) returns jsonb
language sql stable set search_path = '' as $$
	select coalesce(jsonb_object_agg(i.item ->> 'id', i.item), '{}') from public.scheme_plans s
	cross join lateral (select private.item_of(t, s.plan_id) as item) i
	where s.township_id = t and s.scheme_id = scheme and s.ended_on is null and i.item is not null
$$;

-- ── playing ──────────────────────────────────────────────────────────────────────────────────────

-- The moves that hold, in order. A new move ends what could have been redone.
create function private.moves_in_effect(t uuid, scenario uuid) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
	e public.scenario_moves;
	done jsonb[] := '{}';
	undone jsonb[] := '{}';
begin
	for e in select * from public.scenario_moves where township_id = t and scenario_id = scenario order by n loop
		case e.entry
			when 'do' then done := done || e.move; undone := '{}';
			when 'undo' then undone := undone || done[cardinality(done)]; done := done[:cardinality(done) - 1];
			else done := done || undone[cardinality(undone)]; undone := undone[:cardinality(undone) - 1];
		end case;
	end loop;
	return to_jsonb(done);
end
$$;

-- A move about something that is not there, or an add of what is there, changes nothing.
create function private.play_move(state jsonb, m jsonb) returns jsonb
language sql immutable set search_path = '' as $$
	select case
		when m ->> 'type' = 'add' then jsonb_build_object(m -> 'item' ->> 'id', m -> 'item') || state
		when not state ? (m ->> 'item') then state
		when m ->> 'type' = 'drop' then state - (m ->> 'item')
		when m ->> 'type' = 'reshape' then jsonb_set(state, array[m ->> 'item', 'parcels'], m -> 'parcels')
		when m ->> 'type' = 'figures' then state || jsonb_build_object(m ->> 'item', (state -> (m ->> 'item')) || (m -> 'set'))
		when m ->> 'type' = 'restage' then jsonb_set(state, array[m ->> 'item', 'steps'], (
			select coalesce(jsonb_agg(case when d.due is null then s.step else s.step || jsonb_build_object('due', d.due -> 'due') end order by s.nth), '[]')
			from jsonb_array_elements(state -> (m ->> 'item') -> 'steps') with ordinality s(step, nth)
			left join lateral (select x as due from jsonb_array_elements(m -> 'due') x where x -> 'step' = s.step -> 'id' limit 1) d on true))
		else state end
$$;

create function private.play_moves(base jsonb, moves jsonb) returns jsonb
language plpgsql immutable set search_path = '' as $$
declare
	state jsonb := base;
	m jsonb;
begin
	for m in select * from jsonb_array_elements(moves) loop state := private.play_move(state, m); end loop;
	return state;
end
$$;

create function private.scenario_state(s public.scenarios) returns jsonb
language sql stable set search_path = '' as $$
	select private.play_moves(coalesce(s.baseline, private.baseline_of(s.township_id, s.scheme_id)), private.moves_in_effect(s.township_id, s.id))
$$;

-- {plan id: verdict}: the worst of its parcels in the latest checks of the subjects that saw these very shapes.
create function private.verdicts_of(t uuid, state jsonb, subjects uuid[]) returns jsonb
language sql stable set search_path = '' as $$
	with seen as (
		select distinct on (e ->> 'id', e ->> 'mark') e ->> 'id' as id, e ->> 'mark' as mark, e ->> 'verdict' as verdict
		from (select distinct on (c.subject_id) c.* from public.constraint_checks c where c.township_id = t and c.subject_id = any (subjects)
			order by c.subject_id, c.at desc) c
		cross join lateral jsonb_array_elements(c.result -> 'parcels') e
		order by e ->> 'id', e ->> 'mark', c.at desc
	)
	select coalesce(jsonb_object_agg(i.id, private.worst(array(
		select coalesce(s.verdict, 'not_checked') from jsonb_array_elements(i.item -> 'parcels') p
		left join seen s on s.id = p ->> 'id' and s.mark = p ->> 'mark'))), '{}')
	from jsonb_each(state) i(id, item)
$$;

-- Sums of a state: land in m² (drawn, else as stated), money in 10,000 yuan.
create function private.totals_of_state(state jsonb, verdicts jsonb) returns jsonb
language sql immutable set search_path = '' as $$
	with items as (
		select i.id, i.item, jsonb_array_length(i.item -> 'parcels') = 0 as undrawn, jsonb_array_length(i.item -> 'money') = 0 as unlisted
		from jsonb_each(state) i(id, item)
	), land as (
		select coalesce(sum((p ->> 'area')::numeric), 0) as drawn from items i cross join jsonb_array_elements(i.item -> 'parcels') p
	), uses as (
		select p ->> 'dlbm' as dlbm, sum((p ->> 'area')::numeric) as area
		from items i cross join jsonb_array_elements(i.item -> 'parcels') p group by 1
	), money as (
		select (m ->> 'year')::integer as year, m ->> 'source' as source, sum(coalesce((m ->> 'planned')::numeric, 0)) as planned,
			sum(coalesce((m ->> 'allocated')::numeric, 0)) as allocated, sum(coalesce((m ->> 'spent')::numeric, 0)) as spent
		from items i cross join jsonb_array_elements(i.item -> 'money') m group by 1, 2
	)
	select jsonb_build_object('items', count(*), 'undrawn', count(*) filter (where undrawn),
		'land', round((select drawn from land) + coalesce(sum((item ->> 'land')::numeric * 2000 / 3) filter (where undrawn), 0), 2),
		'uses', coalesce((select jsonb_object_agg(dlbm, round(area, 2)) from uses), '{}'),
		'stated', coalesce(sum((item ->> 'invest')::numeric) filter (where unlisted), 0),
		'invest', coalesce(sum((item ->> 'invest')::numeric) filter (where unlisted), 0) + coalesce((select sum(planned) from money), 0),
		'money', coalesce((select jsonb_agg(jsonb_build_object('source', source, 'year', year, 'planned', planned, 'allocated', allocated, 'spent', spent)
			order by year, source collate "C") from money), '[]'),
		'output', coalesce(sum((item ->> 'output')::numeric), 0), 'tax', coalesce(sum((item ->> 'tax')::numeric), 0),
		'income', coalesce(sum((item ->> 'income')::numeric), 0), 'jobs', coalesce(sum((item ->> 'jobs')::numeric), 0),
		'indirect', coalesce(sum((item ->> 'indirect')::numeric), 0), 'households', coalesce(sum((item ->> 'households')::numeric), 0),
		'conflicts', (select jsonb_build_object('red', count(*) filter (where v = 'red'), 'yellow', count(*) filter (where v = 'yellow'),
				'notChecked', count(*) filter (where v = 'not_checked'))
			from (select coalesce(verdicts ->> i.id, 'not_checked') as v from items i) x))
	from items
$$;

-- ── reading a move ───────────────────────────────────────────────────────────────────────────────

-- Figures as they are stored: known keys, of their type; anything else is refused.
create function private.clean_figures(p jsonb) returns jsonb
language plpgsql immutable set search_path = '' as $$
declare
	k text;
	v jsonb;
	answer jsonb := '{}';
	m jsonb;
begin
	if coalesce(jsonb_typeof(p), '') <> 'object' then perform private.refuse('bad_value', 'set'); end if;
	for k, v in select * from jsonb_each(p) loop
		if k = 'title' then
			if char_length(private.text_of(p, k)) not between 1 and 200 then perform private.refuse('bad_value', k); end if;
			v := to_jsonb(private.text_of(p, k));
		elsif k = 'category' then
			if char_length(private.text_of(p, k)) > 40 then perform private.refuse('bad_value', k); end if;
			v := to_jsonb(private.text_of(p, k));
		elsif k in ('invest', 'output', 'tax', 'income', 'land') then
			if (p ->> k)::numeric not between 0 and 9999999999 then perform private.refuse('bad_value', k); end if;
			v := to_jsonb(round((p ->> k)::numeric, 2));
		elsif k in ('jobs', 'indirect', 'households') then
			if (p ->> k)::integer not between 0 and 1000000 then perform private.refuse('bad_value', k); end if;
			v := to_jsonb((p ->> k)::integer);
		elsif k = 'money' then
			if jsonb_typeof(v) <> 'array' or jsonb_array_length(v) > 200 then perform private.refuse('bad_value', k); end if;
			for m in select * from jsonb_array_elements(v) loop
				if not coalesce(m ->> 'source' in ('central', 'province', 'city', 'county', 'bridging', 'social', 'collective', 'loan', 'other')
					and (m ->> 'year')::integer between 2000 and 2100, false) or coalesce(m ->> 'planned', m ->> 'allocated', m ->> 'spent') is null
					or least((m ->> 'planned')::numeric, (m ->> 'allocated')::numeric, (m ->> 'spent')::numeric) < 0
					or greatest((m ->> 'planned')::numeric, (m ->> 'allocated')::numeric, (m ->> 'spent')::numeric) > 9999999999 then
					perform private.refuse('bad_value', k); end if;
			end loop;
			if (select count(*) <> count(distinct (x ->> 'source', x ->> 'year')) from jsonb_array_elements(v) x) then perform private.refuse('bad_value', k); end if;
			select coalesce(jsonb_agg(jsonb_build_object('source', x -> 'source', 'year', (x ->> 'year')::integer, 'planned', round((x ->> 'planned')::numeric, 2),
				'allocated', round((x ->> 'allocated')::numeric, 2), 'spent', round((x ->> 'spent')::numeric, 2)) order by (x ->> 'year')::integer, x ->> 'source'), '[]')
			into v from jsonb_array_elements(v) x;
		else
			perform private.refuse('bad_value', left(k, 40));
		end if;
		answer := answer || jsonb_build_object(k, coalesce(v, 'null'));
	end loop;
	return answer;
end
$$;

-- Parcels as proposed: names and land classes from the move, corners from the collection beside it, areas measured here.
create function private.clean_parcels(t uuid, plan uuid, p jsonb, shapes jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
	gs extensions.geometry[] := '{}';
	g extensions.geometry;
	answer jsonb := '[]';
	parcel uuid;
begin
	if coalesce(jsonb_typeof(p), '') <> 'array' or jsonb_array_length(p) > 50
		or jsonb_array_length(p) <> jsonb_array_length(coalesce(shapes, '[]')) then perform private.refuse('bad_value', 'parcels'); end if;
	for i in 0 .. jsonb_array_length(p) - 1 loop
		g := extensions.st_multi(private.read_geom(shapes -> i, '{Polygon,MultiPolygon}'));
		parcel := (p -> i ->> 'id')::uuid;
		if g is null or parcel is null or char_length(private.text_of(p -> i, 'name')) > 80 or char_length(private.text_of(p -> i, 'dlbm')) > 10
			or answer @> jsonb_build_array(jsonb_build_object('id', parcel)) then perform private.refuse('bad_value', 'parcels'); end if;
		if exists (select from public.parcels where township_id = t and id = parcel and plan_id <> plan) then perform private.refuse('exists_already'); end if;
		if exists (select from unnest(gs) o where o operator(extensions.&&) g and extensions.st_intersects(o, g)
			and private.area_of(extensions.st_collectionextract(extensions.st_intersection(o, g, 1e-10), 3)) > 1) then
			perform private.refuse('parcels_overlap', private.text_of(p -> i, 'name')); end if;
		gs := gs || g;
		answer := answer || jsonb_build_object('id', parcel, 'name', private.text_of(p -> i, 'name'), 'dlbm', private.text_of(p -> i, 'dlbm'),
			'area', round(private.area_of(g)::numeric, 2), 'mark', md5(extensions.st_asgeojson(g, 15)), 'geometry', extensions.st_asgeojson(g, 15)::jsonb);
	end loop;
	return (select coalesce(jsonb_agg(x order by x ->> 'id'), '[]') from jsonb_array_elements(answer) x);
end
$$;

-- The move as it is stored, or a refusal. `state`: what it would be played on.
create function private.clean_move(t uuid, state jsonb, m jsonb, shapes jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
	k text := coalesce(m ->> 'type', '');
	v_item uuid := case when k = 'add' then (m -> 'item' ->> 'id')::uuid else (m ->> 'item')::uuid end;
	item jsonb;
	s jsonb;
begin
	if v_item is null then perform private.refuse('bad_value', 'item'); end if;
	if k = 'add' then
		if state ? v_item::text then perform private.refuse('exists_already'); end if;
		item := private.item_of(t, v_item);
		-- A plan of the township that was not of this scheme, as it is.
		if item is not null then return jsonb_build_object('type', 'add', 'item', item); end if;
		if exists (select from public.plans where township_id = t and id = v_item) then perform private.refuse('exists_already'); end if;
		item := m -> 'item';
		perform private.check_village(t, (item ->> 'village')::uuid);
		if coalesce(jsonb_typeof(item -> 'steps'), 'array') <> 'array' or jsonb_array_length(coalesce(item -> 'steps', '[]')) > 50
			or not item ? 'title' then perform private.refuse('bad_value', 'item'); end if;
		if exists (select from jsonb_array_elements(coalesce(item -> 'steps', '[]')) x where (x ->> 'id')::uuid is null
			or char_length(private.text_of(x, 'title')) not between 1 and 200 or (x ->> 'due')::date not between private.today() - 1 and private.today() + 3660
			or exists (select from public.steps where township_id = t and id = (x ->> 'id')::uuid)) then perform private.refuse('bad_value', 'steps'); end if;
		return jsonb_build_object('type', 'add', 'item', '{"category": "", "invest": null, "output": null, "tax": null, "income": null, "jobs": null,
				"indirect": null, "households": null, "land": null, "money": []}'::jsonb || private.clean_figures(item - 'id' - 'village' - 'steps' - 'parcels')
			|| jsonb_build_object('id', v_item, 'village', (item ->> 'village')::uuid,
				'steps', coalesce((select jsonb_agg(jsonb_build_object('id', (x ->> 'id')::uuid, 'title', private.text_of(x, 'title'), 'due', (x ->> 'due')::date,
					'state', 'found') order by nth) from jsonb_array_elements(item -> 'steps') with ordinality e(x, nth)), '[]'),
				'parcels', private.clean_parcels(t, v_item, coalesce(item -> 'parcels', '[]'), shapes)));
	end if;
	item := state -> v_item::text;
	if item is null then perform private.refuse('not_in_scenario', v_item::text); end if;
	case k
		when 'drop' then return jsonb_build_object('type', k, 'item', v_item);
		when 'reshape' then return jsonb_build_object('type', k, 'item', v_item, 'parcels', private.clean_parcels(t, v_item, m -> 'parcels', shapes));
		when 'figures' then
			s := private.clean_figures(m -> 'set');
			if s = '{}' then perform private.refuse('bad_value', 'set'); end if;
			return jsonb_build_object('type', k, 'item', v_item, 'set', s);
		when 'restage' then
			if coalesce(jsonb_typeof(m -> 'due'), '') <> 'array' or jsonb_array_length(m -> 'due') not between 1 and 100 then perform private.refuse('bad_value', 'due'); end if;
			for s in select * from jsonb_array_elements(m -> 'due') loop
				if (s ->> 'due')::date is null or (s ->> 'due')::date not between private.today() - 1 and private.today() + 3660 then
					perform private.refuse('due_out_of_range'); end if;
				if not item -> 'steps' @> jsonb_build_array(jsonb_build_object('id', s -> 'step')) then perform private.refuse('not_in_scenario', s ->> 'step'); end if;
				-- What is done keeps the day it was planned for.
				if exists (select from jsonb_array_elements(item -> 'steps') x where x -> 'id' = s -> 'step' and x ->> 'state' not in ('found', 'said')) then
					perform private.refuse('not_from_this_state', s ->> 'step'); end if;
			end loop;
			return jsonb_build_object('type', k, 'item', v_item, 'due', (select jsonb_agg(jsonb_build_object('step', x -> 'step', 'due', (x ->> 'due')::date))
				from jsonb_array_elements(m -> 'due') x));
		else perform private.refuse('bad_value', 'type');
	end case;
	return null;
end
$$;

-- ── ops ──────────────────────────────────────────────────────────────────────────────────────────

create function private.scenario_for(t uuid, target uuid, base integer) returns public.scenarios
language plpgsql set search_path = '' as $$
declare
	s public.scenarios;
begin
	select * into s from public.scenarios where township_id = t and id = target for update;
	if s.id is null then return null; end if;
	perform private.need('plan', t);
	perform private.check_version(s.version, base, to_jsonb(s) - 'baseline');
	if s.state <> 'open' then perform private.refuse('not_from_this_state', s.state); end if;
	return s;
end
$$;

create function private.add_entry(s public.scenarios, p_entry text, p_move jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
	last integer := (select coalesce(max(n), 0) from public.scenario_moves where township_id = s.township_id and scenario_id = s.id);
begin
	if last >= 2000 then perform private.refuse('too_many_moves'); end if;
	insert into public.scenario_moves (township_id, scenario_id, n, entry, move, by_person)
	values (s.township_id, s.id, last + 1, p_entry, p_move, private.my_person());
	update public.scenarios set version = s.version + 1 where township_id = s.township_id and id = s.id;
	return jsonb_build_object('id', s.id, 'kind', 'scenario', 'version', s.version + 1, 'no', last + 1);
end
$$;

-- `from`: begins with the moves that hold in another scenario of the scheme.
create function private.op_scenario_create(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.schemes := private.scheme_for(t, (p ->> 'scheme')::uuid);
	f uuid := (p ->> 'from')::uuid;
begin
	if s.id is null then return null; end if;
	if f is not null and not exists (select from public.scenarios where township_id = t and id = f and scheme_id = s.id) then return null; end if;
	insert into public.scenarios (township_id, id, scheme_id, title, note, from_id, made_by, made_on)
	values (t, target, s.id, private.text_of(p, 'title'), private.text_of(p, 'note'), f, private.my_person(), private.today());
	if f is not null then
		insert into public.scenario_moves (township_id, scenario_id, n, entry, move, by_person)
		select t, target, m.nth, 'do', m.move, private.my_person() from jsonb_array_elements(private.moves_in_effect(t, f)) with ordinality m(move, nth);
	end if;
	return jsonb_build_object('id', target, 'kind', 'scenario', 'version', 1);
end
$$;

create function private.op_scenario_edit(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.scenarios := private.scenario_for(t, target, base);
begin
	if s.id is null then return null; end if;
	update public.scenarios set title = case when p ? 'title' then private.text_of(p, 'title') else title end,
		note = case when p ? 'note' then private.text_of(p, 'note') else note end, version = s.version + 1
	where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'scenario', 'version', s.version + 1);
end
$$;

-- {move, geometry?: GeometryCollection with a polygon for each parcel of the move, in the same order}
create function private.op_scenario_move(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.scenarios := private.scenario_for(t, target, base);
begin
	if s.id is null then return null; end if;
	return private.add_entry(s, 'do', private.clean_move(t, private.scenario_state(s), p -> 'move', p -> 'geometry' -> 'geometries'));
end
$$;

create function private.op_scenario_undo(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.scenarios := private.scenario_for(t, target, base);
begin
	if s.id is null then return null; end if;
	if private.moves_in_effect(t, target) = '[]' then perform private.refuse('nothing_to_undo'); end if;
	return private.add_entry(s, 'undo', null);
end
$$;

create function private.op_scenario_redo(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.scenarios := private.scenario_for(t, target, base);
	last integer;
begin
	if s.id is null then return null; end if;
	select coalesce(max(n), 0) into last from public.scenario_moves where township_id = t and scenario_id = target and entry = 'do';
	if (select count(*) filter (where entry = 'undo') <= count(*) filter (where entry = 'redo') from public.scenario_moves
		where township_id = t and scenario_id = target and n > last) then perform private.refuse('nothing_to_redo'); end if;
	return private.add_entry(s, 'redo', null);
end
$$;

create function private.op_scenario_close(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.scenarios := private.scenario_for(t, target, base);
begin
	if s.id is null then return null; end if;
	update public.scenarios set state = 'closed', baseline = private.baseline_of(t, s.scheme_id), ended_on = private.today(), ended_by = private.my_person(),
		ended_why = private.text_of(p, 'note'), version = s.version + 1
	where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'scenario', 'version', s.version + 1);
end
$$;

-- One plan of the scheme as the scenario has it: figures, money, days, parcels. Days become *said*.
create function private.adopt_item(t uuid, was jsonb, item jsonb) returns void
language plpgsql set search_path = '' as $$
declare
	plan uuid := (item ->> 'id')::uuid;
	o public.plans := private.plan_for(t, plan);
	e jsonb;
	g extensions.geometry;
begin
	update public.plans set title = item ->> 'title', category = item ->> 'category', invest = (item ->> 'invest')::numeric, output = (item ->> 'output')::numeric,
		tax = (item ->> 'tax')::numeric, income = (item ->> 'income')::numeric, jobs = (item ->> 'jobs')::integer, jobs_indirect = (item ->> 'indirect')::integer,
		households = (item ->> 'households')::integer, land = (item ->> 'land')::numeric, version = o.version + 1
	where township_id = t and id = plan;
	if item -> 'money' <> was -> 'money' then
		perform private.put_money(t, plan, (select coalesce(jsonb_agg(x), '[]') from (
			select jsonb_build_object('source', b -> 'source', 'year', b -> 'year') as x from jsonb_array_elements(was -> 'money') b
			where not exists (select from jsonb_array_elements(item -> 'money') a where a -> 'source' = b -> 'source' and a -> 'year' = b -> 'year')
			union all select a from jsonb_array_elements(item -> 'money') a) r));
	end if;
	for e in select s from jsonb_array_elements(item -> 'steps') s
		where not exists (select from jsonb_array_elements(was -> 'steps') b where b -> 'id' = s -> 'id' and b -> 'due' = s -> 'due') loop
		perform private.op_say(t, (e ->> 'id')::uuid, case when e ->> 'due' is null then '{}' else jsonb_build_object('due_on', e -> 'due') end, null);
	end loop;
	if item -> 'parcels' <> was -> 'parcels' then
		update public.parcels p set archived_at = now(), version = version + 1 where p.township_id = t and p.plan_id = plan and p.archived_at is null
			and not item -> 'parcels' @> jsonb_build_array(jsonb_build_object('id', p.id, 'mark', p.version::text));
		for e in select x from jsonb_array_elements(item -> 'parcels') x where not was -> 'parcels' @> jsonb_build_array(x) loop
			g := extensions.st_multi(private.read_geom(e -> 'geometry', '{Polygon,MultiPolygon}'));
			update public.parcels set name = e ->> 'name', land_class = e ->> 'dlbm', geom = g, area = private.area_of(g), method = 'scenario', archived_at = null,
				version = version + 1 where township_id = t and id = (e ->> 'id')::uuid;
			if not found then
				perform private.add_parcel(t, (e ->> 'id')::uuid, plan, g, jsonb_build_object('name', e -> 'name', 'land_class', e -> 'dlbm', 'method', 'scenario'));
			end if;
		end loop;
		perform private.plan_shape(t, plan);
	end if;
end
$$;

create function private.drop_plan(t uuid, plan uuid, p_why text) returns void
language plpgsql set search_path = '' as $$
declare
	s public.steps;
begin
	perform private.plan_for(t, plan);
	for s in select * from public.steps where township_id = t and thing_kind = 'plan' and thing_id = plan and not voided and state in ('found', 'said') order by seq loop
		perform private.op_drop(t, s.id, jsonb_build_object('note', p_why), null);
	end loop;
	update public.plans set archived_at = now(), version = version + 1 where township_id = t and id = plan;
end
$$;

-- The scheme becomes what the scenario says, in one transaction; the others of the scheme are closed and kept with
-- the baseline they stood on.
create function private.op_scenario_adopt(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.scenarios := private.scenario_for(t, target, base);
	was jsonb;
	goal jsonb;
	k text;
	item jsonb;
	why text;
	added text[] := '{}';
	dropped text[] := '{}';
	changed text[] := '{}';
begin
	if s.id is null then return null; end if;
	if (private.scheme_for(t, s.scheme_id)).id is null then return null; end if;
	was := private.baseline_of(t, s.scheme_id);
	goal := private.play_moves(was, private.moves_in_effect(t, target));
	why := left('采纳方案：' || s.title, 500);
	for k in select x from jsonb_object_keys(was) x where not goal ? x loop
		perform private.drop_plan(t, k::uuid, why);
		update public.scheme_plans set ended_on = private.today() where township_id = t and scheme_id = s.scheme_id and plan_id = k::uuid;
		dropped := dropped || k;
	end loop;
	for k, item in select * from jsonb_each(goal) loop
		if was -> k = item then continue; end if;
		if was ? k then
			perform private.adopt_item(t, was -> k, item);
			changed := changed || k;
		else
			if not exists (select from public.plans where township_id = t and id = k::uuid) then
				perform private.op_plan_create(t, k::uuid, jsonb_build_object('title', item -> 'title', 'village_id', item -> 'village', 'method', 'scenario',
					'steps', (select coalesce(jsonb_agg(jsonb_build_object('id', x -> 'id', 'title', x -> 'title') order by nth), '[]')
						from jsonb_array_elements(item -> 'steps') with ordinality e(x, nth))), op);
				perform private.adopt_item(t, jsonb_build_object('money', '[]'::jsonb, 'steps', '[]'::jsonb, 'parcels', '[]'::jsonb), item);
			else
				perform private.adopt_item(t, private.item_of(t, k::uuid), item);
			end if;
			insert into public.scheme_plans (township_id, scheme_id, plan_id, by_person, made_on) values (t, s.scheme_id, k::uuid, private.my_person(), private.today())
			on conflict (township_id, scheme_id, plan_id) do update set ended_on = null;
			added := added || k;
		end if;
	end loop;
	update public.scenarios set state = case when id = target then 'adopted' else 'closed' end, baseline = was, ended_on = private.today(),
		ended_by = private.my_person(), ended_why = case when id = target then private.text_of(p, 'note') else why end, version = version + 1
	where township_id = t and scheme_id = s.scheme_id and state = 'open';
	update public.schemes set version = version + 1 where township_id = t and id = s.scheme_id;
	return jsonb_build_object('id', target, 'kind', 'scenario', 'version', s.version + 1,
		'did', jsonb_build_object('added', to_jsonb(added), 'dropped', to_jsonb(dropped), 'changed', to_jsonb(changed)));
end
$$;

-- ── checks of scenarios ──────────────────────────────────────────────────────────────────────────

create or replace function private.land_of(t uuid, p_kind text, p_id uuid)
returns table (id uuid, plan_id uuid, name text, mark text, geom extensions.geometry)
language plpgsql stable set search_path = '' as $$
begin
	if p_kind = 'scenario' then
		return query select (p ->> 'id')::uuid, (i.item ->> 'id')::uuid, p ->> 'name', p ->> 'mark',
			extensions.st_setsrid(extensions.st_geomfromgeojson(p -> 'geometry'), 4326)
		from public.scenarios s cross join lateral jsonb_each(private.scenario_state(s)) i(k, item) cross join lateral jsonb_array_elements(i.item -> 'parcels') p
		where s.township_id = t and s.id = p_id order by 2, 1;
		return;
	end if;
	return query select p.id, p.plan_id, p.name, p.version::text, p.geom::extensions.geometry from public.parcels p
	where p.township_id = t and p.archived_at is null and case p_kind
		when 'parcel' then p.id = p_id when 'plan' then p.plan_id = p_id
		when 'scheme' then p.plan_id in (select s.plan_id from public.scheme_plans s join public.plans o on o.township_id = t and o.id = s.plan_id and o.archived_at is null
			where s.township_id = t and s.scheme_id = p_id and s.ended_on is null) end
	order by p.plan_id, p.id;
end
$$;

create or replace function private.subject_place(t uuid, p_kind text, p_id uuid) returns uuid
language plpgsql stable set search_path = '' as $$
declare
	at_plan uuid := case p_kind when 'plan' then p_id when 'parcel' then (select plan_id from public.parcels where township_id = t and id = p_id) end;
begin
	if p_kind = 'scheme' then return (select t from public.schemes where township_id = t and id = p_id and archived_at is null); end if;
	if p_kind = 'scenario' then return (select t from public.scenarios where township_id = t and id = p_id); end if;
	return (select coalesce(village_id, t) from public.plans where township_id = t and id = at_plan and archived_at is null);
end
$$;

insert into private.op_kinds (kind, fn)
select k, 'op_' || replace(k, '.', '_') from unnest(array['scenario.create', 'scenario.edit', 'scenario.move', 'scenario.undo', 'scenario.redo',
	'scenario.adopt', 'scenario.close']) k;
select private.apply_privileges();
