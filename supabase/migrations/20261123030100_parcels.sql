-- Parcels: the pieces of land of a plan, each with where its corners came from. A plan's own shape and area
-- (what the wall map draws) follow from its parcels; an import or a form that brings a shape brings a parcel.

create table public.parcels (
	township_id uuid not null references public.places,
	id uuid not null,
	plan_id uuid not null,
	name text not null default '' check (char_length(name) <= 80),
	geom extensions.geometry(MultiPolygon, 4326) not null,
	-- m² on its own 3° Gauss–Krüger zone, as everywhere.
	area double precision not null check (area > 0),
	stated_area numeric(14, 4) check (stated_area > 0),
	stated_unit text check (stated_unit in ('mu', 'ha', 'm2')),
	land_class text not null default '' check (char_length(land_class) <= 10),
	source_crs text not null default 'EPSG:4326' check (char_length(source_crs) <= 60),
	method text not null default 'map' check (char_length(method) <= 60),
	confidence real check (confidence between 0 and 1),
	-- The file it was read from, kept as it came.
	sha256 text check (sha256 ~ '^[0-9a-f]{64}$'),
	-- The parcels it was cut from or put together from.
	from_ids uuid[] not null default '{}',
	made_by uuid references public.persons,
	made_on date not null default private.today(),
	version integer not null default 1,
	archived_at timestamptz,
	primary key (township_id, id),
	foreign key (township_id, plan_id) references public.plans,
	check ((stated_area is null) = (stated_unit is null))
);
create index parcels_by_plan on public.parcels (township_id, plan_id) where archived_at is null;
create index parcels_by_place on public.parcels using gist (geom);
alter table public.parcels enable row level security;
create policy "members see the parcels of their townships" on public.parcels for select to authenticated
	using (township_id in (select private.my_townships()));

insert into public.parcels (township_id, id, plan_id, geom, area, source_crs, method, confidence, made_by)
select township_id, private.new_id(), id, geom, coalesce(area, private.area_of(geom)), coalesce(source_crs, 'EPSG:4326'), coalesce(method, 'map'),
	confidence, created_by
from public.plans where geom is not null and archived_at is null;

-- Two parcels of one plan never share more than a square metre: their areas may be added up.
create function private.parcel_apart(t uuid, plan uuid, parcel uuid, g extensions.geometry) returns void
language plpgsql stable set search_path = '' as $$
declare
	other text;
begin
	select coalesce(nullif(o.name, ''), o.id::text) into other from public.parcels o
	where o.township_id = t and o.plan_id = plan and o.id <> parcel and o.archived_at is null
		and o.geom operator(extensions.&&) g and extensions.st_intersects(o.geom, g)
		and private.area_of(extensions.st_collectionextract(extensions.st_intersection(o.geom, g, 1e-10), 3)) > 1
	limit 1;
	if other is not null then perform private.refuse('parcels_overlap', other); end if;
end
$$;

-- The plan's shape is the union of its parcels, its area their sum.
create function private.plan_shape(t uuid, plan uuid) returns void
language plpgsql set search_path = '' as $$
begin
	if (select count(*) from public.parcels where township_id = t and plan_id = plan and archived_at is null) > 200 then
		perform private.refuse('too_many_parcels'); end if;
	update public.plans o set geom = x.g, area = x.area from (
		select extensions.st_multi(extensions.st_collectionextract(extensions.st_union(geom, 1e-10), 3)) as g, sum(area) as area
		from public.parcels where township_id = t and plan_id = plan and archived_at is null
	) x where o.township_id = t and o.id = plan;
end
$$;

create function private.add_parcel(t uuid, parcel uuid, plan uuid, g extensions.geometry, p jsonb, p_from uuid[] default '{}') returns void
language plpgsql set search_path = '' as $$
begin
	if g is null then perform private.refuse('bad_value', 'geometry'); end if;
	perform private.parcel_apart(t, plan, parcel, g);
	insert into public.parcels (township_id, id, plan_id, name, geom, area, stated_area, stated_unit, land_class, source_crs, method, confidence,
		sha256, from_ids, made_by)
	values (t, parcel, plan, private.text_of(p, 'name'), extensions.st_multi(g), private.area_of(g), (p ->> 'stated_area')::numeric,
		p ->> 'stated_unit', private.text_of(p, 'land_class'), coalesce(p ->> 'source_crs', 'EPSG:4326'), coalesce(p ->> 'method', 'map'),
		(p ->> 'confidence')::real, p ->> 'sha256', p_from, private.my_person());
end
$$;

