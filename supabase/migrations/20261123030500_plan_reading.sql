-- What the pages of industry plans read, and the search for land. Definer functions that ask once whether the
-- township may be seen (see progress_on for why). None of them reads plan_contacts but plan_contact.

create function private.plan_record(o public.plans) returns jsonb
language sql stable set search_path = '' as $$
	select jsonb_build_object('id', o.id, 'version', o.version, 'title', o.title, 'code', o.code, 'category', o.category, 'nature', o.nature,
			'villageId', o.village_id, 'village', (select name from public.places where id = o.village_id), 'bounds', o.bounds, 'content', o.content,
			'invest', o.invest, 'spent', o.spent, 'floorArea', o.floor_area, 'land', o.land, 'area', o.area, 'output', o.output, 'tax', o.tax,
			'income', o.income, 'jobs', o.jobs, 'jobsIndirect', o.jobs_indirect, 'households', o.households, 'people', o.people,
			'mechanism', o.mechanism, 'party', o.party)
		|| jsonb_build_object('unit', o.unit, 'leader', o.leader, 'patron', o.patron, 'officer', o.officer, 'promoter', o.promoter, 'team', o.team,
			'landClass', o.land_class, 'plannedUse', o.planned_use, 'ownership', o.ownership, 'supply', o.supply, 'quota', o.quota,
			'createdOn', (o.created_at at time zone 'Asia/Shanghai')::date, 'importId', o.import_id,
			'money', coalesce((select jsonb_agg(jsonb_build_object('source', m.source, 'year', m.year, 'planned', m.planned, 'allocated', m.allocated,
					'spent', m.spent, 'note', m.note, 'version', m.version) order by m.year, m.source)
				from public.plan_money m where m.township_id = o.township_id and m.plan_id = o.id and m.archived_at is null), '[]'),
			-- The verdict of the latest check, and whether anything changed since.
			'check', (select jsonb_build_object('id', c.id, 'on', c.made_on, 'verdict', c.verdict, 'holds', private.changed_since(c) = '[]')
				from public.constraint_checks c where c.township_id = o.township_id and c.subject_id = o.id order by c.at desc limit 1))
$$;

create function private.thresholds_json(t uuid) returns jsonb
language sql stable set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('metric', metric, 'category', category, 'minimum', minimum, 'note', note, 'version', version)
		order by metric, category), '[]') from public.plan_thresholds where township_id = t
$$;

create function private.parcel_json(p public.parcels) returns jsonb
language sql stable set search_path = '' as $$
	select jsonb_build_object('id', p.id, 'planId', p.plan_id, 'name', p.name, 'version', p.version, 'area', p.area, 'statedArea', p.stated_area,
		'statedUnit', p.stated_unit, 'landClass', p.land_class, 'sourceCrs', p.source_crs, 'method', p.method, 'confidence', p.confidence,
		'sha256', p.sha256, 'from', p.from_ids, 'madeOn', p.made_on, 'madeByName', coalesce(private.name_of(p.made_by), ''),
		'archived', p.archived_at is not null, 'zone', private.zone_of(p.geom) - 4509, 'geometry', extensions.st_asgeojson(p.geom, 9)::jsonb)
$$;

