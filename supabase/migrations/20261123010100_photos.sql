-- Photos as evidence. The file that came is kept privately and never replaced; what it claims (EXIF) is
-- kept beside it as claims; every copy that is shown is made by the server. A row here is never changed.

create type public.photo_role as enum ('before', 'after', 'check', 'other');

create table public.photos (
	township_id uuid not null references public.places,
	id uuid not null,
	-- Of the file as it came, and of its upright pixels: one photo can arrive with different bytes.
	sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
	pixels_sha256 text not null check (pixels_sha256 ~ '^[0-9a-f]{64}$'),
	-- Perceptual hashes: the whole picture first, then views without an edge. Empty for a flat picture,
	-- which looks like every other flat picture.
	hashes bigint[] not null default '{}' check (cardinality(hashes) <= 16),
	-- The hashes cut in three, each piece with its place: pictures that look alike share one (see photo_probes).
	bands integer[] not null default '{}' check (cardinality(bands) <= 64),
	format text not null check (format in ('jpeg', 'png', 'webp')),
	bytes integer not null check (bytes between 1 and 26214400),
	-- Upright.
	width integer not null check (width between 1 and 65535),
	height integer not null check (height between 1 and 65535),
	by_person uuid not null references public.persons,
	at timestamptz not null default now(),
	-- The photo as it came, of which this one is a copy with parts burnt over.
	redacted_of uuid,
	primary key (township_id, id),
	foreign key (township_id, redacted_of) references public.photos,
	check (redacted_of <> id)
);
create index photos_by_bytes on public.photos (township_id, sha256);
create index photos_by_pixels on public.photos (township_id, pixels_sha256);
create index photos_redacted on public.photos (township_id, redacted_of) where redacted_of is not null;
create index photos_alike on public.photos using gin (bands) with (fastupdate = off);

-- What the file says of itself. Anybody can write anything there: a clue for the reviewer, never a proof.
create table public.photo_claims (
	township_id uuid not null,
	photo_id uuid not null,
	taken_at text check (char_length(taken_at) <= 40),
	lon double precision check (lon between -180 and 180),
	lat double precision check (lat between -90 and 90),
	accuracy real check (accuracy >= 0),
	bearing real check (bearing between 0 and 360),
	camera text check (char_length(camera) <= 120),
	software text check (char_length(software) <= 120),
	primary key (township_id, photo_id),
	foreign key (township_id, photo_id) references public.photos
);

create table public.photo_links (
	township_id uuid not null,
	photo_id uuid not null,
	step_id uuid not null,
	round integer not null,
	role public.photo_role not null,
	by_person uuid not null references public.persons,
	at timestamptz not null default now(),
	primary key (township_id, step_id, photo_id),
	foreign key (township_id, photo_id) references public.photos,
	foreign key (township_id, step_id) references public.steps
);
create index photo_links_by_photo on public.photo_links (township_id, photo_id);

-- Which photos are the same or look the same, found once when the later one arrives; both ways.
create table private.photo_twins (
	township_id uuid not null,
	photo_id uuid not null,
	other_id uuid not null,
	kind text not null check (kind in ('same_file', 'same_pixels', 'like')),
	distance integer not null check (distance between 0 and 64),
	primary key (township_id, photo_id, other_id),
	foreign key (township_id, photo_id) references public.photos,
	foreign key (township_id, other_id) references public.photos
);

alter table public.photos enable row level security;
create policy "makers, reviewers and auditors see the files" on public.photos for select to authenticated
	using (township_id in (select private.my_townships()) and (by_person = (select private.my_person())
		or township_id in (select private.my_places('prove')) or township_id in (select private.my_places('audit'))));
alter table public.photo_claims enable row level security;
create policy "reviewers and auditors see what files claim" on public.photo_claims for select to authenticated
	using (township_id in (select private.my_places('prove')) or township_id in (select private.my_places('audit')));
alter table public.photo_links enable row level security;
create policy "members see which photo belongs where" on public.photo_links for select to authenticated
	using (township_id in (select private.my_townships()));
alter table private.photo_twins enable row level security;
do $$
declare t text;
begin
	foreach t in array array['public.photos', 'public.photo_claims', 'public.photo_links', 'private.photo_twins'] loop
		execute format('create trigger append_only before update or delete on %s for each row execute function private.guard_append_only()', t);
		execute format('create trigger never_truncated before truncate on %s for each statement execute function private.guard_append_only()', t);
	end loop;
end
$$;

-- ── pictures that look alike ─────────────────────────────────────────────────────────────────────

