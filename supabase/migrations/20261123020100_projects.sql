-- Scenic-village projects: from the plan to the plaque and its reviews (domain.md A.2), what each side scored,
-- the evidence for it, the works with their days, and the money.

create type public.project_phase as enum (
	'planned', 'building', 'self_assessed', 'town_checked', 'county_assessed', 'higher_accepted', 'public_notice', 'objection',
	'listed', 'review_due', 'kept', 'warned', 'rectify', 'downgraded', 'delisted'
);
create type public.assessor as enum ('self', 'town', 'county', 'higher');

-- One row a way: from where to where, by which verb, with which right held for which place. `other_person`:
-- nobody who scored or moved the project for the side before.
create table public.project_transitions (
	verb text not null check (char_length(verb) <= 20),
	from_phase public.project_phase not null,
	to_phase public.project_phase not null,
	"right" public.right_name not null,
	level text not null check (level in ('village', 'township', 'district')),
	other_person boolean not null default false,
	primary key (verb, from_phase, to_phase)
);
alter table public.project_transitions enable row level security;
create policy "everybody signed in reads the ways of a project" on public.project_transitions for select to authenticated using (true);
insert into public.project_transitions (verb, from_phase, to_phase, "right", level, other_person)
select v.verb, f.phase::public.project_phase, v.to_phase::public.project_phase, v.r::public.right_name, v.level, v.other
from (values
	('start', '{planned,downgraded,delisted}', 'building', 'plan', 'village', false),
	('self_assess', '{building}', 'self_assessed', 'report', 'village', false),
	('send_back', '{self_assessed}', 'building', 'prove', 'township', false),
	('town_check', '{self_assessed}', 'town_checked', 'prove', 'township', true),
	('send_back', '{town_checked,county_assessed}', 'building', 'prove', 'district', false),
	('county_assess', '{town_checked}', 'county_assessed', 'prove', 'district', true),
	('higher_accept', '{county_assessed}', 'higher_accepted', 'prove', 'district', false),
	('publish_notice', '{county_assessed,higher_accepted}', 'public_notice', 'plan', 'township', false),
	('object', '{public_notice}', 'objection', 'report', 'village', false),
	('dismiss_objection', '{objection}', 'public_notice', 'prove', 'district', true),
	('uphold_objection', '{objection}', 'building', 'prove', 'district', true),
	('list', '{public_notice}', 'listed', 'prove', 'district', true),
	('call_review', '{listed,kept}', 'review_due', 'plan', 'township', false),
	('keep', '{review_due,warned,rectify}', 'kept', 'prove', 'district', true),
	('warn', '{review_due}', 'warned', 'prove', 'district', true),
	('rectify', '{review_due,warned}', 'rectify', 'prove', 'district', true),
	('downgrade', '{review_due,warned,rectify}', 'downgraded', 'prove', 'district', true),
	('delist', '{review_due,warned,rectify}', 'delisted', 'prove', 'district', true)
) v(verb, from_phases, to_phase, r, level, other)
cross join lateral unnest(v.from_phases::text[]) f(phase);

alter table public.projects
	add column standard_id uuid,
	add column phase public.project_phase not null default 'planned',
	add column phase_on date not null default private.today(),
	-- What the county's scores reached, not above what was aimed at.
	add column reached_grade text check (reached_grade in ('A', 'AA', 'AAA')),
	add column notice_from date,
	add column notice_to date,
	add column notice_where text not null default '' check (char_length(notice_where) <= 200),
	add column listed_on date,
	add column review_due_on date,
	add column rectify_by date,
	add constraint follows_a_standard foreign key (township_id, standard_id) references public.standards (township_id, id),
	add constraint notice_has_an_end check ((notice_from is null) = (notice_to is null) and notice_to >= notice_from);

-- Even our own functions move a project only along the table.
create function private.keep_to_the_ways() returns trigger
language plpgsql set search_path = '' as $$
begin
	if tg_op = 'INSERT' then
		if new.phase <> 'planned' then raise exception 'a project begins planned' using errcode = '42501'; end if;
	elsif new.phase <> old.phase and not exists (
		select from public.project_transitions x where x.from_phase = old.phase and x.to_phase = new.phase
	) then
		raise exception 'no way from % to %', old.phase, new.phase using errcode = '42501';
	end if;
	return new;
end
$$;
create trigger b_keep_to_the_ways before insert or update on public.projects
	for each row execute function private.keep_to_the_ways();

create table public.project_log (
	township_id uuid not null,
	id uuid not null,
	project_id uuid not null,
	verb text not null check (char_length(verb) <= 20),
	from_phase public.project_phase not null,
	to_phase public.project_phase not null,
	by_person uuid not null references public.persons,
	happened_on date not null,
	at timestamptz not null default now(),
	note text not null default '' check (char_length(note) <= 1000),
	data jsonb not null default '{}' check (pg_column_size(data) <= 8192),
	primary key (township_id, id),
	foreign key (township_id, project_id) references public.projects
);
create index project_log_by_project on public.project_log (township_id, project_id, at);

-- What an assessor gave for an item: never changed, a later one (`n`) counts instead. `points` follow from the
-- value by the standard's own rule. `carried`: taken over unchanged when the project moved to a newer edition.
create table public.assessments (
	township_id uuid not null,
	project_id uuid not null,
	standard_id uuid not null,
	item_code text not null check (char_length(item_code) between 1 and 12),
	assessor public.assessor not null,
	n integer not null,
	value jsonb check (pg_column_size(value) <= 256),
	na boolean not null default false,
	points numeric(9, 2) not null default 0,
	note text not null default '' check (char_length(note) <= 1000),
	by_person uuid not null references public.persons,
	happened_on date not null,
	at timestamptz not null default now(),
	carried boolean not null default false,
	primary key (township_id, project_id, item_code, assessor, n),
	foreign key (township_id, project_id) references public.projects,
	foreign key (township_id, standard_id) references public.standards,
	check (na = (value is null))
);

create table public.item_targets (
	township_id uuid not null,
	project_id uuid not null,
	item_code text not null check (char_length(item_code) between 1 and 12),
	-- Aimed at; null: only an estimate was noted.
	points numeric(9, 2) check (points >= 0),
	-- yuan.
	cost numeric(14, 2) check (cost >= 0),
	ready_on date,
	first_ready_on date,
	answers uuid references public.persons,
	note text not null default '' check (char_length(note) <= 1000),
	said_on date,
	said_by uuid references public.persons,
	version integer not null default 1,
	primary key (township_id, project_id, item_code),
	foreign key (township_id, project_id) references public.projects,
	check ((points is null) = (said_on is null))
);

