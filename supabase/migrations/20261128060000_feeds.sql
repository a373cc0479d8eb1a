-- Feeds: what other programs read with a token of its own. A calendar of due dates, the layers for a GIS, tiles.
-- A feed shows what its maker may see at the moment it is read, never a contact, never a person's name; it ends with
-- the maker's account or role. Beside it, and only where the township turns it on, the public cleanup spots (Open311).

create table public.feeds (
	township_id uuid not null references public.places,
	id uuid not null unique,
	name text not null check (char_length(name) between 1 and 80),
	what text[] not null check (what <@ '{calendar,features,tiles}'::text[] and cardinality(what) between 1 and 3),
	-- The calendar shows this village alone, or what the maker answers for.
	village_id uuid references public.places,
	mine boolean not null default false,
	made_by uuid not null references public.persons,
	-- Switched off, the feed is off.
	account_id uuid not null references public.accounts,
	made_on date not null default private.today(),
	-- The last day it works.
	expires_on date not null,
	revoked_at timestamptz,
	revoked_by uuid references public.persons,
	version integer not null default 1,
	primary key (township_id, id),
	check (expires_on between made_on and made_on + 365),
	check ((revoked_at is null) = (revoked_by is null))
);
create index feeds_by_maker on public.feeds (township_id, made_by);

-- Only the hash of a token is kept, where nobody reads it, with how often it was shown.
create table private.feed_secrets (
	feed_id uuid primary key references public.feeds (id),
	sha256 bytea not null unique,
	uses bigint not null default 0,
	last_used_at timestamptz
);

create table public.open311 (
	township_id uuid primary key references public.places,
	is_on boolean not null,
	-- Which of the sixteen problem types are shown.
	kinds text[] not null check (cardinality(kinds) between 1 and 16 and pg_column_size(kinds) <= 1000),
	set_by uuid not null references public.persons,
	set_at timestamptz not null default now(),
	version integer not null default 1
);

alter table public.feeds enable row level security;
create policy "own feeds, and all of them for those who plan, manage or audit here" on public.feeds for select to authenticated
	using (township_id in (select private.my_townships()) and (made_by = (select private.my_person())
		or township_id in (select private.my_places('plan')) or township_id in (select private.my_places('manage'))
		or township_id in (select private.my_places('audit'))));
alter table public.open311 enable row level security;
create policy "members see what their townships show" on public.open311 for select to authenticated
	using (township_id in (select private.my_townships()));
create trigger never_truncated before truncate on public.feeds for each statement execute function private.guard_append_only();

create index steps_by_any_due on public.steps (township_id, due_on) where due_on is not null;

-- ── who is behind a feed ─────────────────────────────────────────────────────────────────────────

-- As private.my_memberships, of a person who is not asking.
create function private.memberships_of(p_person uuid) returns setof public.memberships
language sql stable security definer set search_path = '' as $$
	select m.* from public.memberships m
	where m.person_id = p_person and m.valid_from <= private.today() and (m.valid_to is null or m.valid_to > private.today())
$$;

-- As private.my_townships.
create function private.person_sees(p_person uuid, t uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.memberships_of(p_person) m
		where m.township_id = t or (m.township_id is null and m.place_id = (select parent_id from public.places where id = t)))
$$;

-- As private.my_places: the right for the whole of the township.
create function private.person_holds(p_person uuid, p_right public.right_name, t uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.memberships_of(p_person) m join private.role_rights r on r.role = m.role and r."right" = p_right
		where m.place_id = t or (m.township_id is null and m.place_id = (select parent_id from public.places where id = t)))
$$;

-- As private.my_meetings.
create function private.feed_meetings_of(p_person uuid, t uuid) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select m.id from public.meetings m
	where m.township_id = t and (private.person_holds(p_person, 'plan', t) or private.person_holds(p_person, 'audit', t))
	union
	select p.meeting_id from public.meeting_people p where p.township_id = t and p.person_id = p_person and not p.removed
$$;