-- A plan that comes with a shape gets its first parcel; one that an import takes back takes its parcels along.
create function private.first_parcel() returns trigger
language plpgsql set search_path = '' as $$
begin
	if tg_op = 'INSERT' then
		insert into public.parcels (township_id, id, plan_id, geom, area, source_crs, method, confidence, made_by)
		values (new.township_id, private.new_id(), new.id, new.geom, coalesce(new.area, private.area_of(new.geom)),
			coalesce(new.source_crs, 'EPSG:4326'), coalesce(new.method, 'map'), new.confidence, new.created_by);
	else
		update public.parcels set archived_at = now(), version = version + 1
		where township_id = new.township_id and plan_id = new.id and archived_at is null;
	end if;
	return null;
end
$$;
create trigger d_first_parcel after insert on public.plans for each row when (new.geom is not null) execute function private.first_parcel();
create trigger d_parcels_go_along after update of archived_at on public.plans for each row
	when (old.archived_at is null and new.archived_at is not null) execute function private.first_parcel();

-- A shape given to the plan itself is that of its only parcel; with several, each is drawn by itself.
create function private.reshape_plan(t uuid, o public.plans, p jsonb) returns void
language plpgsql set search_path = '' as $$
declare
	g extensions.geometry := private.read_geom(p -> 'geometry', '{Polygon,MultiPolygon}');
	ids uuid[] := array(select id from public.parcels where township_id = t and plan_id = o.id and archived_at is null);
begin
	if cardinality(ids) > 1 then perform private.refuse('several_parcels'); end if;
	if cardinality(ids) = 0 and g is not null then
		perform private.add_parcel(t, private.new_id(), o.id, g, p - 'name' - 'land_class' - 'stated_area' - 'stated_unit');
	elsif g is null then
		update public.parcels set archived_at = now(), version = version + 1 where township_id = t and id = ids[1];
	else
		update public.parcels set geom = extensions.st_multi(g), area = private.area_of(g), method = coalesce(p ->> 'method', 'map'),
			version = version + 1 where township_id = t and id = ids[1];
	end if;
	perform private.plan_shape(t, o.id);
end
$$;

create function private.parcel_for(t uuid, target uuid, base integer) returns public.parcels
language plpgsql set search_path = '' as $$
declare
	o public.parcels;
begin
	-- The plan is locked first: two edits of neighbouring parcels neither pass each other nor lock each other out.
	if (private.plan_for(t, (select plan_id from public.parcels where township_id = t and id = target))).id is null then return null; end if;
	select * into o from public.parcels where township_id = t and id = target for update;
	perform private.check_version(o.version, base, to_jsonb(o) - 'geom');
	return o;
end
$$;

