-- The pre-screening of land (domain.md C.3): parcels laid over the loaded layers. What no layer speaks of is not
-- checked, never green. A result is kept with its day and with the versions it saw, so that it can say what
-- changed since.

create function private.worst(p text[]) returns text
language sql immutable set search_path = '' as $$
	select coalesce((select v from unnest(array['red', 'yellow', 'not_checked', 'info', 'green']) with ordinality o(v, nth)
		where v = any (p) order by nth limit 1), 'not_checked')
$$;

-- The parts of loaded shapes that lie in `g`. Planned anew at each call, here and where land is searched: a plan that
-- was made while no layer was loaded reads the whole table for ever after, until somebody analyses it.
create type private.shape_part as (load_id uuid, n integer, class text, level text, rule text, dim integer, geom extensions.geometry);
create function private.parts_in(t uuid, g extensions.geometry) returns private.shape_part[]
language plpgsql stable set search_path = '' set plan_cache_mode = force_custom_plan as $$
begin
	return (select array_agg(row(s.load_id, s.n, s.class, s.level, s.rule, extensions.st_dimension(s.geom),
			extensions.st_intersection(s.geom, g, 1e-10))::private.shape_part)
		from public.constraint_shapes s
		where s.township_id = t and s.geom operator(extensions.&&) g and extensions.st_intersects(s.geom, g));
end
$$;

-- The land `g` (at most 2 km²) over every loaded layer. Areas in m² on the land's own 3° zone, pieces as GeoJSON.
create function private.laid_over(t uuid, g extensions.geometry) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
	zone integer := private.zone_of(g);
	whole double precision := extensions.st_area(extensions.st_transform(g, zone));
	answer jsonb;