-- Does it still show something: asked on every reading. Layers and tiles go to those who plan the township.
create function private.feed_works(f public.feeds, p_what text) returns boolean
language sql stable security definer set search_path = '' as $$
	select f.id is not null and f.revoked_at is null and f.expires_on >= private.today() and p_what = any (f.what)
		and exists (select from public.accounts a where a.user_id = f.account_id and a.person_id = f.made_by and a.ended_at is null)
		and exists (select from public.places p where p.id = f.township_id and p.archived_at is null)
		and case p_what when 'calendar' then private.person_sees(f.made_by, f.township_id)
			else private.person_holds(f.made_by, 'plan', f.township_id) end
$$;

-- ── making and ending ────────────────────────────────────────────────────────────────────────────

create function private.op_feed_create(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	v_what text[] := array(select distinct x from unnest(private.texts_of(p -> 'what')) x order by x);
	me uuid := private.my_person();
begin
	-- A calendar is anybody's; what takes whole layers out of the program is the planner's.
	if v_what && '{features,tiles}'::text[] then perform private.need('plan', t); end if;
	if coalesce(p ->> 'sha256', '') !~ '^[0-9a-f]{64}$' then perform private.refuse('bad_value', 'sha256'); end if;
	if p ->> 'expires_on' is null or not (p ->> 'expires_on')::date between private.today() and private.today() + 365 then
		perform private.refuse('bad_value', 'expires_on'); end if;
	perform private.check_village(t, (p ->> 'village_id')::uuid);
	if (select count(*) from public.feeds f where f.township_id = t and f.made_by = me and f.revoked_at is null and f.expires_on >= private.today()) >= 20 then
		perform private.refuse('too_many_feeds'); end if;
	insert into public.feeds (township_id, id, name, what, village_id, mine, made_by, account_id, expires_on)
	values (t, target, private.text_of(p, 'name'), v_what, (p ->> 'village_id')::uuid, coalesce((p ->> 'mine')::boolean, false), me,
		private.me(), (p ->> 'expires_on')::date);
	insert into private.feed_secrets (feed_id, sha256) values (target, decode(p ->> 'sha256', 'hex'));
	return jsonb_build_object('id', target, 'kind', 'feed', 'version', 1);
end
$$;

create function private.op_feed_revoke(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	f public.feeds;
begin
	select * into f from public.feeds where township_id = t and id = target for update;
	if f.id is null then return null; end if;
	if f.made_by <> private.my_person() and not private.may('plan', t) and not private.may('manage', t) then
		perform private.refuse('not_allowed', 'feed'); end if;
	perform private.check_version(f.version, base, to_jsonb(f));
	if f.revoked_at is not null then perform private.refuse('not_from_this_state', 'revoked'); end if;
	update public.feeds set revoked_at = now(), revoked_by = private.my_person(), version = f.version + 1 where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'feed', 'version', f.version + 1);
end
$$;

create function private.op_open311_set(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	v_kinds text[] := array(select distinct x from unnest(private.texts_of(p -> 'kinds')) x order by x);
begin
	perform private.need('plan', t);
	if target <> t then perform private.refuse('bad_value', 'target'); end if;
	if exists (select from unnest(v_kinds) k where not exists (select from private.task_type_defaults d where d.code = k)) then
		perform private.refuse('bad_value', 'kinds'); end if;
	insert into public.open311 as o (township_id, is_on, kinds, set_by) values (t, (p ->> 'on')::boolean, v_kinds, private.my_person())
	on conflict (township_id) do update set is_on = excluded.is_on, kinds = excluded.kinds, set_by = excluded.set_by, set_at = now(),
		version = o.version + 1;
	return jsonb_build_object('id', t, 'kind', 'open311');
end
$$;

-- Of feed.create the log says only that it happened: a token's hash is nobody's to read.
insert into private.op_kinds (kind, fn, unlogged) values ('feed.create', 'op_feed_create', true), ('feed.revoke', 'op_feed_revoke', false),
	('open311.set', 'op_open311_set', false);

create function public.feeds_page(p_township uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('today', private.today(),
		'feeds', coalesce((select jsonb_agg(jsonb_build_object('id', f.id, 'name', f.name, 'what', f.what, 'villageId', f.village_id, 'mine', f.mine,
				'maker', private.name_of(f.made_by), 'own', f.made_by = private.my_person(), 'madeOn', f.made_on, 'expiresOn', f.expires_on,
				'state', case when f.revoked_at is not null then 'revoked' when f.expires_on < private.today() then 'expired'
					when not private.feed_works(f, f.what[1]) then 'stopped' else 'open' end,
				'uses', s.uses, 'lastUsedAt', s.last_used_at, 'version', f.version) order by f.made_on desc, f.id desc)
			from (select * from public.feeds x where x.township_id = p_township and (x.made_by = private.my_person()
				or p_township in (select private.my_places('plan')) or p_township in (select private.my_places('manage'))
				or p_township in (select private.my_places('audit'))) order by x.made_on desc, x.id desc limit 300) f
			join private.feed_secrets s on s.feed_id = f.id), '[]'),
		'open311', (select jsonb_build_object('on', o.is_on, 'kinds', o.kinds) from public.open311 o where o.township_id = p_township))
	where p_township in (select private.my_townships())
$$;

-- ── the layers ───────────────────────────────────────────────────────────────────────────────────

-- A layer as SQL over $1 (the township): `body` with `x`, the key, the shape, what is told of it, and its days.
create type private.feed_layer as (key_type text, key text, body text, geom text, detail text, from_on text, to_on text);

create function private.feed_layer(t uuid, c text) returns private.feed_layer
language plpgsql stable set search_path = '' as $$
declare
	l private.feed_layer;
	-- The four counts of the steps of a thing: planned, and each fact by itself.
	counts constant text := $sql$(select jsonb_build_object('steps_planned', count(*), 'steps_said', count(s.said_on), 'steps_done', count(s.done_on),
		'steps_proven', count(s.proven_on), 'due_on', max(s.due_on)) from public.steps s where s.township_id = x.township_id
		and s.thing_kind = '%s' and s.thing_id = x.id and not s.voided and s.state <> 'dropped')$sql$;
	village constant text := '(select v.name from public.places v where v.id = x.village_id)';
	v_load uuid;
begin
	l.key_type := 'uuid'; l.key := 'x.id'; l.geom := 'x.geom';
	case c
		when 'villages' then
			l.body := 'public.places x where x.township_id = $1 and x.level = ''village'' and x.archived_at is null';
			l.detail := $sql$jsonb_build_object('name', x.name, 'code', x.code, 'people', x.people, 'households', x.households,
				'area_m2', round(x.area::numeric)) || coalesce((
				select jsonb_object_agg(k.kind || '_' || e.key, e.value) from unnest(enum_range(null::public.thing_kind)) k(kind)
				cross join lateral (select * from public.progress o where o.township_id = x.township_id and o.village_id = x.id and o.kind = k.kind
					and o.day <= private.today() order by o.township_id desc, o.village_id desc, o.kind desc, o.day desc limit 1) p
				cross join lateral jsonb_each(jsonb_build_object('planned', p.planned, 'said', p.said, 'done', p.done, 'proven', p.proven,
					'blocked', p.blocked, 'overdue', p.overdue)) e), '{}')$sql$;
		when 'tasks' then
			l.body := $sql$public.tasks x join public.steps s on s.township_id = x.township_id and s.id = x.id
				where x.township_id = $1 and x.archived_at is null and not s.voided and s.state <> 'dropped'$sql$;
			l.detail := format($sql$jsonb_build_object('title', x.title, 'category', x.category, 'campaign', x.campaign, 'village', %s,
				'stage', s.stage, 'said', s.said_on is not null, 'done', s.done_on is not null, 'proven', s.proven_on is not null,
				'found_on', s.found_on, 'said_on', s.said_on, 'first_due_on', s.first_due_on, 'due_on', s.due_on, 'done_on', s.done_on,
				'proven_on', s.proven_on, 'overdue', s.state = 'said' and coalesce(s.due_on < private.today(), false),
				'blocked', exists (select from public.blockers b where b.township_id = s.township_id and b.step_id = s.id and b.closed_on is null))$sql$, village);
			l.from_on := 's.found_on'; l.to_on := 's.proven_on';
		when 'scenic_units' then
			l.body := 'public.scenic_units x where x.township_id = $1 and x.archived_at is null';
			l.detail := format($sql$jsonb_build_object('name', x.name, 'present_grade', x.present_grade, 'village', %s)$sql$, village);
		when 'projects' then
			l.body := $sql$public.projects x join public.scenic_units u on u.township_id = x.township_id and u.id = x.unit_id
				where x.township_id = $1 and x.archived_at is null$sql$;
			l.geom := 'u.geom';
			l.detail := format($sql$jsonb_build_object('title', x.title, 'place', u.name, 'village', %s, 'present_grade', u.present_grade,
				'target_grade', x.target_grade, 'reached_grade', x.reached_grade, 'phase', x.phase, 'phase_on', x.phase_on, 'listed_on', x.listed_on,
				'review_due_on', x.review_due_on, 'unit', x.unit) || %s$sql$, village, format(counts, 'project'));
		when 'plans' then
			l.body := 'public.plans x where x.township_id = $1 and x.archived_at is null';
			l.detail := format($sql$jsonb_build_object('title', x.title, 'code', x.code, 'category', x.category, 'village', %s, 'nature', x.nature,
				'content', x.content, 'invest', x.invest, 'spent', x.spent, 'output', x.output, 'tax', x.tax, 'jobs', x.jobs, 'land_mu', x.land,
				'area_m2', round(x.area::numeric, 1), 'floor_area', x.floor_area, 'land_class', x.land_class, 'planned_use', x.planned_use,
				'ownership', x.ownership, 'supply', x.supply, 'unit', x.unit) || %s$sql$, village, format(counts, 'plan'));
		when 'parcels' then
			l.body := $sql$public.parcels x join public.plans p on p.township_id = x.township_id and p.id = x.plan_id and p.archived_at is null
				where x.township_id = $1 and x.archived_at is null$sql$;
			l.detail := $sql$jsonb_build_object('name', x.name, 'plan_id', x.plan_id, 'plan', p.title, 'area_m2', round(x.area::numeric, 1),
				'stated_area', x.stated_area, 'stated_unit', x.stated_unit, 'land_class', x.land_class, 'source_crs', x.source_crs,
				'method', x.method, 'confidence', x.confidence)$sql$;
		else
			-- A constraint layer. What its file said besides (often whose land it is) stays in the program.
			if c !~ '^layer-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then return null; end if;
			select load_id into v_load from public.constraint_layers where township_id = t and id = substr(c, 7)::uuid and archived_at is null;
			if v_load is null then return null; end if;
			l.key_type := 'integer'; l.key := 'x.n';
			l.body := format('public.constraint_shapes x where x.township_id = $1 and x.load_id = %L', v_load);
			l.detail := $sql$jsonb_build_object('class', x.class, 'level', x.level, 'rule', x.rule)$sql$;
	end case;
	l.body := l.body || format(' and %s is not null', l.geom);
	return l;
end
$$;

-- Features of a layer in the order of their keys. `p`: {box?: [w,s,e,n], from?, to?, after?, only?, limit, count?, tile?: degrees}.
-- In a tile the shapes are cut to its box and thinned to what `tile` can show.
create function private.feed_features(t uuid, c text, p jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
	l private.feed_layer := private.feed_layer(t, c);
	b jsonb := p -> 'box';
	box extensions.geometry;
	cond text := '';
	shape text;
	result jsonb;
	total bigint;
begin
	if l.key is null then return null; end if;
	-- A key that cannot be one is nobody's.
	if l.key_type = 'uuid' and coalesce(p ->> 'only', p ->> 'after', '00000000-0000-0000-0000-000000000000') !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
		or l.key_type = 'integer' and coalesce(p ->> 'only', p ->> 'after', '0') !~ '^\d{1,8}$' then
		return jsonb_build_object('features', '[]'::jsonb);
	end if;
	if b is not null then
		box := case when (b ->> 0)::float8 <= (b ->> 2)::float8
			then extensions.st_makeenvelope((b ->> 0)::float8, (b ->> 1)::float8, (b ->> 2)::float8, (b ->> 3)::float8, 4326)
			-- Across the antimeridian.
			else extensions.st_collect(extensions.st_makeenvelope((b ->> 0)::float8, (b ->> 1)::float8, 180, (b ->> 3)::float8, 4326),
				extensions.st_makeenvelope(-180, (b ->> 1)::float8, (b ->> 2)::float8, (b ->> 3)::float8, 4326)) end;
		cond := cond || format(' and %1$s operator(extensions.&&) $2 and extensions.st_intersects(%1$s, $2)', l.geom);
	end if;
	-- A layer without days matches every time (17-069r4, fc-time-response C).
	if l.from_on is not null and p ->> 'from' is not null then cond := cond || format(' and coalesce(%s, ''infinity'') >= %L::date', l.to_on, p ->> 'from'); end if;
	if l.from_on is not null and p ->> 'to' is not null then cond := cond || format(' and %s <= %L::date', l.from_on, p ->> 'to'); end if;
	if (p ->> 'count')::boolean then
		execute format('select count(%s) from %s%s', case l.key_type when 'integer' then 'distinct x.n' else '*' end, l.body, cond) into total using t, box;
	end if;
	if p ->> 'after' is not null then cond := cond || format(' and %s > %L::%s', l.key, p ->> 'after', l.key_type); end if;
	if p ->> 'only' is not null then cond := cond || format(' and %s = %L::%s', l.key, p ->> 'only', l.key_type); end if;
	-- The parts a large shape was cut into come back as one.
	shape := case when l.key_type = 'integer' then format('(select case when count(*) = 1 then (array_agg(y.geom))[1] else extensions.st_union(y.geom, 1e-10) end
		from (select x.geom from %s and x.n = k.key) y)', l.body)
		else format('(select %s from %s and %s = k.key)', l.geom, l.body, l.key) end;
	if p ->> 'tile' is not null then
		shape := format('(select extensions.st_clipbybox2d(case when extensions.st_dimension(z.g) = 0 then z.g else extensions.st_simplify(z.g, %s, true) end, extensions.st_envelope($2)::extensions.box2d) from (select %s as g) z)',
			(p ->> 'tile')::float8, shape);
	end if;
	execute format('with keys as (select %7$s %1$s as key from %2$s%3$s order by 1 limit %4$s)
		select coalesce(jsonb_agg(jsonb_build_object(''type'', ''Feature'', ''id'', k.key, ''geometry'', extensions.st_asgeojson(%5$s, 7)::jsonb,
			''properties'', (select %6$s from %2$s and %1$s = k.key limit 1)) order by k.key), ''[]'') from keys k',
		l.key, l.body, cond, least(greatest((p ->> 'limit')::integer, 1), 5001), shape, l.detail,
		case l.key_type when 'integer' then 'distinct' else '' end) into result using t, box;
	return jsonb_strip_nulls(jsonb_build_object('total', total)) || jsonb_build_object('features', result);
end
$$;

-- Which layers there are, where and when what is in them lies.
create function private.feed_layers(t uuid) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
	r record;
	l private.feed_layer;
	e extensions.box2d;
	since date;
	result jsonb := '[]';
begin
	for r in
		select x.id, '' as name, null::text as kind, x.nth::bigint from unnest(array['villages', 'tasks', 'scenic_units', 'projects', 'plans', 'parcels'])
			with ordinality x(id, nth)
		union all
		(select 'layer-' || c.id, c.name, c.kind, 100 + row_number() over (order by c.id) from public.constraint_layers c
			where c.township_id = t and c.archived_at is null and c.load_id is not null)
		order by 4
	loop
		l := private.feed_layer(t, r.id);
		execute format('select extensions.st_extent(%s)::extensions.box2d, %s from %s', l.geom, coalesce('min(' || l.from_on || ')', 'null::date'), l.body)
			into e, since using t;
		result := result || jsonb_build_object('id', r.id, 'name', r.name, 'kind', r.kind, 'timed', l.from_on is not null, 'since', since,
			'box', case when e is not null then jsonb_build_array(extensions.st_xmin(e), extensions.st_ymin(e), extensions.st_xmax(e), extensions.st_ymax(e)) end);
	end loop;
	return result;
end
$$;

-- The rows of a tile of tasks, as on the wall map.
create function private.task_points(t uuid, p_z integer, p_x integer, p_y integer) returns jsonb
language sql stable set search_path = '' set enable_seqscan = off as $$
	select coalesce(jsonb_agg(jsonb_build_array(k.id, k.x, k.y, k.category, k.state, k.blocked, k.due_on, k.village_id, k.campaign, k.stage)), '[]')
	from (
		select m.* from generate_series(8, p_z) l cross join lateral (
			select * from private.task_marks n
			where n.township_id = t and n.level = l and n.code >= private.cell_code(p_x, p_y) << (2 * (24 - p_z))
				and n.code < (private.cell_code(p_x, p_y) + 1) << (2 * (24 - p_z))
		) m limit 2000
	) k
$$;
-- As before; its rows are read by the function above, which a feed uses as well.
create or replace function public.task_tile(p_township uuid, p_z integer, p_x integer, p_y integer, p_tag text default null) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_tag text;
begin
	if not p_township in (select private.my_townships()) then return null; end if;
	if p_z not between 8 and 16 or p_x not between 0 and (1 << p_z) - 1 or p_y not between 0 and (1 << p_z) - 1 then return null; end if;
	select coalesce((select seq from private.chain_heads where township_id = p_township), 0) || '.' || private.today() into v_tag;
	if p_tag = v_tag then return jsonb_build_object('tag', v_tag); end if;
	return jsonb_build_object('tag', v_tag, 'today', private.today(), 'points', private.task_points(p_township, p_z, p_x, p_y));
end
$$;

-- ── the calendar ─────────────────────────────────────────────────────────────────────────────────

-- Due days of steps that are coming or went by in the last 60 days, and of open ones however long they are overdue;
-- meetings and decisions the maker may see. What was dropped since is told as cancelled. At most some 4,000.
create function private.feed_calendar(f public.feeds) returns jsonb
language sql stable set search_path = '' as $$
	with due as (
		(select s.* from public.steps s where s.township_id = f.township_id and s.due_on >= private.today()
			and (f.village_id is null or s.village_id = f.village_id)
			and (not f.mine or s.answers = f.made_by or exists (select from public.decisions d where d.township_id = s.township_id and d.step_id = s.id
				and d.lead = f.made_by and d.withdrawn_at is null))
		order by s.due_on, s.id limit 2000)
		union all
		(select s.* from public.steps s where s.township_id = f.township_id and s.due_on < private.today()
			and (s.due_on >= private.today() - 60 or s.state = 'said' and not s.voided)
			and (f.village_id is null or s.village_id = f.village_id)
			and (not f.mine or s.answers = f.made_by or exists (select from public.decisions d where d.township_id = s.township_id and d.step_id = s.id
				and d.lead = f.made_by and d.withdrawn_at is null))
		order by s.due_on desc, s.id limit 2000)
	), things as (
		select s.*, t.title as thing_title, t.category, t.archived_at, t.version as thing_version
		from due s cross join lateral (select * from public.tasks k where k.township_id = s.township_id and k.id = s.thing_id offset 0) t where s.thing_kind = 'task'
		union all
		select s.*, t.title, null, t.archived_at, t.version
		from due s cross join lateral (select * from public.projects k where k.township_id = s.township_id and k.id = s.thing_id offset 0) t where s.thing_kind = 'project'
		union all
		select s.*, t.title, null, t.archived_at, t.version
		from due s cross join lateral (select * from public.plans k where k.township_id = s.township_id and k.id = s.thing_id offset 0) t where s.thing_kind = 'plan'
	)
	select jsonb_build_object(
		'days', coalesce((select jsonb_agg(jsonb_build_object('id', s.id, 'kind', s.thing_kind, 'thing', s.thing_id, 'title', s.thing_title,
				'category', s.category, 'step', case when s.thing_kind = 'task' then '' else s.title end, 'day', s.due_on, 'state', s.state, 'stage', s.stage,
				'overdue', s.state = 'said' and s.due_on < private.today(), 'cancelled', s.voided or s.state = 'dropped' or s.archived_at is not null,
				'village', (select v.name from public.places v where v.id = s.village_id),
				'decision', (select d.body from public.decisions d where d.township_id = s.township_id and d.step_id = s.id and d.withdrawn_at is null
					and d.meeting_id in (select private.feed_meetings_of(f.made_by, f.township_id)) order by d.made_at limit 1),
				'sequence', s.version + s.thing_version - 2,
				'changed', greatest(s.found_at, s.said_at, s.done_at, s.proven_at, s.archived_at)) order by s.due_on, s.id) from things s), '[]')
			|| coalesce((select jsonb_agg(jsonb_build_object('id', d.id, 'kind', 'decision', 'thing', d.meeting_id, 'title', d.body, 'step', '', 'day', d.due_on,
				'cancelled', d.withdrawn_at is not null, 'sequence', d.version - 1, 'changed', coalesce(d.withdrawn_at, d.made_at)) order by d.due_on, d.id)
			from public.decisions d where d.township_id = f.township_id and d.step_id is null and d.due_on >= private.today() - 60 and f.village_id is null
				and d.meeting_id in (select private.feed_meetings_of(f.made_by, f.township_id)) and (not f.mine or d.lead = f.made_by)), '[]'),
		'meetings', coalesce((select jsonb_agg(jsonb_build_object('id', m.id, 'title', m.title, 'place', m.place, 'startsAt', m.starts_at,
				'cancelled', m.state = 'cancelled', 'sequence', m.version - 1, 'changed', greatest(m.made_at, m.opened_at, m.closed_at, m.issued_at))
				order by m.starts_at, m.id)
			from public.meetings m where m.township_id = f.township_id and f.village_id is null and m.starts_at > now() - interval '60 days'
				and m.id in (select private.feed_meetings_of(f.made_by, f.township_id))
				and (not f.mine or exists (select from public.meeting_people p where p.township_id = m.township_id and p.meeting_id = m.id
					and p.person_id = f.made_by and not p.removed))), '[]'))
$$;

-- ── reading by token ─────────────────────────────────────────────────────────────────────────────

-- Counts one use of a key and says whether it is within so many an hour.
create function private.within_pace(p_what text, p_key text, p_per_hour integer) returns boolean
language plpgsql security definer set search_path = '' as $$
declare
	v_n integer;
begin
	insert into private.tries as r (what, key, n) values (left(p_what, 40), left(p_key, 200), 1)
	on conflict (what, key) do update set n = case when r.since < now() - interval '1 hour' then 1 else r.n + 1 end,
		since = case when r.since < now() - interval '1 hour' then now() else r.since end
	returning n into v_n;
	return v_n <= p_per_hour;
end
$$;

-- The one door of every feed: the token is asked for, counted and answered in one transaction. Unknown, wrong, ended,
-- revoked, and a maker who may no longer: one answer. `p_sha256` is of the token; the token itself never comes here.
create function public.feed_read(p_feed uuid, p_sha256 text, p_address text, p_what text, p_part text, p jsonb default '{}') returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
	f public.feeds;
	result jsonb;
begin
	if coalesce(p_sha256, '') ~ '^[0-9a-f]{64}$' then
		select x.* into f from private.feed_secrets s join public.feeds x on x.id = s.feed_id
		where s.feed_id = p_feed and s.sha256 = decode(p_sha256, 'hex');
	end if;
	if not coalesce(private.feed_works(f, p_what), false) then
		return jsonb_build_object('refused', true, 'many', not private.within_pace('feed.wrong', coalesce(p_address, ''), 60));
	end if;
	if not private.within_pace('feed.' || p_what, f.id::text, case p_what when 'calendar' then 240 else 20000 end) then
		return jsonb_build_object('many', true); end if;
	update private.feed_secrets set uses = uses + 1, last_used_at = now() where feed_id = f.id;
	result := case p_part
		when 'layers' then private.feed_layers(f.township_id)
		when 'features' then private.feed_features(f.township_id, p ->> 'layer', p)
		when 'points' then private.task_points(f.township_id, (p ->> 'z')::integer, (p ->> 'x')::integer, (p ->> 'y')::integer)
		when 'calendar' then private.feed_calendar(f)
		end;
	return jsonb_build_object('data', result, 'today', private.today(), 'name', f.name, 'townshipId', f.township_id,
		'township', (select name from public.places where id = f.township_id));
end
$$;

-- ── public cleanup spots ─────────────────────────────────────────────────────────────────────────

-- An id for the public: a task's own tells the moment it was made.
create function private.public_id(p uuid) returns text
language sql immutable parallel safe set search_path = '' as $$
	select substr(encode(sha256(uuid_send(p)), 'hex'), 1, 24)
$$;
create index tasks_by_public_id on public.tasks (township_id, private.public_id(id));

-- Kinds, states and days of spots to 3 decimals (some 100 m), nothing else; null where the township did not turn it on.
-- {code?: […], from, to, status?, skip, limit} or {ids: […]}.
create function public.open311_read(p_township uuid, p_address text, p jsonb default '{}') returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
	o public.open311;
	v_kinds text[];
	v_rows jsonb;
begin
	select x.* into o from public.open311 x join public.places t on t.id = x.township_id and t.archived_at is null
	where x.township_id = p_township and x.is_on;
	if o.township_id is null then return null; end if;
	if not private.within_pace('open311', coalesce(p_address, ''), 1200) then return jsonb_build_object('many', true); end if;
	v_kinds := case when p -> 'code' is null then o.kinds else array(select unnest(o.kinds) intersect select unnest(private.texts_of(p -> 'code'))) end;
	if p -> 'limit' is null and p -> 'ids' is null then return jsonb_build_object('kinds', o.kinds); end if;
	-- Whole keys and single look-ups, so that a young database without statistics walks the index as well.
	select coalesce(jsonb_agg(jsonb_build_object('id', private.public_id(x.id), 'category', x.category, 'state', x.state, 'found', x.found_on,
		'changed', coalesce(x.proven_on, x.done_on, x.said_on, x.found_on), 'due', x.due_on,
		'lon', round(extensions.st_x(x.geom)::numeric, 3), 'lat', round(extensions.st_y(x.geom)::numeric, 3)) order by x.found_on desc, x.id desc), '[]')
	into v_rows from (
		(select s.id, t.category, t.geom, s.state, s.found_on, s.said_on, s.done_on, s.proven_on, s.due_on
		from public.steps s cross join lateral (
			select * from public.tasks k where k.township_id = p_township and k.id = s.id offset 0) t
		where p -> 'ids' is null and s.township_id = p_township and s.thing_kind = 'task' and not s.voided
			and s.found_on between coalesce((p ->> 'from')::date, '-infinity') and coalesce((p ->> 'to')::date, 'infinity')
			and s.state <> 'dropped' and (p -> 'status' is null or (p ->> 'status' = 'closed') = (s.state = 'proven'))
			and t.archived_at is null and t.geom is not null and t.category = any (v_kinds)
		order by s.township_id desc, s.thing_kind desc, s.found_on desc, s.id desc
		offset greatest(coalesce((p ->> 'skip')::integer, 0), 0) limit least(greatest(coalesce((p ->> 'limit')::integer, 50), 1), 200))
		union all
		select s.id, t.category, t.geom, s.state, s.found_on, s.said_on, s.done_on, s.proven_on, s.due_on
		from unnest(private.texts_of(coalesce(p -> 'ids', '[]'))) i(public_id) cross join lateral (
			select * from public.tasks k where k.township_id = p_township and private.public_id(k.id) = i.public_id limit 1) t
		cross join lateral (select * from public.steps k where k.township_id = p_township and k.id = t.id offset 0) s
		where not s.voided and s.state <> 'dropped' and t.archived_at is null and t.geom is not null and t.category = any (v_kinds)
	) x;
	return jsonb_build_object('kinds', o.kinds, 'rows', v_rows);
end
$$;

insert into private.offers (signature, to_role) values ('public.feeds_page(uuid)', 'authenticated'),
	('public.feed_read(uuid, text, text, text, text, jsonb)', 'service_role'), ('public.open311_read(uuid, text, jsonb)', 'service_role');
select private.apply_privileges();