create function public.plan_page(p_township uuid, p_plan uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.plan_record(o) || jsonb_build_object('today', private.today(), 'thresholds', private.thresholds_json(p_township),
		'parcels', coalesce((select jsonb_agg(private.parcel_json(p) order by p.archived_at nulls first, p.name, p.id)
			from public.parcels p where p.township_id = p_township and p.plan_id = o.id), '[]'),
		'steps', coalesce((select jsonb_agg(private.step_json(s) order by s.seq) from public.steps s
			where s.township_id = p_township and s.thing_kind = 'plan' and s.thing_id = o.id and not s.voided), '[]'),
		'schemes', coalesce((select jsonb_agg(jsonb_build_object('id', c.id, 'title', c.title)) from public.scheme_plans x
			join public.schemes c on c.township_id = x.township_id and c.id = x.scheme_id and c.archived_at is null
			where x.township_id = p_township and x.plan_id = o.id and x.ended_on is null), '[]'))
	from public.plans o
	where o.township_id = p_township and o.id = p_plan and o.archived_at is null and p_township in (select private.my_townships())
$$;

create function public.plan_contact(p_township uuid, p_plan uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('legalPerson', c.legal_person, 'name', c.name, 'phone', c.phone, 'note', c.note, 'version', c.version)
	from public.plan_contacts c where c.township_id = p_township and c.plan_id = p_plan and p_township in (select private.my_places('plan'))
$$;

create function public.plans_page(p_township uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('today', private.today(), 'thresholds', private.thresholds_json(p_township),
		'schemes', coalesce((select jsonb_agg(jsonb_build_object('id', c.id, 'title', c.title, 'version', c.version,
				'plans', (select count(*) from public.scheme_plans x where x.township_id = p_township and x.scheme_id = c.id and x.ended_on is null),
				'scenarios', (select count(*) from public.scenarios x where x.township_id = p_township and x.scheme_id = c.id)) order by c.title, c.id)
			from public.schemes c where c.township_id = p_township and c.archived_at is null), '[]'),
		'plans', coalesce((select jsonb_agg(private.plan_record(o) || jsonb_build_object(
				'steps', coalesce((select jsonb_agg(jsonb_build_object('title', s.title, 'state', s.state, 'stage', s.stage, 'dueOn', s.due_on,
						'firstDueOn', s.first_due_on, 'doneOn', s.done_on, 'provenOn', s.proven_on) order by s.seq)
					from public.steps s where s.township_id = p_township and s.thing_kind = 'plan' and s.thing_id = o.id and not s.voided and s.state <> 'dropped'), '[]'),
				'blockers', coalesce((select jsonb_agg(jsonb_build_object('step', s.title, 'kind', b.kind, 'who', b.who, 'since', b.since, 'ask', b.ask) order by b.since)
					from public.steps s join public.blockers b on b.township_id = s.township_id and b.step_id = s.id and b.closed_on is null
					where s.township_id = p_township and s.thing_kind = 'plan' and s.thing_id = o.id and not s.voided), '[]'),
				'shape', private.shape_json(o.geom),
				'at', (select case when x.g is not null then jsonb_build_array(round(extensions.st_x(x.g)::numeric, 6), round(extensions.st_y(x.g)::numeric, 6)) end
					from (select extensions.st_pointonsurface(coalesce(o.geom, v.label)) as g) x)) order by o.title, o.id)
			from public.plans o left join public.places v on v.id = o.village_id
			where o.township_id = p_township and o.archived_at is null), '[]'))
	where p_township in (select private.my_townships())
$$;

-- A scheme with its baseline and every scenario: entries, what it stood on, totals and verdicts. The page plays the moves.
create function public.scheme_page(p_township uuid, p_scheme uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with base as (select private.baseline_of(p_township, p_scheme) as state where p_township in (select private.my_townships()))
	select jsonb_build_object('id', c.id, 'title', c.title, 'note', c.note, 'fromYear', c.from_year, 'toYear', c.to_year, 'version', c.version,
		'madeOn', c.made_on, 'today', private.today(), 'thresholds', private.thresholds_json(p_township),
		'baseline', base.state, 'verdicts', v.verdicts, 'totals', private.totals_of_state(base.state, v.verdicts),
		'scenarios', coalesce((select jsonb_agg(jsonb_build_object('id', s.id, 'title', s.title, 'note', s.note, 'state', s.state, 'version', s.version,
				'from', s.from_id, 'madeOn', s.made_on, 'madeByName', coalesce(private.name_of(s.made_by), ''), 'endedOn', s.ended_on,
				'endedByName', private.name_of(s.ended_by), 'endedWhy', s.ended_why, 'baseline', s.baseline, 'verdicts', w.verdicts,
				'totals', private.totals_of_state(x.state, w.verdicts),
				'entries', coalesce((select jsonb_agg(jsonb_build_object('n', m.n, 'entry', m.entry, 'move', m.move, 'at', m.at,
						'byName', coalesce(private.name_of(m.by_person), '')) order by m.n)
					from public.scenario_moves m where m.township_id = p_township and m.scenario_id = s.id), '[]')) order by s.made_on, s.id)
			from public.scenarios s
			cross join lateral (select private.play_moves(coalesce(s.baseline, base.state), private.moves_in_effect(p_township, s.id)) as state) x
			cross join lateral (select private.verdicts_of(p_township, x.state, array[s.id, c.id]) as verdicts) w
			where s.township_id = p_township and s.scheme_id = c.id), '[]'))
	from public.schemes c cross join base
	cross join lateral (select private.verdicts_of(p_township, base.state, array[c.id]) as verdicts) v
	where c.township_id = p_township and c.id = p_scheme and c.archived_at is null
$$;

create function public.layers_page(p_township uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'kinds', (select jsonb_agg(jsonb_build_object('kind', k.kind, 'rule', k.rule, 'expected', k.expected) order by k.nth) from private.layer_kinds k),
		'layers', coalesce((select jsonb_agg(jsonb_build_object('id', l.id, 'kind', l.kind, 'name', l.name, 'provider', l.provider, 'datedOn', l.dated_on,
				'accuracyM', l.accuracy_m, 'rule', l.rule, 'exceptions', l.exceptions, 'sliverM2', l.sliver_m2, 'sliverShare', l.sliver_share,
				'bufferM', l.buffer_m, 'note', l.note, 'coverage', extensions.st_asgeojson(l.coverage, 7)::jsonb, 'shapes', l.shapes, 'sha256', l.sha256,
				'sourceCrs', l.source_crs, 'loadedAt', l.loaded_at, 'loadedByName', private.name_of(l.loaded_by), 'version', l.version) order by k.nth, l.name, l.id)
			from public.constraint_layers l join private.layer_kinds k on k.kind = l.kind
			where l.township_id = p_township and l.archived_at is null), '[]'))
	where p_township in (select private.my_townships())
$$;

-- A layer's shapes in a window of the map, at most `p_limit` parts; `total` says how many there are.
create function public.layer_shapes(p_township uuid, p_layer uuid, p_west double precision, p_south double precision, p_east double precision,
	p_north double precision, p_limit integer default 4000) returns jsonb
language sql stable security definer set search_path = '' as $$
	with hits as (
		select s.* from public.constraint_layers l join public.constraint_shapes s on s.township_id = l.township_id and s.load_id = l.load_id
		where l.township_id = p_township and l.id = p_layer and l.archived_at is null and p_township in (select private.my_townships())
			and s.geom operator(extensions.&&) extensions.st_makeenvelope(p_west, p_south, p_east, p_north, 4326)
	)
	select jsonb_build_object('type', 'FeatureCollection', 'total', (select count(*) from hits), 'features', coalesce((
		select jsonb_agg(jsonb_build_object('type', 'Feature', 'id', h.n, 'properties', jsonb_build_object('class', h.class, 'level', h.level, 'rule', h.rule)
			|| h.attributes, 'geometry', extensions.st_asgeojson(h.geom, 6)::jsonb))
		from (select * from hits order by n, part limit least(greatest(p_limit, 1), 10000)) h), '[]'))
	where p_township in (select private.my_townships())
$$;

-- ── where could it go ────────────────────────────────────────────────────────────────────────────

-- Land off everything that blocks, in `region` and, where given, inside of a layer and within so many metres of the
-- shapes of another. Worked out in squares of about 400 m, so that no step meets many shapes at once.
create function private.free_land(t uuid, region extensions.geometry, inside uuid, roads uuid, metres double precision, width double precision)
returns setof extensions.geometry
language plpgsql stable set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare
	zone integer := private.zone_of(region);
	near extensions.geometry := region;
	g extensions.geometry;
begin
	if roads is not null then
		select extensions.st_intersection(region, extensions.st_transform(extensions.st_union(extensions.st_buffer(extensions.st_transform(s.geom, zone), metres, 4), 1e-5), 4326), 1e-10)
		into near from public.constraint_shapes s where s.township_id = t and s.load_id = roads
			and s.geom operator(extensions.&&) extensions.st_expand(region, metres / 80000);
		if near is null or extensions.st_isempty(near) then return; end if;
	end if;
	with squares as (
		select extensions.st_intersection(near, extensions.st_makeenvelope(x, y, x + 0.004, y + 0.004, 4326), 1e-10) as sq
		from generate_series(extensions.st_xmin(near)::numeric, extensions.st_xmax(near)::numeric, 0.004) x
		cross join generate_series(extensions.st_ymin(near)::numeric, extensions.st_ymax(near)::numeric, 0.004) y
		where extensions.st_intersects(near, extensions.st_makeenvelope(x, y, x + 0.004, y + 0.004, 4326))
	), wanted as (
		select case when inside is null then sq else extensions.st_intersection(sq, (select extensions.st_union(s.geom, 1e-10) from public.constraint_shapes s
			where s.township_id = t and s.load_id = inside and s.geom operator(extensions.&&) sq), 1e-10) end as sq from squares
	), left_over as (
		select coalesce(extensions.st_difference(w.sq, (
			select extensions.st_union(s.geom, 1e-10) from public.constraint_shapes s
			join public.constraint_layers l on l.township_id = s.township_id and l.load_id = s.load_id and l.archived_at is null
			where s.township_id = t and s.geom operator(extensions.&&) w.sq and coalesce(s.rule, l.rule) = 'block' and extensions.st_dimension(s.geom) = 2
		), 1e-10), w.sq) as geom from wanted w where w.sq is not null and not extensions.st_isempty(w.sq)
	)
	select extensions.st_transform(extensions.st_union(extensions.st_collectionextract(geom, 3), 1e-10), zone) into g from left_over;
	-- Strips narrower than `width` are no land to build on.
	if width > 0 and g is not null then
		g := extensions.st_intersection(g, extensions.st_buffer(extensions.st_buffer(g, -width / 2, 2), width / 2, 2), 1e-5);
	end if;
	return query select extensions.st_transform(d.geom, 4326) from extensions.st_dump(extensions.st_collectionextract(g, 3)) d;
end
$$;

-- {of: parcels | free, min_mu, road?: layer, within_m?, inside?: layer, village? | box?: [west, south, east, north], width_m?, limit?}
-- Ranked: the least land that needs a review, then the nearest road, then the largest. `notChecked`: kinds no layer was loaded for.
create function public.find_sites(p_township uuid, p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare
	t uuid := p_township;
	free boolean := coalesce(p ->> 'of', 'parcels') = 'free';
	least_m2 double precision := (p ->> 'min_mu')::double precision * 2000 / 3;
	metres double precision := (p ->> 'within_m')::double precision;
	road uuid := (select load_id from public.constraint_layers where township_id = t and id = (p ->> 'road')::uuid and archived_at is null);
	inside uuid := (select load_id from public.constraint_layers where township_id = t and id = (p ->> 'inside')::uuid and archived_at is null);
	region extensions.geometry;
	answer jsonb;
begin
	if not t in (select private.my_townships()) then return null; end if;
	perform private.need('plan', t);
	if coalesce(least_m2 not between 1 and 2000000, true) or metres not between 0 and 5000
		or coalesce((p ->> 'width_m')::double precision not between 0 and 200, false) then perform private.refuse('bad_value', 'min_mu'); end if;
	if (p ->> 'road' is not null) <> (road is not null) or (p ->> 'inside' is not null) <> (inside is not null) or (road is null) <> (metres is null) then
		perform private.refuse('no_such_layer'); end if;
	region := case when p ? 'box' then extensions.st_makeenvelope((p -> 'box' ->> 0)::double precision, (p -> 'box' ->> 1)::double precision,
			(p -> 'box' ->> 2)::double precision, (p -> 'box' ->> 3)::double precision, 4326)
		else (select geom from public.places where id = (p ->> 'village')::uuid and township_id = t) end;
	if free then
		if region is null then perform private.refuse('bad_value', 'box'); end if;
		if private.area_of(region) > 30000000 then perform private.refuse('region_too_large'); end if;
	end if;
	with candidates as (
		select null::uuid as id, null::uuid as plan_id, '' as name, f.geom from private.free_land(t, region, inside, road, metres,
			coalesce((p ->> 'width_m')::double precision, 20)) f(geom) where free
		union all
		select x.id, x.plan_id, x.name, x.geom from public.parcels x join public.plans o on o.township_id = t and o.id = x.plan_id and o.archived_at is null
		where not free and x.township_id = t and x.archived_at is null and x.area >= least_m2 and (region is null or extensions.st_intersects(x.geom, region))
	), sized as (
		select c.*, private.area_of(c.geom) as area, private.zone_of(c.geom) as zone from candidates c
	), large as (
		select * from sized where area >= least_m2 order by area desc limit 60
	), weighed as (
		select l.*, (select min(extensions.st_distance(extensions.st_transform(l.geom, l.zone), extensions.st_transform(s.geom, l.zone)))
				from public.constraint_shapes s where s.township_id = t and s.load_id = road
					and s.geom operator(extensions.&&) extensions.st_expand(l.geom, metres / 80000)) as distance,
			(select jsonb_object_agg(r.rule, r.area) from (
				select coalesce(s.rule, y.rule) as rule, sum(extensions.st_area(extensions.st_transform(extensions.st_intersection(s.geom, l.geom, 1e-10), l.zone))) as area
				from public.constraint_shapes s join public.constraint_layers y on y.township_id = t and y.load_id = s.load_id and y.archived_at is null
				where s.township_id = t and s.geom operator(extensions.&&) l.geom and extensions.st_dimension(s.geom) = 2
					and coalesce(s.rule, y.rule) in ('block', 'review') and extensions.st_intersects(s.geom, l.geom)
				group by 1) r) as touched
		from large l
	), ranked as (
		select w.*, coalesce((w.touched ->> 'review')::double precision, 0) as review,
			row_number() over (order by round((coalesce((w.touched ->> 'review')::double precision, 0) / w.area)::numeric, 2),
				round(coalesce(w.distance, 0)::numeric, -1), w.area desc) as rank
		from weighed w
		where (road is null or w.distance <= metres) and coalesce((w.touched ->> 'block')::double precision, 0) < 1
			and (free or inside is null or extensions.st_area(extensions.st_difference(w.geom, (select extensions.st_union(s.geom, 1e-10) from public.constraint_shapes s
				where s.township_id = t and s.load_id = inside and s.geom operator(extensions.&&) w.geom), 1e-10)) = 0)
	)
	select jsonb_agg(jsonb_build_object('rank', rank, 'id', id, 'planId', plan_id, 'name', name, 'area', round(area::numeric, 2),
		'mu', round((area * 3 / 2000)::numeric, 2), 'distance', round(distance::numeric, 1), 'review', round(review::numeric, 2),
		'village', (select v.name from public.places v where v.id = private.village_at(t, ranked.geom)),
		'geometry', extensions.st_asgeojson(geom, 7)::jsonb) order by rank) into answer
	from ranked where rank <= least(coalesce((p ->> 'limit')::integer, 20), 60);
	return jsonb_build_object('sites', coalesce(answer, '[]'), 'notChecked', (select coalesce(jsonb_agg(k.kind order by k.nth), '[]') from private.layer_kinds k
		where k.expected and not exists (select from public.constraint_layers l where l.township_id = t and l.kind = k.kind and l.load_id is not null and l.archived_at is null)));
end
$$;

insert into private.offers (signature, to_role)
select s, 'authenticated' from unnest(array['public.plan_page(uuid, uuid)', 'public.plan_contact(uuid, uuid)', 'public.plans_page(uuid)',
	'public.scheme_page(uuid, uuid)', 'public.layers_page(uuid)', 'public.find_sites(uuid, jsonb)',
	'public.layer_shapes(uuid, uuid, double precision, double precision, double precision, double precision, integer)']) s;
select private.apply_privileges();