begin
	if whole > 2000000 then perform private.refuse('parcel_too_large'); end if;
	with layers as (
		select l.*, k.nth, greatest(l.sliver_m2::double precision, l.sliver_share::double precision * whole) as least_m2,
			l.coverage is not null and not extensions.st_covers(l.coverage, g) as beyond
		from public.constraint_layers l join private.layer_kinds k on k.kind = l.kind
		where l.township_id = t and l.archived_at is null and l.load_id is not null
	), parts as materialized (
		-- What was replaced and not yet tidied away counts no more.
		select s.* from unnest(private.parts_in(t, g)) s where s.load_id in (select load_id from layers)
	), pieces as materialized (
		select p.load_id, p.n, max(p.dim) as dim, max(p.class) as class, max(p.level) as level, max(p.rule) as rule,
			case when count(*) = 1 then (array_agg(x.geom))[1] else extensions.st_union(x.geom, 1e-10) end as geom,
			sum(case when p.dim = 2 then extensions.st_area(extensions.st_transform(x.geom, zone)) else 0 end) as area,
			sum(case when p.dim = 1 then extensions.st_length(extensions.st_transform(x.geom, zone)) else 0 end) as length
		from parts p cross join lateral (select extensions.st_collectionextract(p.geom, p.dim + 1) as geom) x
		where not extensions.st_isempty(x.geom)
		group by p.load_id, p.n
	), weighed as (
		select l.id as layer_id, p.*, coalesce(p.rule, l.rule) as says, p.dim = 2 and p.area < l.least_m2
			and sum(case when p.dim = 2 and p.area < l.least_m2 and coalesce(p.rule, l.rule) <> 'allow' then p.area else 0 end)
				over (partition by l.id) < l.least_m2 as sliver
		from pieces p join layers l on l.load_id = p.load_id
	), sums as (
		select l.id, count(*) filter (where not w.sliver and w.says <> 'allow') as counted,
			count(*) filter (where w.sliver and w.says <> 'allow') as slivers,
			coalesce(sum(w.area) filter (where w.sliver and w.says <> 'allow'), 0) as sliver_area,
			coalesce(sum(w.length) filter (where not w.sliver and w.says <> 'allow'), 0) as length,
			bool_or(w.says = 'block' and not w.sliver) as blocks, bool_or(w.says = 'review' and not w.sliver) as reviews,
			bool_or(w.says = 'inform' and not w.sliver) as informs,
			-- Shapes of one layer may lie over each other (influences of neighbouring points): land counts once.
			coalesce(extensions.st_area(extensions.st_transform(extensions.st_union(w.geom, 1e-10) filter (where w.dim = 2
				and case l.rule when 'allow' then w.says = 'allow' else w.says <> 'allow' and not w.sliver end), zone)), 0) as overlap
		from layers l left join weighed w on w.layer_id = l.id group by l.id
	), verdicts as (
		select s.*, case
			when s.blocks then 'red' when s.reviews then 'yellow'
			when l.rule = 'allow' and whole - s.overlap >= l.least_m2 then 'yellow'
			when s.informs then 'info' else 'green' end as verdict
		from sums s join layers l on l.id = s.id
	)
	select jsonb_agg(j order by nth, name) into answer from (
		select l.nth, l.name, jsonb_build_object('layer', l.id, 'kind', l.kind, 'name', l.name, 'provider', l.provider, 'datedOn', l.dated_on,
			'accuracyM', l.accuracy_m, 'rule', l.rule, 'exceptions', l.exceptions, 'version', l.version,
			'verdict', case when l.beyond and v.verdict in ('green', 'info') then 'not_checked' else v.verdict end,
			'beyondCoverage', l.beyond,
			'overlap', round(v.overlap::numeric, 2), 'mu', round((v.overlap * 3 / 2000)::numeric, 4), 'share', round((v.overlap / whole)::numeric, 6),
			'outside', case when l.rule = 'allow' then round(greatest(whole - v.overlap, 0)::numeric, 2) end,
			'length', round(v.length::numeric, 2), 'count', v.counted,
			'slivers', jsonb_build_object('count', v.slivers, 'area', round(v.sliver_area::numeric, 2)),
			'classes', coalesce((select jsonb_agg(jsonb_build_object('class', c.class, 'level', c.level, 'area', round(c.area::numeric, 2), 'count', c.cnt)
					order by c.area desc, c.class, c.level)
				from (select w.class, w.level, sum(w.area) as area, count(*) as cnt from weighed w where w.layer_id = l.id and not w.sliver group by 1, 2) c), '[]'),
			'pieces', coalesce((select jsonb_agg(jsonb_build_object('n', w.n, 'class', w.class, 'level', w.level, 'rule', w.says,
					'area', round(w.area::numeric, 2), 'length', round(w.length::numeric, 2), 'sliver', w.sliver,
					'geometry', extensions.st_asgeojson(w.geom, 7)::jsonb) order by w.area desc, w.n)
				from (select * from weighed x where x.layer_id = l.id order by x.area desc, x.n limit 100) w), '[]'),
			'more', greatest((select count(*) from weighed w where w.layer_id = l.id) - 100, 0)) as j
		from layers l join verdicts v on v.id = l.id
		union all
		select k.nth, '', jsonb_build_object('layer', null, 'kind', k.kind, 'verdict', 'not_checked', 'pieces', '[]'::jsonb)
		from private.layer_kinds k where k.expected and not exists (select from layers l where l.kind = k.kind)
	) x;
	return jsonb_build_object('area', round(whole::numeric, 2), 'mu', round((whole * 3 / 2000)::numeric, 4), 'layers', coalesce(answer, '[]'),
		'verdict', private.worst(array(select e ->> 'verdict' from jsonb_array_elements(coalesce(answer, '[]')) e)));
end
$$;

-- What a check saw of a layer: its version. Of a parcel: its version, or the fingerprint of a shape that is only proposed.
create function private.layers_seen(t uuid) returns jsonb
language sql stable set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', id, 'name', name, 'mark', version::text) order by id), '[]')
	from public.constraint_layers where township_id = t and archived_at is null and load_id is not null
$$;

