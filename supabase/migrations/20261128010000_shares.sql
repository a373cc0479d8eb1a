-- Links to a page without an account: a secret in the fragment, exchanged once for a door of two hours.
-- Of the secret only its hash is kept, where no person can read it; a link always ends, and ends at once when it is
-- taken back, when whoever made it no longer plans here, or when the township is closed.

-- What the server prepares and nobody reads: the hash of a secret, a hashed passcode, and what was found in the
-- content before it left. An op takes a seal up by its id, so that neither hash ever stands in a log.
create table private.share_seals (
	township_id uuid not null references public.places,
	id uuid primary key,
	by_person uuid not null references public.persons,
	sha256 bytea unique check (octet_length(sha256) = 32),
	salt bytea check (octet_length(salt) = 16),
	passcode bytea check (octet_length(passcode) = 32),
	-- Each finding with whether it was looked at; and the photos that somebody looked at.
	findings jsonb not null default '[]' check (jsonb_typeof(findings) = 'array' and pg_column_size(findings) <= 60000),
	looked uuid[] not null default '{}' check (cardinality(looked) <= 500),
	at timestamptz not null default now(),
	check ((salt is null) = (passcode is null))
);

create table public.shares (
	township_id uuid not null references public.places,
	id uuid not null,
	-- In the address; says nothing and opens nothing.
	public_id text not null unique check (public_id ~ '^[a-z2-9]{10}$'),
	kind text not null check (kind in ('project', 'unit', 'plan', 'scheme', 'village', 'township', 'meeting')),
	subject_id uuid not null,
	title text not null check (char_length(title) between 1 and 120),
	options jsonb not null default '{}' check (jsonb_typeof(options) = 'object' and pg_column_size(options) <= 4000),
	-- Content as it is when read; otherwise as it was when the link was made.
	live boolean not null default false,
	answers boolean not null default false,
	-- The one photo that a preview card may show to anybody.
	picture uuid,
	findings jsonb not null default '[]' check (pg_column_size(findings) <= 60000),
	looked uuid[] not null default '{}' check (cardinality(looked) <= 500),
	secret_seal uuid not null unique references private.share_seals,
	passcode_seal uuid references private.share_seals,
	expires_at timestamptz not null,
	revoked_at timestamptz,
	revoked_by uuid references public.persons,
	-- owner: taken back. passcode: after fifty wrong ones.
	revoked_why text check (revoked_why in ('owner', 'passcode')),
	note text not null default '' check (char_length(note) <= 300),
	failed_count integer not null default 0,
	locked_until timestamptz,
	opened_count integer not null default 0,
	last_opened_at timestamptz,
	undone_at timestamptz,
	made_by uuid not null references public.persons,
	made_at timestamptz not null default now(),
	changed_at timestamptz not null default now(),
	version integer not null default 1,
	primary key (township_id, id),
	constraint at_most_180_days check (expires_at <= changed_at + interval '180 days 1 hour'),
	check ((revoked_at is null) = (revoked_why is null))
);
create index shares_by_day on public.shares (township_id, made_at desc);

create table private.share_snapshots (
	township_id uuid not null,
	share_id uuid not null,
	content jsonb not null check (pg_column_size(content) <= 2000000),
	at timestamptz not null default now(),
	primary key (township_id, share_id),
	foreign key (township_id, share_id) references public.shares
);

-- Readers are told apart for one link only: the hash is of their cookie and the link.
create table private.share_readers (
	township_id uuid not null,
	share_id uuid not null,
	reader bytea not null check (octet_length(reader) = 32),
	no integer not null,
	last_at timestamptz not null default now(),
	primary key (township_id, share_id, reader),
	foreign key (township_id, share_id) references public.shares
);

create table private.share_doors (
	sha256 bytea primary key check (octet_length(sha256) = 32),
	township_id uuid not null,
	share_id uuid not null,
	-- A new secret or passcode closes the doors of the old one.
	secret_seal uuid not null,
	passcode_seal uuid,
	last_look timestamptz,
	-- Photos of what was read through it, where the content is live.
	photos uuid[] not null default '{}',
	at timestamptz not null default now(),
	expires_at timestamptz not null default now() + interval '2 hours',
	foreign key (township_id, share_id) references public.shares
);

