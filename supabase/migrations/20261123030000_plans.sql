-- Industry plans: the whole record of domain.md C.1 on the existing `plans`. Their stages stay steps; their
-- contacts lie apart from everything that is shared; a scheme is a set of them that is weighed as one.

alter table public.plans
	add column code text not null default '' check (char_length(code) <= 40),
	add column nature text not null default '' check (nature in ('', 'new', 'expand', 'continue')),
	add column bounds text not null default '' check (char_length(bounds) <= 500),
	-- m² of floors.
	add column floor_area numeric(12, 2) check (floor_area >= 0),
	-- 10,000 yuan a year.
	add column output numeric(14, 2) check (output >= 0),
	add column tax numeric(14, 2) check (tax >= 0),
	add column income numeric(14, 2) check (income >= 0),
	-- `jobs` are the direct ones.
	add column jobs_indirect integer check (jobs_indirect >= 0),
	add column households integer check (households >= 0),
	add column people integer check (people >= 0),
	add column mechanism text not null default '' check (char_length(mechanism) <= 1000),
	add column leader text not null default '' check (char_length(leader) <= 40),
	add column patron text not null default '' check (char_length(patron) <= 40),
	add column officer text not null default '' check (char_length(officer) <= 40),
	add column promoter text not null default '' check (char_length(promoter) <= 40),
	add column team text not null default '' check (char_length(team) <= 200),
	-- Present land class (DLBM) as the planner states it; each parcel has its own.
	add column land_class text not null default '' check (char_length(land_class) <= 10),
	add column planned_use text not null default '' check (char_length(planned_use) <= 80),
	add column ownership text not null default '' check (ownership in ('', 'state', 'collective', 'mixed')),
	add column supply text not null default '' check (supply in ('', 'grant', 'lease', 'transfer', 'farm_facility', 'market', 'allocation', 'other')),
	add column quota text not null default '' check (char_length(quota) <= 200);

-- 10,000 yuan, of one source in one year. A plan with such rows is worth their sum; without, what `invest` states.
create table public.plan_money (
	township_id uuid not null,
	plan_id uuid not null,
	source text not null check (source in ('central', 'province', 'city', 'county', 'bridging', 'social', 'collective', 'loan', 'other')),
	year integer not null check (year between 2000 and 2100),
	planned numeric(14, 2) check (planned >= 0),
	allocated numeric(14, 2) check (allocated >= 0),
	spent numeric(14, 2) check (spent >= 0),
	note text not null default '' check (char_length(note) <= 200),
	by_person uuid not null references public.persons,
	version integer not null default 1,
	archived_at timestamptz,
	primary key (township_id, plan_id, source, year),
	foreign key (township_id, plan_id) references public.plans
);

-- Who to call at the investor's: read by those who plan here, by no page that is shared, kept out of the log.
create table public.plan_contacts (
	township_id uuid not null,
	plan_id uuid not null,
	legal_person text not null default '' check (char_length(legal_person) <= 40),
	name text not null default '' check (char_length(name) <= 40),
	phone text not null default '' check (char_length(phone) <= 40),
	note text not null default '' check (char_length(note) <= 500),
	by_person uuid not null references public.persons,
	version integer not null default 1,
	primary key (township_id, plan_id),
	foreign key (township_id, plan_id) references public.plans
);

-- What the township asks of a plan: 10,000 yuan invested a mu, taxed a mu and year; floors to land. The row of the
-- plan's own category counts before the one of all categories (''). null: not asked for.
create table public.plan_thresholds (
	township_id uuid not null references public.places,
	metric text not null check (metric in ('invest_per_mu', 'tax_per_mu', 'plot_ratio')),
	category text not null default '' check (char_length(category) <= 40),
	minimum numeric(14, 4) check (minimum > 0),
	note text not null default '' check (char_length(note) <= 200),
	set_by uuid not null references public.persons,
	version integer not null default 1,
	primary key (township_id, metric, category)
);

-- A township's industry plan: its plans are the baseline that scenarios are weighed against.
create table public.schemes (
	township_id uuid not null references public.places,
	id uuid not null,
	title text not null check (char_length(title) between 1 and 120),
	note text not null default '' check (char_length(note) <= 2000),
	from_year integer check (from_year between 2000 and 2100),
	to_year integer check (to_year between 2000 and 2100),
	made_by uuid not null references public.persons,
	made_on date not null,
	version integer not null default 1,
	archived_at timestamptz,
	primary key (township_id, id),
	check (to_year >= from_year)
);
create table public.scheme_plans (
	township_id uuid not null,
	scheme_id uuid not null,
	plan_id uuid not null,
	by_person uuid not null references public.persons,
	made_on date not null,
	ended_on date,
	primary key (township_id, scheme_id, plan_id),
	foreign key (township_id, scheme_id) references public.schemes,
	foreign key (township_id, plan_id) references public.plans
);
create index scheme_plans_by_plan on public.scheme_plans (township_id, plan_id);

