-- Constraint layers (domain.md C.2): what an office handed over, with its date, accuracy and rule. The shapes come in
-- batches under a load of their own and count only from the switch on: a layer is never half there.

-- The kinds a check asks for. `expected`: said to be not checked where none is loaded.
create table private.layer_kinds (
	kind text primary key check (char_length(kind) <= 20),
	nth integer not null,
	rule text not null check (rule in ('block', 'review', 'allow', 'inform')),
	expected boolean not null
);
insert into private.layer_kinds (kind, nth, rule, expected) values
	('farmland', 1, 'block', true), ('redline', 2, 'block', true), ('growth', 3, 'allow', true), ('arable', 4, 'review', true),
	('forest', 5, 'review', true), ('river', 6, 'review', true), ('water', 7, 'block', true), ('hazard', 8, 'review', true),
	('heritage', 9, 'block', true), ('powerline', 10, 'review', true), ('road_zone', 11, 'review', true), ('village_plan', 12, 'allow', true),
	('landuse', 13, 'inform', false), ('road', 14, 'inform', false), ('other', 15, 'inform', false);

create table public.constraint_layers (
	township_id uuid not null references public.places,
	id uuid not null,
	kind text not null references private.layer_kinds check (char_length(kind) <= 20),
	name text not null check (char_length(name) between 1 and 80),
	provider text not null default '' check (char_length(provider) <= 80),
	dated_on date,
	accuracy_m numeric(8, 2) check (accuracy_m >= 0),
	-- block: red where it is touched. review: yellow. allow: yellow outside of it. inform: told, nothing more.
	rule text not null check (rule in ('block', 'review', 'allow', 'inform')),
	exceptions text not null default '' check (char_length(exceptions) <= 2000),
	-- A piece under the larger of the two is listed and not counted, as long as all such pieces together stay under it.
	sliver_m2 numeric(10, 2) not null default 1 check (sliver_m2 >= 0),
	sliver_share numeric(8, 6) not null default 0.001 check (sliver_share between 0 and 0.05),
	-- Influence of points and lines that bring none of their own.
	buffer_m numeric(8, 2) check (buffer_m between 0 and 5000),
	note text not null default '' check (char_length(note) <= 1000),
	-- Where the provider has looked; null: the whole township. Beyond it nothing is ever green.
	coverage extensions.geometry(MultiPolygon, 4326),
	load_id uuid,
	shapes integer not null default 0,
	sha256 text check (sha256 ~ '^[0-9a-f]{64}$'),
	source_crs text not null default '' check (char_length(source_crs) <= 60),
	loaded_at timestamptz,
	loaded_by uuid references public.persons,
	made_by uuid not null references public.persons,
	made_on date not null,
	-- Counts every change of rule or shapes: a check remembers which one it saw.
	version integer not null default 1,
	archived_at timestamptz,
	primary key (township_id, id),
	check ((load_id is null) = (loaded_at is null))
);

create table public.constraint_loads (
	township_id uuid not null,
	id uuid not null,
	layer_id uuid not null,
	state text not null default 'staging' check (state in ('staging', 'live', 'replaced', 'given_up')),
	rows integer not null default 0,
	begun_by uuid not null references public.persons,
	begun_at timestamptz not null default now(),
	primary key (township_id, id),
	foreign key (township_id, layer_id) references public.constraint_layers
);

-- Cut into parts of at most 96 corners, so that one look at a large polygon costs little: parts of one shape share `n`.
create table public.constraint_shapes (
	township_id uuid not null,
	layer_id uuid not null,
	load_id uuid not null,
	n integer not null check (n between 1 and 1000000),
	part integer not null,
	class text not null default '' check (char_length(class) <= 20),
	level text not null default '' check (char_length(level) <= 20),
	-- Stricter or milder than its layer, e.g. a hazard point of the highest level.
	rule text check (rule in ('block', 'review', 'allow', 'inform')),
	attributes jsonb not null default '{}' check (pg_column_size(attributes) <= 2048),
	geom extensions.geometry(Geometry, 4326) not null,
	primary key (township_id, load_id, n, part),
	foreign key (township_id, load_id) references public.constraint_loads
);
create index constraint_shapes_by_place on public.constraint_shapes using gist (geom);

do $$
declare t text;
begin
	foreach t in array array['constraint_layers', 'constraint_loads', 'constraint_shapes'] loop
		execute format('alter table public.%I enable row level security', t);
		execute format(
			'create policy "members see the layers of their townships" on public.%I for select to authenticated using (township_id in (select private.my_townships()))', t);
	end loop;
end
$$;