create table public.constraint_checks (
	township_id uuid not null references public.places,
	id uuid not null,
	subject_kind text not null check (subject_kind in ('parcel', 'plan', 'scheme', 'scenario')),
	subject_id uuid not null,
	by_person uuid not null references public.persons,
	made_on date not null,
	at timestamptz not null default clock_timestamp(),
	verdict text not null check (verdict in ('red', 'yellow', 'not_checked', 'info', 'green')),
	parcels jsonb not null,
	layers jsonb not null,
	result jsonb not null check (pg_column_size(result) <= 8388608),
	primary key (township_id, id)
);
create index constraint_checks_by_subject on public.constraint_checks (township_id, subject_id, at desc);
alter table public.constraint_checks enable row level security;
create policy "members see the checks of their townships" on public.constraint_checks for select to authenticated
	using (township_id in (select private.my_townships()));
create trigger append_only before update or delete on public.constraint_checks for each row execute function private.guard_append_only();
create trigger never_truncated before truncate on public.constraint_checks for each statement execute function private.guard_append_only();

-- The parcels a subject stands on now. Scenarios come with their own migration.
create function private.land_of(t uuid, p_kind text, p_id uuid)
returns table (id uuid, plan_id uuid, name text, mark text, geom extensions.geometry)
language plpgsql stable set search_path = '' as $$
begin
	return query select p.id, p.plan_id, p.name, p.version::text, p.geom::extensions.geometry from public.parcels p
	where p.township_id = t and p.archived_at is null and case p_kind
		when 'parcel' then p.id = p_id when 'plan' then p.plan_id = p_id
		when 'scheme' then p.plan_id in (select s.plan_id from public.scheme_plans s join public.plans o on o.township_id = t and o.id = s.plan_id and o.archived_at is null
			where s.township_id = t and s.scheme_id = p_id and s.ended_on is null) end
	order by p.plan_id, p.id;
end
$$;

-- null: there is no such thing here.
create function private.subject_place(t uuid, p_kind text, p_id uuid) returns uuid
language plpgsql stable set search_path = '' as $$
declare
	at_plan uuid := case p_kind when 'plan' then p_id when 'parcel' then (select plan_id from public.parcels where township_id = t and id = p_id) end;
begin
	if p_kind = 'scheme' then return (select t from public.schemes where township_id = t and id = p_id and archived_at is null); end if;
	return (select coalesce(village_id, t) from public.plans where township_id = t and id = at_plan and archived_at is null);
end
$$;

create function private.check_land(t uuid, p_kind text, p_id uuid) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
	l record;
	o jsonb;
	parcels jsonb := '[]';
	n integer := 0;
begin
	for l in select * from private.land_of(t, p_kind, p_id) loop
		n := n + 1;
		if n > 100 then perform private.refuse('too_many_parcels', '100'); end if;
		o := private.laid_over(t, l.geom);
		parcels := parcels || (jsonb_build_object('id', l.id, 'planId', l.plan_id, 'name', l.name, 'mark', l.mark) || o);
	end loop;
	return jsonb_build_object('verdict', private.worst(array(select e ->> 'verdict' from jsonb_array_elements(parcels) e)), 'parcels', parcels);
end
$$;

-- target: the check's own id. {of: parcel | plan | scheme | scenario, id}
create function private.op_check_run(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	place uuid := private.subject_place(t, p ->> 'of', (p ->> 'id')::uuid);
	r jsonb;
begin
	if place is null then return null; end if;
	perform private.need('report', place);
	r := private.check_land(t, p ->> 'of', (p ->> 'id')::uuid);
	if r -> 'parcels' = '[]' then perform private.refuse('no_parcels'); end if;
	insert into public.constraint_checks (township_id, id, subject_kind, subject_id, by_person, made_on, verdict, parcels, layers, result)
	values (t, target, p ->> 'of', (p ->> 'id')::uuid, private.my_person(), private.today(), r ->> 'verdict',
		(select jsonb_agg(jsonb_build_object('id', e -> 'id', 'name', e -> 'name', 'mark', e -> 'mark')) from jsonb_array_elements(r -> 'parcels') e),
		private.layers_seen(t), r);
	return jsonb_build_object('id', target, 'kind', 'check', 'version', 1, 'state', r ->> 'verdict');
end
$$;

create function private.set_changes(before jsonb, after jsonb, what text) returns jsonb
language sql immutable set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('what', what, 'how', case when b is null then 'added' when a is null then 'gone' else 'changed' end,
			'id', coalesce(a, b) -> 'id', 'name', coalesce(a, b) -> 'name') order by coalesce(a, b) ->> 'name', coalesce(a, b) ->> 'id'), '[]')
	from jsonb_array_elements(before) b full join jsonb_array_elements(after) a on a -> 'id' = b -> 'id'
	where a is null or b is null or a -> 'mark' <> b -> 'mark'