-- What the owner is shown: when, which reader (a number), on what kind of device. No address is kept.
create table public.share_looks (
	township_id uuid not null,
	id uuid not null,
	share_id uuid not null,
	at timestamptz not null default clock_timestamp(),
	what text not null check (what in ('opened', 'wrong', 'locked', 'revoked')),
	reader integer,
	device text not null default '' check (char_length(device) <= 40),
	primary key (township_id, id),
	foreign key (township_id, share_id) references public.shares
);
create index looks_by_share on public.share_looks (township_id, share_id, at desc);

do $$
declare t text;
begin
	foreach t in array array['public.shares', 'public.share_looks', 'private.share_seals', 'private.share_snapshots', 'private.share_readers', 'private.share_doors'] loop
		execute format('alter table %s enable row level security', t);
		execute format('create trigger never_truncated before truncate on %s for each statement execute function private.guard_append_only()', t);
	end loop;
	foreach t in array array['public.share_looks', 'private.share_seals', 'private.share_snapshots'] loop
		execute format('create trigger append_only before update or delete on %s for each row execute function private.guard_append_only()', t);
	end loop;
	foreach t in array array['shares', 'share_looks'] loop
		execute format('create policy "those who plan or audit the township see its links" on public.%I for select to authenticated
			using (township_id in (select private.my_places(''plan'')) or township_id in (select private.my_places(''audit'')))', t);
	end loop;
end
$$;
create policy "what the log says of links is for those who see them" on public.events
	as restrictive for select to authenticated using (
		subject_kind <> 'share' or township_id in (select private.my_places('plan')) or township_id in (select private.my_places('audit'))
	);

-- ── what ends a link ─────────────────────────────────────────────────────────────────────────────

-- Does this person plan the whole township today, with an account that is on?
create function private.plans_there(p_person uuid, t uuid) returns boolean
language sql stable set search_path = '' as $$
	select exists (
			select from public.memberships m join private.role_rights r on r.role = m.role and r."right" = 'plan'
			where m.person_id = p_person and (m.place_id = t or m.place_id = (select parent_id from public.places where id = t))
				and m.valid_from <= private.today() and (m.valid_to is null or m.valid_to > private.today()))
		and exists (select from public.accounts a where a.person_id = p_person and a.ended_at is null)
$$;

create function private.share_is_open(s public.shares) returns boolean
language sql stable set search_path = '' as $$
	select s.revoked_at is null and s.expires_at > clock_timestamp() and private.plans_there(s.made_by, s.township_id)
		and exists (select from public.places p left join public.places d on d.id = p.parent_id
			where p.id = s.township_id and p.archived_at is null and d.archived_at is null)
$$;

-- The link behind a door, or one refusal for everything: unknown, ended, taken back, closed, wrong.
create function private.share_by_door(p_public_id text, p_door text) returns public.shares
language plpgsql stable set search_path = '' as $$
declare
	s public.shares;
begin
	select x.* into s from private.share_doors d join public.shares x on x.township_id = d.township_id and x.id = d.share_id
	where d.sha256 = sha256(convert_to(coalesce(p_door, ''), 'UTF8')) and d.expires_at > clock_timestamp()
		and x.public_id = p_public_id and d.secret_seal = x.secret_seal and d.passcode_seal is not distinct from x.passcode_seal;
	if s.id is null or not private.share_is_open(s) then perform private.refuse('share_closed'); end if;
	return s;
end
$$;

-- ── the server's own entrance ────────────────────────────────────────────────────────────────────

-- {township_id, person, id, sha256?, salt?, passcode?, findings?, looked?}: the person was identified by the server.
create function public.share_seal(p jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
begin
	if not private.plans_there((p ->> 'person')::uuid, (p ->> 'township_id')::uuid) then perform private.refuse('not_allowed', 'plan'); end if;
	insert into private.share_seals (township_id, id, by_person, sha256, salt, passcode, findings, looked)
	values ((p ->> 'township_id')::uuid, (p ->> 'id')::uuid, (p ->> 'person')::uuid, decode(p ->> 'sha256', 'hex'),
		decode(p ->> 'salt', 'hex'), decode(p ->> 'passcode', 'hex'), coalesce(p -> 'findings', '[]'),
		array(select value::uuid from jsonb_array_elements_text(coalesce(p -> 'looked', '[]'))));
	return jsonb_build_object('id', p -> 'id');
end
$$;

-- Salt with which a passcode is hashed before it is compared; for a link that is unknown or has none another one,
-- so that the same work is done for all.
create function public.share_salt(p_public_id text) returns text
language sql stable security definer set search_path = '' as $$
	select coalesce((select encode(k.salt, 'hex') from public.shares s join private.share_seals k on k.id = s.passcode_seal
		where s.public_id = p_public_id), left(encode(sha256(convert_to('salt ' || coalesce(p_public_id, ''), 'UTF8')), 'hex'), 32))
$$;

-- {public_id, sha256, passcode?, door, reader, device}: all hashes in hex. The outcome is for the server alone; whoever
-- asks is told only whether it opened. Nothing is raised, so that what was counted stays counted.
create function public.share_open(p jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
	s public.shares;
	n private.share_readers;
	v_what text;
	v_device text := left(private.text_of(p, 'device'), 40);
begin
	select x.* into s from public.shares x join private.share_seals k on k.id = x.secret_seal
	where x.public_id = p ->> 'public_id' and k.sha256 = decode(p ->> 'sha256', 'hex') for update of x;
	if s.id is null or not private.share_is_open(s) then return '{"outcome": "closed"}'; end if;
	if s.passcode_seal is not null then
		if p ->> 'passcode' is null then return '{"outcome": "no_passcode"}'; end if;
		if (select k.passcode from private.share_seals k where k.id = s.passcode_seal) is distinct from decode(p ->> 'passcode', 'hex') then
			s.failed_count := s.failed_count + 1;
			v_what := case when s.failed_count >= 50 then 'revoked' when s.failed_count % 10 = 0 then 'locked' else 'wrong' end;
			update public.shares set failed_count = s.failed_count,
				locked_until = case when v_what = 'locked' then clock_timestamp() + interval '15 minutes' else locked_until end,
				revoked_at = case when v_what = 'revoked' then clock_timestamp() end,
				revoked_why = case when v_what = 'revoked' then 'passcode' end,
				version = version + case when v_what = 'wrong' then 0 else 1 end
			where township_id = s.township_id and id = s.id;
			insert into public.share_looks (township_id, id, share_id, what, device) values (s.township_id, private.new_id(), s.id, v_what, v_device);
			if v_what <> 'wrong' then
				perform private.log(s.township_id, 'share.' || v_what, 'share', s.id, jsonb_build_object('failed', s.failed_count));
				perform private.hint(s.township_id, 'share', s.id, s.version + 1);
			end if;
			return jsonb_build_object('outcome', v_what);
		end if;
		if s.locked_until > clock_timestamp() then return '{"outcome": "locked"}'; end if;
	end if;
	insert into private.share_readers (township_id, share_id, reader, no, last_at)
	values (s.township_id, s.id, decode(p ->> 'reader', 'hex'),
		1 + (select count(*) from private.share_readers r where r.township_id = s.township_id and r.share_id = s.id), '-infinity')
	on conflict do nothing;
	select * into n from private.share_readers where township_id = s.township_id and share_id = s.id and reader = decode(p ->> 'reader', 'hex');
	update private.share_readers set last_at = clock_timestamp() where township_id = s.township_id and share_id = s.id and reader = n.reader;
	insert into private.share_doors (sha256, township_id, share_id, secret_seal, passcode_seal, last_look, expires_at)
	values (decode(p ->> 'door', 'hex'), s.township_id, s.id, s.secret_seal, s.passcode_seal, nullif(n.last_at, '-infinity'),
		least(s.expires_at, clock_timestamp() + interval '2 hours'));
	insert into public.share_looks (township_id, id, share_id, what, reader, device)
	values (s.township_id, private.new_id(), s.id, 'opened', n.no, v_device);
	update public.shares set opened_count = opened_count + 1, last_opened_at = clock_timestamp() where township_id = s.township_id and id = s.id;
	return '{"outcome": "opened"}';
end
$$;

-- Live content shows only photos that somebody looked at before they left.
create function private.only_looked(p_content jsonb, p_looked uuid[]) returns jsonb
language sql immutable set search_path = '' as $$
	select case when jsonb_typeof(p_content -> 'photos') = 'array' then jsonb_set(p_content, '{photos}', coalesce((
		select jsonb_agg(x order by n) from jsonb_array_elements(p_content -> 'photos') with ordinality e(x, n)
		where (x ->> 'id')::uuid = any (p_looked)), '[]')) else p_content end
$$;

create function private.photos_in(p_content jsonb) returns uuid[]
language sql immutable set search_path = '' as $$
	select array(select (x ->> 'id')::uuid from jsonb_array_elements(
		case when jsonb_typeof(p_content -> 'photos') = 'array' then p_content -> 'photos' else '[]' end) x)
$$;

-- Texts in which an identity or bank number stands, however it is written (private.find_personal).
create function private.personal_texts(p_content jsonb) returns setof text
language plpgsql immutable set search_path = '' as $$
begin
	return query select distinct x.v #>> '{}' from jsonb_path_query(p_content, '$.** ? (@.type() == "string")') x(v)
	where char_length(x.v #>> '{}') >= 15 and x.v #>> '{}' !~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
		and private.holds_personal(x.v #>> '{}', 'id', 'bank');
end
$$;

create function public.share_read(p_public_id text, p_door text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
	s public.shares := private.share_by_door(p_public_id, p_door);
	d private.share_doors;
	content jsonb;
	taken timestamptz;
	v text;
begin
	select * into d from private.share_doors where sha256 = sha256(convert_to(p_door, 'UTF8'));
	if s.live then
		content := private.only_looked(private.share_content(s.township_id, s.kind, s.subject_id, s.options), s.looked);
		-- What the page is about is gone.
		if content is null then perform private.refuse('share_closed'); end if;
		-- Nobody looked at what was written since.
		for v in select * from private.personal_texts(content) loop
			content := replace(content::text, to_json(v)::text, '"••••••"')::jsonb;
		end loop;
		if d.photos is distinct from private.photos_in(content) then
			update private.share_doors set photos = private.photos_in(content) where sha256 = d.sha256;
		end if;
	else
		select x.content, x.at into content, taken from private.share_snapshots x where x.township_id = s.township_id and x.share_id = s.id;
	end if;
	return jsonb_build_object(
		'share', jsonb_build_object('publicId', s.public_id, 'title', s.title, 'kind', s.kind, 'subjectId', s.subject_id, 'live', s.live,
			'answers', s.answers, 'expiresAt', s.expires_at, 'snapshotAt', taken,
			'demo', (select demo from public.places where id = s.township_id),
			'townshipName', (select name from public.places where id = s.township_id)),
		'content', content, 'lastLook', d.last_look);
end
$$;

-- Which file: only photos of the content, and of each the newest copy with parts covered, also where it was covered after
-- the link was made. Null for every other.
create function private.share_file(s public.shares, p_allowed uuid[], p_photo uuid) returns jsonb
language sql stable set search_path = '' as $$
	select jsonb_build_object('townshipId', s.township_id, 'id', v.id, 'sha256', v.sha256)
	from public.photos o join public.photos v on v.township_id = o.township_id and v.id = private.photo_shown(o.township_id, coalesce(o.redacted_of, o.id))
	where o.township_id = s.township_id and o.id = p_photo and p_photo = any (p_allowed)
$$;

create function public.share_photo(p_public_id text, p_door text, p_photo uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	s public.shares := private.share_by_door(p_public_id, p_door);
begin
	return private.share_file(s, case when s.live
		then (select d.photos from private.share_doors d where d.sha256 = sha256(convert_to(p_door, 'UTF8')))
		else (select private.photos_in(x.content) from private.share_snapshots x where x.township_id = s.township_id and x.share_id = s.id) end, p_photo);
end
$$;

-- The picture that its owner allows on preview cards; null for everything else.
create function public.share_card(p_public_id text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.share_file(s, s.looked, s.picture) from public.shares s where s.public_id = p_public_id and private.share_is_open(s)
$$;

-- ── ops ──────────────────────────────────────────────────────────────────────────────────────────

-- Ten of 32 signs without those that look alike; bytes 6 and 8 of a UUID are not random.
create function private.new_public_id() returns text
language sql volatile set search_path = '' as $$
	select string_agg(substr('abcdefghijkmnpqrstuvwxyz23456789', 1 + (get_byte(u.b, i) & 31), 1), '' order by i)
	from (select uuid_send(gen_random_uuid()) as b) u, unnest(array[0, 1, 2, 3, 4, 5, 9, 10, 11, 12]) i
$$;

create function private.share_subject(t uuid, k text, subject uuid) returns boolean
language sql stable set search_path = '' as $$
	select case k
		when 'project' then exists (select from public.projects where township_id = t and id = subject)
		when 'unit' then exists (select from public.scenic_units where township_id = t and id = subject)
		when 'plan' then exists (select from public.plans where township_id = t and id = subject)
		when 'scheme' then exists (select from public.schemes where township_id = t and id = subject)
		when 'village' then exists (select from public.places where township_id = t and id = subject and level = 'village' and archived_at is null)
		when 'township' then subject = t
		when 'meeting' then exists (select from public.meetings where township_id = t and id = subject)
		else false end
$$;

create function private.share_for(t uuid, target uuid, base integer default null) returns public.shares
language plpgsql set search_path = '' as $$
declare
	s public.shares;
begin
	perform private.need('plan', t);
	select * into s from public.shares where township_id = t and id = target for update;
	if s.id is null then return null; end if;
	perform private.check_version(s.version, base, to_jsonb(s));
	return s;
end
$$;

-- Until when: so many days from now, never more than 180.
create function private.share_end(p jsonb) returns timestamptz
language plpgsql stable set search_path = '' as $$
begin
	if ((p ->> 'days')::integer between 1 and 180) is not true then perform private.refuse('bad_value', 'days'); end if;
	return now() + make_interval(days => (p ->> 'days')::integer);
end
$$;

create function private.op_share_create(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	k private.share_seals;
	content jsonb;
	v_end timestamptz := private.share_end(p);
	v_public text := private.new_public_id();
begin
	perform private.need('plan', t);
	select * into k from private.share_seals where id = (p ->> 'seal')::uuid and township_id = t and by_person = private.my_person() and sha256 is not null;
	if k.id is null then perform private.refuse('not_looked_at', 'seal'); end if;
	if private.share_subject(t, p ->> 'kind', (p ->> 'subject')::uuid) is not true then return null; end if;
	content := private.share_content(t, p ->> 'kind', (p ->> 'subject')::uuid, coalesce(p -> 'options', '{}'));
	if content is null then perform private.refuse('bad_value', 'subject'); end if;
	-- What came after the look is not let out with it.
	if not private.photos_in(content) <@ k.looked then perform private.refuse('not_looked_at', 'photos'); end if;
	if exists (select from private.personal_texts(content || jsonb_build_object('share', p -> 'title'))) then perform private.refuse('personal_numbers'); end if;
	if (p ->> 'picture') is not null and not (p ->> 'picture')::uuid = any (private.photos_in(content)) then perform private.refuse('bad_value', 'picture'); end if;
	insert into public.shares (township_id, id, public_id, kind, subject_id, title, options, live, answers, picture, findings, looked,
		secret_seal, passcode_seal, expires_at, made_by)
	values (t, target, v_public, p ->> 'kind', (p ->> 'subject')::uuid, private.text_of(p, 'title'), coalesce(p -> 'options', '{}'),
		coalesce((p ->> 'live')::boolean, false), coalesce((p ->> 'answers')::boolean, false), (p ->> 'picture')::uuid, k.findings, k.looked,
		k.id, case when k.passcode is not null then k.id end, v_end, private.my_person());
	if not coalesce((p ->> 'live')::boolean, false) then
		insert into private.share_snapshots (township_id, share_id, content) values (t, target, content);
	end if;
	return jsonb_build_object('id', target, 'kind', 'share', 'publicId', v_public,
		'did', jsonb_build_object('expires_at', v_end, 'public_id', v_public, 'passcode', k.passcode is not null));
end
$$;

-- Shorter or longer, a new secret, a new passcode or none, answers, the card's picture, photos looked at since. What is
-- shown stays.
create function private.op_share_edit(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.shares := private.share_for(t, target, base);
	v_secret uuid := s.secret_seal;
	v_passcode uuid := s.passcode_seal;
	v_looked uuid[];
begin
	if s.id is null then return null; end if;
	if s.revoked_at is not null then perform private.refuse('share_closed'); end if;
	if p ? 'secret' then
		v_secret := (select id from private.share_seals where id = (p ->> 'secret')::uuid and township_id = t and by_person = private.my_person() and sha256 is not null);
		if v_secret is null then perform private.refuse('bad_value', 'secret'); end if;
	end if;
	if p ? 'passcode' then
		v_passcode := (select id from private.share_seals where id = (p ->> 'passcode')::uuid and township_id = t and by_person = private.my_person() and passcode is not null);
		if v_passcode is null and p ->> 'passcode' is not null then perform private.refuse('bad_value', 'passcode'); end if;
	end if;
	v_looked := array(select distinct x from unnest(s.looked || array(
		select value::uuid from jsonb_array_elements_text(coalesce(p -> 'looked', '[]')))) x);
	if p ->> 'picture' is not null and not (p ->> 'picture')::uuid = any (v_looked) then perform private.refuse('bad_value', 'picture'); end if;
	update public.shares set
		title = case when p ? 'title' then private.text_of(p, 'title') else s.title end,
		expires_at = case when p ? 'days' then private.share_end(p) else s.expires_at end,
		changed_at = case when p ? 'days' then now() else s.changed_at end,
		answers = coalesce((p ->> 'answers')::boolean, s.answers),
		picture = case when p ? 'picture' then (p ->> 'picture')::uuid else s.picture end,
		looked = v_looked,
		secret_seal = v_secret, passcode_seal = v_passcode,
		failed_count = case when p ? 'passcode' then 0 else s.failed_count end,
		locked_until = case when p ? 'passcode' then null else s.locked_until end,
		version = s.version + 1
	where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'share', 'version', s.version + 1);
end
$$;

create function private.op_share_revoke(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.shares := private.share_for(t, target);
begin
	if s.id is null then return null; end if;
	if s.revoked_at is not null then perform private.refuse('share_closed'); end if;
	update public.shares set revoked_at = clock_timestamp(), revoked_by = private.my_person(), revoked_why = 'owner',
		note = private.text_of(p, 'note'), version = s.version + 1
	where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'share', 'version', s.version + 1);
end
$$;

-- Everything done through a link is undone by link: what readers left is marked withdrawn by its own room.
create function private.op_share_undo(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.shares := private.share_for(t, target);
	n integer := 0;
begin
	if s.id is null then return null; end if;
	if to_regprocedure('private.withdraw_by_share(uuid, uuid)') is not null then
		execute 'select private.withdraw_by_share($1, $2)' into n using t, target;
	end if;
	update public.shares set undone_at = now(), answers = false, version = s.version + 1 where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'share', 'version', s.version + 1, 'no', n, 'did', jsonb_build_object('withdrawn', n));
end
$$;

-- ── reading ──────────────────────────────────────────────────────────────────────────────────────

-- The links of a township with the last things that happened to each.
create function public.shares_page(p_township uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('now', now(), 'shares', coalesce((select jsonb_agg(jsonb_build_object(
			'id', s.id, 'publicId', s.public_id, 'kind', s.kind, 'subjectId', s.subject_id, 'title', s.title, 'options', s.options, 'live', s.live,
			'answers', s.answers, 'picture', s.picture, 'passcode', s.passcode_seal is not null, 'findings', s.findings, 'looked', to_jsonb(s.looked),
			'expiresAt', s.expires_at, 'revokedAt', s.revoked_at, 'revokedWhy', s.revoked_why, 'note', s.note,
			'failed', s.failed_count, 'lockedUntil', case when s.locked_until > now() then s.locked_until end,
			'opened', s.opened_count, 'lastOpenedAt', s.last_opened_at, 'undoneAt', s.undone_at,
			'madeBy', s.made_by, 'madeByName', private.name_of(s.made_by), 'madeAt', s.made_at, 'version', s.version,
			'open', private.share_is_open(s),
			'readers', (select count(*) from private.share_readers r where r.township_id = p_township and r.share_id = s.id),
			'looks', coalesce((select jsonb_agg(jsonb_build_object('at', l.at, 'what', l.what, 'reader', l.reader, 'device', l.device) order by l.at desc)
				from (select * from public.share_looks x where x.township_id = p_township and x.share_id = s.id order by x.at desc limit 30) l), '[]')
		) order by s.made_at desc, s.id)
		from (select * from public.shares x where x.township_id = p_township order by x.made_at desc limit 200) s), '[]'))
	where p_township in (select private.my_places('plan')) or p_township in (select private.my_places('audit'))
$$;

insert into private.op_kinds (kind, fn)
select k, 'op_' || replace(k, '.', '_') from unnest(array['share.create', 'share.edit', 'share.revoke', 'share.undo']) k;
insert into private.offers (signature, to_role) values ('public.shares_page(uuid)', 'authenticated');
insert into private.offers (signature, to_role)
select s, 'service_role' from unnest(array['public.share_seal(jsonb)', 'public.share_salt(text)', 'public.share_open(jsonb)',
	'public.share_read(text, text)', 'public.share_photo(text, text, uuid)', 'public.share_card(text)']) s;
select private.apply_privileges();
