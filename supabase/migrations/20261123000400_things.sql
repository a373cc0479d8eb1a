-- The three things of the wall map: cleanup tasks, scenic-village projects, industry plans; the
-- hazards they are checked against; and the imports they may have come from.

create table public.imports (
	township_id uuid not null references public.places,
	id uuid not null,
	title text not null default '' check (char_length(title) <= 200),
	-- Per file: name, size, sha256, format and everything that was guessed or changed by hand.
	files jsonb not null default '[]' check (pg_column_size(files) <= 65536),
	counts jsonb not null default '{}' check (pg_column_size(counts) <= 65536),
	created_by uuid not null references public.persons,
	created_at timestamptz not null default now(),
	applied_at timestamptz,
	undone_at timestamptz,
	undone_by uuid references public.persons,
	primary key (township_id, id)
);

-- Rows as accepted in the preview, kept for ever beside what they became: the raw record behind
-- every imported thing, and the way back.
create table public.import_rows (
	township_id uuid not null,
	import_id uuid not null,
	n integer not null,
	target public.place_level,
	kind text not null check (kind in ('outline', 'villages', 'groups', 'hazards', 'tasks', 'projects', 'plans')),
	file text not null check (char_length(file) <= 200),
	line integer,
	data jsonb not null check (pg_column_size(data) <= 1048576),
	target_id uuid,
	-- What stood there before (a village's old boundary), to put back on undo.
	before jsonb,
	primary key (township_id, import_id, n),
	foreign key (township_id, import_id) references public.imports
);

create table public.tasks (
	township_id uuid not null references public.places,
	id uuid not null,
	village_id uuid references public.places,
	category text not null check (category in (
		'TRASH', 'BIN', 'HEAP', 'SHED', 'RUIN', 'WATER', 'SEWAGE', 'TOILET',
		'MANURE', 'FILM', 'LINES', 'ADS', 'ROAD', 'BURN', 'GREEN', 'OTHER'
	)),
	title text not null default '' check (char_length(title) <= 200),
	note text not null default '' check (char_length(note) <= 2000),
	group_name text not null default '' check (char_length(group_name) <= 80),
	place_text text not null default '' check (char_length(place_text) <= 200),
	fix text not null default '' check (char_length(fix) <= 500),
	unit text not null default '' check (char_length(unit) <= 80),
	geom extensions.geometry(Point, 4326),
	-- Where the place came from: device, map, photo, file.
	method text check (method in ('device', 'map', 'photo', 'file')),
	created_by uuid not null references public.persons,
	created_at timestamptz not null default now(),
	import_id uuid,
	version integer not null default 1,
	archived_at timestamptz,
	primary key (township_id, id)
);
create index tasks_by_village on public.tasks (township_id, village_id, id);
create index tasks_by_import on public.tasks (township_id, import_id) where import_id is not null;

-- The place being rated: often a part of a village, so not the village itself.
create table public.scenic_units (
	township_id uuid not null references public.places,
	id uuid not null,
	village_id uuid references public.places,
	name text not null check (char_length(name) between 1 and 80),
	present_grade text not null default '' check (present_grade in ('', 'A', 'AA', 'AAA')),
	geom extensions.geometry(Geometry, 4326),
	created_at timestamptz not null default now(),
	import_id uuid,
	version integer not null default 1,
	archived_at timestamptz,
	primary key (township_id, id)
);

create table public.projects (
	township_id uuid not null references public.places,
	id uuid not null,
	village_id uuid references public.places,
	unit_id uuid not null,
	title text not null check (char_length(title) between 1 and 200),
	target_grade text not null check (target_grade in ('A', 'AA', 'AAA')),
	note text not null default '' check (char_length(note) <= 2000),
	unit text not null default '' check (char_length(unit) <= 80),
	created_by uuid not null references public.persons,
	created_at timestamptz not null default now(),
	import_id uuid,
	version integer not null default 1,
	archived_at timestamptz,
	primary key (township_id, id),
	foreign key (township_id, unit_id) references public.scenic_units
);
create index projects_by_village on public.projects (township_id, village_id, id);

create table public.plans (
	township_id uuid not null references public.places,
	id uuid not null,
	village_id uuid references public.places,
	title text not null check (char_length(title) between 1 and 200),
	category text not null default '' check (char_length(category) <= 40),
	content text not null default '' check (char_length(content) <= 2000),
	-- 10,000 yuan.
	invest numeric(14, 2) check (invest >= 0),
	spent numeric(14, 2) check (spent >= 0),
	jobs integer check (jobs >= 0),
	-- mu as stated by whoever planned it; `area` is what the drawn parcel measures.
	land numeric(12, 2) check (land >= 0),
	party text not null default '' check (char_length(party) <= 120),
	unit text not null default '' check (char_length(unit) <= 80),
	geom extensions.geometry(MultiPolygon, 4326),
	area double precision,
	source_crs text check (char_length(source_crs) <= 60),
	method text check (char_length(method) <= 60),
	confidence real check (confidence between 0 and 1),
	created_by uuid not null references public.persons,
	created_at timestamptz not null default now(),
	import_id uuid,
	version integer not null default 1,
	archived_at timestamptz,
	primary key (township_id, id)
);
create index plans_by_village on public.plans (township_id, village_id, id);

create table public.hazards (
	township_id uuid not null references public.places,
	id uuid not null,
	village_id uuid references public.places,
	name text not null check (char_length(name) between 1 and 120),
	type text not null default '' check (char_length(type) <= 40),
	-- A number only: who lives there is never on the map.
	households integer check (households >= 0),
	note text not null default '' check (char_length(note) <= 2000),
	geom extensions.geometry(Point, 4326) not null,
	created_at timestamptz not null default now(),
	import_id uuid,
	archived_at timestamptz,
	primary key (township_id, id)
);

do $$
declare t text;
begin
	foreach t in array array['imports', 'import_rows', 'tasks', 'scenic_units', 'projects', 'plans', 'hazards'] loop
		execute format('alter table public.%I enable row level security', t);
		execute format(
			'create policy "members see what lies in their townships" on public.%I for select to authenticated using (township_id in (select private.my_townships()))', t);
	end loop;
end
$$;