-- The 3° zone (CGCS2000, EPSG 4534–4554) a shape is measured on.
create function private.zone_of(g extensions.geometry) returns integer
language sql immutable set search_path = '' as $$
	select 4509 + greatest(25, least(45, round(extensions.st_x(extensions.st_centroid(g)) / 3)::integer))
$$;

create function private.grown(g extensions.geometry, metres double precision) returns extensions.geometry
language sql stable set search_path = '' as $$
	select extensions.st_transform(extensions.st_buffer(extensions.st_transform(g, private.zone_of(g)), metres), 4326)
$$;

create function private.layer_for(t uuid, target uuid, base integer default null) returns public.constraint_layers
language plpgsql set search_path = '' as $$
declare
	l public.constraint_layers;
begin
	select * into l from public.constraint_layers where township_id = t and id = target and archived_at is null for update;
	if l.id is null then return null; end if;
	perform private.need('plan', t);
	perform private.check_version(l.version, base, to_jsonb(l) - 'coverage');
	return l;
end
$$;

create function private.op_layer_create(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
begin
	perform private.need('plan', t);
	insert into public.constraint_layers (township_id, id, kind, name, provider, dated_on, accuracy_m, rule, exceptions, sliver_m2, sliver_share,
		buffer_m, note, coverage, made_by, made_on)
	values (t, target, p ->> 'kind', private.text_of(p, 'name'), private.text_of(p, 'provider'), (p ->> 'dated_on')::date,
		(p ->> 'accuracy_m')::numeric, coalesce(p ->> 'rule', (select rule from private.layer_kinds where kind = p ->> 'kind')),
		private.text_of(p, 'exceptions'), coalesce((p ->> 'sliver_m2')::numeric, 1), coalesce((p ->> 'sliver_share')::numeric, 0.001),
		(p ->> 'buffer_m')::numeric, private.text_of(p, 'note'),
		extensions.st_multi(private.read_geom(p -> 'geometry', '{Polygon,MultiPolygon}')), private.my_person(), private.today());
	return jsonb_build_object('id', target, 'kind', 'layer', 'version', 1);
end
$$;

create function private.op_layer_edit(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	l public.constraint_layers := private.layer_for(t, target, base);
	n public.constraint_layers;
begin
	if l.id is null then return null; end if;
	n := jsonb_populate_record(l, coalesce((
		select jsonb_object_agg(k, case when jsonb_typeof(p -> k) = 'string' then to_jsonb(private.text_of(p, k)) else p -> k end)
		from unnest(array['kind', 'name', 'provider', 'dated_on', 'accuracy_m', 'rule', 'exceptions', 'sliver_m2', 'sliver_share', 'buffer_m', 'note']) k
		where p ? k), '{}'));
	if p ? 'geometry' then n.coverage := extensions.st_multi(private.read_geom(p -> 'geometry', '{Polygon,MultiPolygon}')); end if;
	update public.constraint_layers set kind = n.kind, name = n.name, provider = n.provider, dated_on = n.dated_on, accuracy_m = n.accuracy_m,
		rule = n.rule, exceptions = n.exceptions, sliver_m2 = n.sliver_m2, sliver_share = n.sliver_share, buffer_m = n.buffer_m, note = n.note,
		coverage = n.coverage, version = l.version + 1
	where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'layer', 'version', l.version + 1);
end
$$;

create function private.op_layer_archive(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	l public.constraint_layers := private.layer_for(t, target, base);
begin
	if l.id is null then return null; end if;
	update public.constraint_layers set archived_at = now(), version = l.version + 1 where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'layer', 'version', l.version + 1);
end
$$;

-- A batch of shapes, told apart by `n` (1, 2, …): sent twice it counts once. Nothing of it counts before `layer.switch`.
-- {township_id, layer, load, rows: [{n, geometry, class?, level?, rule?, buffer_m?, attributes?}]}
create function public.layer_put(p jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
	t uuid := (p ->> 'township_id')::uuid;
	v_load uuid := (p ->> 'load')::uuid;
	l public.constraint_layers;
	o public.constraint_loads;
	r jsonb;
	g extensions.geometry;
	metres double precision;
	added integer := 0;
	v_detail text;
	v_code text;
begin
	perform private.need('plan', t);
	if v_load is null or coalesce(jsonb_typeof(p -> 'rows'), '') <> 'array' or jsonb_array_length(p -> 'rows') not between 1 and 2000 then
		perform private.refuse('bad_value', 'rows'); end if;
	l := private.layer_for(t, (p ->> 'layer')::uuid);
	if l.id is null then perform private.refuse('no_such_layer'); end if;
	insert into public.constraint_loads (township_id, id, layer_id, begun_by) values (t, v_load, l.id, private.my_person())
	on conflict (township_id, id) do nothing;
	select * into o from public.constraint_loads where township_id = t and id = v_load for update;
	if o.layer_id <> l.id or o.state <> 'staging' or o.begun_by <> private.my_person() then perform private.refuse('not_from_this_state', o.state); end if;
	for r in select * from jsonb_array_elements(p -> 'rows') loop
		begin
			g := private.read_geom(r -> 'geometry', '{Point,MultiPoint,LineString,MultiLineString,Polygon,MultiPolygon}');
			if g is null then perform private.refuse('geometry_unreadable'); end if;
			metres := coalesce((r ->> 'buffer_m')::double precision, l.buffer_m::double precision);
			if metres not between 0 and 5000 then perform private.refuse('bad_value', 'buffer_m'); end if;
			if metres > 0 and extensions.st_dimension(g) < 2 then g := private.grown(g, metres); end if;
		exception when sqlstate 'PT403' then
			get stacked diagnostics v_code = message_text, v_detail = pg_exception_detail;
			perform private.refuse(v_code, concat_ws(': ', r ->> 'n', v_detail));
		end;
		insert into public.constraint_shapes (township_id, layer_id, load_id, n, part, class, level, rule, attributes, geom)
		select t, l.id, v_load, (r ->> 'n')::integer, row_number() over (), private.text_of(r, 'class'), private.text_of(r, 'level'), r ->> 'rule',
			coalesce(r -> 'attributes', '{}'), x.g
		from (select extensions.st_subdivide(g, 96, 1e-10) as g) x
		on conflict do nothing;
		if found then added := added + 1; end if;
	end loop;
	update public.constraint_loads set rows = rows + added where township_id = t and id = v_load;
	return jsonb_build_object('staged', o.rows + added);
end
$$;

-- {load, count, dated_on?, sha256?, source_crs?}: from this moment the layer is this load, whole.
create function private.op_layer_switch(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	l public.constraint_layers := private.layer_for(t, target, base);
	o public.constraint_loads;
begin
	if l.id is null then return null; end if;
	select * into o from public.constraint_loads where township_id = t and id = (p ->> 'load')::uuid for update;
	if o.id is null then return null; end if;
	if o.layer_id <> target or o.state <> 'staging' then perform private.refuse('not_from_this_state', o.state); end if;
	if o.rows is distinct from (p ->> 'count')::integer then perform private.refuse('not_all_there', o.rows::text); end if;
	update public.constraint_loads set state = 'replaced' where township_id = t and id = l.load_id;
	update public.constraint_loads set state = 'live' where township_id = t and id = o.id;
	update public.constraint_layers set load_id = o.id, shapes = o.rows, loaded_at = now(), loaded_by = private.my_person(),
		dated_on = case when p ? 'dated_on' then (p ->> 'dated_on')::date else dated_on end,
		sha256 = p ->> 'sha256', source_crs = private.text_of(p, 'source_crs'), version = l.version + 1
	where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'layer', 'version', l.version + 1);
end
$$;

-- Takes away up to 3,000 shapes of loads that were replaced or never switched to within a day; says how many are left.
-- The files they were read from are kept, and every check keeps the pieces it found.
create function public.layer_tidy(p_township uuid) returns integer
language plpgsql security definer set search_path = '' as $$
declare
	gone uuid[];
	cnt integer;
begin
	perform private.need('plan', p_township);
	update public.constraint_loads set state = 'given_up'
	where township_id = p_township and state = 'staging' and begun_at < now() - interval '1 day';
	select array_agg(id) into gone from public.constraint_loads where township_id = p_township and state in ('replaced', 'given_up');
	delete from public.constraint_shapes s using (
		select load_id, n, part from public.constraint_shapes where township_id = p_township and load_id = any (gone) limit 3000
	) x where s.township_id = p_township and s.load_id = x.load_id and s.n = x.n and s.part = x.part;
	select count(*) into cnt from public.constraint_shapes where township_id = p_township and load_id = any (gone);
	return cnt;
end
$$;
grant delete on public.constraint_shapes to app_definer;

insert into private.op_kinds (kind, fn)
select k, 'op_' || replace(k, '.', '_') from unnest(array['layer.create', 'layer.edit', 'layer.switch', 'layer.archive']) k;
insert into private.offers (signature, to_role) values ('public.layer_put(jsonb)', 'authenticated'), ('public.layer_tidy(uuid)', 'authenticated');
select private.apply_privileges();