-- Something of a scenic unit on the map.
create table public.unit_features (
	township_id uuid not null,
	id uuid not null,
	unit_id uuid not null,
	kind text not null check (kind in ('entrance', 'parking', 'centre', 'toilet', 'sign', 'route', 'road', 'sight', 'stop', 'shop',
		'lodging', 'food', 'rest', 'safety', 'charging', 'waste', 'sewage', 'water')),
	name text not null default '' check (char_length(name) <= 80),
	-- Spaces of a car park, beds of a homestay, m² of a centre.
	amount numeric(12, 2) check (amount >= 0),
	note text not null default '' check (char_length(note) <= 500),
	geom extensions.geometry(Geometry, 4326) not null,
	by_person uuid not null references public.persons,
	made_on date not null,
	version integer not null default 1,
	archived_at timestamptz,
	primary key (township_id, id),
	foreign key (township_id, unit_id) references public.scenic_units
);
create index unit_features_by_unit on public.unit_features (township_id, unit_id) where archived_at is null;

-- Documents as they came, under the SHA-256 of their bytes; the bytes lie in Storage.
create table public.documents (
	township_id uuid not null references public.places,
	sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
	name text not null check (char_length(name) between 1 and 200),
	type text not null check (char_length(type) <= 120),
	bytes integer not null check (bytes between 1 and 20971520),
	by_person uuid not null references public.persons,
	at timestamptz not null default now(),
	primary key (township_id, sha256)
);

-- Evidence, given once for a scenic unit and cited by any number of items and projects.
create table public.exhibits (
	township_id uuid not null,
	id uuid not null,
	unit_id uuid not null,
	kind text not null check (kind in ('photo', 'document', 'number', 'place', 'task', 'plan')),
	title text not null check (char_length(title) between 1 and 200),
	number numeric(16, 4),
	measure text not null default '' check (char_length(measure) <= 20),
	photo_id uuid,
	sha256 text,
	feature_id uuid,
	-- A cleanup task or an industry plan.
	thing_id uuid,
	happened_on date,
	by_person uuid not null references public.persons,
	made_on date not null,
	at timestamptz not null default now(),
	withdrawn_on date,
	withdrawn_by uuid references public.persons,
	withdrawn_why text not null default '' check (char_length(withdrawn_why) <= 500),
	primary key (township_id, id),
	foreign key (township_id, unit_id) references public.scenic_units,
	foreign key (township_id, photo_id) references public.photos,
	foreign key (township_id, sha256) references public.documents,
	foreign key (township_id, feature_id) references public.unit_features,
	check (case kind when 'photo' then photo_id is not null when 'document' then sha256 is not null when 'number' then number is not null
		when 'place' then feature_id is not null else thing_id is not null end)
);
create index exhibits_by_unit on public.exhibits (township_id, unit_id);
create index exhibits_by_photo on public.exhibits (township_id, photo_id) where photo_id is not null;

create table public.citations (
	township_id uuid not null,
	project_id uuid not null,
	item_code text not null check (char_length(item_code) between 1 and 12),
	exhibit_id uuid not null,
	by_person uuid not null references public.persons,
	made_on date not null,
	ended_on date,
	ended_by uuid references public.persons,
	primary key (township_id, project_id, item_code, exhibit_id),
	foreign key (township_id, project_id) references public.projects,
	foreign key (township_id, exhibit_id) references public.exhibits
);

-- A piece of building work; its milestones are steps of the project.
create table public.works (
	township_id uuid not null,
	id uuid not null,
	project_id uuid not null,
	title text not null check (char_length(title) between 1 and 200),
	items text[] not null default '{}' check (cardinality(items) <= 300),
	note text not null default '' check (char_length(note) <= 1000),
	made_by uuid not null references public.persons,
	made_on date not null,
	version integer not null default 1,
	archived_at timestamptz,
	primary key (township_id, id),
	foreign key (township_id, project_id) references public.projects
);
create index works_by_project on public.works (township_id, project_id);
alter table public.steps
	add column work_id uuid,
	add column starts_on date,
	-- The first planned day, frozen like `first_due_on`.
	add column first_starts_on date,
	add constraint milestone_of_a_work foreign key (township_id, work_id) references public.works (township_id, id);

create function private.keep_first_days() returns trigger
language plpgsql set search_path = '' as $$
begin
	if old.first_starts_on is not null then new.first_starts_on := old.first_starts_on; end if;
	return new;
end
$$;
create trigger c_keep_first_days before update of first_starts_on on public.steps for each row execute function private.keep_first_days();

-- `step_id` may begin only when `after_id` is done, and so many days later.
create table public.step_links (
	township_id uuid not null,
	step_id uuid not null,
	after_id uuid not null,
	lag integer not null default 0 check (lag between -365 and 3650),
	by_person uuid not null references public.persons,
	made_on date not null,
	ended_on date,
	primary key (township_id, step_id, after_id),
	foreign key (township_id, step_id) references public.steps (township_id, id),
	foreign key (township_id, after_id) references public.steps (township_id, id),
	check (step_id <> after_id)
);

-- 10,000 yuan. Sums are checked by the page and said in words; what was paid is what somebody wrote down.
create table public.funds (
	township_id uuid not null,
	id uuid not null,
	project_id uuid not null,
	work_id uuid,
	source text not null check (source in ('central', 'province', 'city', 'county', 'bridging', 'social', 'collective', 'loan', 'other')),
	planned numeric(14, 2) check (planned >= 0),
	allocated numeric(14, 2) check (allocated >= 0),
	spent numeric(14, 2) check (spent >= 0),
	note text not null default '' check (char_length(note) <= 200),
	made_by uuid not null references public.persons,
	version integer not null default 1,
	archived_at timestamptz,
	primary key (township_id, id),
	foreign key (township_id, project_id) references public.projects,
	foreign key (township_id, work_id) references public.works
);
create index funds_by_project on public.funds (township_id, project_id);

-- How many places are to be listed in a year, by grade.
create table public.grade_targets (
	township_id uuid not null references public.places,
	year integer not null check (year between 2000 and 2100),
	grade text not null check (grade in ('A', 'AA', 'AAA')),
	count integer not null check (count between 0 and 999),
	note text not null default '' check (char_length(note) <= 200),
	set_by uuid not null references public.persons,
	version integer not null default 1,
	primary key (township_id, year, grade)
);