create function private.op_parcel_create(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.plans := private.plan_for(t, (p ->> 'plan')::uuid);
begin
	if o.id is null then return null; end if;
	perform private.add_parcel(t, target, o.id, private.read_geom(p -> 'geometry', '{Polygon,MultiPolygon}'), p);
	perform private.plan_shape(t, o.id);
	return jsonb_build_object('id', target, 'kind', 'parcel', 'version', 1);
end
$$;

-- Also brings back one that was put away.
create function private.op_parcel_edit(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.parcels := private.parcel_for(t, target, base);
	g extensions.geometry := private.read_geom(p -> 'geometry', '{Polygon,MultiPolygon}');
begin
	if o.id is null then return null; end if;
	if g is not null or o.archived_at is not null then perform private.parcel_apart(t, o.plan_id, target, coalesce(g, o.geom)); end if;
	update public.parcels set
		name = case when p ? 'name' then private.text_of(p, 'name') else name end,
		geom = coalesce(extensions.st_multi(g), geom), area = coalesce(private.area_of(g), area),
		stated_area = case when p ? 'stated_area' then (p ->> 'stated_area')::numeric else stated_area end,
		stated_unit = case when p ? 'stated_unit' then p ->> 'stated_unit' else stated_unit end,
		land_class = case when p ? 'land_class' then private.text_of(p, 'land_class') else land_class end,
		source_crs = case when p ? 'source_crs' then p ->> 'source_crs' else source_crs end,
		method = case when p ? 'method' then p ->> 'method' when g is not null then 'map' else method end,
		confidence = case when p ? 'confidence' then (p ->> 'confidence')::real else confidence end,
		sha256 = case when p ? 'sha256' then p ->> 'sha256' else sha256 end,
		archived_at = null, version = o.version + 1
	where township_id = t and id = target;
	perform private.plan_shape(t, o.plan_id);
	return jsonb_build_object('id', target, 'kind', 'parcel', 'version', o.version + 1);
end
$$;

create function private.op_parcel_archive(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.parcels := private.parcel_for(t, target, base);
begin
	if o.id is null then return null; end if;
	update public.parcels set archived_at = now(), version = o.version + 1 where township_id = t and id = target;
	perform private.plan_shape(t, o.plan_id);
	return jsonb_build_object('id', target, 'kind', 'parcel', 'version', o.version + 1);
end
$$;

-- {parts: [{id, name, land_class?}], geometry: GeometryCollection of as many polygons, in the same order}. The parts
-- lie in the whole and add up to it, within 1 m².
create function private.op_parcel_split(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.parcels := private.parcel_for(t, target, base);
	parts jsonb := p -> 'parts';
	shapes jsonb := p -> 'geometry' -> 'geometries';
	g extensions.geometry;
	total double precision := 0;
begin
	if o.id is null then return null; end if;
	if o.archived_at is not null then perform private.refuse('not_from_this_state', 'archived'); end if;
	if coalesce(jsonb_typeof(parts), '') <> 'array' or coalesce(jsonb_typeof(shapes), '') <> 'array'
		or jsonb_array_length(parts) not between 2 and 50 or jsonb_array_length(parts) <> jsonb_array_length(shapes) then
		perform private.refuse('bad_value', 'parts'); end if;
	update public.parcels set archived_at = now(), version = o.version + 1 where township_id = t and id = target;
	for i in 0 .. jsonb_array_length(parts) - 1 loop
		g := private.read_geom(shapes -> i, '{Polygon,MultiPolygon}');
		if private.area_of(extensions.st_collectionextract(extensions.st_difference(g, o.geom, 1e-10), 3)) > 1 then
			perform private.refuse('part_sticks_out', (i + 1)::text); end if;
		-- Each is held apart from those before it.
		perform private.add_parcel(t, (parts -> i ->> 'id')::uuid, o.plan_id, g, jsonb_build_object('name', private.text_of(parts -> i, 'name'),
			'land_class', coalesce(parts -> i ->> 'land_class', o.land_class), 'source_crs', o.source_crs, 'method', 'split',
			'confidence', o.confidence, 'sha256', o.sha256), array[o.id]);
		total := total + private.area_of(g);
	end loop;
	if abs(total - o.area) > 1 then perform private.refuse('areas_differ', round((total - o.area)::numeric, 1)::text); end if;
	perform private.plan_shape(t, o.plan_id);
	return jsonb_build_object('id', target, 'kind', 'parcel', 'version', o.version + 1);
end
$$;

-- target: the id of the new one. {parcels: [ids of one plan], name?, land_class?}
create function private.op_parcel_merge(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	ids uuid[] := array(select distinct x::uuid from unnest(private.texts_of(p -> 'parcels')) x);
	first public.parcels;
	o public.parcels;
	g extensions.geometry;
	total double precision;
begin
	if cardinality(ids) not between 2 and 50 then perform private.refuse('bad_value', 'parcels'); end if;
	for i in 1 .. cardinality(ids) loop
		o := private.parcel_for(t, ids[i], null);
		if o.id is null then return null; end if;
		if o.archived_at is not null then perform private.refuse('not_from_this_state', 'archived'); end if;
		if first.id is null or o.area > first.area then first := o; end if;
		if o.plan_id <> first.plan_id then perform private.refuse('bad_value', 'parcels'); end if;
	end loop;
	select extensions.st_collectionextract(extensions.st_union(x.geom, 1e-10), 3), sum(x.area) into g, total
	from public.parcels x where x.township_id = t and x.id = any (ids);
	if abs(private.area_of(g) - total) > 1 then perform private.refuse('areas_differ', round((private.area_of(g) - total)::numeric, 1)::text); end if;
	update public.parcels set archived_at = now(), version = version + 1 where township_id = t and id = any (ids);
	-- What is not said is taken from the largest.
	perform private.add_parcel(t, target, first.plan_id, g, jsonb_build_object('name', coalesce(nullif(private.text_of(p, 'name'), ''), first.name),
		'land_class', coalesce(p ->> 'land_class', first.land_class), 'source_crs', first.source_crs, 'method', 'merge',
		'confidence', first.confidence, 'sha256', first.sha256), ids);
	perform private.plan_shape(t, first.plan_id);
	return jsonb_build_object('id', target, 'kind', 'parcel', 'version', 1);
end
$$;

insert into private.op_kinds (kind, fn)
select k, 'op_' || replace(k, '.', '_') from unnest(array['parcel.create', 'parcel.edit', 'parcel.split', 'parcel.merge', 'parcel.archive']) k;
select private.apply_privileges();