-- 63 of the 64 bits are cut into three pieces of 21, each with its place, and once more apart for the whole
-- picture. (Shifts and | bind alike: hence the brackets.)
create function private.photo_bands(p_hashes bigint[]) returns integer[]
language sql immutable set search_path = '' as $$
	select coalesce(array_agg(distinct (w << 23) | (b << 21) | ((h.hash >> (b * 21)) & 2097151)::integer), '{}')
	from unnest(p_hashes) with ordinality h(hash, n), generate_series(0, 2) b,
		(values (0), (1)) whole(w)
	where w = 0 or h.n = 1
$$;

-- The pieces to look for: those of a hash and all that differ from one in a single bit. Of three pieces one
-- differs by at most one bit wherever two hashes differ by at most 5, and mostly up to 7. The whole picture is
-- looked for among all views, the views among whole pictures: whichever of the two was cut.
create function private.photo_probes(p_hashes bigint[]) returns integer[]
language sql immutable set search_path = '' as $$
	select array_agg(distinct (case when h.n = 1 then 0 else 1 << 23 end) | (b << 21)
		| (((h.hash >> (b * 21)) & 2097151)::integer # flip))
	from unnest(p_hashes) with ordinality h(hash, n), generate_series(0, 2) b,
		(select 0 as flip union all select 1 << i from generate_series(0, 20) i) f
$$;

-- A redacted copy is no twin of its own original.
-- The planner must not weigh the pieces of one picture: with them known it reads the whole township (7 s at
-- 20,000 photos), without them it asks the index (10 ms).
create function private.find_twins(p public.photos) returns void
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
	-- Bits out of 64; chosen by measuring (tests/node/photos.test.ts).
	near constant integer := 7;
	-- Worked out once: inside the query they would be again for every row that is checked.
	probes integer[] := private.photo_probes(p.hashes);
begin
	insert into private.photo_twins (township_id, photo_id, other_id, kind, distance)
	with near_by as materialized (
		select o.id, o.township_id, o.redacted_of, o.hashes from public.photos o
		where o.bands operator(pg_catalog.&&) probes
	), found as (
		(select o.id, o.redacted_of, 'same_file' as kind, 0 as distance from public.photos o
		where o.township_id = p.township_id and o.sha256 = p.sha256 order by o.id limit 50)
		union all
		(select o.id, o.redacted_of, 'same_pixels', 0 from public.photos o
		where o.township_id = p.township_id and o.pixels_sha256 = p.pixels_sha256 order by o.id limit 50)
		union all
		(select o.id, o.redacted_of, 'like', d.distance
		from near_by o, lateral (
			-- One of the two is the whole picture; the other may have lost an edge.
			select least(
				(select min(bit_count(int8send(p.hashes[1] # h))) from unnest(o.hashes) h),
				(select min(bit_count(int8send(o.hashes[1] # h))) from unnest(p.hashes) h))::integer as distance
		) d
		where o.township_id = p.township_id and d.distance <= near
		order by d.distance, o.id limit 20)
	), best as (
		select distinct on (id) id, kind, distance from found
		where id <> p.id and coalesce(redacted_of, id) <> coalesce(p.redacted_of, p.id)
		order by id, array_position(array['same_file', 'same_pixels', 'like'], kind)
	)
	select p.township_id, x.a, x.b, best.kind, best.distance from best,
	lateral (values (p.id, best.id), (best.id, p.id)) x(a, b)
	on conflict do nothing;
end
$$;

-- ── the server's own entrance ────────────────────────────────────────────────────────────────────

-- Does this person hold the right anywhere in the township (or above it)?
create function private.holds(p_person uuid, p_right public.right_name, t uuid) returns boolean
language sql stable set search_path = '' as $$
	select exists (
		select from public.memberships m join private.role_rights r on r.role = m.role and r."right" = p_right
		where m.person_id = p_person
			and (m.township_id = t or m.place_id = (select parent_id from public.places where id = t))
			and m.valid_from <= private.today() and (m.valid_to is null or m.valid_to > private.today()))
$$;

-- Asked before anything is decoded: may this person send photos here, and is this one here already?
create function public.photo_known(p_township uuid, p_id uuid, p_person uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
	if not private.holds(p_person, 'report', p_township) then perform private.refuse('not_allowed', 'report'); end if;
	return (select jsonb_build_object('id', id, 'sha256', sha256, 'width', width, 'height', height)
		from public.photos where township_id = p_township and id = p_id);
end
$$;

-- Keeps what the server measured. The person was identified by the server; the right is asked again here.
create function public.photo_put(p jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
	n public.photos;
	o public.photos;
	c jsonb := coalesce(p -> 'claims', '{}');
begin
	n.township_id := (p ->> 'township_id')::uuid;
	n.id := (p ->> 'id')::uuid;
	n.by_person := (p ->> 'person')::uuid;
	if not private.holds(n.by_person, 'report', n.township_id) then perform private.refuse('not_allowed', 'report'); end if;
	n.sha256 := p ->> 'sha256';
	-- Two arrivals of one photo at once wait for each other here.
	perform pg_advisory_xact_lock(hashtextextended(n.township_id::text || n.id::text, 12));
	select * into o from public.photos where township_id = n.township_id and id = n.id;
	if o.id is not null and o.sha256 <> n.sha256 then perform private.refuse('id_reused', o.sha256); end if;
	if o.id is null then
		n.pixels_sha256 := p ->> 'pixels_sha256';
		n.hashes := array(select ('x' || value)::bit(64)::bigint from jsonb_array_elements_text(coalesce(p -> 'hashes', '[]')));
		n.bands := private.photo_bands(n.hashes);
		n.format := p ->> 'format';
		n.bytes := (p ->> 'bytes')::integer;
		n.width := (p ->> 'width')::integer;
		n.height := (p ->> 'height')::integer;
		n.at := now();
		-- The copy of a copy is a copy of what came.
		n.redacted_of := (select coalesce(redacted_of, id) from public.photos
			where township_id = n.township_id and id = (p ->> 'redacted_of')::uuid);
		if p ->> 'redacted_of' is not null and n.redacted_of is null then perform private.refuse('no_such_photo'); end if;
		insert into public.photos select n.*;
		insert into public.photo_claims (township_id, photo_id, taken_at, lon, lat, accuracy, bearing, camera, software)
		values (n.township_id, n.id, left(c ->> 'takenAt', 40), (c ->> 'lon')::double precision, (c ->> 'lat')::double precision,
			(c ->> 'accuracy')::real, (c ->> 'bearing')::real, left(c ->> 'camera', 120), left(c ->> 'software', 120));
		perform private.find_twins(n);
		-- The hash of the file goes into the chain: a file exchanged on the disk is found.
		perform private.log(n.township_id, case when n.redacted_of is null then 'photo.put' else 'photo.redact' end, 'photo', n.id,
			jsonb_strip_nulls(jsonb_build_object('sha256', n.sha256, 'by', n.by_person, 'redacted_of', n.redacted_of)));
		o := n;
	end if;
	return jsonb_build_object('id', o.id, 'sha256', o.sha256, 'width', o.width, 'height', o.height,
		'redactedOf', o.redacted_of);
end
$$;

-- ── photos of a step ─────────────────────────────────────────────────────────────────────────────

-- False while one of them has not arrived. A photo belongs to whoever took it until it is attached; then
-- it stays where it is.
create function private.attach_photos(t uuid, s public.steps, p_role text, p_ids jsonb) returns boolean
language plpgsql set search_path = '' as $$
declare
	me uuid := private.my_person();
	ids uuid[];
begin
	if p_ids is null or p_ids = 'null' then return true; end if;
	if jsonb_typeof(p_ids) <> 'array' then perform private.refuse('bad_value', 'photos'); end if;
	if jsonb_array_length(p_ids) > 9 then perform private.refuse('too_many_photos', '9'); end if;
	ids := array(select distinct value::uuid from jsonb_array_elements_text(p_ids));
	if exists (select from public.photos where township_id = t and id = any (ids) and by_person <> me) then
		perform private.refuse('not_your_photo');
	end if;
	if (select count(*) from public.photos where township_id = t and id = any (ids)) < cardinality(ids) then
		return false;
	end if;
	insert into public.photo_links (township_id, photo_id, step_id, round, role, by_person)
	select t, x, s.id, s.round, p_role::public.photo_role, me from unnest(ids) x
	on conflict do nothing;
	return true;
end
$$;

-- What members see of a photo: the newest redacted copy once there is one.
create function private.photo_shown(t uuid, p_photo uuid) returns uuid
language sql stable set search_path = '' as $$
	select coalesce((select id from public.photos where township_id = t and redacted_of = p_photo
		order by at desc, id desc limit 1), p_photo)
$$;

-- Called once a task for a whole phone's day: what is seldom there is asked for last.
create function private.photos_json(t uuid, p_step uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	place uuid;
	reviews boolean := false;
	audits boolean := false;
begin
	if not exists (select from public.photo_links where township_id = t and step_id = p_step) then return '[]'; end if;
	if not t in (select private.my_townships()) then return '[]'; end if;
	if exists (
		select from public.photo_links l where l.township_id = t and l.step_id = p_step and (
			exists (select from private.photo_twins w where w.township_id = t and w.photo_id = l.photo_id)
			or exists (select from public.photos r where r.township_id = t and r.redacted_of = l.photo_id)
			or exists (select from public.photo_links m where m.township_id = t and m.photo_id = l.photo_id and m.step_id <> p_step))
	) then
		select coalesce(village_id, t) into place from public.steps where township_id = t and id = p_step;
		reviews := private.may('prove', place);
		audits := private.may('audit', place);
	end if;
	return (
		select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
			'id', v.id, 'role', l.role, 'round', l.round, 'at', l.at, 'by', w.name, 'width', v.width, 'height', v.height,
			'redacted', v.id <> l.photo_id,
			'originalId', case when v.id <> l.photo_id and (reviews or audits) then l.photo_id end,
			'twins', case when reviews then private.twins_json(t, p_step, l.photo_id) end)) order by l.at, l.photo_id)
		from public.photo_links l
		join public.photos v on v.township_id = t and v.id = private.photo_shown(t, l.photo_id)
		join public.persons w on w.id = l.by_person
		where l.township_id = t and l.step_id = p_step);
end
$$;

-- Where else this photo, or one like it, is used; the photo of the same step counts too (an after
-- that is its own before).
create function private.twins_json(t uuid, p_step uuid, p_photo uuid) returns jsonb
language sql stable set search_path = '' as $$
	select jsonb_agg(jsonb_build_object('photo', private.photo_shown(t, x.other_id), 'taskId', x.step_id, 'kind', x.kind)
		order by array_position(array['same_file', 'same_pixels', 'like'], x.kind), x.step_id, x.other_id)
	from (
		select l.photo_id as other_id, l.step_id, 'same_file' as kind from public.photo_links l
		where l.township_id = t and l.photo_id = p_photo and l.step_id <> p_step
		union all
		(select w.other_id, l.step_id, w.kind from private.photo_twins w
		join public.photo_links l on l.township_id = t and l.photo_id = w.other_id
		where w.township_id = t and w.photo_id = p_photo
		order by w.distance, w.other_id limit 20)
	) x
$$;

-- The places (a village, or the township) of what a photo belongs to.
create function private.photo_places(t uuid, p_photo uuid) returns setof uuid
language sql stable set search_path = '' as $$
	select distinct coalesce(s.village_id, t) from public.photo_links l
	join public.steps s on s.township_id = l.township_id and s.id = l.step_id
	where l.township_id = t and l.photo_id = p_photo
$$;

-- Which file to hand out: {id, sha256, type} of what whoever asks may see, nothing otherwise; one
-- answer for unknown, foreign and not allowed. `p_use`: small, large, original or redact.
create function public.photo_file(p_township uuid, p_photo uuid, p_use text) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	me uuid := private.my_person();
	o public.photos;
	r public.photos;
	root public.photos;
	reviews boolean;
	linked boolean;
begin
	if me is null or not p_township in (select private.my_townships()) then return null; end if;
	select * into o from public.photos where township_id = p_township and id = p_photo;
	if o.id is null then return null; end if;
	select * into root from public.photos where township_id = p_township and id = coalesce(o.redacted_of, o.id);
	select count(*) > 0, coalesce(bool_or(private.may('prove', x.place) or private.may('audit', x.place)), false)
	into linked, reviews
	from private.photo_places(p_township, root.id) x(place);
	reviews := reviews or private.may('prove', p_township) or private.may('audit', p_township);
	-- What nobody attached yet is seen by its maker.
	if not linked and not reviews and root.by_person <> me then return null; end if;
	if p_use = 'original' and not reviews and o.by_person <> me then return null; end if;
	if p_use = 'redact' and root.by_person <> me and not exists (
		select from private.photo_places(p_township, root.id) x(place) where private.may('report', x.place)
	) then return null; end if;
	-- Burning in goes on from what is burnt in already; whoever may not see below it gets the copy.
	if p_use = 'redact' or p_use <> 'original' and not reviews then
		select * into r from public.photos where township_id = p_township and id = private.photo_shown(p_township, root.id);
		o := r;
	end if;
	return jsonb_build_object('id', o.id, 'sha256', o.sha256, 'type', 'image/' || case p_use
		when 'original' then o.format else 'jpeg' end, 'width', o.width, 'height', o.height,
		-- Anything but the very photo asked for may be another one tomorrow.
		'settled', o.id = p_photo);
end
$$;

insert into private.offers (signature, to_role) values
	('public.photo_file(uuid, uuid, text)', 'authenticated'),
	('private.photos_json(uuid, uuid)', 'authenticated'),
	('public.photo_known(uuid, uuid, uuid)', 'service_role'),
	('public.photo_put(jsonb)', 'service_role');
select private.apply_privileges();

-- The files, private: only the server itself reads and writes them.
do $$
begin
	if to_regclass('storage.buckets') is not null then
		execute 'insert into storage.buckets (id, name, public) values (''photos'', ''photos'', false) on conflict (id) do nothing';
	end if;
end
$$;