do $$
declare t text;
begin
	foreach t in array array['plan_money', 'plan_thresholds', 'schemes', 'scheme_plans'] loop
		execute format('alter table public.%I enable row level security', t);
		execute format(
			'create policy "members see the plans of their townships" on public.%I for select to authenticated using (township_id in (select private.my_townships()))', t);
	end loop;
end
$$;
alter table public.plan_contacts enable row level security;
create policy "those who plan in the township see whom to call" on public.plan_contacts for select to authenticated
	using (township_id in (select private.my_places('plan')));

-- ── what stays out of the log ────────────────────────────────────────────────────────────────────

-- The log is read by every member: of some ops it says only that they happened.
alter table private.op_kinds add column unlogged boolean not null default false;

create or replace function private.log(
	p_township uuid, p_action text, p_subject_kind text, p_subject uuid,
	p_data jsonb default '{}', p_op uuid default null
) returns bigint
language plpgsql security definer set search_path = '' as $$
declare
	head private.chain_heads;
	e public.events;
	-- Events above any township (a district's accounts) share the chain of the zero id.
	chain uuid := coalesce(p_township, '00000000-0000-0000-0000-000000000000');
begin
	insert into private.chain_heads (township_id, seq, hash) values (chain, 0, '\x')
	on conflict (township_id) do nothing;
	select * into head from private.chain_heads where township_id = chain for update;
	e.township_id := chain;
	e.seq := head.seq + 1;
	e.id := private.new_id();
	e.at := clock_timestamp();
	e.person_id := private.my_person();
	e.account_id := private.me();
	e.session_id := private.session_id();
	e.action := p_action;
	e.subject_kind := p_subject_kind;
	e.subject_id := p_subject;
	e.data := case when exists (select from private.op_kinds k where k.kind = p_action and k.unlogged) then '{}'
		else coalesce(p_data, '{}') end;
	e.op_id := p_op;
	e.prev_hash := head.hash;
	e.hash := private.event_hash(e);
	insert into public.events select e.*;
	update private.chain_heads set seq = e.seq, hash = e.hash where township_id = chain;
	return e.seq;
end
$$;

-- ── the record ───────────────────────────────────────────────────────────────────────────────────

create function private.plan_for(t uuid, target uuid, base integer default null, p_right public.right_name default 'plan') returns public.plans
language plpgsql set search_path = '' as $$
declare
	o public.plans;
begin
	select * into o from public.plans where township_id = t and id = target and archived_at is null for update;
	if o.id is null then return null; end if;
	perform private.need(p_right, coalesce(o.village_id, t));
	perform private.check_version(o.version, base, to_jsonb(o) - 'geom');
	return o;
end
$$;

-- The record with what `p` says of it; keys it does not name stay.
create function private.plan_with(o public.plans, p jsonb) returns public.plans
language sql immutable set search_path = '' as $$
	select jsonb_populate_record(o, coalesce((
		select jsonb_object_agg(k, case when jsonb_typeof(p -> k) = 'string' then to_jsonb(private.text_of(p, k)) else p -> k end)
		from unnest(array['title', 'category', 'content', 'party', 'unit', 'invest', 'spent', 'jobs', 'land', 'code', 'nature', 'bounds',
			'floor_area', 'output', 'tax', 'income', 'jobs_indirect', 'households', 'people', 'mechanism', 'leader', 'patron', 'officer',
			'promoter', 'team', 'land_class', 'planned_use', 'ownership', 'supply', 'quota', 'village_id']) k
		where p ? k), '{}'))
$$;

create or replace function private.op_plan_create(t uuid, target uuid, p jsonb, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	g extensions.geometry := extensions.st_multi(private.read_geom(p -> 'geometry', '{Polygon,MultiPolygon}'));
	v uuid := coalesce((p ->> 'village_id')::uuid, private.village_at(t, g));
	n public.plans;
begin
	perform private.check_village(t, v);
	perform private.need('plan', coalesce(v, t));
	insert into public.plans (township_id, id, village_id, title, geom, area, source_crs, method, confidence, created_by)
	values (t, target, v, private.text_of(p, 'title'), g, private.area_of(g), coalesce(p ->> 'source_crs', 'EPSG:4326'),
		coalesce(p ->> 'method', 'map'), (p ->> 'confidence')::real, private.my_person());
	select * into n from public.plans where township_id = t and id = target;
	n := private.plan_with(n, p - 'village_id');
	perform private.keep_plan(n, 1);
	perform private.add_steps(t, 'plan', target, v, p);
	return jsonb_build_object('id', target, 'kind', 'plan');
end
$$;

create function private.keep_plan(n public.plans, p_version integer) returns void
language sql set search_path = '' as $$
	update public.plans set title = n.title, category = n.category, content = n.content, party = n.party, unit = n.unit, invest = n.invest,
		spent = n.spent, jobs = n.jobs, land = n.land, code = n.code, nature = n.nature, bounds = n.bounds, floor_area = n.floor_area,
		output = n.output, tax = n.tax, income = n.income, jobs_indirect = n.jobs_indirect, households = n.households, people = n.people,
		mechanism = n.mechanism, leader = n.leader, patron = n.patron, officer = n.officer, promoter = n.promoter, team = n.team,
		land_class = n.land_class, planned_use = n.planned_use, ownership = n.ownership, supply = n.supply, quota = n.quota,
		village_id = n.village_id, version = p_version
	where township_id = n.township_id and id = n.id
$$;

create or replace function private.op_plan_edit(t uuid, target uuid, p jsonb, base integer) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.plans := private.plan_for(t, target, base);
	n public.plans;
begin
	if o.id is null then return null; end if;
	n := private.plan_with(o, p);
	perform private.check_village(t, n.village_id);
	perform private.need('plan', coalesce(n.village_id, t));
	perform private.keep_plan(n, o.version + 1);
	if p ? 'geometry' then perform private.reshape_plan(t, o, p); end if;
	perform private.add_steps(t, 'plan', target, n.village_id, p);
	perform private.move_steps(t, 'plan', target, n.village_id);
	return jsonb_build_object('id', target, 'kind', 'plan', 'version', o.version + 1);
end
$$;

-- Rows by source and year; one whose three amounts are all null is taken away.
create function private.put_money(t uuid, plan uuid, rows jsonb) returns void
language plpgsql set search_path = '' as $$
declare
	r jsonb;
begin
	if coalesce(jsonb_typeof(rows), '') <> 'array' or jsonb_array_length(rows) > 200 then perform private.refuse('bad_value', 'rows'); end if;
	for r in select * from jsonb_array_elements(rows) loop
		insert into public.plan_money as m (township_id, plan_id, source, year, planned, allocated, spent, note, by_person, archived_at)
		values (t, plan, r ->> 'source', (r ->> 'year')::integer, (r ->> 'planned')::numeric, (r ->> 'allocated')::numeric,
			(r ->> 'spent')::numeric, private.text_of(r, 'note'), private.my_person(),
			case when coalesce(r ->> 'planned', r ->> 'allocated', r ->> 'spent') is null then now() end)
		on conflict (township_id, plan_id, source, year) do update set planned = excluded.planned, allocated = excluded.allocated,
			spent = excluded.spent, note = case when r ? 'note' then excluded.note else m.note end, by_person = excluded.by_person,
			archived_at = excluded.archived_at, version = m.version + 1;
	end loop;
end
$$;

create function private.op_plan_money(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.plans := private.plan_for(t, target, base);
begin
	if o.id is null then return null; end if;
	perform private.put_money(t, target, p -> 'rows');
	update public.plans set version = o.version + 1 where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'plan', 'version', o.version + 1);
end
$$;

create function private.op_plan_contact(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	-- Whoever may not read the contact may not write it: the right is asked for the township, as by the policy.
	o public.plans;
	c public.plan_contacts;
begin
	select * into o from public.plans where township_id = t and id = target and archived_at is null;
	if o.id is null then return null; end if;
	perform private.need('plan', t);
	select * into c from public.plan_contacts where township_id = t and plan_id = target for update;
	if c.plan_id is not null then perform private.check_version(c.version, base, to_jsonb(c)); end if;
	insert into public.plan_contacts as x (township_id, plan_id, legal_person, name, phone, note, by_person)
	values (t, target, private.text_of(p, 'legal_person'), private.text_of(p, 'name'), private.text_of(p, 'phone'), private.text_of(p, 'note'),
		private.my_person())
	on conflict (township_id, plan_id) do update set
		legal_person = case when p ? 'legal_person' then excluded.legal_person else x.legal_person end,
		name = case when p ? 'name' then excluded.name else x.name end,
		phone = case when p ? 'phone' then excluded.phone else x.phone end,
		note = case when p ? 'note' then excluded.note else x.note end,
		by_person = excluded.by_person, version = x.version + 1;
	return jsonb_build_object('id', target, 'kind', 'plan_contact', 'version', coalesce(c.version, 0) + 1);
end
$$;

create function private.op_threshold_set(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
begin
	perform private.need('plan', t);
	if target <> t then perform private.refuse('bad_value', 'target'); end if;
	insert into public.plan_thresholds as h (township_id, metric, category, minimum, note, set_by)
	values (t, p ->> 'metric', private.text_of(p, 'category'), (p ->> 'minimum')::numeric, private.text_of(p, 'note'), private.my_person())
	on conflict (township_id, metric, category) do update set minimum = excluded.minimum, note = excluded.note, set_by = excluded.set_by,
		version = h.version + 1;
	return jsonb_build_object('id', t, 'kind', 'threshold');
end
$$;

-- ── schemes ──────────────────────────────────────────────────────────────────────────────────────

create function private.scheme_for(t uuid, target uuid, base integer default null) returns public.schemes
language plpgsql set search_path = '' as $$
declare
	s public.schemes;
begin
	select * into s from public.schemes where township_id = t and id = target and archived_at is null for update;
	if s.id is null then return null; end if;
	perform private.need('plan', t);
	perform private.check_version(s.version, base, to_jsonb(s));
	return s;
end
$$;

-- From now on the scheme's plans are these, all of them.
create function private.put_scheme_plans(t uuid, scheme uuid, p jsonb) returns void
language plpgsql set search_path = '' as $$
declare
	ids uuid[] := array(select x::uuid from unnest(private.texts_of(p)) x);
begin
	if cardinality(ids) > 200 then perform private.refuse('bad_value', 'plans'); end if;
	if exists (select from unnest(ids) i where not exists (select from public.plans o where o.township_id = t and o.id = i and o.archived_at is null)) then
		perform private.not_here_yet(); end if;
	insert into public.scheme_plans as x (township_id, scheme_id, plan_id, by_person, made_on)
	select distinct t, scheme, i, private.my_person(), private.today() from unnest(ids) i
	on conflict (township_id, scheme_id, plan_id) do update set ended_on = null;
	update public.scheme_plans set ended_on = private.today()
	where township_id = t and scheme_id = scheme and ended_on is null and not plan_id = any (ids);
end
$$;

create function private.op_scheme_create(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
begin
	perform private.need('plan', t);
	insert into public.schemes (township_id, id, title, note, from_year, to_year, made_by, made_on)
	values (t, target, private.text_of(p, 'title'), private.text_of(p, 'note'), (p ->> 'from_year')::integer, (p ->> 'to_year')::integer,
		private.my_person(), private.today());
	perform private.put_scheme_plans(t, target, coalesce(p -> 'plans', '[]'));
	return jsonb_build_object('id', target, 'kind', 'scheme', 'version', 1);
end
$$;

create function private.op_scheme_edit(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.schemes := private.scheme_for(t, target, base);
begin
	if s.id is null then return null; end if;
	update public.schemes set
		title = case when p ? 'title' then private.text_of(p, 'title') else title end,
		note = case when p ? 'note' then private.text_of(p, 'note') else note end,
		from_year = case when p ? 'from_year' then (p ->> 'from_year')::integer else from_year end,
		to_year = case when p ? 'to_year' then (p ->> 'to_year')::integer else to_year end,
		version = s.version + 1
	where township_id = t and id = target;
	if p ? 'plans' then perform private.put_scheme_plans(t, target, p -> 'plans'); end if;
	return jsonb_build_object('id', target, 'kind', 'scheme', 'version', s.version + 1);
end
$$;

create function private.op_scheme_archive(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.schemes := private.scheme_for(t, target, base);
begin
	if s.id is null then return null; end if;
	update public.schemes set archived_at = now(), version = s.version + 1 where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'scheme', 'version', s.version + 1);
end
$$;

insert into private.op_kinds (kind, fn, unlogged)
select k, 'op_' || replace(k, '.', '_'), k = 'plan.contact' from unnest(array['plan.money', 'plan.contact', 'threshold.set',
	'scheme.create', 'scheme.edit', 'scheme.archive']) k;
select private.apply_privileges();