do $$
declare t text;
begin
	foreach t in array array['project_log', 'assessments', 'item_targets', 'unit_features', 'documents', 'exhibits', 'citations', 'works',
		'step_links', 'funds', 'grade_targets'] loop
		execute format('alter table public.%I enable row level security', t);
		execute format(
			'create policy "members see the projects of their townships" on public.%I for select to authenticated using (township_id in (select private.my_townships()))', t);
	end loop;
	foreach t in array array['project_log', 'assessments', 'documents'] loop
		execute format('create trigger append_only before update or delete on public.%I for each row execute function private.guard_append_only()', t);
		execute format('create trigger never_truncated before truncate on public.%I for each statement execute function private.guard_append_only()', t);
	end loop;
end
$$;

-- ── scores ───────────────────────────────────────────────────────────────────────────────────────

-- The latest of each assessor for each item, under the edition the project follows now.
create function private.scores_of(t uuid, project uuid) returns setof public.assessments
language sql stable set search_path = '' as $$
	select distinct on (a.item_code, a.assessor) a.* from public.assessments a
	join public.projects p on p.township_id = a.township_id and p.id = a.project_id and p.standard_id = a.standard_id
	where a.township_id = t and a.project_id = project
	order by a.item_code, a.assessor, a.n desc
$$;

create function private.totals_of(t uuid, project uuid) returns table (assessor public.assessor, total numeric, grade text)
language sql stable set search_path = '' as $$
	select s.assessor, x.total, x.grade
	from (
		select a.assessor, jsonb_object_agg(a.item_code, a.points) as points,
			coalesce(array_agg(a.item_code) filter (where a.na), '{}') as na,
			coalesce(array_agg(a.item_code) filter (where a.value @> '{"yes": true}'), '{}') as met
		from private.scores_of(t, project) a group by a.assessor
	) s
	join public.projects p on p.township_id = t and p.id = project
	join public.standards d on d.township_id = t and d.id = p.standard_id
	cross join lateral private.total_of(d.body, s.points, s.na, s.met) x
$$;

-- Which items of the sections are said (aimed at), done (scored by the village, with the evidence asked for)
-- and proven (scored by the county). What is proven counts as done, what is done as said.
create function private.item_facts(t uuid, project uuid) returns table (code text, said boolean, done boolean, proven boolean)
language sql stable set search_path = '' as $$
	with scores as (select * from private.scores_of(t, project))
	select i.code, f.proven or f.done or exists (select from public.item_targets g where g.township_id = t and g.project_id = project
			and g.item_code = i.code and g.points is not null),
		f.proven or f.done, f.proven
	from public.projects p
	join public.standards d on d.township_id = t and d.id = p.standard_id
	cross join lateral private.items_of(d.body) i
	cross join lateral (
		select exists (select from scores s where s.item_code = i.code and s.assessor = 'county') as proven,
			exists (select from scores s where s.item_code = i.code and s.assessor = 'self')
				and (coalesce(jsonb_array_length(i.item -> 'evidence' -> 'kinds'), 0) = 0 or exists (
					select from public.citations c join public.exhibits e on e.township_id = c.township_id and e.id = c.exhibit_id
					where c.township_id = t and c.project_id = project and c.item_code = i.code and c.ended_on is null
						and e.withdrawn_on is null)) as done
	) f
	where p.township_id = t and p.id = project and i.section <> '+'
		and not exists (select from scores s where s.item_code = i.code and s.assessor = 'self' and s.na)
$$;

create function private.level_place(t uuid, v uuid, p_level text) returns uuid
language sql stable set search_path = '' as $$
	select case p_level when 'village' then coalesce(v, t) when 'township' then t
		else (select parent_id from public.places where id = t) end
$$;

create function private.need_at(t uuid, v uuid, p_right public.right_name, p_level text) returns void
language plpgsql stable set search_path = '' as $$
declare
	place uuid := private.level_place(t, v, p_level);
begin
	if place is null then perform private.refuse('not_allowed', p_right::text); end if;
	perform private.need(p_right, place);
end
$$;

create function private.project_for(t uuid, target uuid, base integer, p_right public.right_name default null) returns public.projects
language plpgsql set search_path = '' as $$
declare
	p public.projects;
begin
	select * into p from public.projects where township_id = t and id = target and archived_at is null for update;
	if p.id is null then return null; end if;
	if p_right is not null then perform private.need(p_right, coalesce(p.village_id, t)); end if;
	perform private.check_version(p.version, base, to_jsonb(p));
	return p;
end
$$;

create function private.project_moved(p public.projects, p_did jsonb default '{}') returns jsonb
language sql stable set search_path = '' as $$
	select jsonb_build_object('id', id, 'kind', 'project', 'version', version, 'did', p_did)
	from public.projects where township_id = p.township_id and id = p.id
$$;

-- Codes of what an assessor has not scored yet: items and, for those who grade, vetoes.
create function private.unscored(t uuid, project uuid, p_assessor public.assessor) returns text[]
language sql stable set search_path = '' as $$
	select coalesce(array_agg(c.code order by c.nth), '{}') from public.projects p
	join public.standards d on d.township_id = t and d.id = p.standard_id
	cross join lateral (
		select i.code, i.nth from private.items_of(d.body) i where i.section <> '+'
		union all
		select v ->> 'code', 2000000 from jsonb_array_elements(coalesce(d.body -> 'vetoes', '[]')) v
	) c
	where p.township_id = t and p.id = project
		and not exists (select from private.scores_of(t, project) s where s.item_code = c.code and s.assessor = p_assessor)
$$;

-- May whoever asks act for this side? Nobody does for two of them.
create function private.other_side(t uuid, project uuid, p_verb text) returns void
language plpgsql stable set search_path = '' as $$
declare
	me uuid := private.my_person();
begin
	if exists (select from private.scores_of(t, project) s where s.by_person = me and s.assessor = 'self')
		or p_verb <> 'town_check' and exists (select from private.scores_of(t, project) s where s.by_person = me and s.assessor = 'town')
		or exists (select from public.project_log l where l.township_id = t and l.project_id = project and l.by_person = me
			and l.verb in ('self_assess', 'object') or l.township_id = t and l.project_id = project and l.by_person = me
			and l.verb = 'town_check' and p_verb <> 'town_check') then
		perform private.refuse('own_work');
	end if;
