-- Places, people, accounts and the roles people hold for a place and a period.

create table public.places (
	id uuid primary key,
	-- The township it belongs to; its own id for a township, null for a district.
	township_id uuid references public.places,
	parent_id uuid references public.places,
	level public.place_level not null,
	code text check (char_length(code) <= 20),
	name text not null check (char_length(name) between 1 and 80),
	people integer check (people between 0 and 10000000),
	households integer check (households between 0 and 10000000),
	geom extensions.geometry(MultiPolygon, 4326),
	label extensions.geometry(Point, 4326),
	-- m² on the shape's own 3° Gauss–Krüger zone.
	area double precision,
	source_crs text check (char_length(source_crs) <= 60),
	method text check (char_length(method) <= 60),
	confidence real check (confidence between 0 and 1),
	demo boolean not null default false,
	version integer not null default 1,
	created_at timestamptz not null default now(),
	archived_at timestamptz,
	constraint township_of_itself check (
		(level = 'district' and township_id is null)
		or (level = 'township' and township_id = id)
		or (level in ('village', 'group') and township_id is not null and parent_id is not null)
	)
);
create index places_by_township on public.places (township_id, level);
create index places_by_parent on public.places (parent_id);
create unique index village_names_once on public.places (township_id, parent_id, name)
	where archived_at is null and level in ('village', 'group');

create table public.persons (
	id uuid primary key,
	name text not null check (char_length(name) between 1 and 40),
	created_at timestamptz not null default now()
);

-- A person may have several accounts: they are one person wherever two people are asked for.
create table public.accounts (
	user_id uuid primary key,
	person_id uuid not null references public.persons,
	login text not null unique check (char_length(login) <= 120),
	created_at timestamptz not null default now(),
	ended_at timestamptz,
	ended_by uuid references public.persons
);
create index accounts_by_person on public.accounts (person_id);

create table public.account_sessions (
	id uuid primary key,
	user_id uuid not null references public.accounts,
	device text not null default '' check (char_length(device) <= 120),
	started_at timestamptz not null default now(),
	expires_at timestamptz not null default now() + interval '12 hours',
	ended_at timestamptz,
	ended_by uuid references public.persons
);
create index account_sessions_by_user on public.account_sessions (user_id, started_at);

create table public.memberships (
	id uuid primary key,
	person_id uuid not null references public.persons,
	place_id uuid not null references public.places,
	-- Copied from the place, so that policies need no join; null for a district.
	township_id uuid references public.places,
	role public.role_name not null,
	valid_from date not null default private.today(),
	-- The first day it no longer holds.
	valid_to date check (valid_to >= valid_from),
	given_by uuid references public.persons,
	created_at timestamptz not null default now()
);
create index memberships_by_person on public.memberships (person_id);
create index memberships_by_township on public.memberships (township_id, person_id);

create table public.invitations (
	id uuid primary key,
	township_id uuid references public.places,
	place_id uuid not null references public.places,
	role public.role_name not null,
	person_name text not null check (char_length(person_name) between 1 and 40),
	-- An existing person gets one more account; null makes a new person.
	person_id uuid references public.persons,
	created_by uuid not null references public.persons,
	created_at timestamptz not null default now(),
	expires_at timestamptz not null default now() + interval '48 hours',
	used_at timestamptz,
	revoked_at timestamptz
);

-- Only the hash of an invitation's secret is kept, apart from what an administrator may read.
create table private.invitation_secrets (
	invitation_id uuid primary key references public.invitations,
	sha256 bytea not null unique
);

create table private.role_rights (
	role public.role_name not null,
	"right" public.right_name not null,
	primary key (role, "right")
);
insert into private.role_rights (role, "right") values
	('observer', 'see'),
	('field', 'see'), ('field', 'report'),
	('contact', 'see'), ('contact', 'report'),
	('inspector', 'see'), ('inspector', 'report'), ('inspector', 'prove'),
	('planner', 'see'), ('planner', 'report'), ('planner', 'plan'), ('planner', 'prove'),
	('admin', 'see'), ('admin', 'manage'),
	('auditor', 'see'), ('auditor', 'audit');

-- Who is asking, as a person; null when the account is off or the session ended, whatever the
-- token says. So switching somebody off works at the next statement, in every mode.
create function private.my_person() returns uuid
language sql stable security definer set search_path = '' as $$
	select a.person_id
	from public.accounts a
	join public.account_sessions s on s.user_id = a.user_id
	where a.user_id = private.me() and a.ended_at is null
		and s.id = private.session_id() and s.ended_at is null and s.expires_at > now()