$$;

-- What changed since a check: parcels and layers, each added, gone or changed. Empty: it still holds.
create function private.changed_since(c public.constraint_checks) returns jsonb
language sql stable set search_path = '' as $$
	select private.set_changes(c.parcels, coalesce((select jsonb_agg(jsonb_build_object('id', l.id, 'name', l.name, 'mark', l.mark))
			from private.land_of(c.township_id, c.subject_kind, c.subject_id) l), '[]'), 'parcel')
		|| private.set_changes(c.layers, private.layers_seen(c.township_id), 'layer')
$$;

create function private.check_json(c public.constraint_checks, p_whole boolean) returns jsonb
language sql stable set search_path = '' as $$
	select jsonb_build_object('id', c.id, 'of', c.subject_kind, 'subject', c.subject_id, 'on', c.made_on, 'at', c.at, 'by', c.by_person,
		'byName', coalesce(private.name_of(c.by_person), ''), 'verdict', c.verdict)
		|| case when p_whole then jsonb_build_object('result', c.result, 'changed', private.changed_since(c)) else '{}' end
$$;

-- Of a parcel, plan, scheme or scenario: the latest check whole, with what changed since, and the heads of those before.
create function public.checks_of(p_township uuid, p_subject uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'latest', (select private.check_json(c, true) from public.constraint_checks c where c.township_id = p_township and c.subject_id = p_subject
			order by c.at desc, c.id desc limit 1),
		'earlier', coalesce((select jsonb_agg(private.check_json(c, false) order by c.at desc, c.id desc)
			from (select * from public.constraint_checks x where x.township_id = p_township and x.subject_id = p_subject
				order by x.at desc, x.id desc offset 1 limit 30) c), '[]'))
	where p_township in (select private.my_townships())
$$;

create function public.check_page(p_township uuid, p_check uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.check_json(c, true) from public.constraint_checks c
	where c.township_id = p_township and c.id = p_check and p_township in (select private.my_townships())
$$;

-- Land that is only drawn, not kept: the same result, nothing is stored.
create function public.check_shape(p_township uuid, p_geometry jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
	if not p_township in (select private.my_townships()) then return null; end if;
	return private.laid_over(p_township, private.read_geom(p_geometry, '{Polygon,MultiPolygon}'));
end
$$;

create function public.check_parcels(p_township uuid, p_parcels uuid[]) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
	if not p_township in (select private.my_townships()) then return null; end if;
	if cardinality(p_parcels) > 100 then perform private.refuse('too_many_parcels', '100'); end if;
	return (select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'planId', p.plan_id, 'name', p.name, 'mark', p.version::text)
			|| private.laid_over(p_township, p.geom) order by array_position(p_parcels, p.id)), '[]')
		from public.parcels p where p.township_id = p_township and p.id = any (p_parcels) and p.archived_at is null);
end
$$;

insert into private.op_kinds (kind, fn) values ('check.run', 'op_check_run');
insert into private.offers (signature, to_role) values ('public.checks_of(uuid, uuid)', 'authenticated'), ('public.check_page(uuid, uuid)', 'authenticated'),
	('public.check_shape(uuid, jsonb)', 'authenticated'), ('public.check_parcels(uuid, uuid[])', 'authenticated');
select private.apply_privileges();