end
$$;

create function private.op_project_score(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	-- What another scored meanwhile is no conflict: every score is kept, of every side.
	o public.projects := private.project_for(t, target, null);
	side public.assessor := (p ->> 'assessor')::public.assessor;
	d public.standards;
	s jsonb;
	item jsonb;
	veto boolean;
	blank boolean;
	me uuid := private.my_person();
	did jsonb := '{}';
	points numeric;
begin
	if o.id is null then return null; end if;
	if side is null then perform private.refuse('bad_value', 'assessor'); end if;
	perform private.need_at(t, o.village_id, case side when 'self' then 'report' else 'prove' end::public.right_name,
		case side when 'self' then 'village' when 'town' then 'township' else 'district' end);
	if not o.phase::text = any (case side when 'self' then '{building,warned,rectify}' when 'town' then '{self_assessed}'
		when 'county' then '{town_checked}' else '{county_assessed}' end::text[]) then
		perform private.refuse('not_in_this_phase', o.phase::text);
	end if;
	select * into d from public.standards where township_id = t and id = o.standard_id;
	if d.id is null then perform private.refuse('no_standard'); end if;
	if coalesce(jsonb_typeof(p -> 'scores'), '') <> 'array' or jsonb_array_length(p -> 'scores') not between 1 and 400 then
		perform private.refuse('bad_value', 'scores'); end if;
	for s in select * from jsonb_array_elements(p -> 'scores') loop
		select i.item into item from private.items_of(d.body) i where i.code = s ->> 'item';
		veto := item is null and d.body -> 'vetoes' @> jsonb_build_array(jsonb_build_object('code', s -> 'item'));
		if item is null and not coalesce(veto, false) then perform private.refuse('no_such_item', s ->> 'item'); end if;
		blank := coalesce((s ->> 'na')::boolean, false);
		if blank and veto or blank and jsonb_typeof(s -> 'value') = 'object' then perform private.refuse('bad_score', s ->> 'item'); end if;
		points := case when blank then 0 else
			private.points_of(coalesce(item, jsonb_build_object('code', s -> 'item', 'max', 0, 'rule', '{"type": "yes_no"}'::jsonb)), s -> 'value') end;
		if exists (select from private.scores_of(t, target) x where x.item_code = s ->> 'item' and x.assessor <> side and x.by_person = me) then
			perform private.refuse('own_work', s ->> 'item');
		end if;
		insert into public.assessments (township_id, project_id, standard_id, item_code, assessor, n, value, na, points, note, by_person, happened_on)
		values (t, target, d.id, s ->> 'item', side,
			(select coalesce(max(a.n), 0) + 1 from public.assessments a where a.township_id = t and a.project_id = target
				and a.item_code = s ->> 'item' and a.assessor = side),
			case when not blank then s -> 'value' end, blank, points, private.text_of(s, 'note'), me, private.today());
		did := did || jsonb_build_object(s ->> 'item', points);
	end loop;
	update public.projects set version = o.version + 1 where township_id = t and id = target;
	return private.project_moved(o, jsonb_build_object('points', did));
end
$$;

create function private.op_project_target(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.projects := private.project_for(t, target, base, 'plan');
	d public.standards;
	s jsonb;
	item jsonb;
	was public.item_targets;
	n public.item_targets;
begin
	if o.id is null then return null; end if;
	select * into d from public.standards where township_id = t and id = o.standard_id;
	if d.id is null then perform private.refuse('no_standard'); end if;
	for s in select * from jsonb_array_elements(p -> 'items') loop
		select i.item into item from private.items_of(d.body) i where i.code = s ->> 'item';
		if item is null and not coalesce(d.body -> 'vetoes' @> jsonb_build_array(jsonb_build_object('code', s -> 'item')), false) then
			perform private.refuse('no_such_item', s ->> 'item'); end if;
		if (s ->> 'points')::numeric > coalesce((item ->> 'max')::numeric, 0) then perform private.refuse('bad_score', s ->> 'item'); end if;
		perform private.check_person(t, (s ->> 'answers')::uuid);
		select * into was from public.item_targets where township_id = t and project_id = target and item_code = s ->> 'item';
		n := was;
		n.township_id := t; n.project_id := target; n.item_code := s ->> 'item';
		if s ? 'points' then n.points := (s ->> 'points')::numeric; end if;
		if s ? 'cost' then n.cost := (s ->> 'cost')::numeric; end if;
		if s ? 'ready_on' then n.ready_on := (s ->> 'ready_on')::date; end if;
		if s ? 'answers' then n.answers := (s ->> 'answers')::uuid; end if;
		n.note := case when s ? 'note' then private.text_of(s, 'note') else coalesce(was.note, '') end;
		n.said_on := case when n.points is not null then coalesce(was.said_on, private.today()) end;
		n.said_by := case when n.points is not null then coalesce(was.said_by, private.my_person()) end;
		-- Frozen from the moment it was decided, not while it is an estimate.
		n.first_ready_on := coalesce(was.first_ready_on, case when n.points is not null then n.ready_on end);
		n.version := coalesce(was.version, 0) + 1;
		insert into public.item_targets select n.*
		on conflict (township_id, project_id, item_code) do update set points = n.points, cost = n.cost, ready_on = n.ready_on,
			first_ready_on = n.first_ready_on, answers = n.answers, note = n.note, said_on = n.said_on, said_by = n.said_by, version = n.version;
	end loop;
	update public.projects set version = o.version + 1 where township_id = t and id = target;
	return private.project_moved(o);
end
$$;

-- Chooses a standard, or moves to another edition. A score stays where the item's points and rule are the same.
create function private.op_project_standard(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.projects := private.project_for(t, target, base, 'plan');
	d public.standards;
	was public.standards;
	kept text[];
begin
	if o.id is null then return null; end if;
	select * into d from public.standards where township_id = t and id = (p ->> 'standard')::uuid;
	if d.id is null then return null; end if;
	if d.state <> 'in_force' then perform private.refuse('no_standard', d.state::text); end if;
	if o.phase not in ('planned', 'building', 'listed', 'review_due', 'kept', 'warned', 'rectify', 'downgraded', 'delisted') then
		perform private.refuse('not_in_this_phase', o.phase::text);
	end if;
	select * into was from public.standards where township_id = t and id = o.standard_id;
	with same as (
		select a.code from private.items_of(was.body) a join private.items_of(d.body) b on b.code = a.code
			and a.item -> 'max' = b.item -> 'max' and coalesce(a.item -> 'rule', '{"type": "max"}') = coalesce(b.item -> 'rule', '{"type": "max"}')
		union
		select a ->> 'code' from jsonb_array_elements(coalesce(was.body -> 'vetoes', '[]')) a
		join jsonb_array_elements(coalesce(d.body -> 'vetoes', '[]')) b on b ->> 'code' = a ->> 'code' and b ->> 'zh' = a ->> 'zh'
	), carried as (
		insert into public.assessments (township_id, project_id, standard_id, item_code, assessor, n, value, na, points, note, by_person, happened_on, carried)
		select t, target, d.id, s.item_code, s.assessor, (select max(a.n) from public.assessments a where a.township_id = t
				and a.project_id = target and a.item_code = s.item_code and a.assessor = s.assessor) + 1,
			s.value, s.na, s.points, s.note, s.by_person, s.happened_on, true
		from private.scores_of(t, target) s where s.item_code in (select code from same) and d.id <> was.id
		returning item_code
	)
	select array_agg(distinct item_code) into kept from carried;
	update public.projects set standard_id = d.id, version = o.version + 1 where township_id = t and id = target;
	return private.project_moved(o, jsonb_build_object('kept', coalesce(kept, '{}')));
end
$$;

-- ── from phase to phase ──────────────────────────────────────────────────────────────────────────

create function private.grade_rank(p text) returns integer
language sql immutable set search_path = '' as $$ select char_length(coalesce(p, '')) $$;

create function private.op_project_move(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.projects;
	x public.project_transitions;
	v text := coalesce(p ->> 'verb', '');
	body jsonb;
	open_items text[];
	reached text;
	days integer;
	side public.assessor;
	n public.projects;
begin
	select * into o from public.projects where township_id = t and id = target and archived_at is null for update;
	if o.id is null then return null; end if;
	-- The right is asked before the phase, so that a stranger learns nothing.
	select * into x from public.project_transitions where verb = v order by from_phase = o.phase desc, level limit 1;
	if x.verb is null then perform private.refuse('no_such_op', left(v, 60)); end if;
	perform private.need_at(t, o.village_id, x."right", x.level);
	if x.other_person then perform private.other_side(t, target, v); end if;
	perform private.check_version(o.version, base, to_jsonb(o));
	if x.from_phase <> o.phase then perform private.refuse('not_in_this_phase', o.phase::text); end if;
	select d.body into body from public.standards d where d.township_id = t and d.id = o.standard_id;
	if body is null and v not in ('start', 'call_review') then perform private.refuse('no_standard'); end if;
	n := o;

	if v in ('self_assess', 'town_check', 'county_assess') then
		side := (case v when 'self_assess' then 'self' when 'town_check' then 'town' else 'county' end)::public.assessor;
		-- A standard without a column for the township is checked without one.
		if side <> 'town' or body -> 'assessors' @> '[{"code": "town"}]' then
			open_items := private.unscored(t, target, side);
			if cardinality(open_items) > 0 then perform private.refuse('not_all_scored', array_to_string(open_items[1:20], ' ')); end if;
		end if;
	end if;
	case v
		when 'county_assess' then
			select grade into reached from private.totals_of(t, target) where assessor = 'county';
			if reached is null then perform private.refuse('no_grade_reached'); end if;
			n.reached_grade := case when private.grade_rank(reached) > private.grade_rank(o.target_grade) then o.target_grade else reached end;
		when 'publish_notice' then
			if o.phase = 'county_assessed' and coalesce(body -> 'higher', '[]') ? o.reached_grade then perform private.refuse('needs_higher', o.reached_grade); end if;
			n.notice_from := (p ->> 'from')::date;
			n.notice_to := (p ->> 'to')::date;
			n.notice_where := private.text_of(p, 'where');
			if n.notice_from is null or n.notice_to is null or n.notice_to < n.notice_from or n.notice_from < private.today()
				or n.notice_to > n.notice_from + 366 then perform private.refuse('bad_value', 'notice'); end if;
			days := private.workdays(t, n.notice_from, n.notice_to);
			if days < greatest(5, coalesce((body ->> 'notice_days')::integer, 5)) then perform private.refuse('notice_too_short', days::text); end if;
		when 'object', 'uphold_objection', 'dismiss_objection', 'send_back' then
			if private.text_of(p, 'note') = '' then perform private.refuse('note_needed'); end if;
		when 'list' then
			if o.notice_to >= private.today() then perform private.refuse('notice_running', o.notice_to::text); end if;
			n.listed_on := private.today();
			n.review_due_on := (private.today() + make_interval(months => coalesce((body ->> 'review_months')::integer, 36)))::date;
			update public.scenic_units set present_grade = o.reached_grade, version = version + 1 where township_id = t and id = o.unit_id;
		when 'keep' then
			n.review_due_on := (private.today() + make_interval(months => coalesce((body ->> 'review_months')::integer, 36)))::date;
			n.rectify_by := null;
		when 'rectify' then
			n.rectify_by := (p ->> 'by')::date;
			if n.rectify_by is null or n.rectify_by <= private.today() then perform private.refuse('bad_value', 'by'); end if;
		when 'downgrade' then
			if private.grade_rank(p ->> 'grade') not between 1 and private.grade_rank((select present_grade from public.scenic_units
				where township_id = t and id = o.unit_id)) - 1 then perform private.refuse('bad_value', 'grade'); end if;
			update public.scenic_units set present_grade = p ->> 'grade', version = version + 1 where township_id = t and id = o.unit_id;
		when 'delist' then
			update public.scenic_units set present_grade = '', version = version + 1 where township_id = t and id = o.unit_id;
		else null;
	end case;
	update public.projects set phase = x.to_phase, phase_on = private.today(), reached_grade = n.reached_grade,
		notice_from = n.notice_from, notice_to = n.notice_to, notice_where = n.notice_where, listed_on = n.listed_on,
		review_due_on = n.review_due_on, rectify_by = n.rectify_by, version = o.version + 1
	where township_id = t and id = target;
	insert into public.project_log (township_id, id, project_id, verb, from_phase, to_phase, by_person, happened_on, note, data)
	values (t, op, target, v, o.phase, x.to_phase, private.my_person(), private.today(), private.text_of(p, 'note'),
		(p - 'verb' - 'note') || case when v = 'county_assess' then jsonb_build_object('grade', n.reached_grade) else '{}' end
			|| case when v = 'list' then jsonb_build_object('grade', o.reached_grade) else '{}' end
			|| case when days is not null then jsonb_build_object('workdays', days) else '{}' end);
	return private.project_moved(o, jsonb_build_object('from', o.phase, 'to', x.to_phase));
end
$$;

-- ── features, evidence ───────────────────────────────────────────────────────────────────────────

create function private.op_feature_create(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	u public.scenic_units;
begin
	select * into u from public.scenic_units where township_id = t and id = (p ->> 'unit')::uuid and archived_at is null;
	if u.id is null then return null; end if;
	perform private.need('report', coalesce(u.village_id, t));
	insert into public.unit_features (township_id, id, unit_id, kind, name, amount, note, geom, by_person, made_on)
	values (t, target, u.id, p ->> 'kind', private.text_of(p, 'name'), (p ->> 'amount')::numeric, private.text_of(p, 'note'),
		private.read_geom(p -> 'geometry', '{Point,LineString,Polygon}'), private.my_person(), private.today());
	return jsonb_build_object('id', target, 'kind', 'feature', 'version', 1);
end
$$;

create function private.feature_for(t uuid, target uuid, base integer) returns public.unit_features
language plpgsql set search_path = '' as $$
declare
	f public.unit_features;
begin
	select * into f from public.unit_features where township_id = t and id = target for update;
	if f.id is null then return null; end if;
	perform private.need('report', coalesce((select village_id from public.scenic_units where township_id = t and id = f.unit_id), t));
	perform private.check_version(f.version, base, to_jsonb(f) - 'geom');
	return f;
end
$$;

create function private.op_feature_edit(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	f public.unit_features := private.feature_for(t, target, base);
begin
	if f.id is null then return null; end if;
	update public.unit_features set
		kind = coalesce(p ->> 'kind', kind),
		name = case when p ? 'name' then private.text_of(p, 'name') else name end,
		amount = case when p ? 'amount' then (p ->> 'amount')::numeric else amount end,
		note = case when p ? 'note' then private.text_of(p, 'note') else note end,
		geom = coalesce(private.read_geom(p -> 'geometry', '{Point,LineString,Polygon}'), geom),
		archived_at = null, version = f.version + 1
	where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'feature', 'version', f.version + 1);
end
$$;

create function private.op_feature_archive(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	f public.unit_features := private.feature_for(t, target, base);
begin
	if f.id is null then return null; end if;
	update public.unit_features set archived_at = now(), version = f.version + 1 where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'feature', 'version', f.version + 1);
end
$$;

-- What the server kept for a person; the bytes lie in Storage already.
create function public.document_put(p jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
	t uuid := (p ->> 'township_id')::uuid;
	person uuid := (p ->> 'person')::uuid;
begin
	if not private.holds(person, 'report', t) then perform private.refuse('not_allowed', 'report'); end if;
	insert into public.documents (township_id, sha256, name, type, bytes, by_person)
	values (t, p ->> 'sha256', left(private.text_of(p, 'name'), 200), p ->> 'type', (p ->> 'bytes')::integer, person)
	on conflict (township_id, sha256) do nothing;
	return jsonb_build_object('sha256', p ->> 'sha256', 'size', (p ->> 'bytes')::integer, 'type', p ->> 'type');
end
$$;

create function private.cite(t uuid, project uuid, exhibit uuid, p_codes jsonb) returns void
language plpgsql set search_path = '' as $$
declare
	codes text[] := private.texts_of(p_codes);
	o public.projects;
	body jsonb;
	strange text;
begin
	select * into o from public.projects where township_id = t and id = project;
	if cardinality(codes) > 300 then perform private.refuse('bad_value', 'items'); end if;
	select d.body into body from public.standards d where d.township_id = t and d.id = o.standard_id;
	if body is null and cardinality(codes) > 0 then perform private.refuse('no_standard'); end if;
	select c into strange from unnest(codes) c where not exists (select from private.items_of(body) i where i.code = c)
		and not coalesce(body -> 'vetoes' @> jsonb_build_array(jsonb_build_object('code', c)), false) limit 1;
	if strange is not null then perform private.refuse('no_such_item', strange); end if;
	insert into public.citations as c (township_id, project_id, item_code, exhibit_id, by_person, made_on)
	select distinct t, project, code, exhibit, private.my_person(), private.today() from unnest(codes) code
	on conflict (township_id, project_id, item_code, exhibit_id) do update set ended_on = null, ended_by = null,
		by_person = case when c.ended_on is null then c.by_person else excluded.by_person end,
		made_on = case when c.ended_on is null then c.made_on else excluded.made_on end;
	update public.citations set ended_on = private.today(), ended_by = private.my_person()
	where township_id = t and project_id = project and exhibit_id = exhibit and ended_on is null and not item_code = any (codes);
end
$$;

create function private.op_exhibit_add(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.projects;
	k text := coalesce(p ->> 'kind', '');
	photo uuid := case when k = 'photo' then (p ->> 'photo')::uuid end;
	thing uuid := case when k in ('task', 'plan') then (p ->> 'thing')::uuid end;
	feature uuid := case when k = 'place' then (p ->> 'feature')::uuid end;
begin
	select * into o from public.projects where township_id = t and id = (p ->> 'project')::uuid and archived_at is null for update;
	if o.id is null then return null; end if;
	perform private.need('report', coalesce(o.village_id, t));
	-- A photo of one's own, or one that belongs to something already.
	if photo is not null then
		if not exists (select from public.photos where township_id = t and id = photo) then return null; end if;
		if not exists (select from public.photos where township_id = t and id = photo and by_person = private.my_person())
			and not exists (select from private.photo_places(t, photo)) then perform private.refuse('not_allowed', 'photo'); end if;
	end if;
	if thing is not null and not exists (select from public.tasks where k = 'task' and township_id = t and id = thing and archived_at is null)
		and not exists (select from public.plans where k = 'plan' and township_id = t and id = thing and archived_at is null) then return null; end if;
	if feature is not null and not exists (select from public.unit_features where township_id = t and id = feature and unit_id = o.unit_id) then
		return null; end if;
	if (p ->> 'happened_on')::date > private.today() then perform private.refuse('bad_value', 'happened_on'); end if;
	insert into public.exhibits (township_id, id, unit_id, kind, title, number, measure, photo_id, sha256, feature_id, thing_id, happened_on, by_person, made_on)
	values (t, target, o.unit_id, k, private.text_of(p, 'title'), (p ->> 'number')::numeric, private.text_of(p, 'measure'), photo,
		case when k = 'document' then p ->> 'sha256' end, feature, thing, (p ->> 'happened_on')::date, private.my_person(), private.today());
	if p ? 'cite' then perform private.cite(t, o.id, target, p -> 'cite'); end if;
	return jsonb_build_object('id', target, 'kind', 'exhibit', 'version', 1);
end
$$;

create function private.exhibit_for(t uuid, target uuid) returns public.exhibits
language plpgsql set search_path = '' as $$
declare
	e public.exhibits;
begin
	select * into e from public.exhibits where township_id = t and id = target for update;
	if e.id is null then return null; end if;
	perform private.need('report', coalesce((select village_id from public.scenic_units where township_id = t and id = e.unit_id), t));
	return e;
end
$$;

create function private.op_exhibit_withdraw(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	e public.exhibits := private.exhibit_for(t, target);
begin
	if e.id is null then return null; end if;
	if e.withdrawn_on is not null then perform private.refuse('not_from_this_state', 'withdrawn'); end if;
	-- Who gave it takes it back; else who plans here.
	if e.by_person <> private.my_person() then
		perform private.need('plan', coalesce((select village_id from public.scenic_units where township_id = t and id = e.unit_id), t));
	end if;
	update public.exhibits set withdrawn_on = private.today(), withdrawn_by = private.my_person(), withdrawn_why = private.text_of(p, 'note')
	where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'exhibit', 'version', 2);
end
$$;

create function private.op_exhibit_cite(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	e public.exhibits := private.exhibit_for(t, target);
	o public.projects;
begin
	if e.id is null then return null; end if;
	if e.withdrawn_on is not null then perform private.refuse('not_from_this_state', 'withdrawn'); end if;
	select * into o from public.projects where township_id = t and id = (p ->> 'project')::uuid and archived_at is null;
	if o.id is null then return null; end if;
	if o.unit_id <> e.unit_id then perform private.refuse('bad_value', 'project'); end if;
	perform private.need('report', coalesce(o.village_id, t));
	perform private.cite(t, o.id, target, p -> 'items');
	return jsonb_build_object('id', target, 'kind', 'exhibit', 'version', 1);
end
$$;

-- A photo may also belong to a scenic unit as evidence.
create or replace function private.photo_places(t uuid, p_photo uuid) returns setof uuid
language sql stable set search_path = '' as $$
	select coalesce(s.village_id, t) from public.photo_links l
	join public.steps s on s.township_id = l.township_id and s.id = l.step_id
	where l.township_id = t and l.photo_id = p_photo
	union
	select coalesce(u.village_id, t) from public.exhibits e
	join public.scenic_units u on u.township_id = e.township_id and u.id = e.unit_id
	where e.township_id = t and e.photo_id = p_photo
$$;

-- ── works, days, money ───────────────────────────────────────────────────────────────────────────

create function private.add_milestones(t uuid, o public.projects, work uuid, p jsonb) returns void
language plpgsql set search_path = '' as $$
begin
	if coalesce(jsonb_typeof(p), 'array') <> 'array' or jsonb_array_length(coalesce(p, '[]')) > 50 then perform private.refuse('too_many_steps'); end if;
	-- Adds the new ones and gives those with a day to somebody; then they are this work's.
	perform private.add_steps(t, 'project', o.id, o.village_id, jsonb_build_object('steps', coalesce(p, '[]')));
	update public.steps s set work_id = work, starts_on = (e ->> 'starts_on')::date, first_starts_on = (e ->> 'starts_on')::date
	from jsonb_array_elements(coalesce(p, '[]')) e where s.township_id = t and s.id = (e ->> 'id')::uuid;
	if exists (select from public.steps where township_id = t and work_id = work and starts_on > due_on) then
		perform private.refuse('start_after_due'); end if;
end
$$;

create function private.op_work_create(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.projects := private.project_for(t, (p ->> 'project')::uuid, null, 'plan');
begin
	if o.id is null then return null; end if;
	insert into public.works (township_id, id, project_id, title, items, note, made_by, made_on)
	values (t, target, o.id, private.text_of(p, 'title'), private.texts_of(coalesce(p -> 'items', '[]')), private.text_of(p, 'note'),
		private.my_person(), private.today());
	perform private.add_milestones(t, o, target, p -> 'steps');
	return jsonb_build_object('id', target, 'kind', 'work', 'version', 1);
end
$$;

create function private.work_for(t uuid, target uuid, base integer) returns public.works
language plpgsql set search_path = '' as $$
declare
	w public.works;
begin
	select * into w from public.works where township_id = t and id = target for update;
	if w.id is null then return null; end if;
	perform private.project_for(t, w.project_id, null, 'plan');
	perform private.check_version(w.version, base, to_jsonb(w));
	return w;
end
$$;

create function private.op_work_edit(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	w public.works := private.work_for(t, target, base);
	o public.projects;
begin
	if w.id is null then return null; end if;
	update public.works set
		title = case when p ? 'title' then private.text_of(p, 'title') else title end,
		items = case when p ? 'items' then private.texts_of(p -> 'items') else items end,
		note = case when p ? 'note' then private.text_of(p, 'note') else note end,
		archived_at = null, version = w.version + 1
	where township_id = t and id = target;
	select * into o from public.projects where township_id = t and id = w.project_id;
	if p ? 'steps' then perform private.add_milestones(t, o, target, p -> 'steps'); end if;
	return jsonb_build_object('id', target, 'kind', 'work', 'version', w.version + 1);
end
$$;

-- A work with milestones that stand for something is ended by dropping them one by one, with a reason each.
create function private.op_work_archive(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	w public.works := private.work_for(t, target, base);
begin
	if w.id is null then return null; end if;
	if exists (select from public.steps where township_id = t and work_id = target and not voided and state <> 'dropped') then
		perform private.refuse('has_milestones'); end if;
	update public.works set archived_at = now(), version = w.version + 1 where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'work', 'version', w.version + 1);
end
$$;

create function private.op_work_plan(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.projects := private.project_for(t, target, null, 'plan');
	e jsonb;
	s public.steps;
	starts date;
	due date;
begin
	if o.id is null then return null; end if;
	for e in select * from jsonb_array_elements(p -> 'steps') loop
		select * into s from public.steps where township_id = t and id = (e ->> 'id')::uuid and thing_kind = 'project' and thing_id = target and not voided;
		if s.id is null then return null; end if;
		due := coalesce((e ->> 'due_on')::date, s.due_on);
		starts := case when e ? 'starts_on' then (e ->> 'starts_on')::date else s.starts_on end;
		if starts > due then perform private.refuse('start_after_due', s.title); end if;
		if starts not between '2000-01-01' and private.today() + 3660 then perform private.refuse('due_out_of_range'); end if;
		if due is distinct from s.due_on then perform private.op_say(t, s.id, jsonb_build_object('due_on', due), null); end if;
		update public.steps set starts_on = starts, first_starts_on = coalesce(first_starts_on, starts) where township_id = t and id = s.id;
	end loop;
	update public.projects set version = o.version + 1 where township_id = t and id = target;
	return private.project_moved(o);
end
$$;

create function private.milestone_for(t uuid, step uuid) returns public.steps
language plpgsql set search_path = '' as $$
declare
	s public.steps;
begin
	select * into s from public.steps where township_id = t and id = step and thing_kind = 'project' and not voided;
	if s.id is null then return null; end if;
	perform private.project_for(t, s.thing_id, null, 'plan');
	return s;
end
$$;

create function private.op_step_link(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.steps := private.milestone_for(t, target);
	a uuid := (p ->> 'after')::uuid;
begin
	if s.id is null then return null; end if;
	if not exists (select from public.steps where township_id = t and id = a and thing_kind = 'project' and thing_id = s.thing_id and not voided) then
		return null; end if;
	if a = target or exists (
		with recursive before(id) as (
			select after_id from public.step_links where township_id = t and step_id = a and ended_on is null
			union
			select l.after_id from before b join public.step_links l on l.township_id = t and l.step_id = b.id and l.ended_on is null
		) select from before where id = target
	) then perform private.refuse('link_circle'); end if;
	insert into public.step_links (township_id, step_id, after_id, lag, by_person, made_on)
	values (t, target, a, coalesce((p ->> 'lag')::integer, 0), private.my_person(), private.today())
	on conflict (township_id, step_id, after_id) do update set lag = excluded.lag, ended_on = null;
	return jsonb_build_object('id', s.thing_id, 'kind', 'project');
end
$$;

create function private.op_step_unlink(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.steps := private.milestone_for(t, target);
begin
	if s.id is null then return null; end if;
	update public.step_links set ended_on = private.today() where township_id = t and step_id = target and after_id = (p ->> 'after')::uuid and ended_on is null;
	if not found then return null; end if;
	return jsonb_build_object('id', s.thing_id, 'kind', 'project');
end
$$;

create function private.check_work(t uuid, project uuid, work uuid) returns void
language plpgsql stable set search_path = '' as $$
begin
	if work is not null and not exists (select from public.works where township_id = t and id = work and project_id = project) then
		perform private.not_here_yet(); end if;
end
$$;

create function private.op_fund_create(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.projects := private.project_for(t, (p ->> 'project')::uuid, null, 'plan');
begin
	if o.id is null then return null; end if;
	perform private.check_work(t, o.id, (p ->> 'work')::uuid);
	insert into public.funds (township_id, id, project_id, work_id, source, planned, allocated, spent, note, made_by)
	values (t, target, o.id, (p ->> 'work')::uuid, p ->> 'source', (p ->> 'planned')::numeric, (p ->> 'allocated')::numeric,
		(p ->> 'spent')::numeric, private.text_of(p, 'note'), private.my_person());
	return jsonb_build_object('id', target, 'kind', 'fund', 'version', 1);
end
$$;

create function private.fund_for(t uuid, target uuid, base integer) returns public.funds
language plpgsql set search_path = '' as $$
declare
	f public.funds;
begin
	select * into f from public.funds where township_id = t and id = target for update;
	if f.id is null then return null; end if;
	perform private.project_for(t, f.project_id, null, 'plan');
	perform private.check_version(f.version, base, to_jsonb(f));
	return f;
end
$$;

create function private.op_fund_edit(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	f public.funds := private.fund_for(t, target, base);
begin
	if f.id is null then return null; end if;
	perform private.check_work(t, f.project_id, (p ->> 'work')::uuid);
	update public.funds set
		work_id = case when p ? 'work' then (p ->> 'work')::uuid else work_id end,
		source = coalesce(p ->> 'source', source),
		planned = case when p ? 'planned' then (p ->> 'planned')::numeric else planned end,
		allocated = case when p ? 'allocated' then (p ->> 'allocated')::numeric else allocated end,
		spent = case when p ? 'spent' then (p ->> 'spent')::numeric else spent end,
		note = case when p ? 'note' then private.text_of(p, 'note') else note end,
		archived_at = null, version = f.version + 1
	where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'fund', 'version', f.version + 1);
end
$$;

create function private.op_fund_archive(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	f public.funds := private.fund_for(t, target, base);
begin
	if f.id is null then return null; end if;
	update public.funds set archived_at = now(), version = f.version + 1 where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'fund', 'version', f.version + 1);
end
$$;

create function private.op_grade_target(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
begin
	perform private.need('plan', t);
	if target <> t then perform private.refuse('bad_value', 'target'); end if;
	insert into public.grade_targets as g (township_id, year, grade, count, note, set_by)
	values (t, (p ->> 'year')::integer, p ->> 'grade', (p ->> 'count')::integer, private.text_of(p, 'note'), private.my_person())
	on conflict (township_id, year, grade) do update set count = excluded.count, note = excluded.note, set_by = excluded.set_by, version = g.version + 1;
	return jsonb_build_object('id', t, 'kind', 'grade_target');
end
$$;

insert into private.op_kinds (kind, fn)
select k, 'op_' || replace(k, '.', '_') from unnest(array['project.standard', 'project.move', 'project.score', 'project.target',
	'exhibit.add', 'exhibit.withdraw', 'exhibit.cite', 'feature.create', 'feature.edit', 'feature.archive', 'work.create', 'work.edit',
	'work.archive', 'work.plan', 'step.link', 'step.unlink', 'fund.create', 'fund.edit', 'fund.archive', 'grade.target']) k;
insert into private.offers (signature, to_role) values ('public.document_put(jsonb)', 'service_role');
select private.apply_privileges();

do $$
begin
	if to_regclass('storage.buckets') is not null then
		execute 'insert into storage.buckets (id, name, public) values (''documents'', ''documents'', false) on conflict (id) do nothing';
	end if;
end
$$;