$$;

create function private.account_is_on() returns boolean
language sql stable security definer set search_path = '' as $$
	select private.my_person() is not null
$$;

-- The open memberships of whoever asks. Functions below return sets, so that a policy reads
-- `township_id in (select …)`: planned once a statement, not once a row.
create function private.my_memberships() returns setof public.memberships
language sql stable security definer set search_path = '' as $$
	select m.* from public.memberships m
	where m.person_id = private.my_person()
		and m.valid_from <= private.today() and (m.valid_to is null or m.valid_to > private.today())
$$;

create function private.my_districts() returns setof uuid
language sql stable security definer set search_path = '' as $$
	select m.place_id from private.my_memberships() m where m.township_id is null
	union
	select t.parent_id from private.my_memberships() m
	join public.places t on t.id = m.township_id where t.parent_id is not null
$$;

-- Townships that whoever asks may look at: any membership in it, or one in its district.
create function private.my_townships() returns setof uuid
language sql stable security definer set search_path = '' as $$
	select m.township_id from private.my_memberships() m where m.township_id is not null
	union
	select t.id from private.my_memberships() m
	join public.places t on t.parent_id = m.place_id and t.level = 'township'
	where m.township_id is null
$$;

-- Townships (and districts) in which the person holds this right for the whole of it.
create function private.my_places(p_right public.right_name) returns setof uuid
language sql stable security definer set search_path = '' as $$
	with mine as (
		select m.place_id, m.township_id from private.my_memberships() m
		join private.role_rights r on r.role = m.role and r."right" = p_right
	)
	select place_id from mine
	union
	select t.id from mine join public.places t on t.parent_id = mine.place_id
		and t.level = 'township' where mine.township_id is null
$$;

-- May whoever asks do this at this place? A role holds for its place and all below it.
create function private.may(p_right public.right_name, p_place uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	with recursive chain as (
		select p.id, p.parent_id from public.places p where p.id = p_place
		union all
		select p.id, p.parent_id from chain c join public.places p on p.id = c.parent_id
	)
	select exists (
		select from private.my_memberships() m
		join private.role_rights r on r.role = m.role and r."right" = p_right
		where m.place_id in (select id from chain)
	)
$$;

create function private.people_i_see() returns setof uuid
language sql stable security definer set search_path = '' as $$
	select private.my_person()
	union
	select m.person_id from public.memberships m
	where m.township_id in (select private.my_townships())
		or m.place_id in (select private.my_districts())
$$;

-- The right to listen to a live topic is the right to see the township. Asked by the embedded
-- Realtime endpoint and by the policy on realtime.messages alike.
create function private.may_join(p_topic text) returns boolean
language sql stable security definer set search_path = '' as $$
	select case
		when p_topic ~ '^township:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
		then substring(p_topic from 10)::uuid in (select private.my_townships())
		else false
	end
$$;

alter table public.places enable row level security;
create policy "members see the places of their townships" on public.places for select to authenticated
	using (township_id in (select private.my_townships()) or id in (select private.my_districts()));

alter table public.persons enable row level security;
create policy "people see whom they work with" on public.persons for select to authenticated
	using (id in (select private.people_i_see()));

alter table public.accounts enable row level security;
create policy "a person sees own accounts, an administrator those of the place" on public.accounts
	for select to authenticated using (
		person_id = (select private.my_person())
		or person_id in (
			select m.person_id from public.memberships m
			where m.place_id in (select private.my_places('manage'))
				or m.township_id in (select private.my_places('manage'))
		)
	);

alter table public.account_sessions enable row level security;
create policy "sessions are seen by whoever sees the account" on public.account_sessions
	for select to authenticated using (user_id in (select a.user_id from public.accounts a));

alter table public.memberships enable row level security;
create policy "members see the roles in their townships" on public.memberships for select to authenticated
	using (
		person_id = (select private.my_person())
		or township_id in (select private.my_townships())
		or place_id in (select private.my_districts())
	);

alter table public.invitations enable row level security;
create policy "administrators see the invitations of their place" on public.invitations
	for select to authenticated using (
		place_id in (select private.my_places('manage'))
		or township_id in (select private.my_places('manage'))
	);

alter table private.invitation_secrets enable row level security;
alter table private.role_rights enable row level security;
create policy "everybody signed in reads which role may do what" on private.role_rights
	for select to authenticated using (true);
